"""Queues page by key, and show each holder theirs alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import QueryDict

from linli.api.tests.conftest import Keyed
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import in_grid, in_hand, later, open_one
from linli.web.desk.queuepage import queue_page as desk_page
from tests.town import GRIDS, Town

pytestmark = pytest.mark.django_db


def test_pages_hold_every_case_once_the_most_urgent_first(keyed: Keyed, town: Town) -> None:
    opened = [open_one(received_at=later(hours=-n)).no for n in range(7)]
    seen: list[str] = []
    cursor, pages = None, 0
    while True:
        page = keyed.duan.get("/queues/place", limit=3, **({"after": cursor} if cursor else {})).json()
        seen += [row["no"] for row in page["rows"]]
        cursor, pages = page["next"], pages + 1
        if cursor is None:
            break
    assert pages == 3
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == set(opened)


def test_a_queue_is_of_one_body_or_place(keyed: Keyed, town: Town) -> None:
    opened = in_hand(town)
    assert [row["no"] for row in keyed.han.get("/queues/body").json()["rows"]] == [opened.no]
    assert [row["no"] for row in keyed.han.get("/queues/body", state=["signed"]).json()["rows"]] == []
    for stranger in ("deng", "mo", "bao"):
        for queue in ("body", "place", "named"):
            rows = keyed.caller(stranger).get(f"/queues/{queue}").json()["rows"]
            assert (stranger, queue, rows) == (stranger, queue, [] if (stranger, queue) != ("bao", "place") else rows)


def test_what_is_received_by_name_is_listed_without_a_word_until_it_is_opened(keyed: Keyed, town: Town) -> None:
    opened = open_one(compartment="sealed", matter=None, accused=(town.sanitation,), title="收了商贩两千块")
    (row,) = keyed.caller("tan").get("/queues/named").json()["rows"]
    assert (row["no"], row["title"], row["matter"]) == (opened.no, "", None)


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 201}, {"sate": "signed"}, {"cursor": "x"}, {"since": "2026-01-01"}]
)
def test_a_page_that_is_none(keyed: Keyed, query: dict[str, Any]) -> None:
    answer = keyed.duan.get("/queues/place", **query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


WRONG = [
    {"place": "12a"}, {"place": "999999"}, {"place": ["870102", "999999"]}, {"state": "nope"}, {"state": ["signed", "nope"]},
    {"matter": "no.such"}, {"matter": "%"}, {"owner": "x"}, {"owner": "99999999"}, {"kind": "nope"}, {"channel": "a b"},
    {"clock": "nope"}, {"reminded": "2"}, {"due": "never"}, {"from": "24.11.2026"}, {"to": "9999-12-31"}, {"q": "一"},
    {"sort": "loudest"}, {"after": "x"}, {"after": "é"},
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG, ids=str)
def test_what_a_filter_cannot_mean_is_refused_by_name_and_not_repeated(
    keyed: Keyed, town: Town, query: dict[str, Any]
) -> None:
    town.ground()
    ((name, given),) = query.items()
    answer = keyed.duan.get("/queues/place", **query)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    fields = answer.json()["data"]["fields"]
    assert {one.split(".")[1] for one in fields} == {name}
    if len(given) > 1 and isinstance(given, str):
        assert given not in str(fields.values())


def test_a_cursor_of_another_order_is_refused(keyed: Keyed, town: Town) -> None:
    for _ in range(2):
        open_one()
    cursor = keyed.duan.get("/queues/place", limit=1).json()["next"]
    assert keyed.duan.get("/queues/place", limit=1, after=cursor).status_code == 200
    assert keyed.duan.get("/queues/place", limit=1, after=cursor, sort="newest").status_code == 422


def test_the_filters_are_the_desks(keyed: Keyed, town: Town) -> None:
    """Each name shows what the desk's own queue shows for the same address."""
    town.ground()
    lamp = open_one(matter="event.04.008", title="路灯不亮", located=in_grid(GRIDS[1]), channel="web-app")
    rubbish = in_hand(town)
    reminded = open_one(title="井盖缺失")
    take_as_reporter(
        reminded.case, link_of(reminded.token), Said("remind", {}), request_id=uuid4(), at=later(minutes=1)
    )
    every = [reminded.no, rubbish.no, lamp.no]
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({"sort": "newest"}, every),
        ({"place": GRIDS[1]}, [lamp.no]),
        ({"place": [GRIDS[0], GRIDS[1]], "sort": "newest"}, every),
        ({"state": "in_hand"}, [rubbish.no]),
        ({"state": ["in_hand", "received"], "sort": "newest"}, every),
        ({"matter": "event.04"}, [lamp.no]),
        ({"owner": town.sanitation}, [rubbish.no]),
        ({"kind": "request", "sort": "newest"}, every),
        ({"kind": "event"}, []),
        ({"channel": "web-app"}, [lamp.no]),
        ({"clock": "handle"}, [rubbish.no]),
        ({"reminded": "1"}, [reminded.no]),
        ({"due": "late", "sort": "newest"}, every),
        ({"due": "today"}, []),
        ({"from": "2026-11-24", "to": "2026-11-24", "sort": "newest"}, every),
        ({"to": "2026-11-23"}, []),
        ({"q": "路灯"}, [lamp.no]),
        ({"q": "event.04.008"}, [lamp.no]),
    ]
    at = datetime.now(UTC)
    for query, numbers in wanted:
        rows = keyed.duan.get("/queues/place", **query).json()["rows"]
        assert [row["no"] for row in rows] == numbers, query
        address = QueryDict(urlencode({**query, "view": "all"}, doseq=True))
        assert [row.no for row in desk_page(town.actor("duan", at), address, at, limit=50).rows] == numbers, query


def test_a_filter_asks_nothing_of_a_sealed_case_that_its_row_does_not_say(keyed: Keyed, town: Town) -> None:
    opened = open_one(compartment="sealed", accused=(town.sanitation,), title="收了商贩两千块")
    assert [row["no"] for row in keyed.tan.get("/queues/named").json()["rows"]] == [opened.no]
    for name, value in (("matter", "event.01"), ("q", "商贩")):
        assert keyed.tan.get("/queues/named", None, **{name: value}).json()["rows"] == []
