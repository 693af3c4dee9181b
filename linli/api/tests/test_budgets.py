"""Statements of each operation, all of them counted; BEGIN and COMMIT are not, nor the savepoint that stands for them here."""

from __future__ import annotations

from typing import Any

import pytest

from linli.api.tests.conftest import Keyed
from linli.api.tests.counted import statements
from linli.api.tests.reports import report
from linli.api.tests.test_permissions import ASKED, SAID, scene
from linli.cases.tests.desk import in_hand, open_one
from tests.town import GRIDS, Town

pytestmark = pytest.mark.django_db

__all__ = ["scene"]

READS = {
    "/cases/{no}": 6, "/cases/{no}/desk": 8, "/cases/{no}/history": 7, "/cases/{no}/why": 6, "/cases/{no}/steps": 5,
    "/cases/{no}/attachments": 6, "/cases/{no}/attachments/{photo}": 6, "/follow": 8, "/queues/{queue}": 4,
    "/places": 3, "/places/{code}": 5, "/places/locate": 3, "/matters": 3, "/matters/{matter}": 3, "/rules": 3,
    "/rules/kinds": 3, "/rules/{key}": 3, "/answers": 4,
}  # fmt: skip
FILING, STEP = 12, 6
SPEAKING = {"remind": 14, "add": 14, "correct": 20, "withdraw": 14, "rate": 14}
FILTERED = {
    "place": [GRIDS[0], GRIDS[1]], "state": "in_hand", "matter": "event.01", "kind": "request", "channel": "hotline",
    "clock": "handle", "due": "late", "from": "2026-11-24", "to": "2026-11-24", "q": "垃圾 路口",
}  # fmt: skip


def _sent(sent: list[str]) -> list[str]:
    return [one for one in sent if not one.startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize("path", READS)
def test_a_read(keyed: Keyed, scene: dict[str, Any], path: str) -> None:
    address = path.format_map(scene)
    query = ASKED.get(path, {})
    for warmed in (False, True):
        with statements() as sent:
            answer = keyed.duan.get(address, headers={"Linli-Link": scene["link"]}, **query)
        assert answer.status_code == 200
        assert not warmed or len(_sent(sent)) <= READS[path], sent


def test_a_queue_with_every_filter_however_many_cases_there_are(keyed: Keyed, town: Town) -> None:
    town.ground()
    for _ in range(12):
        in_hand(town)
    for _ in range(2):
        with statements() as sent:
            answer = keyed.duan.get("/queues/place", None, owner=town.sanitation, limit=10, **FILTERED)
    assert len(answer.json()["rows"]) == 10
    # A statement for the places, one for the body, one for each stretch of words beside those of every queue.
    assert len(_sent(sent)) <= READS["/queues/{queue}"] + 4, sent


@pytest.mark.parametrize("act", SAID)
def test_what_a_reporter_says(keyed: Keyed, scene: dict[str, Any], act: str) -> None:
    link, said = SAID[act]
    keyed.mo.get("/follow", headers={"Linli-Link": scene[link]})
    with statements() as sent:
        answer = keyed.mo.speak(scene[link], act, **said)
    assert answer.status_code == 200
    assert len(_sent(sent)) <= SPEAKING[act], sent


@pytest.mark.parametrize(
    "changes", [{}, {"external_id": "GD-7"}, {"matter": "", "text": "路灯不亮三天了"}, {"point": None}]
)
def test_a_report(keyed: Keyed, town: Town, changes: dict[str, Any]) -> None:
    town.ground()
    keyed.mo.post("/cases", report())
    with statements() as sent:
        answer = keyed.mo.post("/cases", report(**changes))
    assert answer.status_code == 201
    assert len(_sent(sent)) <= FILING, sent


def test_a_step(keyed: Keyed, town: Town) -> None:
    no = open_one().no
    keyed.duan.get("/places")
    with statements() as sent:
        answer = keyed.duan.take(no, "dispatch", organisation=town.sanitation)
    assert answer.status_code == 200
    assert len(_sent(sent)) <= STEP, sent


def test_a_request_without_a_key_costs_no_statement(keyed: Keyed) -> None:
    with statements() as sent:
        assert keyed.caller("").get("/places").status_code == 401
    assert sent == []
