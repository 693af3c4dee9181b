"""`take_step`: the one way in which an open case changes. Three round trips: read and lock, write, commit.

Between the read and the write everything is pure (`decide`). What a step may need beyond the one read (another case, the
receivers of a sealed one, the pack's fallback owner) is named in the procedure and costs a statement more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import transaction
from django.db.utils import OperationalError

from linli.access.orders import OrderDraft, order_add, order_used
from linli.cases.decide import Context, Plan, decide, denial
from linli.cases.domain import Bundle, CaseFacts, ClockFact, Other
from linli.cases.drafts import StepResult
from linli.cases.entries import entry_of
from linli.cases.forms import Filled, fill
from linli.cases.gathering import Gathered, gather
from linli.cases.opening import open_children, with_child_ids
from linli.cases.procedures.procedure import Procedure, StepSpec
from linli.cases.reading import Asked, Read, lock_both, read_case
from linli.cases.registry import KindCode, kind_code
from linli.cases.relations import NOT_SEEN, may_read
from linli.cases.rules import CaseRules, procedure_for, rules_for
from linli.cases.words import new_ends, notice_rows, seal_words
from linli.cases.writing import Written, write_step
from linli.journal.canonical import canonical_text
from linli.journal.domain import Chained, Head, actor_key, chain_one
from linli.journal.errors import RequestReusedError
from linli.journal.keyring import key_ring
from linli.journal.receipts import settle_receipt
from linli.kernel.actors import ActorRef
from linli.kernel.errors import BrokenError, BusyError, InputError
from linli.packs.selectors import snapshot_by_hash


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
        BusyError: another process held the case too long; call again.
    """
    asked = Asked(case, actor, request_id, at, named_bodies(form))
    with locks_as_busy(), transaction.atomic():
        other = _other(case, form)
        read = read_case(asked)
        if read is None:
            raise denial(NOT_SEEN)
        return _take(asked, read, (step, form), other)


def _other(case: int, form: Mapping[str, object]) -> Other | None:
    into = form.get("into")
    return lock_both(case, into) if isinstance(into, str) else None


def _take(asked: Asked, read: Read, wanted: tuple[str, Mapping[str, object]], other: Other | None) -> StepResult:
    bundle, (step, form) = read.bundle, wanted
    taking = Taking.of(bundle.case, asked.at)
    spec = taking.procedure.steps.get(step)
    if spec is None:
        raise denial(NOT_SEEN) if not may_read(bundle) else no_step(step, bundle.case.kind)
    filled = _filled(bundle, taking, spec, form)
    fingerprint = key_ring().fingerprint(f"{bundle.case.id}|{step}|".encode() + filled.said)
    first = settle_receipt(read.receipt, step, fingerprint)
    if first is not None:
        return _repeated(bundle.case.id, first)
    bundle = gather(bundle, spec, Gathered(filled.form, other, taking.procedure.ends, taking.rules, asked.at))
    plan = decide(bundle, taking.procedure, spec, filled, Context(taking.kind, taking.rules, asked.at))
    plan = with_child_ids(plan) if plan.children else plan
    link = write_plan(bundle, plan, asked, fingerprint)
    secret = _order_made(plan, link.seq, asked)
    if plan.children:
        open_children(plan.children, plan.child_ids, bundle.case, asked.actor, asked.at)
    return StepResult(bundle.case.id, plan.after.state, link.seq, link.hash.hex(), opened=plan.child_ids, order=secret)


def _order_made(plan: Plan, entry: int, asked: Asked) -> str:
    """Make the order that the step issues, and count the step where one was used; a statement for each, else none."""
    if asked.actor.order is not None:
        order_used(asked.actor.order, asked.at)
    if plan.order is None:
        return ""
    grant = plan.order
    return order_add(OrderDraft(asked.case, grant.organisation, entry, grant.made_as, grant.until), asked.at)


def _filled(bundle: Bundle, taking: Taking, spec: StepSpec, form: Mapping[str, object]) -> Filled:
    """The valid form; one who has nothing to do with the case is not told what is wrong with theirs."""
    try:
        return fill(taking.kind.form(spec.form), form)
    except InputError:
        if not may_read(bundle):
            raise denial(NOT_SEEN) from None
        raise


class Taking:
    """The code and the rules under which a case takes steps at an instant."""

    __slots__ = ("kind", "procedure", "rules")

    def __init__(self, kind: KindCode, procedure: Procedure, rules: CaseRules) -> None:
        self.kind = kind
        self.procedure = procedure
        self.rules = rules

    @classmethod
    def of(cls, case: CaseFacts, at: datetime) -> Taking:
        """Those of the snapshot under which the case was opened."""
        snapshot = snapshot_by_hash(case.snapshot)
        return cls(kind_code(case.kind), procedure_for(snapshot, case.kind), rules_for(snapshot, case.place, at))


def no_step(step: str, kind: str) -> InputError:
    """The error for a step that the procedure does not have."""
    return InputError(f"The procedure of {kind} has no step {step}.", code="case.no_step", data={"step": step})


def _repeated(case: int, first: Mapping[str, object]) -> StepResult:
    opened = first["opened"]
    return StepResult(
        case,
        str(first["state"]),
        int(str(first["seq"])),
        str(first["hash"]),
        repeated=True,
        opened=tuple(opened) if isinstance(opened, list) else (),
    )


def write_plan(
    bundle: Bundle, plan: Plan, asked: Asked, fingerprint: bytes | None, rang: ClockFact | None = None
) -> Chained:
    """Chain the entry and write the plan.

    Args:
        bundle: what was read under the lock.
        plan: what was decided.
        asked: who asked, and when.
        fingerprint: of the form, for the receipt; None = no receipt (steps of the system at an alarm).
        rang: the clock whose alarm this step answers.

    Raises:
        BrokenError: somebody wrote the case's log without its lock.
    """
    part = seal_words(plan, asked)
    draft = entry_of(plan, asked.actor, asked.at, commitment=part.commitment if part else None, rang=rang)
    link = chain_one(Head(bundle.head_seq, bundle.head_hash), draft)
    written = Written(
        before=plan.before,
        after=plan.after,
        clocks=plan.clocks,
        bodies=plan.bodies,
        link=link,
        part=part,
        outbox=notice_rows(plan.after, plan.notices),
        receipt=_receipt(plan, asked, link, fingerprint) if fingerprint is not None else None,
        voices_to=plan.voices.to_case if plan.voices else None,
        voices_move=plan.voices is not None,
        ends=new_ends(plan),
    )
    if not write_step(written, asked.at):
        raise BrokenError("The log of a case moved without its lock.", code="case.log_moved", data={"case": asked.case})
    return link


def _receipt(plan: Plan, asked: Asked, link: Chained, fingerprint: bytes) -> tuple[object, ...]:
    result = {"state": plan.after.state, "seq": link.seq, "hash": link.hash.hex(), "opened": list(plan.child_ids)}
    return (
        actor_key(asked.actor), asked.request_id, asked.subject, plan.step.id, fingerprint, canonical_text(result),
        asked.at,
    )  # fmt: skip


def named_bodies(form: Mapping[str, object]) -> tuple[int, ...]:
    """Ids of the bodies that a form names, looked up by the same read as the case."""
    co = form.get("co")
    named = [form.get("organisation"), *(co if isinstance(co, list | tuple) else ())]
    return tuple(one for one in named if type(one) is int)


@contextmanager
def locks_as_busy() -> Iterator[None]:
    """Turn what a database says about locks and races into errors of ours.

    Raises:
        BusyError: a deadlock was broken or a lock not had in time.
        RequestReusedError: the same request id was used at the same moment for another case.
    """
    try:
        yield
    except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable, psycopg.errors.SerializationFailure) as e:
        raise BusyError("Somebody else holds this case just now.", code="case.busy") from e
    except psycopg.errors.UniqueViolation as error:
        if error.diag.table_name == "journal_receipt":
            raise RequestReusedError("This request id was used for something else.") from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
            raise BusyError("Somebody else holds this case just now.", code="case.busy") from error
        raise
