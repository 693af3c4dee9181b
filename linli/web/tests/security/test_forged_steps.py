"""Steps that somebody forges: not offered, of a foreign case, of the system, of a closed compartment, sent again as another."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.tests.desk import in_hand, open_one
from linli.journal.selectors import entries_of
from linli.web.conftest import SignedIn
from linli.web.tests.test_markers import PROTECTED
from tests.town import Town

REUSED = "这张表已经提交过，那次写的不一样。"
NOTHING = "这里没有内容，或者您没有查看的权限。"


def post(client: Client, number: object, step: str, **fields: Any) -> Any:
    return client.post(f"/desk/case/{number}/{step}", {"request_id": str(uuid4()), **fields})


def length(case: int) -> int:
    return len(entries_of(f"case:{case}"))


@pytest.mark.parametrize(
    ("who", "step", "fields"),
    [
        ("duan", "reply", {"result": "solved", "words": "好了"}),  # the state has no such step
        ("han", "sign", {}),  # not theirs yet
        ("duan", "deem_signed", {}),  # the system's own
        ("duan", "rate", {"solved": "yes"}),  # the reporter's own
        ("duan", "close_unchecked", {}),
        ("duan", "no_such_step", {}),
        ("deng", "dispatch", {"organisation": "1"}),  # another street
        ("beth", "dispatch", {"organisation": "1"}),  # an administrator
        ("mo", "dispatch", {"organisation": "1"}),  # nobody's post
    ],
)
def test_a_step_that_is_not_offered_is_not_taken(
    town: Town, signed_in: SignedIn, who: str, step: str, fields: dict[str, str]
) -> None:
    opened = open_one()
    before = length(opened.case)
    answer = post(signed_in(who), opened.no, step, **fields)
    assert answer.status_code in (403, 404, 409), answer.status_code
    assert NOTHING in answer.content.decode()
    assert length(opened.case) == before


def test_a_form_cannot_name_another_case_or_another_person(town: Town, signed_in: SignedIn) -> None:
    mine, theirs = open_one(), open_one()
    before = length(theirs.case)
    sent = {
        "organisation": str(town.sanitation),
        "case": str(theirs.case),
        "no": str(theirs.no),
        "actor": "1",
        "at": "2020",
    }
    assert post(signed_in("duan"), mine.no, "dispatch", **sent).status_code in (200, 302)
    assert length(theirs.case) == before
    (entry,) = [one for one in entries_of(f"case:{mine.case}") if one.verb.endswith(".dispatch")]
    assert entry.actor.account == town.people["duan"]
    assert entry.at.year == 2026


@pytest.mark.parametrize(
    "closed", [{"compartment": "sealed", "matter": None}, {"compartment": "protected", "matter": PROTECTED}]
)
def test_a_closed_case_answers_a_forged_step_like_a_number_that_is_none(
    town: Town, signed_in: SignedIn, closed: dict[str, Any]
) -> None:
    opened = open_one(**closed)
    before = length(opened.case)
    told = {
        post(signed_in("duan"), no, "note", note="试试").content.split(b"csrf")[0] for no in (opened.no, "000000000000")
    }
    assert len(told) == 1
    assert length(opened.case) == before


def test_a_number_that_was_used_is_refused_for_another_form(town: Town, signed_in: SignedIn) -> None:
    opened, other = in_hand(town), open_one()
    client, number = signed_in("duan"), str(uuid4())
    assert post(client, opened.no, "note", request_id=number, note="一句").status_code in (200, 302)
    before = length(opened.case), length(other.case)
    for no, step, fields in (
        (opened.no, "note", {"note": "另一句"}),
        (opened.no, "remind", {}),
        (other.no, "note", {"note": "一句"}),
    ):
        answer = post(client, no, step, request_id=number, **fields)
        assert answer.status_code in (409, 422), (step, answer.status_code)
        assert REUSED in answer.content.decode(), step
    assert (length(opened.case), length(other.case)) == before


@pytest.mark.parametrize("number", ["", "1", "x" * 400, "00000000-0000-0000-0000-00000000000g", "' OR 1=1 --"])
def test_a_number_that_is_none_is_refused(town: Town, signed_in: SignedIn, number: str) -> None:
    opened = in_hand(town)
    before = length(opened.case)
    answer = post(signed_in("duan"), opened.no, "note", request_id=number, note="一句")
    assert answer.status_code in (400, 422)
    assert length(opened.case) == before
