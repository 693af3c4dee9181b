"""What the engine thinks in: a case's facts, its clocks, the bodies at work, and the effects of a step. Pure.

Everything is frozen: a step makes new values, `statements` writes them. Nothing here knows a database or a kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from linli.kernel.actors import Actor, Holding
from linli.kernel.clocks import ClockState
from linli.kernel.worktime import Limit

Running = Literal["running", "paused", "stopped"]
BodyRole = Literal["lead", "co", "receiver"]
BodyState = Literal["sent", "signed", "done", "returned", "ended"]
OPEN_BODY = ("sent", "signed", "done")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The columns of a case that steps keep.

    Attributes:
        place: code of the deepest place known; "" = nowhere yet.
        data: facts of the kind's own data model.
        counts: how often something happened (`reminders`, `reworks`, `returns`, ...).
        marks: what a later step needs to know of an earlier one (a pending wish, tries, who returned).
        owner: organisation of the lead body.
        joined_to: the case whose voices this one's voices are now.
        doers: pairs (account, organisation) that did the work; they never check it.
        back_to: state to return to after a rest (shelved, joined).
        next_due_at: when the next alarm of any clock rings.
        limit_at: the nearest limit of the clocks that are not stopped, also one that has passed; None where none counts.
        seq: length of the case's log.
    """

    id: int
    no: str
    kind: str
    state: str
    title: str
    task_text: str
    matter: str | None
    matter_by: str
    confidence: int | None
    place: str
    lon: float | None
    lat: float | None
    flags: tuple[str, ...]
    compartment: str
    data: Mapping[str, object]
    why: Mapping[str, object]
    counts: Mapping[str, int]
    marks: Mapping[str, object]
    candidates: tuple[int, ...]
    snapshot: str
    owner: int | None
    parent: int | None
    joined_to: int | None
    doers: tuple[tuple[int | None, int | None], ...]
    back_to: str
    result: str
    channel: str
    received_at: datetime
    happened_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    next_due_at: datetime | None
    limit_at: datetime | None
    seq: int


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One clock of a case.

    Attributes:
        id: row, None before it is written.
        whose: `reporter`, `body` or `desk`.
        organisation: the body whose clock it is; None for the reporter's and the desk's.
        rule: the parameter (or `matter.<stage>`) that gave the limit.
        work: start, limit, pauses and extensions, from which the deadline follows.
        due_at: None while it stands.
        next_at: when the next alarm rings; None = no more, or it stands.
        alarm: how many alarms have rung.
        outcome: `in_time` or `late` once stopped, "" before.
        calendar: hash of the snapshot whose calendar counted the deadline; "" = the one the case was opened under.
    """

    id: int | None
    name: str
    whose: str
    organisation: int | None
    rule: str
    work: ClockState
    due_at: datetime | None
    next_at: datetime | None
    alarm: int
    state: Running
    provisional: bool
    stopped_at: datetime | None = None
    outcome: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """One body's part in a case. `post` or `account` is set for named receivers only.

    Attributes:
        by: `person` or `machine`: who sent it.
        deemed: it did not sign in time and is held to have signed.
    """

    id: int | None
    organisation: int
    post: int | None
    account: int | None
    role: BodyRole
    state: BodyState
    by: str
    sent_at: datetime
    signed_at: datetime | None = None
    deemed: bool = False
    done_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is named to receive a case that is not open: a person (sealed) or a post (protected), in their body."""

    organisation: int
    post: int | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """What a step must know of another case (to join it): nothing of its reporters.

    `carried`: the first case carries joined cases itself. `ended`: the other is over.
    """

    id: int
    no: str
    kind: str
    state: str
    matter: str | None
    compartment: str
    joined_to: int | None
    carried: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that the one read brings: enough to decide a step without another query.

    Attributes:
        parties: bodies that the form names and that stand today, with the prefix of their place.
        receivers, fallback: gathered for steps that need them.
        photos: of the reporters of the case, and whether the actor has opened each; gathered likewise.
        unreceived: nobody who was named for a closed case can act on it today; gathered likewise.
        route: trace of the routing of the case at the place and with the matter that the form gives; gathered likewise.
        entry: id and version of the answer that the form names, if it holds; gathered likewise.
    """

    case: CaseFacts
    clocks: tuple[ClockFact, ...]
    bodies: tuple[Body, ...]
    head_seq: int
    head_hash: bytes
    actor: Actor
    is_reporter: bool = False
    parties: Mapping[int, str] = field(default_factory=dict)
    other: Other | None = None
    receivers: tuple[Receiver, ...] = ()
    unreceived: bool = False
    photos: Mapping[int, bool] = field(default_factory=dict)
    fallback: int | None = None
    route: Mapping[str, object] | None = None
    entry: tuple[int, int] | None = None

    def lead(self) -> Body | None:
        """The body that leads, if one is at work."""
        return next((b for b in self.bodies if b.role == "lead" and b.state in OPEN_BODY), None)

    def body(self, organisation: int | None) -> Body | None:
        """That organisation's open part, as lead or beside it."""
        return next(
            (
                b
                for b in self.bodies
                if b.organisation == organisation and b.role != "receiver" and b.state in OPEN_BODY
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Send:
    """Put a body to work (or name a receiver)."""

    organisation: int
    role: BodyRole = "lead"
    by: str = "person"
    post: int | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A body's part moves on. `ended` and `returned` take it off the case.

    Attributes:
        receiver: only the part of this named receiver of the body, and no work of it.
    """

    organisation: int
    state: BodyState
    deemed: bool = False
    receiver: Receiver | None = None


@dataclass(frozen=True, slots=True)
class Longer:
    """Lengthen named clocks (of one body, where they are a body's)."""

    names: tuple[str, ...]
    limit: Limit
    organisation: int | None = None


@dataclass(frozen=True, slots=True)
class Until:
    """Start a clock that rings at the end of a day, not after a limit (a review date)."""

    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Child:
    """A case split off: it gets its own log and clocks, and this case as parent."""

    title: str
    task_text: str
    matter: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell somebody outside the database. `to` is a kind of receiver; the outbox finds the address."""

    kind: str
    to: str
    organisation: int | None = None


@dataclass(frozen=True, slots=True)
class Voices:
    """Move the voices that came with this case to another case, or (None) home again."""

    to_case: int | None


@dataclass(frozen=True, slots=True)
class OrderGrant:
    """An order for a body without an account: in which shape, until when (aware UTC)."""

    organisation: int
    made_as: Literal["link", "paper"]
    until: datetime


@dataclass(frozen=True, slots=True)
class Effects:
    """What a handler wants written; the step's own `to`, clocks and form come on top.

    Attributes:
        to: state instead of the one the step names.
        facts: columns of the case, by name.
        counts: names to count up by one.
        marks: marks to set; a value None takes the mark away.
        start, stop: clocks beside those the step names.
        data: further facts for the entry, plain JSON values without personal data.
    """

    to: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    counts: tuple[str, ...] = ()
    marks: Mapping[str, object] = field(default_factory=dict)
    send: tuple[Send, ...] = ()
    mark: tuple[Mark, ...] = ()
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    longer: tuple[Longer, ...] = ()
    until: tuple[Until, ...] = ()
    voices: Voices | None = None
    children: tuple[Child, ...] = ()
    notices: tuple[Notice, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    order: OrderGrant | None = None


NOTHING = Effects()


@dataclass(frozen=True, slots=True)
class Standing:
    """In which relation somebody takes a step, and in which post, where one was needed."""

    relation: str
    holding: Holding | None = None
