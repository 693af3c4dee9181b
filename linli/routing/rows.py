"""One routing row, what it asks for and how much it weighs; and the choice among rows. Pure, knows no bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from linli.kernel.errors import RuleError

Weight = tuple[int, int, int, int, int]

# when two rows of one pack name the matter equally closely and ask equally many things, what they ask decides
_KIND_WEIGHTS = {"place": 8, "place_class": 4, "hours": 2, "channel": 1}


class Known(Protocol):
    """The facts a row is held against (`domain.Facts`)."""

    @property
    def matter(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def day(self) -> date: ...  # noqa: D102
    @property
    def local_minute(self) -> int: ...  # noqa: D102
    @property
    def place_classes(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def channel(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Fallback:
    """The duty, and the tier, that owns what no row sends anywhere."""

    role: str
    tier: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that named this matter and did not win, and why.

    `why` is `outranked` (it fitted, another weighed more), or what did not fit: `place`, `place_class`, `hours`,
    `channel`, `day`.
    """

    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The row that won, None when none fitted, and the rows that lost."""

    row: Row | None
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A routing row, ready to be held against facts.

    Attributes:
        patterns: matters named: a code, `event.01.*`, `event.*` or `*`.
        places: prefixes of codes, the empty tuple = everywhere.
        classes: classes of place, any of which will do; empty = all.
        hours: minutes of the day `[from, to)`, over midnight when `to` is not after `from`; None = all day.
        channels: any of which will do; empty = all.
        since, until: days `[since, until)`; None = open.
        pack: depth of its pack in the chain, 0 = root.
        origin: `pack/file.yaml:line`.
        told: what the trace shows of it.
    """

    id: str
    patterns: tuple[str, ...]
    role: str
    tier: str
    places: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    hours: tuple[int, int] | None = None
    channels: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    pack: int = 0
    origin: str = ""
    told: Mapping[str, object] = field(default_factory=dict)

    def names(self, matter: str) -> bool:
        """Whether a pattern of the row names the matter."""
        return self.closeness(matter) >= 0

    def closeness(self, matter: str) -> int:
        """How closely the row names the matter: 3 by its code, 2 by major, 1 by catalogue, 0 by `*`, -1 not at all."""
        return max((_closeness(pattern, matter) for pattern in self.patterns), default=-1)

    def weight(self, matter: str) -> Weight:
        """What the row weighs for a matter; of rows that fit, the greatest wins (the ADR says why in this order).

        Returns:
            Depth of the pack, closeness to the matter, number of conditions, their kinds, digits of the place.
        """
        asked = [kind for kind, value in self.conditions.items() if value]
        digits = max((len(place) for place in self.places), default=0)
        kinds = sum(_KIND_WEIGHTS[kind] for kind in asked)
        return (self.pack, self.closeness(matter), len(asked), kinds, digits)

    @property
    def conditions(self) -> dict[str, object]:
        """What the row asks for beside the matter, by kind; what it does not ask for is empty."""
        return {
            "place": self.places,
            "place_class": self.classes,
            "hours": self.hours,
            "channel": self.channels,
        }

    def misfit(self, facts: Known) -> str:
        """What does not fit the facts: `day`, `place`, `place_class`, `hours`, `channel`; "" when all fits."""
        if not self._on(facts.day):
            return "day"
        if self.places and not any(facts.place.startswith(place) for place in self.places):
            return "place"
        if self.classes and facts.place_classes.isdisjoint(self.classes):
            return "place_class"
        if self.hours is not None and not in_hours(self.hours, facts.local_minute):
            return "hours"
        if self.channels and facts.channel not in self.channels:
            return "channel"
        return ""

    def _on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def _closeness(pattern: str, matter: str) -> int:
    if pattern == "*":
        return 0
    if pattern == matter:
        return 3
    if pattern.endswith(".*") and matter.startswith(pattern[:-1]):
        return pattern.count(".")
    return -1


def in_hours(hours: tuple[int, int], minute: int) -> bool:
    """Whether a minute of the day lies in `[from, to)`; over midnight when `to` is not after `from`."""
    start, end = hours
    return start <= minute < end if start < end else minute >= start or minute < end


def choose(candidates: Sequence[Row], facts: Known, class_order: Sequence[str]) -> Choice:
    """The row that wins among those that name the matter, the weightiest first.

    Args:
        candidates: rows that name the matter, sorted by weight, the greatest first.
        facts: what is known.
        class_order: classes of places, the weightiest first; decides between rows that differ in the class only.

    Raises:
        RuleError: two rows of equal rank fit; the message names both lines.
    """
    winner: Row | None = None
    lost: list[Lost] = []
    for row in candidates:
        misfit = row.misfit(facts)
        if misfit:
            lost.append(Lost(row.id, misfit))
        elif winner is None:
            winner = row
        elif row.weight(facts.matter) == winner.weight(facts.matter) and _heavier(row, winner, facts, class_order):
            lost.append(Lost(winner.id, "outranked"))
            winner = row
        else:
            lost.append(Lost(row.id, "outranked"))
    return Choice(winner, tuple(lost))


def _heavier(row: Row, other: Row, facts: Known, class_order: Sequence[str]) -> bool:
    first, second = _class_place(row, facts, class_order), _class_place(other, facts, class_order)
    if first == second:
        raise RuleError(
            f"{row.origin} and {other.origin}: the rows {other.id} and {row.id} of equal rank both fit "
            f"{facts.matter} at {facts.place or 'a place still to be found'}",
            code="routing.tie",
            hint="Give one of them a condition that the other does not have, or take one away.",
            data={"rows": sorted((row.id, other.id)), "matter": facts.matter, "place": facts.place},
        )
    return first < second


def _class_place(row: Row, facts: Known, class_order: Sequence[str]) -> int:
    """Place of the weightiest class that the row asks for and the facts have; the end for rows that ask for none."""
    held = facts.place_classes.intersection(row.classes)
    for place, name in enumerate(class_order):
        if name in held:
            return place
    if held:
        raise RuleError(
            f"{row.origin}: no weight is set for the class of place {min(held)}",
            code="routing.class",
            hint="Add it to the parameter `routing.class_order`.",
            data={"row": row.id, "classes": sorted(held)},
        )
    return len(class_order)
