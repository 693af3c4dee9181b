"""Trouble that a reporter tells the desk on the telephone: a sealed case of its own, away from whoever heard it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from linli.app import messages, spool
from linli.cases.models import Assignment, Case, Notice
from linli.cases.selectors import desk_view, handler_view, history
from linli.cases.tests.desk import VOICE, later, published, take
from linli.cases.tests.test_residents import ASKED, answered
from linli.cases.voices import PartRequest, voice_open
from linli.intake.troubles import trouble_heard
from linli.journal.delivery import Delivery
from linli.journal.models import Outbox
from linli.kernel.errors import NotFoundError
from tests.town import Town, town_of

WORDS = "有人半夜来敲门，叫我别再打电话"
CALLED = later(hours=3)


@pytest.fixture
def town(db: None) -> Town:
    """The town with the confirmed rules live."""
    published()
    return town_of()


def called_back(town: Town, **said: Any) -> int:
    """A request that was answered and whose reporter was called back by the operator."""
    opened = answered(town, matter=ASKED)
    take(opened.case, "call_back", town.ref("hong"), CALLED, solved="yes", **said)
    case: int = opened.case
    return case


def told() -> list[Delivery]:
    """What waits for the sealed desk."""
    rows = Outbox.objects.filter(payload__to="sealed_desk")
    return [Delivery(row.pk, row.kind, row.payload, None, 1, row.created_at) for row in rows]


def sealed() -> Case:
    return Case.objects.get(compartment="sealed")


def test_it_becomes_a_sealed_case_once(town: Town) -> None:
    case = called_back(town, troubled="yes", trouble=WORDS)
    (row,) = told()
    for _time in range(2):
        trouble_heard(row, later(hours=4))
    found = sealed()
    assert found.marks["accused"] == [town.sanitation]
    assert found.title != Case.objects.get(pk=case).title
    receivers = set(Assignment.objects.filter(case=found, role="receiver").values_list("account", flat=True))
    assert receivers == {town.tan}


def test_the_receiver_reads_who_and_what(town: Town) -> None:
    no = Case.objects.get(pk=called_back(town, troubled="partly", trouble=WORDS)).no
    trouble_heard(told()[0], later(hours=4))
    found = sealed()
    voice = found.voices.get().pk
    words = voice_open(
        PartRequest(found.pk, voice, "words", "核查"), town.ref("tan"), request_id=uuid4(), at=later(hours=5)
    )
    assert WORDS in words["text"]
    assert no[:4] in words["text"]
    who = voice_open(
        PartRequest(found.pk, voice, "identity", "核查"), town.ref("tan"), request_id=uuid4(), at=later(hours=5)
    )
    assert who["name"] == VOICE.name


def test_nobody_of_the_matter_reads_it_not_even_who_typed_it(town: Town) -> None:
    case = called_back(town, troubled="yes", trouble=WORDS)
    trouble_heard(told()[0], later(hours=4))
    found = sealed()
    at = later(hours=5)
    for name in ("hong", "duan", "he", "han", "wei", "su"):
        seen = [history(town.actor(name), case, at)] if name != "su" else []
        if name in ("hong", "duan", "he"):
            seen.append(desk_view(town.actor(name), case, at))  # type: ignore[arg-type]
        elif name in ("han", "wei"):
            seen.append(handler_view(town.actor(name), case, at))  # type: ignore[arg-type]
        assert not [word for word in ("敲门", "troubled", found.no) if word in str(seen)], name
        with pytest.raises(NotFoundError):
            history(town.actor(name), found.pk, at)
    assert "troubled" not in str(vars(Case.objects.get(pk=case)))


@pytest.mark.parametrize("said", [{"troubled": "no"}, {"troubled": "no_answer"}, {}])
def test_no_trouble_opens_nothing(town: Town, said: dict[str, str]) -> None:
    called_back(town, **said)
    assert told() == []


def test_no_message_and_no_line_of_the_gateway_tells_of_it(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []
    monkeypatch.setattr(spool, "write", written.extend)
    called_back(town, troubled="yes", trouble=WORDS)
    messages.deliver(told())
    assert sealed().external_id
    assert written == []
    assert not Notice.objects.exists()


def test_a_notice_without_its_call_opens_nothing(town: Town) -> None:
    case = called_back(town)
    trouble_heard(
        Delivery(9, "cases.notice", {"case": case, "to": "sealed_desk"}, None, 1, later(hours=9)), later(hours=9)
    )
    trouble_heard(Delivery(9, "cases.notice", {"case": 10**9, "to": "sealed_desk"}, None, 1, CALLED), later(hours=9))
    assert not Case.objects.filter(compartment="sealed").exists()
