"""Deadlines that lie on days nobody had published: recomputed when the calendar is.

A published calendar is a new snapshot. A case keeps the rules it was opened under, except for this: a deadline that was
marked provisional follows the newest calendar of its place, and is counted on it from then on. The log says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from linli.cases import clocks as moves
from linli.cases.decide import Plan
from linli.cases.domain import Bundle, ClockFact, Standing
from linli.cases.engine import Taking, write_plan
from linli.cases.procedures.procedure import ClockMoves, StepSpec
from linli.cases.reading import Asked, claim_unsure
from linli.cases.work import Work
from linli.journal.domain import instant_text
from linli.kernel.actors import SYSTEM
from linli.packs.selectors import LiveRules, live_rules

STEP = StepSpec(
    id="recompute",
    leaves=frozenset(),
    to=None,
    reach=frozenset(),
    who=("system",),
    form=None,
    clocks=ClockMoves((), (), (), (), ()),
    handler=None,
    apart=False,
    bites=False,
    needs=frozenset(),
    tell=(),
)


def recompute_provisional(at: datetime, *, batch: int = 200) -> int:
    """Bring provisional deadlines of open cases up to the calendars that hold at `at`; doing it twice does nothing more.

    Args:
        at: aware UTC.
        batch: most cases in one transaction.

    Returns:
        How many cases have other deadlines now, or surer ones.
    """
    rules, changed, last = live_rules(at), 0, 0
    while True:
        with transaction.atomic():
            bundles = claim_unsure(last, batch)
            changed += sum(_recompute(bundle, rules, at) for bundle in bundles)
        if not bundles:
            return changed
        last = bundles[-1].case.id


def _recompute(bundle: Bundle, live: LiveRules, at: datetime) -> bool:
    case = bundle.case
    taking = Taking.of(case, at)
    newest = live.published_for(case.place).hash
    moved = []
    for clock in bundle.clocks:
        if clock.state == "running" and clock.provisional:
            fresh = moves.recomputed(clock, taking.procedure.clocks[clock.name], taking.rules, newest, at)
            if (fresh.due_at, fresh.provisional) != (clock.due_at, clock.provisional):
                moved.append(fresh)
    if moved:
        _write(replace(bundle, clocks=_with(bundle.clocks, moved)), tuple(moved), taking, at)
    return bool(moved)


def _with(clocks: tuple[ClockFact, ...], moved: list[ClockFact]) -> tuple[ClockFact, ...]:
    fresh = {one.id: one for one in moved}
    return tuple(fresh.get(clock.id, clock) for clock in clocks)


def _write(bundle: Bundle, moved: tuple[ClockFact, ...], taking: Taking, at: datetime) -> None:
    case = bundle.case
    work = Work(bundle, taking.procedure, taking.rules, at)
    after = replace(
        case,
        seq=bundle.head_seq + 1,
        next_due_at=work.next_due(case.state),
        limit_at=work.nearest_limit(case.state),
    )
    told = [
        {
            "clock": one.name,
            "do": "recompute",
            **({"organisation": one.organisation} if one.organisation is not None else {}),
            **({"due": instant_text(one.due_at)} if one.due_at else {}),
            "calendar": one.calendar or case.snapshot,
        }
        for one in moved
    ]
    plan = Plan(
        step=STEP,
        standing=Standing("system"),
        before=case,
        after=after,
        clocks=moved,
        bodies=(),
        verb=f"cases.{case.kind}.{STEP.id}",
        data={"step": STEP.id, "as": "system", "from": case.state, "to": case.state, "clocks": told},
        words={},
        notices=(),
        voices=None,
        children=(),
    )
    write_plan(bundle, plan, Asked(case.id, SYSTEM, None, at), None)
