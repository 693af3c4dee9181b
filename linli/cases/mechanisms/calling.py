"""On the telephone: what the desk promises a caller by a day, and a caller passed on to an emergency service.

A promise is a clock of the desk that ends with a day: its alarm tells the desk, a reply or the desk's own word stops it. One
promise stands at a time. A caller passed on leaves the service, the hour, and whether they were connected; nothing they said.

Source: Beijing 12345 Regulation art 11 (urgent and dangerous matters go to 110, 119, 120, 122 at once).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from linli.cases.domain import Effects, Until
from linli.cases.forms import Form, PublicWords, Words
from linli.cases.registry import handler
from linli.cases.rules import local_date
from linli.kernel.errors import ConflictError, InputError

if TYPE_CHECKING:
    from linli.cases.decide import Turn

PROMISE = "promise"
SERVICES = "calls.services"
DAYS_MOST = "calls.promise_days_most"


class Promise(Form):
    """Until which day, what was promised, and what the resident is to read of it."""

    until: date
    promised: Words
    words: PublicWords | None = None


class KeepPromise(Form):
    """Whether what was promised was done, and words for the resident."""

    kept: bool
    words: PublicWords | None = None
    note: Words | None = None


class Transfer(Form):
    """To which service a caller was passed on, and whether they were connected."""

    service: str = Field(pattern=r"^[0-9]{3,5}$")
    connected: bool


@handler
def promise(turn: Turn, form: Promise) -> Effects:
    """The desk said that something will have happened by the end of a day.

    Raises:
        ConflictError: a promise stands already.
        InputError: the day has passed, or lies beyond what the pack takes for a promise.
    """
    if turn.clock(PROMISE) is not None:
        raise ConflictError(
            "A promise stands already.", code="case.promise_stands", hint="Say first whether it was kept."
        )
    today = local_date(turn.at)
    most = turn.rules.integer(DAYS_MOST)
    if not today <= form.until <= today + timedelta(days=most):
        raise _outside(most)
    return Effects(until=(Until(PROMISE, form.until),), counts=("promises",))


def _outside(most: int) -> InputError:
    return InputError(
        "The day of a promise lies outside what is allowed.",
        code="case.form",
        data={"fields": {"until": "outside"}, "days_most": most},
    )


@handler
def keep_promise(turn: Turn, form: KeepPromise) -> Effects:
    """The promise was kept, or it cannot be; both end its clock.

    Raises:
        ConflictError: no promise stands.
    """
    if turn.clock(PROMISE) is None:
        raise ConflictError("No promise stands.", code="case.no_promise")
    return Effects(counts=() if form.kept else ("promises_broken",))


@handler
def promise_late(turn: Turn, form: Form) -> Effects:
    """The day is over and nobody has said that the promise was kept: counted, and the desk told."""
    return Effects(counts=("promises_late",))


@handler
def transfer(turn: Turn, form: Transfer) -> Effects:
    """A caller was passed on.

    Raises:
        InputError: the pack has no such service.
    """
    known = {str(row["number"]) for row in turn.rules.rows(SERVICES)}
    if form.service not in known:
        raise InputError("The pack has no such service.", code="case.form", data={"fields": {"service": "unknown"}})
    return Effects(counts=("transfers",))
