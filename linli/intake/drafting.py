"""A report, read and placed, made into the draft of a case: compartment, task, owner, reasons, flags. Reads no table.

Is: what is decided about one report under given rules and duties. Is not: the reading (`findings.py`), the place
(`placing.py`) or duplicates (`duplicates.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.cases.drafts import CaseDraft, Compartment, MatterBy, VoiceDraft
from linli.intake.findings import Findings
from linli.intake.placing import Placed
from linli.intake.reports import Report
from linli.intake.rules import Reading, TaskWording, task_wording
from linli.intake.text.lists import Found
from linli.intake.text.task import Parts, Task, compose
from linli.intake.times import believed
from linli.organisations.domain import DutyTable
from linli.routing.domain import Route, facts_at, route
from linli.routing.selectors import routing_table

KIND = "request"
GIVEN: MatterBy = "given"


@dataclass(frozen=True, slots=True)
class Office:
    """What drafting needs beside the report: who holds which duty, through which channel, when.

    Attributes:
        at: receipt here, aware; `day` is that day in China Standard Time.
        home: code of the district or city that is all of this installation; for what cannot wait to be located.
        classes: classes of each grid.
    """

    channel: str
    at: datetime
    day: date
    duties: DutyTable
    home: str
    classes: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A report that is understood: all that makes its case.

    Attributes:
        received_at: when the reporter's clock begins.
        flags: in the order of the contract.
    """

    report: Report
    findings: Findings
    placed: Placed
    rules: Reading
    received_at: datetime
    flags: tuple[str, ...]
    route: Route
    office: Office

    @property
    def compartment(self) -> Compartment:
        """Sealed before protected before open."""
        if self.findings.sealed:
            return "sealed"
        return "protected" if self.findings.protected else "open"

    @property
    def matter(self) -> str | None:
        """Code of the matter; None = a person decides."""
        found = self.findings.subject.matter
        return found.code if found else None


def understand(report: Report, findings: Findings, placed: Placed, rules: Reading, office: Office) -> Case:
    """Decide what is known of a report, and who is responsible.

    Raises:
        RuleError: two routing rows of equal rank fit, or a row cannot be judged: never skipped.
    """
    sure = believed(report.reported_at, office.at, future_minutes=rules.future_minutes, oldest_days=rules.oldest_days)
    received = report.reported_at if sure and report.reported_at else office.at
    received = min(received, office.at)
    matter = findings.subject.matter
    table = routing_table(rules.snapshot, office.day)
    classes = office.classes.get(placed.tiers["grid"] or "", frozenset())
    place = placed.code or (office.home if findings.sealed or findings.protected else "")
    facts = facts_at(matter.code if matter else "", place, received, classes, office.channel)
    flags = _flags(report, findings, placed, time_unsure=not sure)
    return Case(report, findings, placed, rules, received, flags, route(facts, table, office.duties), office)


def _flags(report: Report, findings: Findings, placed: Placed, *, time_unsure: bool) -> tuple[str, ...]:
    raised = {
        "to_locate": not placed.is_sure,
        "to_class": findings.subject.matter is None or findings.unknown_matter,
        "time_unsure": time_unsure,
        "cut": findings.cut,
        "cleaned": "cleaned" in report.flags,
        "danger": bool(findings.danger),
        "protected": findings.protected,
    }
    return tuple(name for name, is_raised in raised.items() if is_raised)


def may_go_at_once(case: Case) -> bool:
    """Whether a machine may dispatch: a matter on the white list, sure in every respect, and nobody in danger."""
    subject = case.findings.subject
    if subject.matter is None or not subject.matter.auto_dispatch or case.compartment != "open":
        return False
    sure = subject.by == GIVEN or (subject.confidence or 0) >= case.rules.sure_dispatch
    hindered = {"to_locate", "to_class", "danger"} & set(case.flags)
    return sure and not hindered and case.route.reason == "row" and case.route.organisation is not None


def draft_of(case: Case, candidates: tuple[int, ...], accused: tuple[int, ...]) -> CaseDraft:
    """The draft of a case.

    Args:
        case: understood.
        candidates: open cases that it may repeat, the likest first.
        accused: bodies that a sealed report names.
    """
    report, subject = case.report, case.findings.subject
    task = _task(case)
    sealed, is_open = case.compartment == "sealed", case.compartment == "open"
    # What is not open waits in no queue of a desk: its receivers place and class it.
    flags = tuple(flag for flag in case.flags if is_open or flag not in ("to_locate", "to_class"))
    return CaseDraft(
        kind=KIND,
        title=task.title,
        task_text=task.text,
        snapshot=case.rules.snapshot,
        received_at=case.received_at,
        channel=case.office.channel,
        matter=case.matter,
        matter_by=subject.by,  # type: ignore[arg-type]
        confidence=subject.confidence,
        located=case.placed.located,
        place=case.placed.code or ("" if is_open else case.office.home),
        lon=None if sealed else case.placed.lon,
        lat=None if sealed else case.placed.lat,
        external_id=report.external_id,
        flags=flags,
        compartment=case.compartment,
        accused=accused,
        data={} if sealed else {"request_type": case.findings.request_type, "urgent": bool(case.findings.danger)},
        voice=_voice(report),
        route=None if sealed else case.route,
        auto=not candidates and may_go_at_once(case),
        why={} if sealed else why_of(case),
        candidates=candidates,
    )


def why_of(case: Case) -> dict[str, object]:
    """Why this place and this matter; the route's own trace is kept beside it."""
    told: dict[str, object] = {"place": case.placed.why(), "matter": case.findings.subject.why()}
    if case.findings.danger and case.compartment == "open":
        told["danger"] = [found.list for found in case.findings.danger]
    return told


def _voice(report: Report) -> VoiceDraft:
    return VoiceDraft(
        name=report.contact_name,
        phone=report.contact_phone,
        address=report.address,
        original_title=report.title,
        original=report.text,
    )


def _task(case: Case) -> Task:
    wording = task_wording(case.rules.snapshot, case.office.day)
    if case.compartment == "sealed":
        return Task(wording.sealed, wording.sealed)
    if case.compartment == "protected":
        return Task(wording.protected, wording.protected)
    return _open_task(case, wording)


def _open_task(case: Case, wording: TaskWording) -> Task:
    matter, findings = case.findings.subject.matter, case.findings
    places = tuple(dict.fromkeys((*findings.named.names, *findings.places)))
    parts = Parts(matter.title_zh if matter else wording.unclassed, places, findings.terms, _words(findings.danger))
    return compose(parts, wording.title, wording.lines)


def _words(found: tuple[Found, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for one in found for word in one.words))
