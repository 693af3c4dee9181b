"""One clock of a case: started, paused, resumed, extended, its limit changed, stopped.

Pure: each step returns a new `ClockState`, and the deadline is computed from that state alone, so the same
state under a newer calendar gives the newer deadline. Who may do which step, and what happens when a clock
runs out, is not here. The deadline's reasons are printed by `stretches`.

Every act takes effect at the next whole minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from linli.kernel.errors import ConflictError, InputError
from linli.kernel.worktime import (
    MINUTES_A_DAY,
    Limit,
    Unit,
    WorkTable,
    count,
    counting_from,
    day_start,
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


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a clock is due.

    Attributes:
        due_at: aware UTC; done at this instant is in time. None while a paused or stopped clock has not
            used its limit up.
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
