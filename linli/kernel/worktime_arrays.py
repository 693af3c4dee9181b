"""`worktime` for many instants at once: the same table, numpy in place of bisection. Equal to it, by test.

Minutes are int64, of UTC since 1970 (`worktime.minute_of`). Pauses are not known here: forecasts, load and
imports need none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from linli.kernel.calendars import MINUTES_A_DAY
from linli.kernel.errors import InputError
from linli.kernel.worktime import HOURS, OFFSET, Unit, WorkTable, outside

Minutes = NDArray[np.int64]

BUCKET_BITS = 6  # 64 minutes: shorter than most open spans, so that a bucket seldom holds two edges
CHUNK = 65_536  # temporaries of this size stay in the processor's cache, which is worth a factor of seven
LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class _Ranks:
    """How many edges lie at or before a value, found by bucket instead of by bisection.

    Attributes:
        edges: sorted, and one more that no value reaches.
        before: the number of edges before each bucket.
        most: the largest number of edges in one bucket: so many comparisons settle the rest.
    """

    edges: Minutes
    origin: int
    before: NDArray[np.int32]
    most: int

    def of(self, values: Minutes) -> Minutes:
        buckets = np.clip((values - self.origin) >> BUCKET_BITS, 0, len(self.before) - 1)
        ranks: Minutes = self.before[buckets].astype(np.int64)
        for _ in range(self.most):
            ranks += self.edges[ranks] <= values
        return ranks


@dataclass(frozen=True, slots=True, eq=False)
class _Arrays:
    """A `WorkTable` for numpy."""

    starts: _Ranks
    opened: _Ranks
    closings: _Ranks


def _ranks(edges: list[int]) -> _Ranks:
    array = np.array(edges, dtype=np.int64)
    origin = edges[0] if edges else 0
    buckets = ((edges[-1] - origin) >> BUCKET_BITS) + 2 if edges else 1
    before = np.searchsorted(array, origin + (np.arange(buckets + 1) << BUCKET_BITS), side="left")
    most = int(np.diff(before).max())
    return _Ranks(np.append(array, LAST), origin, before.astype(np.int32), most)


@lru_cache(maxsize=16)
def _arrays(table: WorkTable) -> _Arrays:
    return _Arrays(_ranks(table.starts), _ranks(table.opened), _ranks(table.closings))


def elapsed_many(table: WorkTable, a: Minutes, b: Minutes, unit: Unit = Unit.WORK_HOUR) -> Minutes:
    """`worktime.elapsed` for arrays of minutes: how far the unit's count grew in each (a, b].

    Raises:
        InputError: `worktime.outside` when the table does not know one of them.
    """
    grown = np.empty(len(a), dtype=np.int64)
    for at in range(0, len(a), CHUNK):
        part = slice(at, at + CHUNK)
        grown[part] = _count(table, b[part], unit) - _count(table, a[part], unit)
    return grown


def due_many(table: WorkTable, starts: Minutes, amounts: Minutes | int, unit: Unit) -> Minutes:
    """`worktime.due_minute` for arrays of starts and amounts of one unit.

    Raises:
        InputError: as `due`, when any of them fails.
    """
    needs = np.broadcast_to(np.asarray(amounts, dtype=np.int64), starts.shape)
    if len(needs) and needs.min() < (1 if unit in HOURS else 0):
        raise InputError("a limit below 1 hour or 0 days is none", code="limit.amount")
    found = np.empty(len(starts), dtype=np.int64)
    for at in range(0, len(starts), CHUNK):
        part = slice(at, at + CHUNK)
        found[part] = _due(table, starts[part], needs[part], unit)
    return found


def _due(table: WorkTable, starts: Minutes, needs: Minutes, unit: Unit) -> Minutes:
    if unit in HOURS:
        return _moment(table, _count(table, starts, unit) + needs * 60, unit)
    next_day = starts - (starts + OFFSET) % MINUTES_A_DAY + MINUTES_A_DAY
    bases = np.where(needs == 0, starts, next_day)
    return _moment(table, _count(table, bases, unit) + np.maximum(needs, 1), unit)


def _count(table: WorkTable, minutes: Minutes, unit: Unit) -> Minutes:
    if unit is Unit.CLOCK_HOUR:
        return minutes
    if unit is Unit.DAY:
        return (minutes + OFFSET) // MINUTES_A_DAY
    if minutes.min() < table.low or minutes.max() > table.high:
        raise outside(table, int(minutes.max()))
    arrays = _arrays(table)
    if unit is Unit.WORKDAY:
        return arrays.closings.of(minutes)
    starts, opened = arrays.starts.edges, arrays.opened.edges
    spans = arrays.starts.of(minutes) - 1
    inside = np.maximum(spans, 0)
    passed = np.minimum(opened[inside] + minutes - starts[inside], opened[inside + 1])
    return np.where(spans < 0, 0, passed)


def _moment(table: WorkTable, numbers: Minutes, unit: Unit) -> Minutes:
    if unit is Unit.CLOCK_HOUR:
        return numbers
    if unit is Unit.DAY:
        return numbers * MINUTES_A_DAY - OFFSET
    arrays = _arrays(table)
    edges = arrays.closings.edges if unit is Unit.WORKDAY else arrays.opened.edges
    if numbers.max() > (len(edges) - 1 if unit is Unit.WORKDAY else edges[-2]):
        raise outside(table, table.high + 1)
    if unit is Unit.WORKDAY:
        return edges[numbers - 1]
    spans = arrays.opened.of(numbers - 1) - 1
    return arrays.starts.edges[spans] + numbers - edges[spans]
