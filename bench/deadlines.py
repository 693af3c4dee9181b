"""Deadlines a second: one at a time as the engine asks for them, and many at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import numpy as np

from linli.kernel.calendars import Calendar, OpeningHours, parse_spans
from linli.kernel.clocks import deadline, dump, extend, load, pause, resume, start_clock
from linli.kernel.worktime import Limit, Unit, due, instant, minute_of, work_table
from linli.kernel.worktime_arrays import due_many, elapsed_many

MANY = 2_000_000
ONE_BY_ONE = 20_000
REPEATS = 3


def run() -> dict[str, float]:
    """Measure, print a line a figure, and return `{name: value}` (millions a second, or microseconds)."""
    spans = parse_spans(["09:00-12:00", "13:30-17:30"])
    calendar = Calendar((OpeningHours(dict.fromkeys(range(5), spans)),), key="bench:deadlines")
    begun = time.perf_counter()
    table = work_table(calendar)
    figures = {"deadlines.table_built_ms": (time.perf_counter() - begun) * 1e3}

    low, high = (minute_of(datetime(year, 1, 1, tzinfo=UTC)) for year in (2016, 2027))
    starts = np.random.default_rng(7).integers(low, high, MANY)
    for unit in Unit:
        due_many(table, starts[:10], 5, unit)
        seconds = _best(partial(due_many, table, starts, 5, unit))
        figures[f"deadlines.due_many_{unit}_M_per_s"] = MANY / seconds / 1e6
    seconds = _best(lambda: elapsed_many(table, starts, starts[::-1]))
    figures["deadlines.elapsed_many_M_per_s"] = MANY / seconds / 1e6

    limit, instants = Limit(5, Unit.WORK_HOUR), [instant(int(start)) for start in starts[:ONE_BY_ONE]]
    single = _best(lambda: [due(table, at, limit) for at in instants]) / ONE_BY_ONE
    figures["deadlines.due_us"] = single * 1e6
    clock = start_clock(datetime(2026, 3, 2, 2, tzinfo=UTC), Limit(3, Unit.WORKDAY))
    for hour in (3, 5, 7):
        held = pause(clock, datetime(2026, 3, 2, hour, tzinfo=UTC), "waiting")
        clock = resume(held, datetime(2026, 3, 2, hour + 1, tzinfo=UTC), "waiting")
    row = dump(extend(clock, datetime(2026, 3, 3, 2, tzinfo=UTC), limit))
    stored = _best(lambda: [deadline(table, load(row)) for _ in range(2_000)]) / 2_000
    figures["deadlines.stored_clock_with_3_pauses_us"] = stored * 1e6
    figures["deadlines.many_to_one_ratio"] = figures["deadlines.due_many_work_hour_M_per_s"] * 1e6 * single
    for name, value in figures.items():
        print(f"{name:45} {value:12,.1f}")
    return figures


def _best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of a few runs."""
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


if __name__ == "__main__":
    run()
