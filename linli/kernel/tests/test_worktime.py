from __future__ import annotations

import timeit
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linli.kernel.calendars import MINUTES_A_DAY, Calendar, DayKind, DayMark, OpeningHours, Spans
from linli.kernel.errors import InputError
from linli.kernel.tests.office import CALENDAR, CHINA, TABLE, at, limit, shown
from linli.kernel.worktime import (
    HOURS,
    Limit,
    Unit,
    WorkTable,
    before,
    due,
    due_minute,
    elapsed,
    instant,
    local_day,
    minute_of,
    work_table,
)
from linli.kernel.worktime_arrays import due_many, elapsed_many

FIRST, END = date(2026, 7, 1), date(2027, 10, 1)
LOW, HIGH = minute_of(at("2026-09-01 00:00")), minute_of(at("2027-02-01 00:00"))

units = st.sampled_from(list(Unit))
minutes = st.integers(LOW, HIGH)
edges = st.lists(st.integers(0, MINUTES_A_DAY), min_size=0, max_size=6, unique=True).map(sorted)
spans = edges.map(lambda e: tuple(zip(e[::2], e[1::2], strict=False)))
marks = st.dictionaries(
    st.dates(FIRST, END),
    st.one_of(
        st.builds(DayMark, st.just(DayKind.HOLIDAY)),
        st.builds(DayMark, st.sampled_from([DayKind.MAKEUP, DayKind.OPEN]), hours=st.none() | spans),
    ),
    max_size=8,
)


@st.composite
def tables(draw: Callable[[st.SearchStrategy[object]], object]) -> WorkTable:
    """Any opening hours: round the clock, a minute a week, spans that touch, none at all but Monday's."""
    weekdays: dict[int, Spans] = draw(st.dictionaries(st.integers(0, 6), spans))  # type: ignore[assignment]
    weekdays[0] = ((540, 720), (810, 1050))
    marked: dict[date, DayMark] = draw(marks)  # type: ignore[assignment]
    return work_table(Calendar((OpeningHours(weekdays),), marked), FIRST, END)


def naive_due(table: WorkTable, start: int, limit: Limit) -> int:
    """The deadline found by walking minute after minute, with nothing but the calendar's days."""
    left, minute, begun = limit.count, start, local_day(start)
    while True:
        day = table.calendar.day(local_day(minute))
        clock = (minute + 480) % MINUTES_A_DAY + 1
        minute += 1
        if limit.unit is Unit.WORK_HOUR:
            left -= any(a < clock <= b for a, b in day.spans)
        elif limit.unit is Unit.CLOCK_HOUR:
            left -= 1
        elif limit.amount == 0 or day.day != begun:
            ends = day.spans[-1][1] if day.workday else None
            left -= clock == (MINUTES_A_DAY if limit.unit is Unit.DAY else ends)
        if left <= (0 if limit.amount else -1):
            return minute


@given(tables(), minutes, st.integers(0, 5), units)
def test_due_is_where_a_walk_by_minutes_ends(table: WorkTable, start: int, amount: int, unit: Unit) -> None:
    wanted = Limit(max(amount, unit in HOURS), unit)
    assert due_minute(table, start, wanted) == naive_due(table, start, wanted)


@given(tables(), minutes, minutes, minutes, units)
def test_elapsed_adds_up_and_never_falls(table: WorkTable, a: int, b: int, c: int, unit: Unit) -> None:
    x, y, z = sorted((a, b, c))
    first, second = (elapsed(table, instant(p), instant(q), unit) for p, q in ((x, y), (y, z)))
    assert min(first, second) >= 0
    assert (
        first + second == elapsed(table, instant(x), instant(z), unit) == -elapsed(table, instant(z), instant(x), unit)
    )


@given(tables(), minutes, st.integers(1, 30), st.sampled_from(HOURS))
def test_due_is_the_first_minute_at_which_the_limit_has_elapsed(
    table: WorkTable, start: int, amount: int, unit: Unit
) -> None:
    end = due(table, instant(start), Limit(amount, unit))
    assert elapsed(table, instant(start), end, unit) == amount * 60
    assert elapsed(table, instant(start), end - timedelta(minutes=1), unit) == amount * 60 - 1


@given(tables(), minutes, st.integers(1, 5), units)
def test_before_is_the_first_minute_with_no_more_than_that_left(
    table: WorkTable, start: int, amount: int, unit: Unit
) -> None:
    wanted = Limit(amount, unit)
    end = due(table, instant(start), wanted)
    warned = before(table, end, wanted)
    assert elapsed(table, warned, end, unit) == wanted.count
    assert elapsed(table, warned - timedelta(minutes=1), end, unit) > wanted.count


def test_warnings_before_a_deadline() -> None:
    end = at("2026-03-09 17:30")
    assert shown(before(TABLE, end, limit("1 workday"))) == "2026-03-06 17:30"
    assert shown(before(TABLE, end, limit("8 work_hour"))) == "2026-03-06 16:30"
    assert shown(before(TABLE, end, limit("24 clock_hour"))) == "2026-03-08 17:30"
    with pytest.raises(InputError):
        before(TABLE, at("2004-01-02 12:00"), limit("9 workday"))


@given(tables(), st.lists(st.tuples(minutes, minutes, st.integers(0, 20)), max_size=20), units)
def test_arrays_equal_scalars(table: WorkTable, rows: list[tuple[int, int, int]], unit: Unit) -> None:
    least = 1 if unit in HOURS else 0
    starts, others = (np.array([row[i] for row in rows], dtype=np.int64) for i in (0, 1))
    amounts = np.array([max(row[2], least) for row in rows], dtype=np.int64)
    one_by_one = [due_minute(table, a, Limit(max(n, least), unit)) for a, _, n in rows]
    assert due_many(table, starts, amounts, unit).tolist() == one_by_one
    between = [elapsed(table, instant(a), instant(b), unit) for a, b, _ in rows]
    assert elapsed_many(table, starts, others, unit).tolist() == between


@pytest.mark.parametrize("unit", Unit)
def test_arrays_equal_scalars_over_forty_years(unit: Unit) -> None:
    starts = np.random.default_rng(20260302).integers(TABLE.low, TABLE.high - 100 * MINUTES_A_DAY, 200_000)
    found = due_many(TABLE, starts, 9, unit)
    for i in range(0, len(starts), 97):
        assert found[i] == due_minute(TABLE, int(starts[i]), Limit(9, unit))


@given(st.datetimes(datetime(2004, 1, 1), datetime(2045, 12, 31)))
@example(datetime(2026, 3, 2, 10, 0, 0, 1))
def test_instants_become_the_next_whole_minute(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    minute = minute_of(moment)
    assert timedelta(0) <= instant(minute) - moment < timedelta(minutes=1)
    assert minute_of(moment.astimezone(CHINA)) == minute
    assert local_day(minute) == instant(minute).astimezone(ZoneInfo("Asia/Shanghai")).date()


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        due(TABLE, datetime(2026, 3, 2), limit("1 day"))
    assert caught.value.code == "worktime.naive"


@pytest.mark.parametrize("text", ["0 work_hour", "0 clock_hour", "-1 workday"])
def test_a_limit_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        limit(text)
    assert caught.value.code == "limit.amount"
    amount, unit = text.split(" ")
    with pytest.raises(InputError):
        due_many(TABLE, np.array([LOW]), int(amount), Unit(unit))


@pytest.mark.parametrize("unit", [Unit.WORK_HOUR, Unit.WORKDAY])
def test_what_the_table_does_not_know_is_refused(unit: Unit) -> None:
    for start, amount in ((TABLE.high - 5, 100), (TABLE.high + 10_000, 1), (TABLE.low - 10_000, 1), (LOW, 10**6)):
        with pytest.raises(InputError) as caught:
            due_minute(TABLE, start, Limit(amount, unit))
        assert caught.value.code == "worktime.outside"
        with pytest.raises(InputError):
            due_many(TABLE, np.array([start]), amount, unit)


def test_provisional_days_are_those_on_the_way() -> None:
    last = minute_of(at("2026-12-31 24:00"))
    assert not TABLE.provisional(last - 2 * MINUTES_A_DAY, last)
    assert TABLE.provisional(last - 1, last + 1)
    assert TABLE.provisional(last, last + 1)


def test_one_table_a_calendar() -> None:
    assert work_table(CALENDAR) is TABLE
    assert work_table(Calendar(CALENDAR.opening, key=CALENDAR.key)) is TABLE


def test_an_office_that_is_open_round_the_clock() -> None:
    table = work_table(Calendar((OpeningHours(dict.fromkeys(range(7), ((0, 1440),))),)), FIRST, END)
    assert shown(due(table, at("2026-09-04 18:30"), limit("5 work_hour"))) == "2026-09-04 23:30"
    assert shown(due(table, at("2026-09-04 18:30"), limit("1 workday"))) == shown(at("2026-09-07 24:00"))


def test_due_costs_the_engine_next_to_nothing() -> None:
    start, wanted = at("2026-03-02 10:00"), limit("5 work_hour")
    cost = min(timeit.repeat(lambda: due(TABLE, start, wanted), number=2_000, repeat=5)) / 2_000
    assert cost < 20e-6
