"""Handing in: the way of every report, once a request; the same answer whatever the words say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from linli.api.scopes import Scope
from linli.api.tests.conftest import Caller, Keyed
from linli.api.tests.reports import ACCUSING, HOME, NAME, PHONE, report
from linli.cases.models import Case, Voice
from tests.town import GRIDS, Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(town: Town) -> None:
    town.ground()


@pytest.fixture
def hotline(keyed: Keyed) -> Caller:
    """A channel's own account: no post, and keys for handing in and following."""
    return keyed.caller("mo", [Scope.FILE, Scope.FOLLOW, Scope.READ])


def test_a_report_becomes_a_case_on_the_clock_and_its_reporter_can_follow_it(hotline: Caller, keyed: Keyed) -> None:
    answer = hotline.post("/cases", report())
    assert answer.status_code == 201
    filed = answer.json()
    assert filed["link"]
    assert filed["due_at"]
    assert filed["repeated"] is False
    case = Case.objects.get(no=filed["no"])
    assert (case.place, case.matter, case.matter_by, case.channel) == (GRIDS[0], "event.01.002", "given", "hotline")
    assert "time_unsure" not in case.flags
    assert Voice.objects.get(case=case).wishes == ["no_call_back"]
    followed = hotline.get("/follow", headers={"Linli-Link": filed["link"]}).json()
    assert followed["no"] == filed["no"]
    order = keyed.duan.get(f"/cases/{filed['no']}")
    for planted in (NAME, PHONE, HOME, "我家"):
        assert planted not in order.content.decode()
    assert hotline.get(f"/cases/{filed['no']}").status_code == 404


def test_a_repeated_request_opens_one_case_and_another_report_is_refused(hotline: Caller) -> None:
    given = report()
    first = hotline.post("/cases", given).json()
    again = hotline.post("/cases", given).json()
    assert again == {**first, "link": None, "repeated": True}
    other = hotline.post("/cases", {**given, "text": "另一件事：路灯不亮"})
    assert (other.status_code, other.json()["code"]) == (409, "journal.request_reused")
    assert Case.objects.count() == 1


def test_a_number_of_the_channel_opens_once(hotline: Caller, keyed: Keyed) -> None:
    given = report(external_id="GD-1")
    first = hotline.post("/cases", given).json()
    assert hotline.post("/cases", given).json()["no"] == first["no"]
    known = hotline.post("/cases", {**given, "request_id": str(uuid4())})
    assert (known.status_code, known.json()["code"]) == (409, "report.known_number")
    assert first["no"] not in known.content.decode()
    assert Case.objects.count() == 1


def test_an_accusation_is_sealed_and_the_answer_does_not_tell(hotline: Caller, keyed: Keyed) -> None:
    plain = hotline.post("/cases", report()).json()
    given = report(text=ACCUSING, matter="")
    sealed = hotline.post("/cases", given)
    assert sealed.status_code == 201
    assert set(sealed.json()) == set(plain)
    assert type(sealed.json()["due_at"]) is type(plain["due_at"])
    no = sealed.json()["no"]
    assert Case.objects.get(no=no).compartment == "sealed"
    for person in ("mo", "duan", "bao", "hu", "adam", "beth", "carl", "su", "shen"):
        assert keyed.caller(person).get(f"/cases/{no}").status_code == 404
    assert keyed.tan.get(f"/cases/{no}").status_code == 403
    assert keyed.tan.take(no, "look_in", reason="按程序核查").status_code == 200
    assert keyed.tan.get(f"/cases/{no}").status_code == 200
    assert hotline.post("/cases", given).json()["no"] == no


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "", "text": "……"}, "text"),
        ({"text": ""}, "body.text"),
        ({"channel": "Hot line"}, "body.channel"),
        ({"more": 1}, "body.more"),
        ({"point": {"lon": 200, "lat": 0}}, "body.point.lon"),
        ({"contact": {"phone": PHONE * 9}}, "body.contact.phone"),
        ({"happened_at": "2099-01-01T00:00:00Z"}, "happened_at"),
        ({"reported_at": "2026-11-24 09:00"}, "body.reported_at"),
        ({"evidence": [987654]}, "evidence"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(hotline: Caller, changes: dict[str, Any], field: str) -> None:
    answer = hotline.post("/cases", report(**changes))
    assert answer.status_code == 422
    assert list(answer.json()["data"]["fields"]) == [field]
    assert PHONE not in answer.content.decode()
    assert Case.objects.count() == 0
