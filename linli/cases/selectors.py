"""What may be read of a case, by whom: one fetcher and the views, each a frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as a page shows it; `whose` is `reporter` or the name of a body's organisation id."""

    name: str
    whose: str
    organisation: int | None
    limit: str
    started_at: datetime
    due_at: datetime
    state: str
    provisional: bool
    late: bool


@dataclass(frozen=True, slots=True)
class HandlerView:
    """A work order: the matter, its place, the task. Never the reporter, their words, or who was dissatisfied."""

    case: int
    no: str
    kind: str
    state: str
    title: str
    task_text: str
    matter: str | None
    place: str
    lon: float | None
    lat: float | None
    flags: tuple[str, ...]
    owner: int | None
    opened_at: datetime
    happened_at: datetime | None
    counts: Mapping[str, int]
    voices: int
    clocks: tuple[ClockView, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeskView:
    """What a desk sees: the work order and the organisation of the work; a voice only as a number."""

    order: HandlerView
    compartment: str
    channel: str
    external_id: str | None
    candidates: tuple[int, ...]
    bodies: tuple[Mapping[str, object], ...]
    why: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history. `words` is empty for readers who may not see it, or once erased."""

    seq: int
    at: datetime
    step: str
    by: str
    organisation: int | None
    state: str
    data: Mapping[str, object]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReporterView:
    """What the private link shows: the state, each public answer, the deadline, and who opened the identity."""

    no: str
    state: str
    title: str
    due_at: datetime | None
    answers: tuple[Moment, ...]
    openings: tuple[Moment, ...]
    reminders: int


@dataclass(frozen=True, slots=True)
class Why:
    """One answer to *why*: the fact, the rule and its source, and the evidence."""

    what: str
    value: str
    rule: str
    source: str
    detail: tuple[Mapping[str, object], ...]


def access_case(actor: Actor, no: str, at: datetime) -> int:
    """The id of a case that this person may read. Missing and forbidden give the same NotFoundError."""
    raise NotImplementedError


def handler_view(actor: Actor, case: int, at: datetime) -> HandlerView:
    """The work order, with the steps this person may take now. Raises NotFoundError."""
    raise NotImplementedError


def desk_view(actor: Actor, case: int, at: datetime) -> DeskView:
    """The work order with bodies, candidates and the trace. Raises NotFoundError."""
    raise NotImplementedError


def reporter_view(token: str, at: datetime) -> ReporterView:
    """What the holder of a private link sees. Raises NotFoundError for a wrong token."""
    raise NotImplementedError


def history(actor: Actor, case: int, at: datetime) -> Sequence[Moment]:
    """The case's log for this person. Raises NotFoundError."""
    raise NotImplementedError


def explain(actor: Actor, case: int, at: datetime) -> Sequence[Why]:
    """Why this place, matter, owner and deadline, each with rule and source. Raises NotFoundError."""
    raise NotImplementedError
