"""How the week's reports become cases: requests through the intake that every hand-over goes through, finds as events.

Is: the tick's reports handed to `linli.intake.imports`, and what its answers tell the simulation. Is not: intake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from linli.cases.drafts import CaseDraft, Opened
from linli.cases.opening import open_cases
from linli.cases.selectors import access_case
from linli.demo.plan import DemoPlan
from linli.demo.reports import DemoReport
from linli.demo.sending import route_for
from linli.demo.staff import Staff
from linli.demo.world import Job
from linli.intake.imports import Intake
from linli.intake.lines import Line
from linli.intake.reports import report_of
from linli.kernel.actors import SYSTEM, Actor, ActorRef
from linli.matters.selectors import catalogue
from linli.packs.selectors import snapshot_for
from linli.places.domain import Located
from linli.places.selectors import locate_many
from linli.routing.domain import Route


@dataclass(slots=True)
class Taking:
    """Takes in what has come since the tick before; one run of intake a channel.

    Attributes:
        statuses: how many rows were answered with which status.
    """

    plan: DemoPlan
    staff: Staff
    statuses: dict[str, int] = field(default_factory=dict)
    _at: datetime | None = None
    _runs: dict[str, Intake] = field(default_factory=dict)

    def take(self, reports: Sequence[DemoReport], at: datetime) -> Iterator[Job]:
        """Take reports in, and give a job for each case that a desk sees; the closed compartments give none.

        Args:
            reports: handed over since the tick before.
            at: the tick, aware UTC.
        """
        self._at = at
        channels: dict[str, list[DemoReport]] = {}
        for report in reports:
            channels.setdefault("" if report.kind == "event" else report.channel, []).append(report)
        for channel, handed in sorted(channels.items()):
            yield from self._requests(channel, handed, at) if channel else self._finds(handed, at)

    def _requests(self, channel: str, reports: Sequence[DemoReport], at: datetime) -> Iterator[Job]:
        run = self._runs.setdefault(channel, Intake(channel, self._clock))
        rows = [(report_of(report.number, report.row), "") for report in reports]
        answers = [line for batch in run.take(rows) for line in batch]
        for report, line in zip(reports, answers, strict=True):
            status = str(line["status"])
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == "accepted" and "protected" not in cast("Sequence[str]", line["flags"]):
                yield self._job(report, line, at)

    def _clock(self) -> datetime:
        if self._at is None:
            raise LookupError("no tick")
        return self._at

    def _job(self, report: DemoReport, line: Line, at: datetime) -> Job:
        no, flags = str(line["case"]), cast("Sequence[str]", line["flags"])
        why = cast("Mapping[str, Mapping[str, object]]", line["why"])
        right = cast("int | None", why["owner"]["organisation"])
        sent = "dispatched_by" in why
        place = next((str(line[tier]) for tier in ("grid", "community", "street", "district") if line[tier]), "")
        state = "dispatched" if sent else next((f for f in ("to_locate", "to_class") if f in flags), "received")
        return Job(
            id=access_case(Actor(SYSTEM), no, at),
            no=no,
            kind="request",
            dice=self.plan.chance("case", report.number),
            report=report,
            place=place,
            right=right,
            state=state,
            matter=str(line["matter"] or report.matter),
            owner=right if sent else None,
            near=str(line["duplicate_of"] or ""),
        )

    def _finds(self, reports: Sequence[DemoReport], at: datetime) -> Iterator[Job]:
        """Events, each opened by the grid worker who found it."""
        points = [(float(report.row["lon"]), float(report.row["lat"])) for report in reports]
        located = locate_many([lon for lon, _ in points], [lat for _, lat in points], at)
        for report, place in zip(reports, located, strict=True):
            draft = _event(report, place, at)
            worker = self.staff.exactly("grid_worker", place.grid or "", 15)
            actor = ActorRef("person", worker) if worker is not None else SYSTEM
            (opened,) = open_cases([draft], actor, at=at)
            self.statuses["found"] = self.statuses.get("found", 0) + 1
            yield _found_job(self.plan, report, draft, opened)


def _event(report: DemoReport, place: Located, at: datetime) -> CaseDraft:
    code = place.grid or report.grid
    snapshot = snapshot_for(code, at)
    matter = catalogue(snapshot).find(report.matter)
    found = route_for(report.matter, code, report.channel, at)
    return CaseDraft(
        kind="event",
        title=matter.title_zh if matter else report.matter,
        task_text=report.row["text"],
        snapshot=snapshot,
        received_at=report.at,
        happened_at=report.at,
        channel=report.channel,
        matter=report.matter,
        matter_by="given",
        located=place,
        lon=float(report.row["lon"]),
        lat=float(report.row["lat"]),
        external_id=f"demo-{report.number:06d}",
        data={"found_by": "grid_worker"},
        route=found,
        auto=bool(matter and matter.auto_dispatch and _sure(found) and not report.on_the_spot),
        why={"place": {"by": "point", "code": code}, "matter": {"by": "given"}},
    )


def _sure(found: Route) -> bool:
    return found.organisation is not None and found.reason == "row"


def _found_job(plan: DemoPlan, report: DemoReport, draft: CaseDraft, opened: Opened) -> Job:
    right = draft.route.organisation if draft.route else None
    return Job(
        id=opened.case,
        no=opened.no,
        kind="event",
        dice=plan.chance("case", report.number),
        report=report,
        place=report.grid,
        right=right,
        state=opened.state,
        matter=report.matter,
        owner=right if opened.state == "dispatched" else None,
    )
