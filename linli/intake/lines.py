"""The line that an import answers for each row: what became of it, in the order and words of the contract. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from linli.cases.drafts import Opened
from linli.intake.drafting import Case, may_go_at_once, why_of
from linli.intake.duplicates import Proposal
from linli.intake.reports import Report
from linli.intake.times import CHINA

Line = dict[str, object]
Status = Literal["accepted", "refused", "known", "sealed"]

THOUSAND = 1000
FIELDS = (
    "external_id", "status", "flags", "case", "grid", "community", "street", "district", "matter", "matter_by",
    "confidence", "owner", "why", "deadline", "duplicate_of", "errors",
)  # fmt: skip


def line_of(external_id: str, status: Status, **known: object) -> Line:
    """A line with these fields; all others are null, flags and errors empty."""
    empty: Line = {**dict.fromkeys(FIELDS), "flags": [], "errors": []}
    return {**empty, "external_id": external_id or None, "status": status, **known}


def refused(report: Report, reason: str) -> Line:
    """A row that is no report: unreadable, or without any words."""
    return line_of(report.external_id, "refused", flags=list(report.flags), errors=[reason, *report.errors])


def sealed(external_id: str) -> Line:
    """A sealed row shows nothing else."""
    return {"external_id": external_id or None, "status": "sealed"}


def known(report: Report, opened: Opened, errors: Sequence[str] = ()) -> Line:
    """A row that was taken in before; of the case nothing is shown but its number."""
    return line_of(report.external_id, "known", case=opened.no, errors=list(errors))


def accepted(case: Case, opened: Opened, found: Sequence[Proposal], owner: str | None) -> Line:
    """A row taken in.

    Args:
        case: as understood.
        opened: as recorded.
        found: cases that it may repeat, the likest first; a person joins.
        owner: name of the body that is responsible.
    """
    subject = case.findings.subject
    confidence = subject.confidence
    errors = [*case.report.errors, *([case.placed.error] if case.placed.error else [])]
    if case.findings.unknown_matter:
        errors.append("matter: not in the catalogue")
    return line_of(
        case.report.external_id,
        "accepted",
        flags=list(case.flags),
        case=opened.no,
        **case.placed.tiers,
        matter=case.matter,
        matter_by=subject.by,
        confidence=None if confidence is None else confidence / THOUSAND,
        owner=owner,
        why=_why(case, found),
        deadline=_local(opened.due_at),
        duplicate_of=found[0].no if found else None,
        errors=errors,
    )


def _why(case: Case, found: Sequence[Proposal]) -> Line:
    told: Line = {**why_of(case), "owner": case.route.trace()}
    if case.compartment == "protected":
        told = {"place": told["place"], "owner": told["owner"]}
    if found:
        told["duplicates"] = [
            {"case": one.no, "likeness": one.likeness / THOUSAND, "metres": one.metres} for one in found[:3]
        ]
    if not found and may_go_at_once(case):
        told["dispatched_by"] = "machine"
    return told


def _local(at: datetime | None) -> str | None:
    return at.astimezone(CHINA).isoformat(timespec="minutes") if at else None
