"""Taking a step: one operation for every step of every kind; the engine decides, as it does for everybody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.params.functions import Path
from pydantic import ConfigDict, Field, JsonValue

from linli.api import shapes
from linli.api.cases import NO
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.cases.attaching import take_with_photos
from linli.cases.numbers import heard
from linli.cases.seeing import numbered, numbers_of

router = Router(tags=["cases"])

STEP = Path(description="Id of the step in the procedure.", max_length=60)


class StepRequest(Schema):
    """A step to be taken: its form, and the id under which it is asked for."""

    model_config = ConfigDict(extra="forbid")

    request_id: UUID = Field(description="Made by you; the same id with the same form never acts twice.")
    form: dict[str, JsonValue] = Field({}, description="The step's form; see `GET /cases/{no}/steps`.")


@offer(router, "POST", "/{no}/steps/{step}", Scope.STEP, shapes.Taken)
def step_take(request: HttpRequest, given: StepRequest, no: str = NO, step: str = STEP) -> object:
    """Take a step of a case.

    Of what the posts of the key's holder allow now. A repeated `request_id` answers with the first result; with another
    form it is refused (409).
    """
    who = asked(request)
    result = take_with_photos(numbered(no), step, who.actor.ref, given.form, request_id=given.request_id, at=who.at)
    opened = numbers_of(result.opened)
    return {
        "no": heard(no),
        "state": result.state,
        "seq": result.seq,
        "entry_hash": result.entry_hash,
        "repeated": result.repeated,
        "opened": [opened[one] for one in result.opened],
    }
