"""Answering, checking, doing it again: who looks whether it is done follows the matter.

`reporter` the desk asks the reporter, `site` another unit looks on the spot, `desk` the desk looks at the evidence,
`sample` only cases that are drawn are looked at. A step marked `apart` keeps doers and their unit from checking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from linli.cases.domain import Effects, Mark, Notice
from linli.cases.forms import DeskChoice, DeskWords, Form, PublicWords, SealedChoice, SealedWords, Words
from linli.cases.registry import handler
from linli.kernel.errors import InputError, RefusedError
from linli.kernel.worktime import due

if TYPE_CHECKING:
    from linli.cases.decide import Turn

Result = Literal["solved", "partly", "explained", "not_accepted", "referred"]
AFTER_REPLY = {"reporter": "replied", "site": "checking", "desk": "reviewing", "sample": "closed"}


class Reply(Form):
    """The result, the words that the reporter will read, and an internal note apart from them."""

    result: Result
    words: PublicWords
    note: Words | None = None
    evidence: list[int] = Field(default=[], max_length=20, description="Ids of stored evidence.")


class AnswerAtOnce(Form):
    """A reply of the desk itself, and the answer of the knowledge base that was given, with the version that was read."""

    entry: int | None = Field(default=None, ge=1, description="Id of the answer that was given.")
    entry_version: int | None = Field(
        default=None, ge=1, description="Version of it that was read; checked where named."
    )
    result: Result
    words: PublicWords
    note: Words | None = None
    evidence: list[int] = Field(default=[], max_length=20, description="Ids of stored evidence.")


class CallBack(Form):
    """What the reporter said. Only `solved` ever reaches a body; satisfaction leaves the desk in sums alone."""

    solved: Literal["yes", "partly", "no", "no_answer"]
    satisfied: DeskChoice | None = None
    troubled: SealedChoice | None = Field(default=None, description="Has anybody troubled you over this?")
    trouble: SealedWords | None = Field(default=None, description="What happened; it goes to the sealed desk.")
    words: DeskWords | None = None


class Check(Form):
    """What was found when somebody looked."""

    done: bool
    note: Words | None = None
    evidence: list[int] = Field(default=[], max_length=20, description="Ids of stored evidence.")


class Reopen(Form):
    """Why it is not over."""

    reason: DeskWords


@handler
def reply(turn: Turn, form: Reply) -> Effects:
    """The lead answers; the matter decides who looks at it now."""
    matter = turn.rules.matter(turn.case.matter)
    check = matter.check if matter else "desk"
    return Effects(
        to=AFTER_REPLY[check],
        facts={"result": form.result},
        mark=(Mark(turn.organisation, "done"),) if turn.organisation is not None else (),
        marks={"tries": None},
        start=("check",) if check != "sample" else (),
    )


@handler
def answer_at_once(turn: Turn, form: AnswerAtOnce | Reply) -> Effects:
    """The desk answers itself: nobody is sent. The answer that was given, and its version, stay with the case.

    Raises:
        InputError: there is no such answer, or another version of it holds by now.
    """
    named, read = getattr(form, "entry", None), getattr(form, "entry_version", None)
    if named is None:
        return Effects(facts={"result": form.result}, marks=_no_entry(turn))
    found = turn.bundle.entry
    if found is None or read not in (None, found[1]):
        mistake = "unknown" if found is None else "changed"
        raise InputError("The answer does not hold.", code="case.form", data={"fields": {"entry": mistake}})
    return Effects(facts={"result": form.result}, marks={"entry": found[0], "entry_version": found[1]})


def _no_entry(turn: Turn) -> dict[str, object]:
    """Takes away what an earlier answer left; nothing where there is nothing."""
    return {"entry": None, "entry_version": None} if "entry" in turn.case.marks else {}


@handler
def call_back(turn: Turn, form: CallBack) -> Effects:
    """Solved or no answer: it is over. Not solved: the lead does it again, on a fresh clock."""
    told = (Notice("troubled", "sealed_desk"),) if form.troubled in ("yes", "partly") else ()
    if form.solved == "no":
        return _again(turn, "redos", told)
    return Effects(notices=told)


@handler
def call_back_withdrawn(turn: Turn, form: CallBack) -> Effects:
    """Why it was taken back. Under pressure, or still wanted: it is open again."""
    troubled = form.troubled in ("yes", "partly")
    told = (Notice("troubled", "sealed_desk"),) if troubled else ()
    if form.solved == "no":
        return Effects(
            to=again_at(turn),
            counts=("reopened",),
            mark=tuple(Mark(b.organisation, "ended") for b in turn.bundle.bodies if b.role != "receiver"),
            start=("answer", "send"),
            notices=told,
        )
    return Effects(notices=told)


@handler
def check(turn: Turn, form: Check) -> Effects:
    """Passed: it is over. Failed: rework, on a fresh clock."""
    return Effects() if form.done else _again(turn, "reworks", ())


def _again(turn: Turn, count: str, told: tuple[Notice, ...]) -> Effects:
    lead = turn.bundle.lead()
    return Effects(
        to=again_at(turn),
        mark=(Mark(lead.organisation, "signed"),) if lead else (),
        counts=(count,),
        marks=_no_entry(turn),
        start=("handle", "answer"),
        notices=(*told, Notice(count, "owner", turn.case.owner)),
    )


def again_at(turn: Turn) -> str:
    """The one other state that the step may reach: where the work is done again."""
    (state,) = turn.step.reach
    return state


@handler
def close_by_silence(turn: Turn, form: Form) -> Effects:
    """Nobody came to look in time: closed, and counted as not looked at."""
    return Effects(counts=("unchecked",))


@handler
def reopen(turn: Turn, form: Reopen) -> Effects:
    """Open again inside the pack's window; the desk sends it anew.

    Raises:
        RefusedError: the window has closed.
    """
    closed = turn.case.closed_at
    if closed is not None and turn.rules.bites("cases.reopen_within"):
        last = due(turn.rules.table, closed, turn.rules.limit("cases.reopen_within"))
        if turn.at > last:
            raise RefusedError(
                "The time for opening this case again has passed.", code="case.reopen_late", hint="Open a new case."
            )
    lead = turn.bundle.lead()
    return Effects(
        counts=("reopened",),
        facts={"result": ""},
        mark=(Mark(lead.organisation, "ended"),) if lead else (),
        marks={
            "returned": None,
            "bound": None,
            "tries": None,
            "extension": None,
            "shelf": None,
            "rated": None,
            **_no_entry(turn),
        },
    )
