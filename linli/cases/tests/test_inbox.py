"""One's own work by its limit, what is around, messages, and one's own past: each for one person, none of it a measure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from linli.cases.around import cases_around
from linli.cases.deeds import own_deeds
from linli.cases.inbox import Nights, WorkLine, work_counts, work_page
from linli.cases.models import Notice
from linli.cases.nextstep import asked_first, onward, place_relations
from linli.cases.notices import drop_old, keep, mark_read, messages, unread
from linli.cases.rules import procedure_for
from linli.cases.tests.desk import in_grid, in_hand, later, open_one, rules, take
from linli.journal.delivery import Delivery
from linli.kernel.errors import NotFoundError
from tests.statements import statements
from tests.town import AT, GRIDS, Town, point_in

PROCEDURES = {kind: procedure_for(rules(), kind) for kind in ("event", "request")}
BANDS = (100, 300, 1000)


def work(town: Town, who: str) -> list[WorkLine]:
    return list(work_page(town.actor(who), PROCEDURES).rows)


def event_in_check(town: Town) -> int:
    """An event that waits for somebody to look on the spot."""
    opened = open_one(kind="event", voice=None, matter="event.01.001", channel="worker")
    take(opened.case, "file_and_dispatch", town.ref("duan"), organisation=town.sanitation)
    take(opened.case, "sign", town.ref("han"))
    take(opened.case, "feed_back", town.ref("han"), result="solved", words="清走了")
    return opened.case


def test_a_body_sees_what_it_has_in_hand_until_it_has_answered(town: Town) -> None:
    opened = in_hand(town)
    (line,) = work(town, "han")
    assert (line.case, line.part, line.clock) == (opened.case, "lead", "handle")
    assert work(town, "wei") == [line]
    take(opened.case, "reply", town.ref("han"), result="solved", words="清走了")
    assert work(town, "han") == []


def test_another_bodys_clock_is_not_ones_own_limit(town: Town) -> None:
    opened = in_hand(town)
    before = work(town, "han")[0].due
    take(opened.case, "bring_in", town.ref("han"), later(minutes=20), organisation=town.enforcement)
    helping = work(town, "bao")[0]
    assert helping.part == "co"
    take(opened.case, "report_back", town.ref("bao"), later(minutes=25), note="路口清出来了")
    assert work(town, "bao") == []
    assert work(town, "han")[0].due == before


def test_what_waits_for_a_place_is_the_grid_workers_and_no_other_grids(town: Town) -> None:
    case = event_in_check(town)
    (line,) = work(town, "fang")
    assert (line.case, line.part, line.state) == (case, "", "checking")
    assert [one.case for one in work(town, "mei")] == [case]
    assert work(town, "gu") == []
    assert work(town, "qin") == []


def test_what_waits_for_a_desk_fills_nobodys_inbox(town: Town) -> None:
    open_one()
    assert work(town, "fang") == []
    assert work(town, "mei") == []


def test_a_closed_compartment_is_in_no_inbox(town: Town) -> None:
    open_one(compartment="protected", matter="topic.09.011")
    assert work(town, "fu") == []
    assert work(town, "fang") == []


def test_the_nearest_limit_comes_first_and_a_page_goes_on_where_the_last_ended(town: Town) -> None:
    cases = [in_hand(town).case for _ in range(5)]
    first = work_page(town.actor("han"), PROCEDURES, limit=2)
    second = work_page(town.actor("han"), PROCEDURES, after=first.after, limit=2)
    third = work_page(town.actor("han"), PROCEDURES, after=second.after, limit=2)
    seen = [line.case for page in (first, second, third) for line in page.rows]
    assert sorted(seen) == sorted(cases)
    dues = [line.due for page in (first, second, third) for line in page.rows if line.due]
    assert dues == sorted(dues)
    assert third.after is None


def test_counts_say_what_is_late_and_due_by_day(town: Town) -> None:
    in_hand(town)
    nights = Nights(AT, AT + timedelta(hours=15), AT + timedelta(hours=39))
    counts = work_counts(town.actor("han"), PROCEDURES, nights)
    assert counts.late + counts.today + counts.tomorrow + counts.later == 1
    much_later = Nights(AT + timedelta(days=60), AT + timedelta(days=61), AT + timedelta(days=62))
    assert work_counts(town.actor("han"), PROCEDURES, much_later).late == 1


def test_an_inbox_costs_one_statement_however_long_it_is(town: Town) -> None:
    for _ in range(4):
        in_hand(town)
    actor = town.actor("han")
    with statements() as asked:
        work_page(actor, PROCEDURES)
    assert len(asked) == 1


def test_the_next_step_ends_the_nearest_clock(town: Town) -> None:
    request = PROCEDURES["request"]
    owner = frozenset({"owner"})
    named = {
        (state, clock): getattr(asked_first(list(onward(request, state)), owner, clock), "id", "")
        for state, clock in (("dispatched", "sign"), ("signed", "contact"), ("contacted", "handle"))
    }
    assert named == {("dispatched", "sign"): "sign", ("signed", "contact"): "contact", ("contacted", "handle"): "reply"}
    there = place_relations(town.actor("fang").holdings[0])
    event = PROCEDURES["event"]
    assert getattr(asked_first(list(onward(event, "checking")), there, "check"), "id", "") == "check_on_site"


def test_around_shows_bands_and_only_what_may_be_read(town: Town) -> None:
    lon, lat = point_in(GRIDS[0])
    near = open_one(lon=lon, lat=lat + 0.0005)
    far = open_one(lon=lon, lat=lat + 0.004)
    open_one(lon=lon + 0.01, lat=lat, located=in_grid(GRIDS[1]))
    found = cases_around(town.actor("fang"), (lon, lat), BANDS, 40)
    assert [(one.case, one.within) for one in found] == [(near.case, 100), (far.case, 1000)]
    assert cases_around(town.actor("mei"), (lon, lat), BANDS, 40)[0].case == near.case
    assert cases_around(town.actor("kang"), (lon, lat), BANDS, 40) == []
    assert cases_around(town.actor("mo"), (lon, lat), BANDS, 40) == []


def notice(case: int, number: int = 1, **payload: object) -> Delivery:
    return Delivery(number, "cases.notice", {"case": case, "what": "warn", "to": "owner", **payload}, None, 1, AT)


def test_a_message_reaches_the_body_and_is_kept_once(town: Town) -> None:
    case = in_hand(town).case
    for _ in range(2):
        keep([notice(case, organisation=town.sanitation)])
    (line,) = messages(town.actor("han"), AT).rows
    assert (line.what, line.is_new) == ("warn", True)
    assert messages(town.actor("bao"), AT).rows == ()
    assert unread(town.actor("han"), AT) == 1


def test_what_was_read_is_read_for_that_person_alone(town: Town) -> None:
    case = in_hand(town).case
    keep([notice(case, 5, organisation=town.sanitation)])
    mark_read(town.actor("han"), 5)
    mark_read(town.actor("han"), 2)
    assert unread(town.actor("han"), AT) == 0
    assert unread(town.actor("wei"), AT) == 1


def test_desks_get_what_is_told_to_desks_of_their_place(town: Town) -> None:
    case = in_hand(town).case
    keep([notice(case, to="desk")])
    assert unread(town.actor("duan"), AT) == 1
    assert unread(town.actor("deng"), AT) == 0
    assert unread(town.actor("han"), AT) == 0


def test_messages_for_reporters_and_of_closed_compartments_are_not_kept(town: Town) -> None:
    sealed = open_one(compartment="sealed", matter=None)
    keep([notice(sealed.case, to="owner", organisation=town.sanitation)])
    keep([notice(in_hand(town).case, 2, to="reporter")])
    assert not Notice.objects.exists()


def test_a_message_goes_when_the_body_is_no_longer_at_work_and_after_its_time(town: Town) -> None:
    opened = open_one()
    take(opened.case, "dispatch", town.ref("duan"), organisation=town.sanitation)
    keep([notice(opened.case, organisation=town.sanitation)])
    take(opened.case, "return", town.ref("han"), rule="职责清单第 3 项", reason="不在辖区")
    assert unread(town.actor("han"), AT) == 0
    assert drop_old(AT + timedelta(days=29)) == 0
    assert drop_old(AT + timedelta(days=31)) == 1


def test_ones_own_steps_are_shown_to_oneself(town: Town) -> None:
    in_hand(town)
    assert [deed.step for deed in own_deeds(town.actor("han"), 10)] == ["begin", "sign"]
    assert [deed.step for deed in own_deeds(town.actor("wei"), 10)] == []
    assert own_deeds(town.actor("mo"), 10) == []


def test_leaving_because_it_is_unsafe_asks_nothing_and_counts_nothing(town: Town) -> None:
    opened = in_hand(town)
    before = work(town, "han")[0]
    left = take(opened.case, "leave_unsafe", town.ref("han"), later(minutes=30))
    assert left.state == "in_hand"
    assert work(town, "han")[0] == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload->>'to' FROM journal_outbox WHERE payload->>'what' = 'leave_unsafe'")
        assert cursor.fetchall() == [("desk",)]
        cursor.execute("SELECT counts FROM cases_case WHERE id = %s", [opened.case])
        assert cursor.fetchone()[0] in ({}, "{}")


def test_a_grid_worker_notes_and_arrives_in_their_own_grid_only(town: Town) -> None:
    case = event_in_check(town)
    take(case, "arrive", town.ref("fang"), later(minutes=5))
    take(case, "note", town.ref("fang"), later(minutes=6), note="人在现场")
    with pytest.raises(NotFoundError):
        take(case, "arrive", town.ref("qin"), later(minutes=7))
