"""One clock of a case: started, paused, resumed, extended, its limit changed, stopped.

Pure: each step returns a new `ClockState`, and the deadline is computed from that state alone, so the same
state under a newer calendar gives the newer deadline. Who may do which step, and what happens when a clock
runs out, is not here. The deadline's reasons are printed by `stretches`.

Every act takes effect at the next whole minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from linli.kernel.errors import ConflictError, InputError
from linli.kernel.worktime import (
    Limit,
    Unit,
    WorkTable,
    count,
    counting_from,
    instant,
    minute_of,
    moment,
)

Pause = tuple[int, int | None, str]
"""(from, to, cause) in minutes of UTC; `to` is None while it lasts. The cause is a code, no words."""

Run = tuple[int, int | None]
"""(from, to) of a time in which the clock runs; `to` is None for the last one, while it runs."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """All that is known of a clock, in whole minutes of UTC since 1970; `dump` and `load` store it.

    Attributes:
        start: when it began to run.
        limit: the limit as it stands; a change replaces it and counts from `start` all the same.
        extensions: each continues where the limit before it ends, in its own unit.
        pauses: in the order they began; they may overlap, touch, and lie outside opening hours.
        stop: when it was stopped for good.
    """

    start: int
    limit: Limit
    extensions: tuple[Limit, ...] = ()
    pauses: tuple[Pause, ...] = ()
    stop: int | None = None

    @property
    def paused(self) -> bool:
        """Whether any pause lasts."""
        return any(to is None for _, to, _ in self.pauses)

    @property
    def running(self) -> bool:
        """Whether it is neither paused nor stopped."""
        return self.stop is None and not self.paused

    @property
    def started_at(self) -> datetime:
        """The start as an aware UTC datetime."""
        return instant(self.start)


class ClockRow(TypedDict):
    """A `ClockState` as it is stored; out of JSON its pairs and triples are lists."""

    start: int
    limit: tuple[int, str]
    extensions: list[tuple[int, str]]
    pauses: list[Pause]
    stop: int | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a clock is due.

    Attributes:
        due_at: aware UTC; done at this instant is in time. None while a clock is paused that has not used
            its limit up. Of a stopped clock: the deadline it was stopped under.
        provisional: a day on the way has not been published yet, so the deadline may move.
    """

    due_at: datetime | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that a newly published calendar moved. `key` is the caller's."""

    key: object
    before: datetime | None
    after: Deadline


def start_clock(at: datetime, limit: Limit) -> ClockState:
    """A running clock that starts at the next whole minute."""
    return ClockState(minute_of(at), limit)


def pause(state: ClockState, at: datetime, cause: str) -> ClockState:
    """Let the clock stand, until this cause and every other one is resumed.

    Args:
        state: a clock that was not stopped.
        at: when, any aware instant.
        cause: a code such as `extension_asked`; two causes may pause at once.

    Raises:
        ConflictError: `clock.stopped`, `clock.paused_already` (by this cause).
    """
    minute = _act(state, at)
    if _held_by(state, cause):
        raise ConflictError(
            f"the clock is paused by {cause} already", code="clock.paused_already", data={"cause": cause}
        )
    return replace(state, pauses=(*state.pauses, (minute, None, cause)))


def resume(state: ClockState, at: datetime, cause: str) -> ClockState:
    """End the pause of one cause; the clock runs when no other cause holds it.

    Raises:
        ConflictError: `clock.stopped`, `clock.not_paused` (by this cause).
    """
    minute = _act(state, at)
    if not _held_by(state, cause):
        raise ConflictError(f"the clock is not paused by {cause}", code="clock.not_paused", data={"cause": cause})
    ended = tuple((begun, minute if to is None and known == cause else to, known) for begun, to, known in state.pauses)
    return replace(state, pauses=ended)


def extend(state: ClockState, at: datetime, by: Limit) -> ClockState:
    """Add time at the end of the limit, running or paused. Whether it is in time to ask is a policy's business.

    Raises:
        ConflictError: `clock.stopped`.
        InputError: `clock.extension` for an extension by nothing.
    """
    _act(state, at)
    if by.amount == 0:
        raise InputError("an extension by 0 is none", code="clock.extension")
    return replace(state, extensions=(*state.extensions, by))


def change_limit(state: ClockState, at: datetime, limit: Limit) -> ClockState:
    """Put another limit in place of the limit, running or paused; what has passed since the start stays used.

    Extensions stay. A shorter limit may already be used up: the deadline then lies in the past.

    Raises:
        ConflictError: `clock.stopped`.
    """
    _act(state, at)
    return replace(state, limit=limit)


def stop(state: ClockState, at: datetime) -> ClockState:
    """Stop the clock for good; pauses that last end with it.

    Raises:
        ConflictError: `clock.stopped`.
    """
    minute = _act(state, at)
    ended = tuple((begun, minute if to is None else to, cause) for begun, to, cause in state.pauses)
    return replace(state, pauses=ended, stop=minute)


def _held_by(state: ClockState, cause: str) -> bool:
    return any(to is None and known == cause for _, to, known in state.pauses)


def _act(state: ClockState, at: datetime) -> int:
    """The minute at which an act takes effect: never before the act that came last."""
    if state.stop is not None:
        raise ConflictError("the clock was stopped", code="clock.stopped")
    last = max((to or begun for begun, to, _ in state.pauses), default=state.start)
    return max(minute_of(at), last)


def merged_pauses(state: ClockState) -> list[tuple[int, int | None]]:
    """The times the clock stands, in order; pauses that overlap or touch are one, empty ones are none."""
    merged: list[tuple[int, int | None]] = []
    for begun, to, _ in sorted(state.pauses, key=lambda one: one[0]):
        if to is not None and to <= begun:
            continue
        if merged and (merged[-1][1] is None or merged[-1][1] >= begun):
            before, until = merged[-1]
            merged[-1] = (before, None if until is None or to is None else max(until, to))
        else:
            merged.append((begun, to))
    return merged


def runs(state: ClockState, until: int | None = None) -> list[Run]:
    """The times the clock runs, in order, up to the minute `until`; the last one may be open.

    A stop ends no run: the deadline of a stopped clock is the one it was stopped under.
    """
    found: list[Run] = []
    cursor: int | None = state.start
    for begun, to in merged_pauses(state):
        if cursor is not None and begun > cursor:
            found.append((cursor, begun))
        cursor = to
    if cursor is not None:
        found.append((cursor, None))
    if until is None:
        return found
    return [(a, until if b is None else min(b, until)) for a, b in found if a < until]


@dataclass(frozen=True, slots=True)
class Leg:
    """One limit or extension on its way: from which minute it counts, what it needs, where it ends.

    Attributes:
        need: minutes or days, as `worktime.count`.
        due: the minute at which it is used up; None when the clock does not run long enough.
        used: how much of `need` has passed inside the runs; equals `need` when `due` is known.
    """

    limit: Limit
    base: int
    need: int
    used: int
    due: int | None


def legs(table: WorkTable, state: ClockState, until: int | None = None) -> list[Leg]:
    """The limit and then each extension, each counting on where the one before it ends.

    An extension of days does not leave out the day it begins on: only the clock's own start does.
    A leg that the clock does not run to the end of (before the minute `until`) is the last.
    """
    running = runs(state, until)
    base, need = counting_from(state.start, state.limit)
    found: list[Leg] = []
    for limit in (state.limit, *state.extensions):
        if found:
            need = limit.count
        leg = _leg(table, running, limit, base, need)
        found.append(leg)
        if leg.due is None:
            break
        base = leg.due
    return found


def _leg(table: WorkTable, running: list[Run], limit: Limit, base: int, need: int) -> Leg:
    used, unit = 0, limit.unit
    for begun, to in running:
        a = max(begun, base)
        if to is not None and to <= a:
            continue
        low = count(table, a, unit)
        if to is not None:
            gained = count(table, to, unit) - low
            if used + gained < need:
                used += gained
                continue
        return Leg(limit, base, need, need, moment(table, low + need - used, unit))
    return Leg(limit, base, need, used, None)


def deadline(table: WorkTable, state: ClockState) -> Deadline:
    """When the clock is due under this calendar, and whether that may still move.

    Raises:
        InputError: `worktime.outside` when the clock runs beyond the table.
    """
    minute = legs(table, state)[-1].due
    if minute is None:
        return Deadline(None)
    units = (state.limit.unit, *(one.unit for one in state.extensions))
    counts_days = Unit.WORK_HOUR in units or Unit.WORKDAY in units
    return Deadline(instant(minute), counts_days and table.provisional(state.start, minute))


def remaining(table: WorkTable, state: ClockState, at: datetime) -> int:
    """What is left at `at` of the limit and of the extensions in its unit; pauses cost nothing.

    Returns:
        Minutes for hours, days for days; 0 when it is used up. A stopped clock keeps what it had.
    """
    unit, until = state.limit.unit, minute_of(at)
    if state.stop is not None:
        until = min(until, state.stop)
    known = legs(table, state, until)
    total = known[0].need + sum(one.count for one in state.extensions if one.unit == unit)
    return total - sum(leg.used for leg in known if leg.limit.unit == unit)


def recompute(table: WorkTable, clocks: Iterable[tuple[object, ClockState, datetime | None]]) -> Iterator[Moved]:
    """Which of these (key, state, due so far) are due at another time under a newly published calendar."""
    for key, state, before in clocks:
        after = deadline(table, state)
        if after.due_at != before:
            yield Moved(key, before, after)


def dump(state: ClockState) -> ClockRow:
    """The state as JSON of integers and codes, the same for the same state."""
    return {
        "start": state.start,
        "limit": (state.limit.amount, str(state.limit.unit)),
        "extensions": [(one.amount, str(one.unit)) for one in state.extensions],
        "pauses": list(state.pauses),
        "stop": state.stop,
    }


def load(row: ClockRow) -> ClockState:
    """The state that `dump` wrote, before or after its way through JSON."""
    return ClockState(
        row["start"],
        _limit(row["limit"]),
        tuple(_limit(one) for one in row["extensions"]),
        tuple((begun, to, cause) for begun, to, cause in row["pauses"]),
        row["stop"],
    )


def _limit(pair: tuple[int, str]) -> Limit:
    return Limit(pair[0], Unit(pair[1]))
