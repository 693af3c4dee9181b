"""Why a clock is due when it is: every stretch of time from its start to its deadline, counted or not.

The stretches follow one another without a gap, none runs over midnight, and the counted amounts of each part
(the limit, then each extension) sum up to exactly that part. Wording for people is made by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from linli.kernel.calendars import MINUTES_A_DAY, DayKind, DayRule, Origin
from linli.kernel.clocks import ClockState, Leg, Run, legs, runs
from linli.kernel.worktime import HOURS, Unit, WorkTable, day_start, instant, local_day, minute_of


class StretchRule(StrEnum):
    """Why a stretch counts, or why it does not."""

    CLOCK_HOUR = "clock_hour"
    OPEN = "open"
    WORKDAY = "workday"
    MAKEUP = "makeup_workday"
    DAY = "day"
    SAME_DAY = "same_day"
    PAUSED = "paused"
    START_DAY = "start_day"
    BEFORE_OPENING = "before_opening"
    BREAK = "break"
    AFTER_CLOSING = "after_closing"
    REST = "rest_day"
    HOLIDAY = "holiday"
    UNFINISHED = "unfinished"


COUNTING = (StretchRule.CLOCK_HOUR, StretchRule.OPEN, StretchRule.WORKDAY, StretchRule.MAKEUP, StretchRule.DAY)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One piece of one calendar day.

    Attributes:
        start, end: aware UTC, half-open.
        counted: whether it used some of the limit up.
        amount: how much: minutes for limits in hours, 1 or 0 for limits in days.
        rule: why.
        day: the calendar day (China Standard Time); `day_name` the holiday's name, else "".
        origin: which list or rule made the day what it is.
        provisional: the day has not been published yet and may become another one.
        part: 0 = the limit, 1 = the first extension, and so on.
    """

    start: datetime
    end: datetime
    counted: bool
    amount: int
    rule: StretchRule
    day: date
    day_name: str
    origin: Origin
    provisional: bool
    part: int


def explain(table: WorkTable, state: ClockState, until: datetime | None = None) -> list[Stretch]:
    """Every stretch from the start to the deadline, in order.

    Args:
        table: the calendar's table.
        state: the clock.
        until: where to end for a clock that is paused and so has no deadline; without it such a clock is
            explained up to the beginning of its last pause.

    Raises:
        InputError: `worktime.outside` when the clock runs beyond the table.
    """
    found: list[Stretch] = []
    begun = state.start
    for part, leg in enumerate(legs(table, state)):
        end = leg.due
        if end is None:
            end = minute_of(until) if until else max(a for a, _, _ in state.pauses)
        found += _part(table, runs(state), leg, part, (begun, end))
        begun = end
    return found


def _part(table: WorkTable, running: list[Run], leg: Leg, part: int, reach: Run) -> Iterator[Stretch]:
    split = _hours if leg.limit.unit in HOURS else _whole_day
    start, end = reach
    midnight = day_start(start)
    while end is not None and midnight < end:
        day = table.calendar.day(local_day(midnight))
        piece = (max(start, midnight), min(end, midnight + MINUTES_A_DAY))
        for a, b, rule in split(day, midnight, piece, running, leg):
            amount = 0
            if rule in COUNTING:
                amount = b - a if leg.limit.unit in HOURS else 1
            counted = rule in COUNTING or rule == StretchRule.SAME_DAY
            yield Stretch(
                instant(a), instant(b), counted, amount, rule, day.day, day.name, day.origin, day.provisional, part
            )
        midnight += MINUTES_A_DAY


Piece = tuple[int, int, StretchRule]


def _hours(day: DayRule, midnight: int, piece: tuple[int, int], running: list[Run], leg: Leg) -> Iterator[Piece]:
    start, end = piece
    cuts = {start, end}
    cuts |= {edge for run in running for edge in run if edge is not None and start < edge < end}
    if leg.limit.unit is Unit.WORK_HOUR:
        cuts |= {midnight + edge for span in day.spans for edge in span if start < midnight + edge < end}
    for a, b in pairwise(sorted(cuts)):
        if not any(begun <= a and (to is None or b <= to) for begun, to in running):
            yield a, b, StretchRule.PAUSED
        elif leg.limit.unit is Unit.CLOCK_HOUR:
            yield a, b, StretchRule.CLOCK_HOUR
        else:
            yield a, b, _hour_rule(day, a - midnight)


def _hour_rule(day: DayRule, minute: int) -> StretchRule:
    if not day.spans:
        return _shut(day)
    if any(a <= minute < b for a, b in day.spans):
        return StretchRule.OPEN
    if minute < day.spans[0][0]:
        return StretchRule.BEFORE_OPENING
    return StretchRule.AFTER_CLOSING if minute >= day.spans[-1][1] else StretchRule.BREAK


def _shut(day: DayRule) -> StretchRule:
    return StretchRule.HOLIDAY if day.kind == DayKind.HOLIDAY else StretchRule.REST


def _whole_day(day: DayRule, midnight: int, piece: tuple[int, int], running: list[Run], leg: Leg) -> Iterator[Piece]:
    start, end = piece
    yield start, end, _day_rule(day, midnight, piece, running, leg)


def _day_rule(day: DayRule, midnight: int, piece: tuple[int, int], running: list[Run], leg: Leg) -> StretchRule:
    start, end = piece
    if start < leg.base and end <= leg.base:
        return StretchRule.START_DAY
    by_workday = leg.limit.unit is Unit.WORKDAY
    if by_workday and not day.workday:
        return _shut(day)
    event = midnight + (day.spans[-1][1] if by_workday else MINUTES_A_DAY)
    if event <= start:
        return StretchRule.AFTER_CLOSING
    if event > end:
        return StretchRule.UNFINISHED
    if not any(max(begun, leg.base) < event and (to is None or event <= to) for begun, to in running):
        return StretchRule.PAUSED
    if leg.limit.amount == 0:
        return StretchRule.SAME_DAY
    if not by_workday:
        return StretchRule.DAY
    return StretchRule.MAKEUP if day.kind == DayKind.MAKEUP else StretchRule.WORKDAY
