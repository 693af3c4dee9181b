"""A case on a phone: the desk's page of it, with what a hand needs: the one next step, which steps ask for nothing, photos.

Photos are those that whoever works here took; a reporter's photo shows where somebody stood, and is the desk's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from linli.cases.deskcase import CaseFile
from linli.cases.evidence import work_photos
from linli.cases.nextstep import asked_first, place_relations
from linli.cases.registry import kind_code
from linli.web.desk.casepage import CasePage, StepLine, case_page

LEAVE = "leave_unsafe"
_NEVER_FIRST = frozenset({LEAVE})


@dataclass(frozen=True, slots=True)
class StepButton:
    """A step; `at_once`: it asks for nothing, so one tap takes it."""

    id: str
    title: str
    at_once: bool
    request_id: str


@dataclass(frozen=True, slots=True)
class WorkCase:
    """What the template shows: the desk's page, the step at the thumb, the others, and photos by id.

    Attributes:
        leave: the step that ends a visit at once; None where it cannot be taken now.
        way: `geo:` address for the phone's own map; "" without a point.
    """

    page: CasePage
    next: StepButton | None
    others: tuple[StepButton, ...]
    refused: tuple[StepLine, ...]
    leave: StepButton | None
    photos: tuple[int, ...]
    way: str


def work_case(file: CaseFile, at: datetime) -> WorkCase:
    """A case for a phone.

    Args:
        file: see `case_file`.
        at: aware UTC.
    """
    page = case_page(file, at)
    row, facts = page.steps, file.facts
    lines = [*([row.primary] if row.primary else []), *row.beside, *row.more]
    first = _first(file)
    buttons = {line.id: _button(line, file) for line in lines}
    leave = buttons.pop(LEAVE, None)
    chosen = buttons.pop(first, None) if first else None
    way = f"geo:{facts.lat:.6f},{facts.lon:.6f}" if facts.lon is not None and facts.lat is not None else ""
    return WorkCase(page, chosen, tuple(buttons.values()), row.refused, leave, photos_of(facts.id), way)


def photos_of(case: int) -> tuple[int, ...]:
    """Photos that bodies took, the latest first."""
    return tuple(one.id for one in reversed(work_photos(case)))


def _first(file: CaseFile) -> str:
    """The step that is asked of this person first, as the inbox says it; one they may take."""
    may = [one for one in file.steps if one.denied is None and one.onward and one.spec.id not in _NEVER_FIRST]
    running = sorted((c.due_at, c.name) for c in file.clocks if c.state == "running" and c.due_at is not None)
    names = _clocks_of(file, (name for _, name in running))
    step = asked_first([one.spec for one in may], _relations(file), next(iter(names), None))
    return step.id if step else next((one.spec.id for one in may), "")


def _clocks_of(file: CaseFile, names: Iterable[str]) -> list[str]:
    mine = {holding.organisation for holding in file.seen.bundle.actor.holdings}
    theirs = {c.name for c in file.clocks if c.whose == "body" and c.organisation not in mine and c.state == "running"}
    own = {c.name for c in file.clocks if c.whose == "body" and c.organisation in mine and c.state == "running"}
    return [name for name in names if name in own or name not in theirs]


def _relations(file: CaseFile) -> frozenset[str]:
    bundle = file.seen.bundle
    found: set[str] = set()
    for holding in bundle.actor.holdings:
        body = bundle.body(holding.organisation)
        if body is not None:
            found.add("owner" if body.role == "lead" else "co_owner")
        if bundle.case.place.startswith(holding.place):
            found |= place_relations(holding)
    return frozenset(found)


def _button(line: StepLine, file: CaseFile) -> StepButton:
    spec = file.seen.procedure.steps[line.id]
    asks = bool(kind_code(file.facts.kind).form(spec.form).model_fields)
    return StepButton(line.id, line.title, not asks, str(uuid4()))
