"""Which of several dated values holds on a day: the deepest pack first, then the latest beginning.

Pure arithmetic over (rank, from, to); it knows neither keys nor files. Two values of one pack that would
hold on the same day with nothing to choose between them are a conflict, never "the last one wins".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise

_CHINA = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Span:
    """When a value says it holds: `[since, to)`; without `to` it ends where the next of its rank begins.

    Attributes:
        rank: 0 = the root pack; a child stands one above its parent.
    """

    rank: int
    since: date
    to: date | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Days `[since, until)` on which one value holds; `index` is its place in the list that was given."""

    since: date
    until: date | None
    index: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """All days, decided once; `at` is a binary search."""

    starts: tuple[date, ...]
    winners: tuple[int | None, ...]

    def at(self, day: date) -> int | None:
        """Index of the value that holds on the day; None before the first and in gaps."""
        place = bisect_right(self.starts, day) - 1
        return self.winners[place] if place >= 0 else None

    def segment(self, day: date) -> Segment | None:
        """The run of days around `day` on which the same value holds."""
        return next((s for s in self.segments() if s.since <= day and (s.until is None or day < s.until)), None)

    def segments(self) -> list[Segment]:
        """All runs of days with a value, in order."""
        ends: list[date | None] = [*self.starts[1:], None]
        runs = zip(self.starts, ends, self.winners, strict=False)
        return [Segment(since, until, index) for since, until, index in runs if index is not None]


def conflicts(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Pairs of indices that hold on one day with equal rank and nothing to choose between them."""
    found = []
    for _, rank in _by_rank(spans):
        for a, b in pairwise(rank):
            first, second = spans[a], spans[b]
            if first.since == second.since or (first.to is not None and second.since < first.to):
                found.append((a, b))
    return found


def timeline(spans: Sequence[Span]) -> Timeline:
    """Decide every day.

    Raises:
        ValueError: two of the values conflict; ask `conflicts` first to name them.
    """
    if conflicts(spans):
        raise ValueError("values of equal rank overlap")
    closed = _closed(spans)
    starts = sorted({s.since for s in closed.values()} | {s.to for s in closed.values() if s.to})
    winners = [_winner(closed, day) for day in starts]
    kept = [i for i, winner in enumerate(winners) if i == 0 or winner != winners[i - 1]]
    return Timeline(tuple(starts[i] for i in kept), tuple(winners[i] for i in kept))


def _by_rank(spans: Sequence[Span]) -> list[tuple[int, list[int]]]:
    order = sorted(range(len(spans)), key=lambda i: (spans[i].rank, spans[i].since))
    return [(rank, list(group)) for rank, group in groupby(order, key=lambda i: spans[i].rank)]


def _closed(spans: Sequence[Span]) -> dict[int, Span]:
    closed: dict[int, Span] = {}
    for rank, indices in _by_rank(spans):
        followers: list[int | None] = [*indices[1:], None]
        for index, follower in zip(indices, followers, strict=True):
            after = spans[follower].since if follower is not None else None
            closed[index] = Span(rank, spans[index].since, spans[index].to or after)
    return closed


def _winner(closed: dict[int, Span], day: date) -> int | None:
    fits = [i for i, s in closed.items() if s.since <= day and (s.to is None or day < s.to)]
    return max(fits, key=lambda i: closed[i].rank, default=None)


def rule_day(at: datetime) -> date:
    """The day in China Standard Time on which an instant falls: the day whose rules hold.

    Args:
        at: aware instant, any zone.
    """
    return (at.astimezone(UTC) + _CHINA).date()
