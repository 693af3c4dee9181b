"""What may be read of a case, by whom: one fetcher and the views, each a frozen value."""

from __future__ import annotations

from datetime import datetime

from linli.cases.decide import denial
from linli.cases.domain import ClockFact
from linli.cases.explaining import explain
from linli.cases.histories import history, reporter_view
from linli.cases.lookedin import need_look_in
from linli.cases.queues import queue_page
from linli.cases.reading import run
from linli.cases.relations import NOT_SEEN, standing
from linli.cases.seeing import Seen, numbered, see
from linli.cases.views import (
    After,
    BodyView,
    ClockView,
    DeskView,
    HandlerView,
    Moment,
    Page,
    QueueRow,
    ReporterView,
    Why,
)
from linli.kernel.actors import Actor, Denied

__all__ = [
    "After", "BodyView", "ClockView", "DeskView", "HandlerView", "Moment", "Page", "QueueRow", "ReporterView", "Why",
    "access_case", "desk_view", "explain", "handler_view", "history", "queue_page", "reporter_view",
]  # fmt: skip

_COUNTS_FOR_BODIES = frozenset(
    {"reminders", "reworks", "redos", "returns", "extensions", "reopened", "overdue", "tries"}
)

_MORE = (
    "SELECT c.external_id,"
    " array(SELECT v.id FROM cases_voice v WHERE v.case_id = c.id ORDER BY v.id),"
    " array(SELECT array_to_string(v.wishes, ' ') FROM cases_voice v WHERE v.case_id = c.id ORDER BY v.id),"
    " array(SELECT k.id FROM cases_case k WHERE k.parent = c.id ORDER BY k.id)"
    " FROM cases_case c WHERE c.id = %(case)s"
)
_VOICES = "SELECT count(*) FROM cases_voice WHERE case_id = %(case)s"
_BODIES = (
    "SELECT organisation, role, state, by, deemed, sent_at, signed_at, done_at, ended_at FROM cases_assignment"
    " WHERE case_id = %(case)s AND role <> 'receiver' ORDER BY id"
)


def access_case(actor: Actor, no: str, at: datetime) -> int:
    """The id of a case that this person may read. Missing and forbidden give the same NotFoundError.

    A receiver who has not opened a sealed case with a reason gets a RefusedError (`lookedin`).

    Args:
        actor: with the posts held at `at`.
        no: public number as somebody typed it, with or without spaces.
        at: aware UTC.
    """
    seen = see(actor, numbered(no))
    need_look_in(seen, at)
    return seen.bundle.case.id


def handler_view(actor: Actor, case: int, at: datetime) -> HandlerView:
    """The work order, with the steps that this person may take now. Raises NotFoundError."""
    return _order(see(actor, case), at)


def desk_view(actor: Actor, case: int, at: datetime) -> DeskView:
    """The work order with bodies, candidates and the trace; for desks and receivers. Raises NotFoundError."""
    seen = see(actor, case)
    if not seen.is_desk:
        raise denial(NOT_SEEN)
    facts = seen.bundle.case
    row = run(_MORE, {"case": case}).fetchone() or (None, [], [], [])
    external_id, voices, wishes, children = row
    return DeskView(
        order=_order(seen, at),
        compartment=facts.compartment,
        channel=facts.channel,
        external_id=external_id,
        candidates=facts.candidates,
        bodies=tuple(BodyView(*one) for one in run(_BODIES, {"case": case}).fetchall()),
        marks=facts.marks,
        why=facts.why,
        voices=tuple((voice, tuple(wish.split())) for voice, wish in zip(voices, wishes, strict=True)),
        children=tuple(children),
    )


def _order(seen: Seen, at: datetime) -> HandlerView:
    facts = seen.bundle.case
    counted = run(_VOICES, {"case": facts.id}).fetchone()
    return HandlerView(
        case=facts.id,
        no=facts.no,
        kind=facts.kind,
        state=facts.state,
        title=facts.title,
        task_text=facts.task_text,
        matter=facts.matter,
        place=facts.place,
        lon=facts.lon,
        lat=facts.lat,
        flags=facts.flags,
        owner=facts.owner,
        opened_at=facts.opened_at,
        happened_at=facts.happened_at,
        counts={name: number for name, number in facts.counts.items() if name in _COUNTS_FOR_BODIES},
        voices=counted[0] if counted else 0,
        clocks=tuple(clock_view(clock, at) for clock in seen.bundle.clocks),
        steps=steps_now(seen),
    )


def steps_now(seen: Seen) -> tuple[str, ...]:
    """Steps that leave this state and that this person may take, in the procedure's order."""
    state = seen.bundle.case.state
    return tuple(
        step.id
        for step in seen.procedure.steps.values()
        if state in step.leaves and step.who != ("system",) and not isinstance(standing(seen.bundle, step), Denied)
    )


def clock_view(clock: ClockFact, at: datetime) -> ClockView:
    """A clock as a page shows it at an instant."""
    limits = (clock.work.limit, *clock.work.extensions)
    return ClockView(
        name=clock.name,
        whose=clock.whose,
        organisation=clock.organisation,
        limit=" + ".join(f"{one.amount} {one.unit}" for one in limits),
        started_at=clock.work.started_at,
        due_at=clock.due_at,
        state=clock.state,
        provisional=clock.provisional,
        late=clock.due_at is not None and at > clock.due_at,
    )
