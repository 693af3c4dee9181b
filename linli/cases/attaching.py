"""A step taken by somebody with a post, with the photos that its form names: both, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.drafts import StepResult
from linli.cases.engine import take_step
from linli.cases.evidence import Holder, attach
from linli.kernel.actors import ActorRef

EVIDENCE = "evidence"


def take_with_photos(
    case: int, step: str, actor: ActorRef, form: Mapping[str, object], *, request_id: UUID, at: datetime
) -> StepResult:
    """Take a step; photos that its form names under `evidence` become evidence of the case.

    Args: as `take_step`; the photos were kept for the actor (`holder_for`).

    Raises:
        LinliError: see `take_step`; InputError also for a photo that is not there or not the actor's.
    """
    named = form.get(EVIDENCE)
    photos = [one for one in named if type(one) is int] if isinstance(named, list) else []
    if not photos:
        return take_step(case, step, actor, form, request_id=request_id, at=at)
    with transaction.atomic():
        result = take_step(case, step, actor, form, request_id=request_id, at=at)
        if not result.repeated:
            attach(photos, holder_for(actor), case, side="body")
    return result


def holder_for(actor: ActorRef) -> Holder:
    """Who keeps a photo until a step names it: the account, or the body's order."""
    # A draft's holder is a hash of 32 bytes, so an order's never is one.
    return Holder(draft=b"order:%d" % actor.order) if actor.order is not None else Holder(account=actor.account)
