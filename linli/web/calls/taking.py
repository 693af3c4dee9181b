"""A call as typed, handed to intake; and what intake or the engine refuses, said at the field it concerns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.intake.calltaking import Act, Answer, Call, Noted, Promised, call_take
from linli.kernel.actors import Actor
from linli.kernel.errors import InputError
from linli.knowledge.selectors import entry_at
from linli.web.calls.typed import Typed

MISTAKES: Mapping[str, Promise] = {
    "words": gettext_lazy("Note what the caller says."),
    "matter": gettext_lazy("Take a likely matter or choose one; or save it only."),
    "where": gettext_lazy("Write an address that can be found, or set the pin; or save it only."),
    "organisation": gettext_lazy("Nobody is found for this: choose a body, or save it only."),
    "answer": gettext_lazy("Write what you told the caller, or take one of the answers."),
    "entry": gettext_lazy("This answer no longer holds. Look again."),
    "service": gettext_lazy("Choose the number that the caller was passed on to."),
    "until": gettext_lazy("Choose today or a later day, no further than the rules allow."),
    "join": gettext_lazy("That case can no longer be joined."),
}
_FIELD_OF: Mapping[str, str] = {"into": "join", "promised": "promised", "words": "words"}


def take(typed: Typed, act: str, actor: Actor, at: datetime) -> tuple[Noted, ...]:
    """Take the call; the form must have been checked.

    Raises:
        LinliError: see `call_take`.
    """
    answer = _answer(typed, at) if act == "answer" else None
    until = typed.until_day()
    call = Call(
        matters=typed.told(),
        act=cast("Act", act),
        said=json.dumps([act, {**asdict(typed), "errors": {}, "refusal": ""}], sort_keys=True).encode(),
        number=typed.number,
        name=typed.name,
        confidential=typed.confidential,
        organisation=int(typed.organisation) if typed.organisation else None,
        join=typed.join,
        service=typed.service,
        connected=typed.connected,
        answer=answer,
        promise=Promised(until, typed.promised) if until is not None and typed.promised else None,
    )
    return call_take(call, actor, request_id=UUID(typed.request_id), at=at)


def _answer(typed: Typed, at: datetime) -> Answer:
    """What the caller was told; the words of the answer taken where nothing else was written."""
    named = typed.entry_named()
    if named is None:
        return Answer(typed.result, typed.answer)
    found = entry_at(named[0], at)
    if found is None:
        raise InputError("The answer does not hold.", code="call.form", data={"fields": {"entry": "changed"}})
    return Answer(typed.result, typed.answer or found.answer, {"entry": named[0], "entry_version": named[1]})


def wrong_fields(error: InputError) -> dict[str, str]:
    """Field of the form -> words, from what intake or the engine says; empty where it names none."""
    fields = error.data.get("fields")
    found = {}
    for name in fields if isinstance(fields, Mapping) else ():
        own = _FIELD_OF.get(str(name), str(name))
        found[own] = str(MISTAKES.get(own, _("Look at this again.")))
    return found
