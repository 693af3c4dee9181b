"""Deciding a step: pure Python between the one read and the one write.

`decide` asks three questions (does the step leave this state, does the actor stand in one of its relations, is the
form valid), lets the handler say its effects, and returns the plan that `statements` writes. It makes no query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from linli.cases.byorder import orders_left
from linli.cases.domain import (
    NOTHING,
    Body,
    Bundle,
    CaseFacts,
    Child,
    ClockFact,
    Effects,
    Notice,
    OrderGrant,
    Standing,
    Voices,
)
from linli.cases.forms import Filled
from linli.cases.procedures.procedure import Procedure, StepSpec
from linli.cases.registry import KindCode
from linli.cases.relations import NOT_SEEN, standing
from linli.cases.rules import CaseRules
from linli.cases.work import Work
from linli.kernel.actors import Denied
from linli.kernel.errors import BrokenError, ConflictError, LinliError, NotFoundError, RefusedError


@dataclass(frozen=True, slots=True)
class Turn:
    """What a handler sees: everything the one read brought, the rules of the day, and who acts.

    Attributes:
        organisation: the body whose turn it is: the actor's, or the one whose clock rang; None for desks and reporters.
    """

    bundle: Bundle
    procedure: Procedure
    step: StepSpec
    rules: CaseRules
    standing: Standing
    at: datetime
    organisation: int | None = None

    @property
    def case(self) -> CaseFacts:
        """The case before the step."""
        return self.bundle.case

    @property
    def body(self) -> Body | None:
        """The part of the body whose turn it is."""
        return self.bundle.body(self.organisation)

    def clock(self, name: str, organisation: int | None = None) -> ClockFact | None:
        """The open clock of that name (of that body)."""
        return next(
            (c for c in self.bundle.clocks if c.name == name and c.organisation in (organisation, None)),
            None,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A decided step: what to write, and nothing left to ask.

    Attributes:
        before, after: the case.
        clocks, bodies: those that are new or changed.
        data: the entry's data, canonical JSON values.
        words: the entry's personal part, readers -> field -> text.
        order: an order to be made for a body without an account.
    """

    step: StepSpec
    standing: Standing
    before: CaseFacts
    after: CaseFacts
    clocks: tuple[ClockFact, ...]
    bodies: tuple[Body, ...]
    verb: str
    data: Mapping[str, object]
    words: Mapping[str, Mapping[str, object]]
    notices: tuple[Notice, ...]
    voices: Voices | None
    children: tuple[Child, ...]
    child_ids: tuple[int, ...] = ()
    order: OrderGrant | None = None


def decide(
    bundle: Bundle,
    procedure: Procedure,
    step: StepSpec,
    filled: Filled,
    context: Context,
) -> Plan:
    """Decide one step.

    Args:
        bundle: what the read brought.
        procedure: of the case's kind and rules.
        step: the step asked for.
        filled: its valid form.
        context: the kind's code, the rules, the instant, and the clock that rang, if one did.

    Raises:
        NotFoundError: the actor has nothing to do with this case.
        RefusedError: the actor stands in none of the step's relations, or the handler refuses.
        ConflictError: the step does not leave this state.
    """
    stands = standing(bundle, step)
    if isinstance(stands, Denied):
        raise denial(stands)
    if bundle.case.state not in step.leaves:
        raise ConflictError(
            f"The step {step.id} does not leave the state {bundle.case.state}.",
            code="case.step_not_from_here",
            hint="Somebody else may have taken a step meanwhile: look at the case again.",
            data={"step": step.id, "state": bundle.case.state},
        )
    turn = Turn(bundle, procedure, step, context.rules, stands, context.at, _turn_of(bundle, stands, context.rang))
    effects = NOTHING
    if step.handler is not None:
        effects = context.kind.handler(step.handler)(turn, filled.form)
    return plan(turn, filled, effects, context)


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision needs beside the case: the kind's code, the rules of the day, the instant, the clock that rang."""

    kind: KindCode
    rules: CaseRules
    at: datetime
    rang: ClockFact | None = None


def denial(denied: Denied) -> LinliError:
    """The error of a refusal; one who has nothing to do with the case learns nothing of it."""
    if denied.code == NOT_SEEN.code:
        return NotFoundError(NOT_SEEN.reason, code="case.not_found")
    return RefusedError(denied.reason, code=denied.code)


def _turn_of(bundle: Bundle, stands: Standing, rang: ClockFact | None) -> int | None:
    if rang is not None:
        return rang.organisation
    if stands.relation in ("owner", "co_owner") and stands.holding is not None:
        return stands.holding.organisation
    return None


def plan(turn: Turn, filled: Filled, effects: Effects, context: Context) -> Plan:
    """Put the step's own moves and the handler's effects together."""
    step, case = turn.step, turn.case
    state = _reached(step, effects, case.state)
    work = Work(turn.bundle, turn.procedure, turn.rules, turn.at)
    work.bodies_move(effects, turn.bundle.actor.ref.account)
    marks = {**case.marks, **effects.marks}
    gone = orders_left(marks, work.staying(), ended=state in turn.procedure.ends)
    effects = replace(effects, marks={**effects.marks, **gone}) if gone else effects
    if context.rang is not None:
        work.alarm_rang(context.rang)
    work.clocks_move(step.clocks, effects, turn.organisation)
    if state in turn.procedure.ends:
        work.stop_all()
    after = work.case_after(state, effects)
    return Plan(
        step=step,
        standing=turn.standing,
        before=case,
        after=after,
        clocks=work.changed_clocks(),
        bodies=work.changed_bodies(),
        verb=f"cases.{case.kind}.{step.id}",
        data={**work.entry_data(step.id, turn.standing.relation, after, filled.plain, effects), **_by_order(turn)},
        words=filled.words,
        notices=(*_told(step, after), *effects.notices),
        voices=effects.voices,
        children=effects.children,
        order=effects.order,
    )


def _by_order(turn: Turn) -> Mapping[str, object]:
    """What the log says of a step that was taken with a body's order: which one."""
    order = turn.bundle.actor.ref.order
    return {} if order is None else {"order": order}


def _reached(step: StepSpec, effects: Effects, state: str) -> str:
    if effects.to is None:
        return step.to or state
    if effects.to != step.to and effects.to not in step.reach:
        raise BrokenError(
            f"The step {step.id} may not reach {effects.to}.",
            code="case.reach",
            hint="Name the state under `may_reach` in the procedure.",
            data={"step": step.id, "to": effects.to},
        )
    return effects.to


def _told(step: StepSpec, after: CaseFacts) -> tuple[Notice, ...]:
    return tuple(Notice(step.id, to, after.owner if to == "owner" else None) for to in step.tell)
