"""`take_step`: the one way in which an open case changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from linli.cases.drafts import StepResult
from linli.kernel.actors import ActorRef


def take_step(
    case: int,
    step: str,
    actor: ActorRef,
    form: Mapping[str, object],
    *,
    request_id: UUID,
    at: datetime,
) -> StepResult:
    """Take one step of the case's procedure, in one transaction.

    Args:
        case: id of the case.
        step: id of the step in the procedure.
        actor: who acts; their posts are looked up inside the transaction.
        form: the step's fields, as given; unknown fields are refused.
        request_id: the same id by the same person returns the first result, and never acts twice.
        at: the server's clock, aware.

    Returns:
        The state after the step, and the entry that records it.

    Raises:
        NotFoundError: no such case, or not for this person.
        RefusedError: the actor holds none of the step's relations today, or a rule refuses.
        ConflictError: the step does not leave this state; the request id was used for another form.
        InputError: the form is wrong; `data["fields"]` names the fields, never their content.
    """
    raise NotImplementedError
