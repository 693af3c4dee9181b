"""What time does to cases: workers take due cases in batches and take the procedure's system step.

A batch is one transaction: cases are locked first, as in every step, and those that somebody holds are passed over.
One alarm a case and batch; what is still due comes with the next.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from linli.cases import clocks as moves
from linli.cases.decide import Context, decide
from linli.cases.domain import Bundle, ClockFact
from linli.cases.engine import Taking, locks_as_busy, write_plan
from linli.cases.forms import fill
from linli.cases.gathering import Gathered, gather
from linli.cases.procedures.procedure import AlarmSpec, StepSpec
from linli.cases.reading import Asked, claim_due
from linli.cases.work import Work
from linli.cases.writing import move_alarm
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError

log = structlog.get_logger(__name__)


def take_due(at: datetime, *, batch: int = 200, worker: str = "") -> int:
    """Take the system steps of up to `batch` cases whose alarm rang before `at`, in one transaction.

    Any number of workers may run at once: a case that another holds is passed over. Call again until it returns 0.

    Args:
        at: aware; what is due at this very instant is still in time and does not ring yet.
        batch: most cases in one transaction.
        worker: name for the log of the process.

    Returns:
        How many cases were taken.
    """
    with locks_as_busy(), transaction.atomic():
        bundles = claim_due(at, batch)
        for bundle in bundles:
            _ring(bundle, at, worker)
    return len(bundles)


def _ring(bundle: Bundle, at: datetime, worker: str) -> None:
    taking = Taking.of(bundle.case, at)
    clock = min((c for c in bundle.clocks if c.next_at is not None), key=lambda c: (c.next_at, c.name), default=None)
    if clock is None:
        return
    alarm = moves.alarm_of(clock, taking.procedure.clocks[clock.name])
    step = taking.procedure.steps.get(alarm.step) if alarm else None
    if alarm is None or step is None or not _may_take(bundle, step, taking, (clock, alarm)):
        _pass(bundle, taking, clock, at)
        return
    try:
        _take(bundle, step, taking, (clock, at))
    except LinliError as error:
        # A refusal of one case must not hold up the others, nor ring for ever.
        log.warning("alarm_refused", case=bundle.case.id, step=step.id, code=error.code, worker=worker)
        _pass(bundle, taking, clock, at)


def _may_take(bundle: Bundle, step: StepSpec, taking: Taking, rang: tuple[ClockFact, AlarmSpec]) -> bool:
    """The step leaves this state; and a card rests on no uncertain number and meets no case that is contested or waits."""
    clock, alarm = rang
    if bundle.case.state not in step.leaves:
        return False
    if not step.bites:
        return True
    if "extension" in bundle.case.marks or "shelf" in bundle.case.marks or bundle.case.state == "in_arbitration":
        return False
    sure = taking.rules.limit_bites(clock.rule, bundle.case.matter)
    return sure and (alarm.after is None or taking.rules.bites(alarm.after))


def _take(bundle: Bundle, step: StepSpec, taking: Taking, rang: tuple[ClockFact, datetime]) -> None:
    clock, at = rang
    filled = fill(taking.kind.form(step.form), {})
    ready = gather(bundle, step, Gathered(filled.form, None, taking.procedure.ends, taking.rules, at))
    plan = decide(ready, taking.procedure, step, filled, Context(taking.kind, taking.rules, at, clock))
    write_plan(ready, plan, Asked(bundle.case.id, SYSTEM, None, at), None, clock)


def _pass(bundle: Bundle, taking: Taking, clock: ClockFact, at: datetime) -> None:
    work = Work(bundle, taking.procedure, taking.rules, at)
    work.alarm_rang(clock)
    (moved,) = work.changed_clocks()
    move_alarm(bundle.case, moved, work.next_due(bundle.case.state))
