"""The message centre: what is told to a desk, read in one press, told at one's own pace; the word beside the row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.models import NoticeWish
from linli.cases.notices import keep
from linli.cases.tests.desk import in_hand, later, open_one
from linli.journal.delivery import Delivery
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED
from tests.town import AT, Town

MOST_QUERIES = 13
READERS = ("duan", "hong", "he", "han", "wei", "mei", "su", "tan", "ji")
OTHERS = ("mo", "adam", "beth", "carl")
ADDRESSES = ("/desk/messages", "/desk/messages/new", "/desk/messages/how")


def told(case: int, number: int = 1, at: datetime = AT, **payload: object) -> None:
    """A message to the desk of the case's place."""
    keep([Delivery(number, "cases.notice", {"case": case, "what": "return", "to": "desk", **payload}, None, 1, at)])


def beside(client: Client) -> str:
    return str(client.get("/desk/messages/new").content.decode().strip())


def wished(client: Client, **fields: str) -> Any:
    known = {"quiet": "yes", "quiet_from": "22:00", "quiet_until": "07:00"}
    return client.post("/desk/messages/how", {**known, **fields})


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_may_open_it(town: Town, signed_in: SignedIn, address: str) -> None:
    assert {signed_in(name).get(address).status_code for name in READERS} == {200}
    assert {signed_in(name).get(address).status_code for name in OTHERS} == {404}
    assert Client().get(address).status_code == 302


def test_a_desk_reads_what_is_told_to_it_and_marks_it_read(town: Town, signed_in: SignedIn) -> None:
    opened = in_hand(town)
    told(opened.case)
    client = signed_in("duan")
    text = client.get("/desk/messages").content.decode()
    assert f'href="/desk/case/{opened.no}"' in text
    assert "退回" in text
    assert beside(client) == "1 条新的"
    assert 'hx-get="/desk/messages/new"' in text
    assert signed_in("deng").get("/desk/messages").context["list"].items == ()
    assert client.post("/desk/messages", {"upto": "1"}).status_code == 302
    assert beside(client) == ""
    assert "全部看过" not in client.get("/desk/messages").content.decode()
    assert beside(signed_in("he")) == "1 条新的"


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 30, "1; DROP TABLE"])
def test_a_mark_that_cannot_be_read_marks_nothing(town: Town, signed_in: SignedIn, upto: str) -> None:
    told(in_hand(town).case)
    client = signed_in("duan")
    assert client.post("/desk/messages", {"upto": upto}).status_code == 302
    assert beside(client) == "1 条新的"


def test_each_kind_is_told_at_ones_own_pace(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    case = in_hand(town).case
    told(case, 1, later(minutes=10))
    told(case, 2, later(minutes=12), what="overdue")
    client = signed_in("duan")
    assert beside(client) == "1 条新的"
    assert wished(client, late="now", back="off").status_code == 302
    assert beside(client) == "1 条新的"
    assert wished(client, late="hourly", back="hourly").status_code == 302
    assert beside(client) == ""
    assert len(client.get("/desk/messages").context["list"].items) == 2
    clock.at = later(hours=1, minutes=20)
    client = signed_in("duan")
    assert beside(client) == "2 条新的"
    assert wished(client, late="off", back="off").status_code == 302
    assert beside(client) == ""
    assert beside(signed_in("he")) == "2 条新的"


def test_quiet_hours_hold_all_but_red_cards(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    case = in_hand(town).case
    clock.at = later(hours=14)  # 23:00
    told(case, 1, later(hours=13, minutes=30))
    told(case, 2, later(hours=13, minutes=40), what="red")
    client = signed_in("duan")
    assert beside(client) == "1 条新的"
    wished(client, quiet="no")
    assert beside(client) == "2 条新的"
    wished(client, quiet_from="12:00", quiet_until="13:00")
    assert beside(client) == "2 条新的"
    clock.at = later(hours=22)  # 07:00 of the next day
    assert beside(signed_in("he")) == "2 条新的"


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("late", "weekly"), ("late", "<script>"), ("back", "NOW"), ("quiet_from", "25:00"), ("quiet_from", ""),
        ("quiet_until", "x"), ("quiet_until", "22:00"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_kept(town: Town, signed_in: SignedIn, field: str, sent: str) -> None:
    client = signed_in("duan")
    answer = wished(client, **{field: sent})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.content.decode()
    assert not NoticeWish.objects.exists()


def test_fields_that_nobody_asked_for_change_nothing(town: Town, signed_in: SignedIn) -> None:
    assert wished(signed_in("duan"), account=str(town.he), paces="{}").status_code == 302
    assert set(NoticeWish.objects.values_list("account", flat=True)) == {town.duan}


def test_the_form_shows_what_was_kept(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("duan")
    assert 'name="red" value="now" checked' in client.get("/desk/messages/how").content.decode()
    wished(client, late="daily", quiet="no")
    text = client.get("/desk/messages/how").content.decode()
    assert 'name="late" value="daily" checked' in text
    assert 'name="quiet" value="no" checked' in text


def test_nothing_of_a_closed_case_or_a_reporter_is_in_it(town: Town, signed_in: SignedIn) -> None:
    sealed = open_one(compartment="sealed", matter=None, title="检举")
    told(sealed.case)
    held = in_hand(town)
    told(held.case, 2)
    client = signed_in("duan")
    text = client.get("/desk/messages").content.decode()
    assert str(sealed.no) not in text
    assert not [word for word in (*PLANTED, "检举") if word in text]
    assert beside(client) == "1 条新的"


def test_what_it_costs_does_not_grow(town: Town, signed_in: SignedIn) -> None:
    case = in_hand(town).case
    client = signed_in("duan")
    told(case)
    client.get("/desk/messages")
    costs = []
    for start in (10, 30):
        for number in range(start, start + 5):
            told(case, number)
        with CaptureQueriesContext(connection) as run:
            client.get("/desk/messages")
        costs.append(len(run))
    assert costs[0] == costs[1] <= MOST_QUERIES, costs


def test_pages_follow_by_key(town: Town, signed_in: SignedIn) -> None:
    case = in_hand(town).case
    for number in range(1, 46):
        told(case, number)
    client = signed_in("duan")
    first = client.get("/desk/messages").context["list"]
    second = client.get(f"/desk/messages?after={first.next}").context["list"]
    assert (len(first.items), len(second.items), second.next) == (40, 5, "")
    assert client.get("/desk/messages?after=nonsense").status_code == 400


def test_english_is_complete(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("duan")
    text = client.get("/desk/messages/how?lang=en").content.decode()
    for words in ("Daily", "Quiet hours", "Red cards", "Due soon and late"):
        assert words in text
