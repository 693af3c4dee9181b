"""Sums over the work calendar: when a limit ends, and how much of it has passed.

One table a calendar, and for each unit a *count* that never falls:

    clock_hour  minutes
    work_hour   open minutes
    workday     workdays whose closing time has come
    day         calendar days whose 24:00 has come

`due` asks when the count has grown by the limit, `elapsed` how far it grew; `worktime_arrays` asks the same
for a million at once. Pauses and extensions are `clocks`' business. Instants are aware datetimes at the edges and whole minutes of UTC inside; a clock starts
at the next whole minute. Days are those of China Standard Time.

Source: Civil Code of the PRC, articles 200 to 204 (the day of the start does not count; where there are
business hours, closing time ends the last day).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

from linli.kernel.calendars import MINUTES_A_DAY, Calendar
from linli.kernel.errors import InputError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()
MINUTE = timedelta(minutes=1)
OFFSET = 8 * 60  # China Standard Time has had no summer time since 1991; the state list begins in 2004
CHINA = timezone(timedelta(minutes=OFFSET))
FIRST_DAY = date(2004, 1, 1)
END_DAY = date(2046, 1, 1)


class Unit(StrEnum):
    """What a limit counts."""

    CLOCK_HOUR = "clock_hour"
    WORK_HOUR = "work_hour"
    WORKDAY = "workday"
    DAY = "day"


HOURS = (Unit.CLOCK_HOUR, Unit.WORK_HOUR)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many units. 0 workdays = until closing time of the same workday, 0 days = until its 24:00.

    Raises:
        InputError: `limit.amount` when the amount is negative, or 0 hours.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0 or (self.amount == 0 and self.unit in HOURS):
            raise InputError(
                f"a limit of {self.amount} {self.unit} is none",
                code="limit.amount",
                data={"amount": self.amount, "unit": str(self.unit)},
            )

    @property
    def count(self) -> int:
        """The limit in what `elapsed` returns: minutes for hours, days for days."""
        return self.amount * 60 if self.unit in HOURS else self.amount


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WorkTable:
    """The open minutes and workdays of one calendar over [first, end), as sums. Made by `work_table`.

    Attributes:
        low, high: the minutes (UTC) the table knows, half-open.
        starts: the first minute of each open span; `opened` the open minutes before it, and one more
            entry with the total.
        closings: closing time of each workday.
        unsure: how many provisional days lie before each day, and one more entry with the total.
    """

    calendar: Calendar
    low: int
    high: int
    starts: list[int]
    opened: list[int]
    closings: list[int]
    unsure: list[int]

    def provisional(self, a: int, b: int) -> bool:
        """Whether a day that nobody has published lies in the minutes [a, b]."""
        first = max(a - self.low, 0) // MINUTES_A_DAY
        last = max(b - 1 - self.low, 0) // MINUTES_A_DAY
        return self.unsure[min(last + 1, len(self.unsure) - 1)] > self.unsure[first]


def work_table(calendar: Calendar, first: date = FIRST_DAY, end: date = END_DAY) -> WorkTable:
    """The table of a calendar over the days [first, end); kept for calendars that have a key."""
    return _kept(calendar, first, end) if calendar.key else _build(calendar, first, end)


@lru_cache(maxsize=32)
def _kept(calendar: Calendar, first: date, end: date) -> WorkTable:
    return _build(calendar, first, end)


def _build(calendar: Calendar, first: date, end: date) -> WorkTable:
    starts: list[int] = []
    opened, unsure = [0], [0]
    closings: list[int] = []
    low = _midnight(first.toordinal() - EPOCH_DAY)
    midnight = low
    for ordinal in range(first.toordinal(), end.toordinal()):
        rule = calendar.day(date.fromordinal(ordinal))
        for a, b in rule.spans:
            starts.append(midnight + a)
            opened.append(opened[-1] + b - a)
        if rule.workday:
            closings.append(midnight + rule.spans[-1][1])
        unsure.append(unsure[-1] + rule.provisional)
        midnight += MINUTES_A_DAY
    return WorkTable(calendar, low, midnight, starts, opened, closings, unsure)


def minute_of(at: datetime) -> int:
    """The first whole minute that is not before `at`, in minutes of UTC since 1970.

    Raises:
        InputError: `worktime.naive` for a datetime without time zone.
    """
    if at.tzinfo is None:
        raise InputError("an instant needs its time zone", code="worktime.naive")
    return -((EPOCH - at) // MINUTE)


def instant(minute: int) -> datetime:
    """The aware UTC datetime of a minute since 1970."""
    return EPOCH + timedelta(minutes=minute)


def local_day(minute: int) -> date:
    """The calendar day (China Standard Time) that a minute lies in."""
    return date.fromordinal(EPOCH_DAY + (minute + OFFSET) // MINUTES_A_DAY)


def day_start(minute: int) -> int:
    """The minute at which the local day of `minute` began."""
    return minute - (minute + OFFSET) % MINUTES_A_DAY


def _midnight(day_number: int) -> int:
    return day_number * MINUTES_A_DAY - OFFSET


def count(table: WorkTable, minute: int, unit: Unit) -> int:
    """The unit's count at a minute (see the module). Only differences mean anything.

    Raises:
        InputError: `worktime.outside` when the table does not know the minute.
    """
    if unit is Unit.CLOCK_HOUR:
        return minute
    if unit is Unit.DAY:
        return (minute + OFFSET) // MINUTES_A_DAY
    if not table.low <= minute <= table.high:
        raise outside(table, minute)
    if unit is Unit.WORKDAY:
        return bisect_right(table.closings, minute)
    span = bisect_right(table.starts, minute) - 1
    if span < 0:
        return 0
    return min(table.opened[span] + minute - table.starts[span], table.opened[span + 1])


def moment(table: WorkTable, number: int, unit: Unit) -> int:
    """The first minute at which the unit's count is `number`: the inverse of `count`.

    Raises:
        InputError: `worktime.outside` when the table ends before.
    """
    if unit is Unit.CLOCK_HOUR:
        return number
    if unit is Unit.DAY:
        return _midnight(number)
    if unit is Unit.WORKDAY:
        if not 0 < number <= len(table.closings):
            raise outside(table, table.high + 1 if number > 0 else table.low - 1)
        return table.closings[number - 1]
    if not 0 < number <= table.opened[-1]:
        raise outside(table, table.high + 1 if number > 0 else table.low - 1)
    span = bisect_left(table.opened, number) - 1
    return table.starts[span] + number - table.opened[span]


def counting_from(start: int, limit: Limit) -> tuple[int, int]:
    """From which minute a limit that starts at `start` counts, and how much it then needs.

    The day of the start does not count: limits in days begin at its 24:00. A limit of 0 days or
    workdays needs the next 24:00 or closing time.
    """
    if limit.unit in HOURS:
        return start, limit.count
    if limit.amount == 0:
        return start, 1
    return day_start(start) + MINUTES_A_DAY, limit.amount


def due_minute(table: WorkTable, start: int, limit: Limit) -> int:
    """`due` on whole minutes."""
    base, need = counting_from(start, limit)
    return moment(table, count(table, base, limit.unit) + need, limit.unit)


def due(table: WorkTable, start: datetime, limit: Limit) -> datetime:
    """When a limit that starts at `start` and is never paused ends.

    Args:
        table: the calendar's table.
        start: any aware instant; counts from the next whole minute.
        limit: how much.

    Returns:
        Aware UTC. A limit in hours that is used up at closing time ends then, not next morning; a limit
        in workdays ends at closing time of its last workday, one in days at 24:00 of its last day.

    Raises:
        InputError: `worktime.outside` when start or end lie beyond the table.
    """
    return instant(due_minute(table, minute_of(start), limit))


def before(table: WorkTable, end: datetime, limit: Limit) -> datetime:
    """The first minute at which no more than the limit is left until `end`: when to warn of a deadline.

    Returns:
        Aware UTC. For limits in days, the closing time (24:00) so many workdays (days) earlier.

    Raises:
        InputError: `worktime.outside` when that lies before the table.
    """
    return instant(moment(table, count(table, minute_of(end), limit.unit) - limit.count, limit.unit))


def elapsed(table: WorkTable, a: datetime, b: datetime, unit: Unit = Unit.WORK_HOUR) -> int:
    """How far the unit's count grew in (a, b]: minutes for hours, days for days; negative when b < a."""
    return count(table, minute_of(b), unit) - count(table, minute_of(a), unit)


def outside(table: WorkTable, minute: int) -> InputError:
    """The error that a minute beyond the table is worth."""
    return InputError(
        f"the work calendar runs from {local_day(table.low)} to {local_day(table.high - 1)};"
        f" {'later' if minute > table.high else 'earlier'} days are not in it",
        code="worktime.outside",
        hint="Look for a mistyped year or limit.",
    )
