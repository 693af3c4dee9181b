"""The roster: who reads and who keeps it, shifts entered and changed, what is wrong said at the field, handing over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.tests.desk import later
from linli.journal.selectors import entries_of
from linli.organisations.handing import handed_on
from linli.organisations.shifts import shifts_between
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, send
from linli.web.duty.tests.scene import HOUR, shift_of, text
from tests.town import AT, Town

MOST_QUERIES = 20
ADDRESSES = ("/desk/duty", "/desk/brief")
WEEK = timedelta(days=7)


def _entry(town: Town, **changes: Any) -> dict[str, str]:
    known = {
        "day": "2026-11-25", "start": "08:30", "end": "17:30", "head": town.he, "leader": town.hu, "substitute": town.duan,
    }  # fmt: skip
    return {name: str(value) for name, value in (known | changes).items()}


def _log(town: Town) -> int:
    return len(entries_of(f"organisation:{town.street_desk}"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_may_open_it(town: Town, signed_in: SignedIn, address: str) -> None:
    found = {name: signed_in(name).get(address).status_code for name in ("duan", "hong", "he", "deng")}
    assert set(found.values()) == {200}
    others = ("mo", "han", "wei", "fang", "mei", "hu", "su", "shen", "tan", "ji", "adam", "beth", "carl")
    assert {signed_in(name).get(address).status_code for name in others} == {404}
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("action", ["drop", "hand-over", "take"])
@pytest.mark.parametrize("name", ["han", "deng", "su", "mo"])
def test_others_change_nothing(town: Town, signed_in: SignedIn, action: str, name: str, clock: Clock) -> None:
    shift = shift_of(town, AT)
    before = _log(town)
    client = signed_in(name)
    assert client.post(f"/desk/duty/{shift}/{action}").status_code in (403, 404)
    assert client.post("/desk/duty", _entry(town)).status_code in (403, 404, 422)
    assert client.get(f"/desk/duty/{shift}/{action}").status_code == 405
    assert _log(town) == before


def test_the_head_of_the_desk_enters_a_shift_and_others_of_it_read_it(town: Town, signed_in: SignedIn) -> None:
    assert signed_in("he").post("/desk/duty", _entry(town)).status_code == 302
    (turn,) = shifts_between(town.street_desk, AT, AT + WEEK)
    assert (turn.shift.head, turn.shift.leader, turn.shift.substitute) == (town.he, town.hu, town.duan)
    assert turn.shift.until - turn.shift.since == 9 * HOUR
    seen = text(signed_in("hong"), "/desk/duty")
    assert "08:30–17:30" in seen
    assert "He of the town" in seen
    assert 'name="head"' not in seen
    before = _log(town)
    assert signed_in("hong").post("/desk/duty", _entry(town, day="2026-11-26")).status_code == 403
    assert _log(town) == before


def test_a_night_ends_on_the_next_day(town: Town, signed_in: SignedIn) -> None:
    signed_in("he").post("/desk/duty", _entry(town, start="17:30", end="08:30"))
    (turn,) = shifts_between(town.street_desk, AT, AT + WEEK)
    assert turn.shift.until - turn.shift.since == 15 * HOUR
    assert "17:30–次日 08:30" in text(signed_in("he"), "/desk/duty")


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("day", ""), ("day", "2026-13-40"), ("day", "tomorrow"), ("day", "9999-12-31"), ("start", ""), ("start", "25:00"),
        ("start", "0830"), ("end", "<script>"), ("head", ""), ("head", "999999"), ("head", "-1"), ("leader", ""),
        ("leader", "x' OR 1=1"), ("substitute", "999999"), ("day", "2020-01-01"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(town: Town, signed_in: SignedIn, field: str, sent: str) -> None:
    before = _log(town)
    answer = signed_in("he").post("/desk/duty", _entry(town, **{field: sent}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in page
    assert f'id="w-{field}"' in page
    assert "<script>" not in page.replace('<script type="module"', "")
    assert 'value="08:30"' in page or field == "start"
    assert _log(town) == before


def test_head_and_substitute_are_two_and_a_stranger_heads_nothing(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("he")
    for wrong in ({"substitute": town.he}, {"head": town.han}, {"head": town.hu}, {"leader": town.han}):
        assert client.post("/desk/duty", _entry(town, **wrong)).status_code == 422, wrong
    assert shifts_between(town.street_desk, AT, AT + WEEK) == []


def test_two_shifts_at_once_are_refused_at_the_field(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("he")
    client.post("/desk/duty", _entry(town))
    answer = client.post("/desk/duty", _entry(town, start="12:00", end="20:00"))
    assert answer.status_code == 422
    assert "这段时间已经有人值班" in answer.content.decode()


def test_a_shift_is_changed_in_its_place(town: Town, signed_in: SignedIn) -> None:
    shift = shift_of(town, later(days=1))
    client = signed_in("he")
    form = text(client, f"/desk/duty?edit={shift}")
    assert f'name="replaces" value="{shift}"' in form
    changed = _entry(town, start="09:00", end="17:00", head=town.hong, replaces=shift)
    assert client.post("/desk/duty", changed).status_code == 302
    (turn,) = shifts_between(town.street_desk, AT, AT + WEEK)
    assert turn.shift.head == town.hong
    assert client.post("/desk/duty", _entry(town, day="2026-11-27", replaces=shift)).status_code == 404
    assert client.post("/desk/duty", _entry(town, day="2026-11-27", replaces="x")).status_code == 404


def test_a_shift_ahead_is_taken_off_one_that_began_stays(town: Town, signed_in: SignedIn) -> None:
    began, ahead = shift_of(town, AT), shift_of(town, later(days=1))
    client = signed_in("he")
    assert client.post(f"/desk/duty/{ahead}/drop").status_code == 302
    assert client.post(f"/desk/duty/{began}/drop").status_code == 400
    assert client.post("/desk/duty/999999/drop").status_code == 404
    assert [one.shift.id for one in shifts_between(town.street_desk, AT, AT + WEEK)] == [began]


def test_the_week_before_is_copied_once(town: Town, signed_in: SignedIn) -> None:
    shift_of(town, AT)
    shift_of(town, later(hours=8), hours=4, head=town.hong)
    client = signed_in("he")
    assert client.post("/desk/duty/copy?week=2026-12-01").status_code == 302
    assert client.post("/desk/duty/copy?week=2026-12-01").status_code == 302
    copied = shifts_between(town.street_desk, AT + WEEK, AT + 2 * WEEK)
    assert [(one.shift.since, one.shift.head) for one in copied] == [
        (AT + WEEK, town.he),
        (AT + WEEK + 8 * HOUR, town.hong),
    ]
    assert signed_in("hong").post("/desk/duty/copy?week=2026-12-01").status_code == 403


def test_another_desk_is_not_there_and_an_odd_week_is_this_one(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("duan")
    for body in (town.other_street_desk, "x", "-1", "9" * 30):
        assert client.get(f"/desk/duty?body={body}").status_code == 404
    for week in ("x", "9999-99-99", "0001-01-01", ""):
        assert "11-23" in text(client, f"/desk/duty?week={week}")


def test_handing_over_from_one_shift_to_the_next(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    shift = shift_of(town, AT)
    late = in_hand_no(town)
    sealed = opened_no(compartment="sealed", title="检举")
    clock.at = later(days=30)
    shift = shift_of(town, later(days=30) - HOUR)
    client = signed_in("he")
    mine = text(client, "/desk/duty")
    assert f'action="/desk/duty/{shift}/hand-over' in mine
    assert client.post(f"/desk/duty/{shift}/hand-over", {"words": "老王在现场"}).status_code == 302
    assert client.post(f"/desk/duty/{shift}/hand-over", {"words": "再交一次"}).status_code == 422
    assert client.post(f"/desk/duty/{shift}/take").status_code == 400
    seen = text(signed_in("hong"), "/desk/duty")
    assert "老王在现场" in seen
    assert f'href="/desk/case/{late}"' in seen
    assert sealed not in seen
    assert not [word for word in PLANTED if word in seen]
    assert signed_in("hong").post(f"/desk/duty/{shift}/take").status_code == 302
    assert signed_in("duan").post(f"/desk/duty/{shift}/take").status_code == 409
    handed = handed_on(shift)
    assert handed is not None
    assert {point.what: point.count for point in handed.points}["late"] == 1
    assert "接班" not in text(signed_in("duan"), "/desk/duty").partition("<main")[2].partition("duty-week")[0]
    entries = entries_of(f"organisation:{town.street_desk}")
    assert [one.verb for one in entries[-2:]] == ["organisations.shift.noted", "organisations.shift.handed_over"]
    assert "老王" not in str(entries)


def test_a_case_that_was_sealed_since_is_not_handed_on(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    kept, sealed = in_hand_no(town), in_hand_no(town)
    clock.at = later(days=30)
    shift = shift_of(town, later(days=30) - HOUR)
    assert signed_in("he").post(f"/desk/duty/{shift}/hand-over", {"words": ""}).status_code == 302
    before = signed_in("hong").get("/desk/duty").context["roster"].waiting.points
    assert send(signed_in("he"), sealed, "seal", accused=str(town.sanitation)).status_code == 302
    page: Any = signed_in("hong").get("/desk/duty")
    assert f'href="/desk/case/{kept}"' in page.content.decode()
    assert sealed not in page.content.decode()
    after = page.context["roster"].waiting.points
    assert [one.count - (sealed in one.nos) for one in before] == [one.count for one in after]
    assert sum(sealed in one.nos for one in before) > 0


def test_words_that_are_too_long_are_kept_and_refused(town: Town, signed_in: SignedIn) -> None:
    shift = shift_of(town, AT)
    answer = signed_in("he").post(f"/desk/duty/{shift}/hand-over", {"words": "长" * 2001})
    assert answer.status_code == 422
    assert "长长长" in answer.content.decode()
    assert handed_on(shift) is None


def test_what_the_page_costs_does_not_grow_with_the_roster(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("he")
    shift_of(town, AT)
    client.get("/desk/duty")
    costs = []
    for number in range(1, 4):
        shift_of(town, AT + number * 9 * HOUR)
        with CaptureQueriesContext(
            connection,
        ) as run:
            client.get("/desk/duty")
        costs.append(len(run))
    assert costs[0] == costs[-1] <= MOST_QUERIES, costs


def test_english_is_complete(town: Town, signed_in: SignedIn) -> None:
    shift_of(town, AT)
    seen = text(signed_in("he"), "/desk/duty?lang=en")
    assert "Duty roster" in seen
    assert "Head of the shift" in seen
    assert "值班长</small>" not in seen


def test_a_night_over_the_end_of_a_week_stands_on_monday_with_its_own_day(town: Town, signed_in: SignedIn) -> None:
    shift_of(town, AT + timedelta(days=5, hours=8, minutes=30), hours=15)
    seen = text(signed_in("he"), "/desk/duty?week=2026-11-30")
    assert "11-29 17:30–08:30" in seen
    assert "次日" not in seen
    assert "17:30–次日 08:30" in text(signed_in("he"), "/desk/duty?week=2026-11-23")
