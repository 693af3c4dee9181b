"""Bodies at work: sending, signing, returning to the desk, the arbiter, others beside the lead.

Source: Beijing 12345 Regulation art 12 to 14 (objection to dispatch, first-receiver duty).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from linli.cases.domain import OPEN_BODY, Effects, Mark, Notice, Send
from linli.cases.forms import Form, Words
from linli.cases.registry import handler
from linli.kernel.actors import Denied
from linli.kernel.errors import InputError, RefusedError
from linli.kernel.worktime import due
from linli.routing.domain import Party, may_assign

if TYPE_CHECKING:
    from linli.cases.decide import Turn


class Dispatch(Form):
    """Who is to lead, and who is to help."""

    organisation: int
    co: list[int] = Field(default=[], max_length=12)
    note: Words | None = None


class Return(Form):
    """It is not ours: the rule that says so, and why."""

    rule: Words
    reason: Words


class Arbitrate(Form):
    """The arbiter's decision: it binds."""

    organisation: int
    reason: Words


class BringIn(Form):
    """One more body beside the lead."""

    organisation: int
    note: Words | None = None


class Note(Form):
    """An internal note, with photos where they say more."""

    note: Words
    evidence: list[int] = Field(default=[], max_length=20, description="Ids of stored evidence.")


@handler
def dispatch(turn: Turn, form: Dispatch) -> Effects:
    """Send the case to a lead and its helpers; whoever led before is relieved."""
    if len({form.organisation, *form.co}) != 1 + len(form.co):
        raise InputError("A body is named twice.", code="case.body_twice", data={"fields": {"co": "twice"}})
    for organisation, role in ((form.organisation, "lead"), *((one, "co") for one in form.co)):
        check_assignment(turn, organisation, role)
    by = "machine" if turn.standing.relation == "system" else "person"
    relieved = tuple(Mark(b.organisation, "ended") for b in turn.bundle.bodies if _at_work(b.role, b.state))
    return Effects(
        mark=relieved,
        send=(Send(form.organisation, "lead", by), *(Send(one, "co", by) for one in form.co)),
        notices=tuple(Notice("dispatch", "body", one) for one in (form.organisation, *form.co)),
    )


def check_assignment(turn: Turn, organisation: int, role: str) -> None:
    """Refuse a body that a rule keeps away.

    Raises:
        InputError: no such body stands today.
        RefusedError: the body is accused in this case, or the lists do not admit the assignment.
    """
    accused = turn.case.marks.get("accused")
    if isinstance(accused, list) and organisation in accused:
        raise RefusedError("Nobody is sent a case that speaks of them.", code="case.accused_body")
    if organisation not in turn.bundle.parties:
        raise InputError("There is no such body today.", code="case.form", data={"fields": {"organisation": "unknown"}})
    holding = turn.standing.holding
    sender = Party(holding.organisation, holding.place) if holding is not None else None
    to = Party(organisation, turn.bundle.parties[organisation])
    verdict = may_assign(turn.case.matter or "", sender, to, role, turn.at)
    if isinstance(verdict, Denied):
        raise RefusedError(verdict.reason, code=verdict.code)


def _at_work(role: str, state: str) -> bool:
    return role != "receiver" and state in OPEN_BODY


@handler
def sign(turn: Turn, form: Form) -> Effects:
    """The body has the case before it; its clock has been running since dispatch."""
    return Effects(mark=(Mark(_mine(turn), "signed"),))


@handler
def deem_signed(turn: Turn, form: Form) -> Effects:
    """Not signed in time: held to have signed, and the log says so."""
    body = turn.body
    if body is None or body.state != "sent":
        return Effects()
    leads = body.role == "lead" and turn.case.state == "dispatched"
    return Effects(
        to="signed" if leads else None, mark=(Mark(body.organisation, "signed", deemed=True),), counts=("deemed",)
    )


@handler
def return_(turn: Turn, form: Return) -> Effects:
    """Back to the desk as the wrong unit: once a body, within the pack's hours, with its rule.

    The second return of a case goes to the arbiter; a bound owner cannot return at all.
    """
    mine = _mine(turn)
    returned = _returned(turn)
    if turn.case.marks.get("bound"):
        raise RefusedError("The arbiter has decided: the case stays.", code="case.bound")
    if mine in returned:
        raise RefusedError("A body returns a case once.", code="case.returned_already")
    _check_window(turn)
    again = bool(returned)
    return Effects(
        to="in_arbitration" if again else "returned",
        mark=(
            Mark(mine, "returned"),
            *(Mark(b.organisation, "ended") for b in turn.bundle.bodies if b.role == "co" and b.state in OPEN_BODY),
        ),
        marks={"returned": [*returned, mine]},
        counts=("returns",),
        start=("arbitrate",) if again else ("send",),
    )


def _check_window(turn: Turn) -> None:
    body = turn.body
    if body is None or not turn.rules.bites("cases.return_within"):
        return
    last = due(turn.rules.table, body.sent_at, turn.rules.limit("cases.return_within"))
    if turn.at > last:
        raise RefusedError(
            "The time for returning this case has passed.",
            code="case.return_late",
            hint="Work on it, or ask the desk to bring another body in.",
        )


def _returned(turn: Turn) -> list[int]:
    found = turn.case.marks.get("returned", [])
    return list(found) if isinstance(found, list) else []


@handler
def arbitrate(turn: Turn, form: Arbitrate) -> Effects:
    """The arbiter names the owner; the decision binds."""
    check_assignment(turn, form.organisation, "lead")
    return Effects(
        send=(Send(form.organisation),),
        marks={"bound": True},
        notices=(Notice("arbitrate", "body", form.organisation),),
    )


@handler
def arbitrate_by_fallback(turn: Turn, form: Form) -> Effects:
    """No decision in time: the pack's fallback owner has it. Without one, the case waits and is counted overdue."""
    fallback = turn.bundle.fallback
    if fallback is None:
        return Effects(counts=("overdue",))
    return Effects(
        to="dispatched",
        send=(Send(fallback, by="machine"),),
        marks={"bound": True},
        start=("sign", "handle"),
        notices=(Notice("arbitrate", "body", fallback),),
    )


@handler
def bring_in(turn: Turn, form: BringIn) -> Effects:
    """One more body at work, with its own clocks; the lead stays the lead."""
    if turn.bundle.body(form.organisation) is not None:
        raise RefusedError("That body is at work on this case already.", code="case.body_there")
    check_assignment(turn, form.organisation, "co")
    return Effects(send=(Send(form.organisation, "co"),), notices=(Notice("dispatch", "body", form.organisation),))


@handler
def report_back(turn: Turn, form: Note) -> Effects:
    """A helping body has done its part and tells the lead."""
    return Effects(mark=(Mark(_mine(turn), "done"),), notices=(Notice("report_back", "owner", turn.case.owner),))


@handler
def co_return(turn: Turn, form: Return) -> Effects:
    """A helping body is the wrong unit; the lead is told, the case goes on."""
    _check_window(turn)
    return Effects(mark=(Mark(_mine(turn), "returned"),), counts=("co_returns",))


@handler
def take_up(turn: Turn, form: Form) -> Effects:
    """Whoever has it before them does it: their unit leads, signed already."""
    holding = turn.standing.holding
    if holding is None:
        raise RefusedError("Only a body takes a case up.", code="case.no_body")
    return Effects(send=(Send(holding.organisation),), mark=(Mark(holding.organisation, "signed"),))


@handler
def count_overdue(turn: Turn, form: Form) -> Effects:
    """A clock ran out: counted, and the body told."""
    return Effects(counts=("overdue",))


@handler
def count_escalated(turn: Turn, form: Form) -> Effects:
    """Still not done: the case goes before the next tier."""
    return Effects(counts=("escalated",))


@handler
def count_yellow(turn: Turn, form: Form) -> Effects:
    """A yellow card to the body whose clock rang; it names the step and no person."""
    return Effects(counts=("yellow",), data={"card": {"organisation": turn.organisation, "colour": "yellow"}})


def _mine(turn: Turn) -> int:
    if turn.organisation is None:
        raise RefusedError("No body's turn.", code="case.no_body")
    return turn.organisation
