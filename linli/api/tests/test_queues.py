"""Queues page by key, and show each holder theirs alone."""

from __future__ import annotations

from typing import Any

import pytest

from linli.api.tests.conftest import Keyed
from linli.cases.tests.desk import in_hand, later, open_one
from tests.town import Town

pytestmark = pytest.mark.django_db


def test_pages_hold_every_case_once_the_most_urgent_first(keyed: Keyed, town: Town) -> None:
    opened = [open_one(received_at=later(hours=-n)).no for n in range(7)]
    seen: list[str] = []
    cursor, pages = None, 0
    while True:
        page = keyed.duan.get("/queues/place", limit=3, **({"cursor": cursor} if cursor else {})).json()
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


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"cursor": "é"}, {"sate": "signed"}])
def test_a_page_that_is_none(keyed: Keyed, query: dict[str, Any]) -> None:
    answer = keyed.duan.get("/queues/place", **query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
