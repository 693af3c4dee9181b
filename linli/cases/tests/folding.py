"""Says where a case's columns and the fold of its log differ."""

from __future__ import annotations

from typing import Any

from linli.cases.fold import Folded, fold, part_of
from linli.cases.models import Assignment, Case, Clock
from linli.cases.work import text_digest
from linli.journal.domain import instant_text
from linli.journal.selectors import entries_of

DONE = {
    "start": "running",
    "resume": "running",
    "extend": "running",
    "recompute": "running",
    "pause": "paused",
    "stop": "stopped",
}


def differences(case_id: int) -> dict[str, Any]:
    """Column -> (as it stands, as the log tells it); empty when they agree."""
    case, told = Case.objects.get(pk=case_id), fold(entries_of(f"case:{case_id}", limit=10_000))
    pairs: dict[str, tuple[Any, Any]] = {
        "state": (case.state, told.state),
        "seq": (case.seq, told.seq),
        "counts": (case.counts, told.counts),
        "marks": (case.marks, told.marks),
        "text": (text_digest(case.title, case.task_text), told.text),
        "bodies": (_bodies(case), told.bodies),
        "clocks": (_clocks(case), {key: _state(*value) for key, value in told.clocks.items()}),
    }
    if case.closed_at is None:
        pairs["owner"] = (case.owner, told.owner)
    pairs["limit_at"] = (instant_text(case.limit_at) if case.limit_at else None, _limit(told, case))
    for name in ("matter", "matter_by", "confidence", "place", "flags", "compartment", "snapshot", "data", "parent"):
        pairs[name] = (getattr(case, name), told.facts[name])
    for name in ("joined_to", "back_to", "result"):
        pairs[name] = (getattr(case, name) or "", told.facts.get(name) or "")
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _limit(told: Folded, case: Case) -> str | None:
    """The nearest limit that the log tells of; a case at rest or at its end has none."""
    if told.state == "joined" or case.closed_at is not None:
        return None
    return min((due for done, due in told.clocks.values() if done != "stop" and due), default=None)


def _bodies(case: Case) -> dict[tuple[int, str], str]:
    rows = Assignment.objects.filter(case=case, ended_at=None)
    return {(row.organisation, part_of(row.role, row.account, row.post)): row.state for row in rows}


def _clocks(case: Case) -> dict[tuple[str, int | None], tuple[str, str | None]]:
    rows = Clock.objects.filter(case=case).order_by("id")
    last = {(row.name, row.organisation): row for row in rows}
    return {key: (row.state, instant_text(row.due_at) if row.due_at else None) for key, row in last.items()}


def _state(done: str, due: str | None) -> tuple[str, str | None]:
    return DONE[done], due
