"""What readers get: frozen values, each with exactly what its reader may know. Nothing here reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.keyset import After, Page

__all__ = [
    "After", "BodyView", "ClockView", "DeskView", "HandlerView", "Moment", "Page", "QueueRow", "ReporterView", "Why",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as a page shows it.

    Attributes:
        whose: `reporter`, `body` or `desk`; `organisation` says which body.
        limit: as `5 workday`, extensions added as `+ 3 workday`.
        due_at: None while the clock stands.
    """

    name: str
    whose: str
    organisation: int | None
    limit: str
    started_at: datetime
    due_at: datetime | None
    state: str
    provisional: bool
    late: bool


@dataclass(frozen=True, slots=True)
class HandlerView:
    """A work order: the matter, its place, the task. Never the reporter, their words, or who was dissatisfied.

    Attributes:
        steps: what this person may do now, by id.
    """

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
class BodyView:
    """One body's part in a case."""

    organisation: int
    role: str
    state: str
    by: str
    deemed: bool
    sent_at: datetime
    signed_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskView:
    """What a desk sees: the work order and the course of the work; a voice only as a number and its wishes."""

    order: HandlerView
    compartment: str
    channel: str
    external_id: str | None
    candidates: tuple[int, ...]
    bodies: tuple[BodyView, ...]
    marks: Mapping[str, object]
    why: Mapping[str, object]
    voices: tuple[tuple[int, tuple[str, ...]], ...]
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history. `words` holds what this reader may read; nothing once it is erased.

    Attributes:
        by: `reporter`, `system`, or the relation in which a post acted (`owner`, `desk`, ...).
        kept: for a desk: the voice whose words lie behind this entry, in its compartment; None for no words. What a
            reporter says themselves is in no history, whoever reads it: it is opened, with a reason.
    """

    seq: int
    at: datetime
    step: str
    by: str
    organisation: int | None
    post: int | None
    state: str
    data: Mapping[str, object]
    words: Mapping[str, object]
    kept: int | None = None


@dataclass(frozen=True, slots=True)
class ReporterView:
    """What the private link shows: the state, each public answer, the deadline, and who opened the identity."""

    no: str
    state: str
    state_title: Mapping[str, str]
    title: str
    due_at: datetime | None
    answers: tuple[Moment, ...]
    openings: tuple[Moment, ...]
    reminders: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Why:
    """One answer to *why*: the fact, the rule and its source, and the evidence."""

    what: str
    value: str
    rule: str
    source: str
    detail: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a queue: no reporter, no words beyond the title; a sealed case has neither title nor matter here."""

    case: int
    no: str
    kind: str
    state: str
    title: str
    matter: str | None
    place: str
    owner: int | None
    next_due_at: datetime | None
    limit_at: datetime | None
    overdue: int
    reminders: int
