"""Alarms and pauses of one clock, on the national calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.cases import clocks as moves
from linli.cases.procedures.procedure import AlarmSpec, ClockSpec
from linli.cases.rules import CaseRules, rules_for
from linli.cases.tests.desk import rules
from linli.kernel.worktime import Limit, Unit

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)
"""Ten in the morning in China; Monday is the 23rd."""

WARNED = ClockSpec(
    name="handle",
    whose="body",
    limit=(),
    alarms=(AlarmSpec("warn", "test.warn_before", None), AlarmSpec("overdue", None, None)),
)


def held_rules(warn_before: Limit) -> CaseRules:
    """The national rules with a time to warn."""
    plain = rules_for(rules(), "320106001", FRIDAY)
    return CaseRules(
        plain.snapshot, plain.place, plain.day, plain.table, plain.catalogue, {"test.warn_before": warn_before}
    )


def hours_of_china(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("limit", "warn", "rings"),
    [
        (Limit(1, Unit.WORKDAY), Limit(2, Unit.CLOCK_HOUR), None),
        (Limit(2, Unit.WORKDAY), Limit(1, Unit.WORKDAY), "closing"),
        (Limit(4, Unit.DAY), Limit(1, Unit.DAY), hours_of_china(24, 0)),
        (Limit(72, Unit.CLOCK_HOUR), Limit(24, Unit.CLOCK_HOUR), hours_of_china(22, 10)),
    ],
)
def test_a_warning_comes_so_long_before_in_its_own_unit(limit: Limit, warn: Limit, rings: object) -> None:
    taken = held_rules(warn)
    clock = moves.begin(WARNED, 1, (limit, "test"), taken, FRIDAY)
    assert clock.due_at is not None
    if rings == "closing":
        # Due at closing time on Tuesday; a workday before is Monday's closing time, not Monday at the same hour by chance.
        one_day = moves.begin(WARNED, 1, (Limit(1, Unit.WORKDAY), "test"), taken, FRIDAY)
        assert clock.next_at == one_day.due_at
    elif rings is None:
        assert clock.next_at == clock.due_at - timedelta(hours=2)
    else:
        assert clock.next_at == rings


def test_a_workday_before_monday_is_friday() -> None:
    taken = held_rules(Limit(1, Unit.WORKDAY))
    thursday = FRIDAY - timedelta(days=1)
    clock = moves.begin(WARNED, 1, (Limit(2, Unit.WORKDAY), "test"), taken, thursday)
    due, warned = clock.due_at, clock.next_at
    assert due is not None
    assert warned is not None
    assert (due + timedelta(hours=8)).date() == date(2026, 11, 23)
    assert (warned + timedelta(hours=8)).date() == date(2026, 11, 20)


def test_a_clock_used_up_before_it_was_held_is_late_whenever_it_stops() -> None:
    taken = held_rules(Limit(1, Unit.CLOCK_HOUR))
    clock = moves.begin(WARNED, 1, (Limit(4, Unit.CLOCK_HOUR), "test"), taken, FRIDAY)
    held = moves.hold(clock, taken, FRIDAY + timedelta(hours=5))
    assert (held.state, held.due_at, held.next_at) == ("paused", FRIDAY + timedelta(hours=4), None)
    assert moves.halt(held, FRIDAY + timedelta(hours=6)).outcome == "late"


def test_a_clock_held_in_time_is_in_time_when_it_stops_meanwhile() -> None:
    taken = held_rules(Limit(1, Unit.CLOCK_HOUR))
    clock = moves.begin(WARNED, 1, (Limit(4, Unit.CLOCK_HOUR), "test"), taken, FRIDAY)
    held = moves.hold(clock, taken, FRIDAY + timedelta(hours=3))
    assert held.due_at is None
    stopped = moves.halt(held, FRIDAY + timedelta(days=9))
    assert (stopped.outcome, stopped.due_at) == ("in_time", None)


def test_an_extension_while_held_gives_a_used_up_clock_new_time() -> None:
    taken = held_rules(Limit(1, Unit.CLOCK_HOUR))
    clock = moves.begin(WARNED, 1, (Limit(4, Unit.CLOCK_HOUR), "test"), taken, FRIDAY)
    held = moves.hold(clock, taken, FRIDAY + timedelta(hours=5))
    longer = moves.lengthen(held, WARNED, Limit(8, Unit.CLOCK_HOUR), taken, FRIDAY + timedelta(hours=6))
    assert longer.due_at is None
    again = moves.carry_on(longer, WARNED, taken, FRIDAY + timedelta(hours=10))
    assert again.due_at == FRIDAY + timedelta(hours=17)
