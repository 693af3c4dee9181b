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

    Args: as `take_step`; the photos were kept by the actor's account.

    Raises:
        LinliError: see `take_step`; InputError also for a photo that is not there or not this account's.
    """
    named = form.get(EVIDENCE)
    photos = [one for one in named if type(one) is int] if isinstance(named, list) else []
    if not photos:
        return take_step(case, step, actor, form, request_id=request_id, at=at)
    with transaction.atomic():
        result = take_step(case, step, actor, form, request_id=request_id, at=at)
        if not result.repeated:
            attach(photos, Holder(account=actor.account), case, side="body")
    return result
