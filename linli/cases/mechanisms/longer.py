"""More time: extension asked before expiry and granted by a higher tier; shelving with a category and a review date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from pydantic import Field

from linli.cases.domain import Effects, Longer, Until
from linli.cases.forms import Form, PublicWords, Words
from linli.cases.registry import handler
from linli.cases.rules import local_date
from linli.kernel.errors import ConflictError, InputError, RefusedError
from linli.kernel.worktime import Limit, Unit

if TYPE_CHECKING:
    from linli.cases.decide import Turn

HANDLE = "handle"


class AskExtension(Form):
    """How many workdays more, and the reason that the reporter will read."""

    workdays: int = Field(gt=0)
    reason: PublicWords
    note: Words | None = None


class AskShelf(Form):
    """Why it cannot be done now (a category of the pack), when it is looked at again, what the reporter will read."""

    category: str = Field(pattern=r"^[a-z][a-z_]*$")
    review_on: date
    reason: PublicWords


class Decision(Form):
    """An internal word on a wish granted or refused."""

    note: Words | None = None


class Refusal(Form):
    """Why a wish is refused."""

    reason: Words


@handler
def ask_extension(turn: Turn, form: AskExtension) -> Effects:
    """A wish for more time: before the clock is out, as often and as long as the pack allows.

    Raises:
        ConflictError: a wish is pending.
        RefusedError: too late, too often, too long.
    """
    if "extension" in turn.case.marks:
        raise ConflictError("A wish for more time is pending.", code="case.extension_pending")
    clock = turn.clock(HANDLE, turn.organisation)
    if clock is None or clock.due_at is None or turn.at > clock.due_at:
        raise RefusedError("More time is asked for before the limit is out.", code="case.extension_late")
    most = turn.rules.cap("cases.extensions_most")
    if most is not None and turn.case.counts.get("extensions", 0) >= most:
        raise RefusedError("There is no further extension of this case.", code="case.extensions_most")
    longest = turn.rules.cap("cases.extension_workdays_most")
    if longest is not None and form.workdays > longest:
        raise RefusedError(
            "An extension is not that long.", code="case.extension_too_long", data={"workdays_most": longest}
        )
    return Effects(marks={"extension": {"organisation": turn.organisation, "workdays": form.workdays}})


@handler
def grant_extension(turn: Turn, form: Decision) -> Effects:
    """The wish is granted: the clocks that the step names grow."""
    wish = _wish(turn, "extension")
    asker = wish["organisation"]
    _not_oneself(turn, asker)
    limit = Limit(cast("int", wish["workdays"]), Unit.WORKDAY)
    return Effects(
        marks={"extension": None},
        counts=("extensions",),
        longer=(Longer(turn.step.clocks.extend, limit, cast("int", asker)),),
    )


@handler
def refuse_extension(turn: Turn, form: Refusal) -> Effects:
    """The wish is refused; the clock has run on all the while."""
    _wish(turn, "extension")
    return Effects(marks={"extension": None})


@handler
def ask_shelf(turn: Turn, form: AskShelf) -> Effects:
    """A wish to put the case on the list for later."""
    if "shelf" in turn.case.marks:
        raise ConflictError("A wish to shelve is pending.", code="case.shelf_pending")
    if form.category not in turn.rules.texts("cases.shelf_categories"):
        raise InputError(
            "That category is not in the pack.", code="case.form", data={"fields": {"category": "unknown"}}
        )
    today = local_date(turn.at)
    longest = turn.rules.cap("cases.shelf_days_most")
    if form.review_on <= today or (longest is not None and form.review_on > today + timedelta(days=longest)):
        raise InputError(
            "The review date lies outside what the pack allows.",
            code="case.form",
            data={"fields": {"review_on": "outside"}, "days_most": longest},
        )
    wish = {"organisation": turn.organisation, "category": form.category, "review_on": form.review_on.isoformat()}
    return Effects(marks={"shelf": wish})


@handler
def approve_shelf(turn: Turn, form: Decision) -> Effects:
    """A higher tier approves: clocks stand, the review date rings."""
    wish = _wish(turn, "shelf")
    _not_oneself(turn, wish["organisation"])
    return Effects(
        facts={"back_to": turn.case.state},
        marks={"shelf": None, "shelved": wish},
        counts=("shelved",),
        until=(Until("review", date.fromisoformat(str(wish["review_on"]))),),
    )


@handler
def refuse_shelf(turn: Turn, form: Refusal) -> Effects:
    """The wish is refused."""
    _wish(turn, "shelf")
    return Effects(marks={"shelf": None})


@handler
def resume_work(turn: Turn, form: Form) -> Effects:
    """Back from the shelf to where it stood."""
    return Effects(to=turn.case.back_to, facts={"back_to": ""}, marks={"shelved": None})


def _wish(turn: Turn, name: str) -> dict[str, object]:
    wish = turn.case.marks.get(name)
    if not isinstance(wish, dict):
        raise ConflictError("There is no such wish any more.", code=f"case.no_{name}")
    return wish


def _not_oneself(turn: Turn, asker: object) -> None:
    holding = turn.standing.holding
    if holding is not None and holding.organisation == asker:
        raise RefusedError("Nobody grants their own wish.", code="case.own_wish")
