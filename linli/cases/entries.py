"""The log entry of a decided step: one way to say who did it, in which post, and when. Pure."""

from __future__ import annotations

from datetime import datetime

from linli.cases.decide import Plan
from linli.cases.domain import ClockFact
from linli.journal.domain import EntryDraft
from linli.kernel.actors import ActorRef


def entry_of(
    plan: Plan,
    actor: ActorRef,
    at: datetime,
    *,
    recorded_at: datetime | None = None,
    commitment: bytes | None = None,
    rang: ClockFact | None = None,
) -> EntryDraft:
    """The entry of a step.

    Args:
        plan: the step, decided.
        actor: who took it.
        at: aware UTC.
        recorded_at: when it is written down, where that is later (what is told from elsewhere); None = at once.
        commitment: of the words said at it, where any were.
        rang: the clock whose alarm the step answers.
    """
    holding = plan.standing.holding
    return EntryDraft(
        subject=f"case:{plan.after.id}",
        verb=plan.verb,
        actor=actor,
        at=at,
        recorded_at=recorded_at or at,
        data=plan.data,
        post=(holding.post or None) if holding else None,
        organisation=holding.organisation if holding else (rang.organisation if rang else None),
        commitment=commitment,
    )
