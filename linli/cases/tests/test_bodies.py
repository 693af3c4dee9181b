"""Several bodies, one lead: signing, deemed signing, returning, the arbiter, extensions, the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from linli.cases.due import take_due
from linli.cases.models import Assignment, Case, Clock
from linli.cases.tests.desk import in_hand, later, open_one, take
from linli.journal.selectors import entries_of
from linli.kernel.errors import ConflictError, InputError, RefusedError
from tests.town import AT, Town


def state(case: int) -> Any:
    return Case.objects.get(pk=case).state


def clock(case: int, name: str, organisation: int | None = None) -> Any:
    return Clock.objects.filter(case=case, name=name, organisation=organisation).latest("id")


def dispatched(town: Town, co: Sequence[int] = (), **changes: Any) -> int:
    opened = open_one(**changes)
    take(opened.case, "dispatch", town.ref("duan"), organisation=town.sanitation, co=list(co))
    return opened.case


def test_each_body_has_its_own_clocks_from_dispatch_and_one_leads(town: Town) -> None:
    case = dispatched(town, [town.lighting])
    assert {(a.organisation, a.role) for a in Assignment.objects.filter(case=case)} == {
        (town.sanitation, "lead"),
        (town.lighting, "co"),
    }
    mine, theirs = clock(case, "handle", town.sanitation), clock(case, "handle", town.lighting)
    assert mine.work == theirs.work
    take(case, "sign", town.ref("han"), later(hours=2))
    assert clock(case, "sign", town.sanitation).state == "stopped"
    assert clock(case, "sign", town.lighting).state == "running"
    assert clock(case, "handle", town.sanitation).work == mine.work
    take(case, "co_sign", town.ref("lin"), later(hours=2))
    take(case, "report_back", town.ref("lin"), later(hours=3), note="灯已修好")
    assert clock(case, "handle", town.lighting).outcome == "in_time"
    assert clock(case, "handle", town.sanitation).state == "running"


def test_the_helping_body_cannot_take_the_leads_steps(town: Town) -> None:
    case = dispatched(town, [town.lighting])
    with pytest.raises(RefusedError):
        take(case, "sign", town.ref("lin"))


def test_unsigned_at_the_limit_is_deemed_signed_and_said(town: Town) -> None:
    case = dispatched(town)
    signing = clock(case, "sign", town.sanitation)
    while take_due(signing.due_at):
        pass
    assert state(case) == "dispatched"  # at the moment itself it is still in time
    while take_due(signing.due_at + timedelta(minutes=1)):
        pass
    assert state(case) == "signed"
    body = Assignment.objects.get(case=case)
    assert (body.state, body.deemed) == ("signed", True)
    entry = next(e for e in entries_of(f"case:{case}") if e.verb.endswith("deem_signed"))
    assert (entry.verb, entry.actor.kind, entry.organisation) == (
        "cases.request.deem_signed",
        "system",
        town.sanitation,
    )
    bodies: Any = entry.data["bodies"]
    assert bodies[0]["deemed"] is True


def test_a_body_returns_once_within_its_hours_with_the_rule(town: Town) -> None:
    case = dispatched(town)
    answer = clock(case, "answer").due_at
    with pytest.raises(InputError) as wrong:
        take(case, "return", town.ref("han"), reason="不归我们管")
    assert wrong.value.data["fields"] == {"rule": "missing"}
    take(case, "return", town.ref("han"), later(hours=3), rule="环卫作业范围第三条", reason="不归我们管")
    assert (state(case), Case.objects.get(pk=case).owner) == ("returned", None)
    assert clock(case, "answer").due_at == answer
    take(case, "dispatch", town.ref("duan"), later(hours=4), organisation=town.sanitation)
    with pytest.raises(RefusedError) as refused:
        take(case, "return", town.ref("han"), later(hours=5), rule="x", reason="y")
    assert refused.value.code == "case.returned_already"


def test_too_late_to_return(town: Town) -> None:
    case = dispatched(town)
    take(case, "sign", town.ref("han"), later(hours=1))
    with pytest.raises(RefusedError) as refused:
        take(case, "return", town.ref("han"), later(days=3), rule="x", reason="y")
    assert refused.value.code == "case.return_late"


def test_the_second_return_goes_to_the_arbiter_whose_decision_binds(town: Town) -> None:
    case = dispatched(town)
    take(case, "return", town.ref("han"), later(hours=1), rule="x", reason="y")
    take(case, "dispatch", town.ref("duan"), later(hours=2), organisation=town.enforcement)
    take(case, "return", town.ref("bao"), later(hours=3), rule="x", reason="y")
    assert state(case) == "in_arbitration"
    with pytest.raises((RefusedError, ConflictError)):
        take(case, "dispatch", town.ref("duan"), later(hours=4), organisation=town.lighting)
    take(case, "arbitrate", town.ref("zhong"), later(hours=4), organisation=town.lighting, reason="归属路灯管理站")
    assert (state(case), Case.objects.get(pk=case).owner) == ("dispatched", town.lighting)
    with pytest.raises(RefusedError) as refused:
        take(case, "return", town.ref("lin"), later(hours=5), rule="x", reason="y")
    assert refused.value.code == "case.bound"


def test_no_decision_in_time_falls_back_to_the_packs_owner(town: Town) -> None:
    case = dispatched(town)
    take(case, "return", town.ref("han"), later(hours=1), rule="x", reason="y")
    take(case, "dispatch", town.ref("duan"), later(hours=2), organisation=town.enforcement)
    take(case, "return", town.ref("bao"), later(hours=3), rule="x", reason="y")
    when = clock(case, "arbitrate").due_at + timedelta(minutes=1)
    while take_due(when):
        pass
    found = Case.objects.get(pk=case)
    assert (found.state, found.owner) == ("dispatched", town.street_desk)


def test_a_body_that_does_not_stand_is_not_sent_anything(town: Town) -> None:
    opened = open_one()
    with pytest.raises(InputError):
        take(opened.case, "dispatch", town.ref("duan"), organisation=10**9)


def test_more_time_is_asked_before_expiry_granted_above_and_told(town: Town) -> None:
    case = in_hand(town).case
    before = clock(case, "handle", town.sanitation).due_at
    with pytest.raises(RefusedError) as long:
        take(case, "ask_extension", town.ref("han"), later(minutes=20), workdays=99, reason="等配件")
    assert long.value.code == "case.extension_too_long"
    take(case, "ask_extension", town.ref("han"), later(minutes=20), workdays=3, reason="等配件")
    with pytest.raises(RefusedError):
        take(case, "grant_extension", town.ref("han"), later(minutes=25))
    take(case, "grant_extension", town.ref("he"), later(minutes=30))
    assert clock(case, "handle", town.sanitation).due_at > before
    with pytest.raises(RefusedError) as often:
        take(case, "ask_extension", town.ref("han"), later(minutes=40), workdays=1, reason="还要等")
    assert often.value.code == "case.extensions_most"


def test_too_late_to_ask_for_more_time(town: Town) -> None:
    case = in_hand(town).case
    late = clock(case, "handle", town.sanitation).due_at + timedelta(minutes=1)
    with pytest.raises(RefusedError) as refused:
        take(case, "ask_extension", town.ref("han"), late, workdays=1, reason="等配件")
    assert refused.value.code == "case.extension_late"


def test_shelved_by_a_higher_tier_until_its_review(town: Town) -> None:
    case = in_hand(town).case
    review = (AT + timedelta(days=30)).date().isoformat()
    with pytest.raises(InputError):
        take(case, "ask_shelf", town.ref("han"), later(hours=1), category="whim", review_on=review, reason="缺资金")
    take(case, "ask_shelf", town.ref("han"), later(hours=1), category="funds", review_on=review, reason="缺资金")
    with pytest.raises(RefusedError):
        take(case, "approve_shelf", town.ref("he"), later(hours=2))
    take(case, "approve_shelf", town.ref("su"), later(hours=2))
    assert (state(case), clock(case, "handle", town.sanitation).state) == ("shelved", "paused")
    while take_due(later(days=31)):
        pass
    assert (state(case), clock(case, "handle", town.sanitation).state) == ("in_hand", "running")
    assert clock(case, "answer").state == "running"
