"""A thin whole: opened, dispatched, signed, begun, replied, called back, closed; chained, receipted, folded."""

from __future__ import annotations

from uuid import uuid4

import pytest

from linli.cases.engine import take_step
from linli.cases.models import Case, Clock
from linli.cases.tests.desk import in_hand, later, open_one, take
from linli.journal.selectors import entries_of
from linli.kernel.errors import ConflictError, NotFoundError, RefusedError
from tests.town import AT, Town

pytestmark = pytest.mark.django_db


def test_a_request_goes_from_receipt_to_closing(town: Town) -> None:
    opened = in_hand(town)
    take(opened.case, "reply", town.ref("han"), later(hours=3), result="solved", words="已清理完毕。")
    case = Case.objects.get(pk=opened.case)
    assert (case.state, case.result, case.owner) == ("checking", "solved", town.sanitation)
    take(opened.case, "check_on_site", town.ref("fang"), later(hours=4), done=True)
    case.refresh_from_db()
    assert case.state == "closed"
    assert case.closed_at == later(hours=4)
    assert case.next_due_at is None
    assert not Clock.objects.filter(case=case).exclude(state="stopped").exists()
    verbs = [entry.verb for entry in entries_of(f"case:{opened.case}")]
    assert verbs == [
        "cases.request.open", "cases.voice.heard", "cases.request.dispatch", "cases.request.sign", "cases.request.begin",
        "cases.request.reply", "cases.request.check_on_site",
    ]  # fmt: skip


def test_a_repeated_request_answers_with_its_first_result(town: Town) -> None:
    opened = open_one()
    request, form = uuid4(), {"organisation": town.sanitation}
    first = take_step(opened.case, "dispatch", town.ref("duan"), form, request_id=request, at=AT)
    again = take_step(opened.case, "dispatch", town.ref("duan"), form, request_id=request, at=AT)
    assert (again.seq, again.entry_hash, again.repeated) == (first.seq, first.entry_hash, True)
    other = {"organisation": town.enforcement}
    with pytest.raises(ConflictError):
        take_step(opened.case, "dispatch", town.ref("duan"), other, request_id=request, at=AT)


def test_a_step_that_does_not_leave_the_state_is_refused(town: Town) -> None:
    opened = open_one()
    take(opened.case, "dispatch", town.ref("duan"), organisation=town.sanitation)
    with pytest.raises(ConflictError):
        take(opened.case, "dispatch", town.ref("duan"), organisation=town.sanitation)


def test_who_may_not_is_refused_and_who_has_nothing_to_do_with_it_learns_nothing(town: Town) -> None:
    opened = open_one()
    with pytest.raises(RefusedError):
        take(opened.case, "dispatch", town.ref("fang"), organisation=town.sanitation)
    for stranger in ("mo", "deng", "kang"):
        with pytest.raises(NotFoundError):
            take(opened.case, "dispatch", town.ref(stranger), organisation=town.sanitation)
    with pytest.raises(NotFoundError):
        take(10**9, "dispatch", town.ref("duan"), organisation=town.sanitation)
    assert Case.objects.get(pk=opened.case).state == "received"
