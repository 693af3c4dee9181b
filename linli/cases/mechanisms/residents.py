"""What the holder of a private link may do to their own matter: add to it, put it right at once, say whether it is solved.

Words said here are the reporter's own and lie in their compartment, as the first ones do: no body reads them, a desk opens
them with a reason. Bodies read *not solved*, never who said so.
Whether anybody troubled the reporter is not asked here: that answer becomes a sealed case of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from linli.cases.domain import Effects, Mark, Notice
from linli.cases.forms import DeskWords, Form, ReadBy, Words
from linli.cases.registry import handler
from linli.cases.work import text_digest
from linli.kernel.errors import RefusedError

if TYPE_CHECKING:
    from linli.cases.decide import Turn

CORRECT_MINUTES = "resident.correct_minutes"


class Add(Form):
    """More about the matter: words for the desk, photos for whoever works on it."""

    words: DeskWords | None = None
    evidence: list[int] = Field(default=[], max_length=20, description="Ids of stored evidence.")


class Correct(Form):
    """The words as they should have been, and the task made of them anew."""

    words: DeskWords
    title: Words
    task_text: Words


class Rate(Form):
    """Whether it is solved, and what the reporter thinks of it; the second leaves the desk in sums alone."""

    solved: Literal["yes", "partly", "no", "unsure"]
    satisfied: Annotated[Literal["yes", "fairly", "no"], ReadBy("desk")] | None = None
    words: DeskWords | None = None


@handler
def correct(turn: Turn, form: Correct) -> Effects:
    """Put words right while nobody has begun: title and task follow.

    Raises:
        RefusedError: the minutes of the pack are over.
    """
    last = turn.case.opened_at + timedelta(minutes=turn.rules.integer(CORRECT_MINUTES))
    if turn.at > last:
        raise RefusedError(
            "The time for putting it right has passed.", code="case.correct_late", hint="Add what should be known."
        )
    texts = {"title": form.title, "task_text": form.task_text}
    return Effects(facts=texts, counts=("corrected",), data={"text": text_digest(**texts)})


@handler
def rate(turn: Turn, form: Rate) -> Effects:
    """Solved: it is over. Not solved while it is being looked at: the lead does it again, on a fresh clock.

    Each voice says it once, until the case is opened again. What is closed stays closed here: `reopen` opens it.

    Raises:
        RefusedError: this voice has said it.
    """
    voice = turn.bundle.actor.ref.voice
    rated = _rated(turn)
    if voice in rated:
        raise RefusedError("You have said so already.", code="case.rated")
    marks: dict[str, object] = {"rated": [*rated, voice]}
    if turn.case.state in turn.procedure.ends or form.solved in ("partly", "unsure"):
        return Effects(to=turn.case.state, marks=marks)
    if form.solved == "yes":
        return Effects(marks=marks)
    lead = turn.bundle.lead()
    return Effects(
        to=_again_at(turn),
        mark=(Mark(lead.organisation, "signed"),) if lead else (),
        counts=("redos",),
        marks={"rated": None},
        stop=("check",),
        start=("handle", "answer"),
        notices=(Notice("redos", "owner", turn.case.owner),),
    )


def _again_at(turn: Turn) -> str:
    """The one state of work that the step may reach."""
    (state,) = turn.step.reach - turn.procedure.ends - {turn.case.state}
    return state


def _rated(turn: Turn) -> list[object]:
    found = turn.case.marks.get("rated", [])
    return list(found) if isinstance(found, list) else []
