"""Moving one clock of a case: the kernel's arithmetic with the procedure's alarms around it.

Pure but for the published calendar that counted a clock, which the process keeps. Every function returns a new `ClockFact`. A clock rings strictly after the moment of its alarm: what is done at the
moment itself is in time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from linli.cases.domain import ClockFact
from linli.cases.procedures.procedure import AlarmSpec, ClockSpec
from linli.cases.rules import CaseRules, local_date
from linli.kernel import clocks as work
from linli.kernel.worktime import Limit, Unit, before, due

PAUSE = "step"


def begin(
    spec: ClockSpec, organisation: int | None, timed: tuple[Limit, str], rules: CaseRules, at: datetime
) -> ClockFact:
    """A clock that starts at `at`.

    Args:
        spec: the clock in the procedure.
        organisation: the body whose clock it is; None for the reporter's and the desk's.
        timed: the limit, and the rule that gave it.
        rules: of the case's place and day.
        at: aware UTC.
    """
    limit, rule = timed
    fact = ClockFact(
        None, spec.name, spec.whose, organisation, rule, work.start_clock(at, limit), None, None, 0, "running", False
    )
    return _timed(fact, spec, rules, at)


def until_day(spec: ClockSpec, day: date, rules: CaseRules, at: datetime) -> ClockFact:
    """A clock that is due at 24:00 of a calendar day (a review date)."""
    days = max((day - local_date(at)).days, 0)
    return begin(spec, None, (Limit(days, Unit.DAY), ""), rules, at)


def hold(fact: ClockFact, rules: CaseRules, at: datetime) -> ClockFact:
    """The clock stands from `at` on; nothing rings meanwhile. One whose limit was used up before stays due when it was."""
    if fact.state != "running":
        return fact
    return _standing(replace(fact, work=work.pause(fact.work, at, PAUSE), state="paused"), rules)


def carry_on(fact: ClockFact, spec: ClockSpec, rules: CaseRules, at: datetime) -> ClockFact:
    """The clock runs again."""
    if fact.state != "paused":
        return fact
    running = replace(fact, work=work.resume(fact.work, at, PAUSE), state="running")
    return _timed(running, spec, rules, at)


def lengthen(fact: ClockFact, spec: ClockSpec, by: Limit, rules: CaseRules, at: datetime) -> ClockFact:
    """The limit grows by `by`; alarms that the new deadline puts into the future ring again."""
    if fact.state == "stopped":
        return fact
    longer = replace(fact, work=work.extend(fact.work, at, by))
    return _timed(longer, spec, rules, at) if fact.state == "running" else _standing(longer, rules)


def halt(fact: ClockFact, at: datetime) -> ClockFact:
    """The clock stops for good, and says whether it was in time. One that stands is late if it was when it was held."""
    if fact.state == "stopped":
        return fact
    late = fact.due_at is not None and at > fact.due_at
    return replace(
        fact,
        work=work.stop(fact.work, at),
        state="stopped",
        next_at=None,
        stopped_at=at,
        outcome="late" if late else "in_time",
    )


def rung(fact: ClockFact, spec: ClockSpec, rules: CaseRules) -> ClockFact:
    """The alarm that was due has rung; the next one is set."""
    return _set_alarm(fact, fact.alarm + 1, spec, rules)


def recomputed(fact: ClockFact, spec: ClockSpec, rules: CaseRules, calendar: str, at: datetime) -> ClockFact:
    """The same clock, its limits still those of the case's rules, counted on a newly published calendar.

    Args:
        fact: a clock.
        spec: the clock in the procedure.
        rules: those the case was opened under.
        calendar: hash of the snapshot whose calendar holds now.
        at: aware UTC.
    """
    if fact.state != "running":
        return fact
    return _timed(replace(fact, calendar="" if calendar == rules.snapshot.hash else calendar), spec, rules, at)


def alarm_of(fact: ClockFact, spec: ClockSpec) -> AlarmSpec | None:
    """The alarm that rings next, if any is left."""
    return spec.alarms[fact.alarm] if fact.alarm < len(spec.alarms) else None


def _timed(fact: ClockFact, spec: ClockSpec, rules: CaseRules, at: datetime) -> ClockFact:
    found = work.deadline(rules.counted_on(fact.calendar), fact.work)
    timed = replace(fact, due_at=found.due_at, provisional=found.provisional)
    if fact.alarm == 0:
        rung_already = _skip(timed, spec, rules)
    else:
        rung_already = min(fact.alarm, sum(_moment(timed, alarm, rules) < at for alarm in spec.alarms))
    return _set_alarm(timed, rung_already, spec, rules)


def _standing(fact: ClockFact, rules: CaseRules) -> ClockFact:
    """A clock that is held: due only where its limit was used up before, and no alarm rings."""
    found = work.deadline(rules.counted_on(fact.calendar), fact.work)
    return replace(fact, due_at=found.due_at, next_at=None)


def _skip(fact: ClockFact, spec: ClockSpec, rules: CaseRules) -> int:
    """Warnings that would ring before the clock began are left out."""
    number = 0
    for alarm in spec.alarms:
        if alarm.before is None or _moment(fact, alarm, rules) > fact.work.started_at:
            break
        number += 1
    return number


def _set_alarm(fact: ClockFact, number: int, spec: ClockSpec, rules: CaseRules) -> ClockFact:
    alarm = spec.alarms[number] if number < len(spec.alarms) else None
    return replace(fact, alarm=number, next_at=_moment(fact, alarm, rules) if alarm and fact.due_at else None)


def _moment(fact: ClockFact, alarm: AlarmSpec, rules: CaseRules) -> datetime:
    assert fact.due_at is not None
    if alarm.before is not None:
        return before(rules.counted_on(fact.calendar), fact.due_at, rules.limit(alarm.before))
    if alarm.after is not None:
        return due(rules.counted_on(fact.calendar), fact.due_at, rules.limit(alarm.after))
    return fact.due_at
