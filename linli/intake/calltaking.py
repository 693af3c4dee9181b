"""Taking a call: each matter that was told becomes a case, and what the desk did at once is done by the procedure's own steps.

Is: opening, passing on, joining, sending, answering and promising, all in one transaction, and once for one request id. Is not:
a second way in, nor a right: a step that is not this desk's is left for the desk whose it is. What is an accusation or
protected leaves the desk's sight with its opening; what was passed on is then written down by the system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

from django.db import transaction

from linli.cases.drafts import CaseDraft, Opened, VoiceDraft
from linli.cases.engine import take_step
from linli.cases.opening import open_within
from linli.cases.rules import procedure_for
from linli.intake.callers import caller_keep
from linli.intake.calls import Told, desk_of_calls, understood
from linli.intake.drafting import KIND, Case, draft_of
from linli.intake.duplicates import keep_sketches
from linli.intake.imports import Single
from linli.journal.errors import RequestReusedError
from linli.journal.keyring import key_ring
from linli.journal.receipts import Receipt, keep_receipt, receipt_of, settle_receipt
from linli.kernel.actors import SYSTEM, Actor, ActorRef
from linli.kernel.errors import BusyError, InputError, NotFoundError

STEP = "call"
Act = Literal["dispatch", "save", "answer"]
Done = Literal["dispatched", "saved", "answered", "joined", "passed_on"]
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller was told at once; `entry` the answer's knowledge entry and its version, where it came from one."""

    result: str
    words: str
    entry: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised, and by which day."""

    until: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as the desk noted it.

    Attributes:
        matters: what was told, at least one; what follows is done with the first, others are sent where all is sure.
        number, name: of the caller, "" where they did not say.
        confidential: the caller asked that nobody learns of them.
        organisation: body to send the first matter to instead of the rule's.
        join: number of the case to which the first matter is joined; "" = none.
        service, connected: emergency number that the caller was passed on to, "" = none, and whether they were connected.
        said: everything noted, as bytes, to know the same request again; never kept.
    """

    matters: tuple[Told, ...]
    act: Act
    said: bytes
    number: str = ""
    name: str = ""
    confidential: bool = False
    organisation: int | None = None
    join: str = ""
    service: str = ""
    connected: bool = False
    answer: Answer | None = None
    promise: Promised | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of one matter. Of one that was passed on there is neither number nor place nor body.

    Attributes:
        done: what was done with it.
        elsewhere: another desk has it before it: this one could not go on.
    """

    no: str
    done: Done
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class _Who:
    """Who takes the call, under which request, when."""

    actor: Actor
    request_id: UUID
    at: datetime

    def step_id(self, number: int, step: str) -> UUID:
        """A request id of its own for each step of each matter."""
        return uuid5(self.request_id, f"{number}.{step}")


def call_take(call: Call, actor: Actor, *, request_id: UUID, at: datetime) -> tuple[Noted, ...]:
    """Take a call.

    Args:
        call: what was noted.
        actor: who speaks with the caller, with the posts held now.
        request_id: the same id with the same call opens once and is answered alike.
        at: the server's clock.

    Raises:
        InputError: a matter without words; sending without place, matter or body; `data["fields"]` names the field.
        RefusedError: a rule refuses a step: the joining, the body, the promise.
        ConflictError: the request id was used for another call.
        BusyError: another process answers the same request; call again.
    """
    if not call.matters or any(not any(sign.isalnum() for sign in one.words) for one in call.matters):
        raise _wrong("words", "missing")
    fingerprint = key_ring().fingerprint(STEP.encode() + b"|" + call.said)
    for _ in range(_TRIES):
        first = settle_receipt(receipt_of(actor.ref, request_id), STEP, fingerprint)
        if first is not None:
            return _again(first)
        try:
            return _taken(call, _Who(actor, request_id, at), fingerprint)
        except (RequestReusedError, BusyError):
            continue
    raise BusyError("This request is being answered already.", code="call.busy", hint="Ask again.")


def _again(first: Mapping[str, object]) -> tuple[Noted, ...]:
    rows = first["matters"]
    assert isinstance(rows, list)
    return tuple(Noted(row["no"], row["done"], row["elsewhere"]) for row in rows)


def _wrong(field: str, mistake: str) -> InputError:
    return InputError("The call is not whole.", code="call.form", data={"fields": {field: mistake}})


def _taken(call: Call, who: _Who, fingerprint: bytes) -> tuple[Noted, ...]:
    single = desk_of_calls(who.actor, who.at)
    cases = [understood(single, told, who.actor) for told in call.matters]
    _check(call, cases[0])
    several = uuid5(who.request_id, "call") if len(cases) > 1 else None
    with transaction.atomic():
        noted = tuple(_opened(call, _Matter(number, case, single, several), who) for number, case in enumerate(cases))
        rows = [{"no": one.no, "done": one.done, "elsewhere": one.elsewhere} for one in noted]
        keep_receipt(who.actor.ref, who.request_id, Receipt("calls", STEP, fingerprint, {"matters": rows}), who.at)
    return noted


def _check(call: Call, case: Case) -> None:
    """What sending the first matter asks for; an accusation or a protected matter is taken as it comes."""
    if call.act == "answer" and call.answer is None:
        raise _wrong("answer", "missing")
    if call.act != "dispatch" or call.join or case.compartment != "open":
        return
    if case.matter is None:
        raise _wrong("matter", "missing")
    if not case.placed.is_sure:
        raise _wrong("where", "missing")
    if call.organisation is None and case.route.organisation is None:
        raise _wrong("organisation", "missing")


@dataclass(frozen=True, slots=True)
class _Matter:
    """One matter of a call on its way: its place in the call, what it seems to be; `call` where there are several."""

    number: int
    case: Case
    single: Single
    call: UUID | None


def _opened(call: Call, matter: _Matter, who: _Who) -> Noted:
    near, marks = matter.single.compared(matter.case)
    draft = _draft(call, matter, near, who)
    (opened,) = open_within([draft], who.actor.ref, at=who.at)
    if opened.known:
        raise BusyError("This request is being answered already.", code="call.busy", hint="Ask again.")
    if marks is not None:
        keep_sketches({opened.case: marks}, who.at)
    if matter.case.compartment != "open":
        _pass_on(call, matter, opened, who, SYSTEM)
        return Noted("", "passed_on")
    caller_keep(opened.case, "" if call.confidential else call.number, matter.call, who.at)
    return _worked(call, matter, opened, who)


def _draft(call: Call, matter: _Matter, near: tuple[int, ...], who: _Who) -> CaseDraft:
    draft = draft_of(matter.case, near, matter.single.accused_in(matter.case))
    told = call.matters[matter.number]
    wishes = (*(("by_call",) if call.number else ()), *(("confidential",) if call.confidential else ()))
    voice = VoiceDraft(name=call.name, phone=call.number, original=told.original, wishes=wishes)
    # Of one call, yet no two of these numbers look alike: what binds them lies in the compartment.
    external = who.step_id(matter.number, "open").hex
    # A person is speaking with the caller: nothing goes by machine.
    return replace(draft, external_id=external, received_at=who.at, voice=voice, auto=False)


def _worked(call: Call, matter: _Matter, opened: Opened, who: _Who) -> Noted:
    """The steps that the desk took within the call; those of another desk are left to it."""
    try:
        with transaction.atomic():
            _pass_on(call, matter, opened, who, who.actor.ref)
            _promise(call, matter, opened, who)
            return Noted(opened.no, _act(call, matter, opened, who))
    except NotFoundError:
        _pass_on(call, matter, opened, who, SYSTEM)
        return Noted(opened.no, "saved", elsewhere=True)


def _pass_on(call: Call, matter: _Matter, opened: Opened, who: _Who, by: ActorRef) -> None:
    if not call.service or matter.number:
        return
    form = {"service": call.service, "connected": call.connected}
    _take(opened, "transfer", by, form, (who, matter.number))


def _promise(call: Call, matter: _Matter, opened: Opened, who: _Who) -> None:
    if call.promise is None or matter.number or call.act == "answer":
        return
    form = {"until": call.promise.until.isoformat(), "promised": call.promise.what}
    _take(opened, "promise", who.actor.ref, form, (who, matter.number))


def _act(call: Call, matter: _Matter, opened: Opened, who: _Who) -> Done:
    ref, ours = who.actor.ref, (who, matter.number)
    if call.join and not matter.number:
        _take(opened, "join", ref, {"into": call.join}, ours)
        return "joined"
    if call.act == "answer" and call.answer is not None and not matter.number:
        form: dict[str, object] = {"result": call.answer.result, "words": call.answer.words}
        form |= dict(call.answer.entry or {})
        _take(opened, "answer_at_once", ref, form, ours)
        return "answered"
    body = (call.organisation if not matter.number else None) or matter.case.route.organisation
    if call.act == "dispatch" and body is not None and _may_go(matter, opened):
        _take(opened, "dispatch", ref, {"organisation": body}, ours)
        return "dispatched"
    return "saved"


def _may_go(matter: _Matter, opened: Opened) -> bool:
    """Whether the case stands where it can be sent from, and all that sending asks for is sure."""
    snapshot = matter.case.rules.snapshot
    leaves = procedure_for(snapshot, KIND).steps["dispatch"].leaves
    return opened.state in leaves and matter.case.matter is not None and matter.case.placed.is_sure


def _take(opened: Opened, step: str, by: ActorRef, form: Mapping[str, object], ours: tuple[_Who, int]) -> None:
    who, number = ours
    take_step(opened.case, step, by, form, request_id=who.step_id(number, step), at=who.at)
