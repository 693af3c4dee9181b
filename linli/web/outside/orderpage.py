"""What the holder of an order sees of its case, in words: what, where, by when, what next, what the own body did.

Is: a part of the case that any body may have, cut down to one body. Is not: the case as colleagues see it: no voices, no count
of them, nothing that others wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from linli.cases.deskcase import CaseFile
from linli.cases.domain import ClockFact
from linli.cases.orders import OrderFile
from linli.cases.registry import kind_code
from linli.cases.views import Moment
from linli.organisations.selectors import organisation_names
from linli.places.selectors import place_names
from linli.web.base.marks import Mark, state_mark
from linli.web.base.words import when, when_exact
from linli.web.desk.casepage import ClockLine, Names, clock_lines, step_row, step_title
from linli.web.desk.minimap import MiniMap, minimap
from linli.web.desk.rows import place_name

_TIERS = (9, 12, 15)


@dataclass(frozen=True, slots=True)
class StepButton:
    """A step; `at_once`: it asks for nothing, so one press takes it."""

    id: str
    title: str
    at_once: bool
    request_id: str


@dataclass(frozen=True, slots=True)
class Task:
    """What a body needs to know to do it: the same on a page and on paper.

    Attributes:
        clocks: the body's own limits.
        due: the last of them by date, for paper: by then it is to be done; "" for none.
        way: `geo:` address for the phone's own map; "" without a point.
    """

    no: str
    title: str
    words: str
    body: str
    place: tuple[str, ...]
    clocks: tuple[ClockLine, ...]
    due: str
    map: MiniMap | None
    way: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something the body did: when, and which step."""

    time: str
    what: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The page behind an order."""

    task: Task
    mark: Mark
    until: str
    next: StepButton | None
    others: tuple[StepButton, ...]
    own: tuple[Deed, ...]


def order_page(found: OrderFile, at: datetime) -> OrderPage:
    """The page of an order.

    Args:
        found: see `access_order`.
        at: aware UTC.
    """
    file = found.file
    row = step_row(file)
    return OrderPage(
        task=task_of(file, found.order.organisation, at),
        mark=state_mark(file.seen.procedure, file.facts.state),
        until=when_exact(found.order.expires_at, at),
        next=_button(row.primary.id, file) if row.primary else None,
        others=tuple(_button(line.id, file) for line in (*row.beside, *row.more)),
        own=tuple(_deed(one, file, at) for one in found.own),
    )


def task_of(file: CaseFile, organisation: int, at: datetime) -> Task:
    """What one body needs to know of a case.

    Args:
        file: see `case_file`.
        organisation: id of the body.
        at: aware UTC.
    """
    facts = file.facts
    codes = [facts.place[:length] for length in _TIERS if len(facts.place) >= length]
    places = place_names(codes, at) if codes else {}
    bodies = organisation_names([organisation], at)
    own = tuple(one for one in file.clocks if one.organisation == organisation and _is_theirs(one, file))
    due = max((c.due_at for c in own if c.due_at is not None), default=None)
    return Task(
        no=facts.no,
        title=facts.title,
        words=facts.task_text,
        body=bodies.get(organisation, ""),
        place=tuple(place_name(code, places[code]) for code in codes if code in places),
        clocks=tuple(clock_lines(replace(file, clocks=own), Names({}, {}, {}), at)),
        due=when_exact(due, at) if due else "",
        map=minimap(facts, at),
        way=f"geo:{facts.lat:.6f},{facts.lon:.6f}" if facts.lon is not None and facts.lat is not None else "",
    )


def _is_theirs(clock: ClockFact, file: CaseFile) -> bool:
    """Whether a clock runs for something that an order can do: the first contact with a reporter is the desk's to make."""
    step = file.seen.procedure.steps.get(clock.name)
    return clock.state != "stopped" and (step is None or step.by_order)


def _button(step: str, file: CaseFile) -> StepButton:
    spec = file.seen.procedure.steps[step]
    asks = bool(kind_code(file.facts.kind).form(spec.form).model_fields)
    return StepButton(step, step_title(file, step), not asks, str(uuid4()))


def _deed(one: Moment, file: CaseFile, at: datetime) -> Deed:
    return Deed(when(one.at, at), step_title(file, one.step))
