"""What a place, a grid, a period of validity and an answer of the lookup are. Pure: no Django, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from linli.kernel.codes import PlaceCode, Tier, place_code

VIRTUAL_MARK = "虚拟"
"""The word by which the statistics office marks a community that stands for a zone without residents."""


class PlaceKind(StrEnum):
    """What a place is, below its tier. Source: GB/T 10114 (middle three digits), S32; S31 for grids."""

    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"
    ZONE = "zone"
    RESIDENTS = "residents"
    VILLAGE = "village"
    VIRTUAL = "virtual"
    BASE = "base"
    DEDICATED = "dedicated"
    MICRO = "micro"


GRID_KINDS = frozenset({PlaceKind.BASE, PlaceKind.DEDICATED, PlaceKind.MICRO})

_STREET_RANGES = (
    (1, 99, PlaceKind.SUBDISTRICT),
    (100, 199, PlaceKind.TOWN),
    (200, 399, PlaceKind.TOWNSHIP),
)
_COMMUNITY_RANGES = ((1, 199, PlaceKind.RESIDENTS), (200, 399, PlaceKind.VILLAGE))


def kind_of(code: PlaceCode, name: str) -> PlaceKind:
    """The kind that a city's, district's, street's or community's code and name give it.

    Args:
        code: of any tier; a grid is `base` unless its import says otherwise.
        name: as the statistics office writes it.

    Returns:
        `zone` for street-level units that are neither street nor town nor township, `virtual` for
        communities that the name marks so.

    Source: S32 (GB/T 10114), national bureau of statistics, division codes for statistics.
    """
    if code.tier is Tier.STREET:
        return _by_range(int(code[6:9]), _STREET_RANGES)
    if code.tier is Tier.COMMUNITY:
        if VIRTUAL_MARK in name:
            return PlaceKind.VIRTUAL
        return _by_range(int(code[9:12]), _COMMUNITY_RANGES)
    fixed = {Tier.CITY: PlaceKind.CITY, Tier.DISTRICT: PlaceKind.DISTRICT, Tier.GRID: PlaceKind.BASE}
    return fixed[code.tier]


def _by_range(number: int, ranges: tuple[tuple[int, int, PlaceKind], ...]) -> PlaceKind:
    return next((kind for low, high, kind in ranges if low <= number <= high), PlaceKind.ZONE)


@dataclass(frozen=True, slots=True)
class Period:
    """When a fact about a place holds: `[start, end)` in UTC; None = not known, or still open."""

    start: datetime | None
    end: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the instant lies inside."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """One version of one place.

    Attributes:
        base: of a micro-grid the base or dedicated grid it lies in, else "".
        period: when this name and kind hold.
    """

    code: PlaceCode
    tier: Tier
    kind: PlaceKind
    name: str
    base: str
    period: Period


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies.

    Attributes:
        grid: base or dedicated grid, None when the point is further from every grid than the pack allows.
        community, street, district: the grid's parents; without a grid the deepest outline that holds
            the point, else None.
        micro: the micro-grid inside `grid`, where there is one.
        distance_m: 0 inside; else metres, rounded up, to the nearest grid; None when no grid is registered.
        on_edge: the point lies just outside and was given to the nearest grid within the tolerance.
    """

    grid: str | None
    community: str | None
    street: str | None
    district: str | None
    distance_m: int | None
    on_edge: bool = False
    micro: str | None = None

    @property
    def is_far(self) -> bool:
        """No grid: a report here is *to locate*."""
        return self.grid is None


NOWHERE = Located(None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Descent:
    """One step of lineage between two instants.

    Attributes:
        before: grid code valid at the earlier instant.
        after: grid code valid at the later one.
        share_ppm: millionths of the ground of `before` that went to `after`.
    """

    before: str
    after: str
    share_ppm: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What must be posted publicly about a grid. Source: S4 art 6.

    Attributes:
        worker_shown: the name that the board in the street shows; public by law, still never journalled.
    """

    grid: str
    public_name: str
    worker_shown: str
    worker_phone: str
    supervision_phone: str


NOTICE_FIELDS = ("public_name", "worker_shown", "worker_phone", "supervision_phone")


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A grid whose public notice lacks something; `missing` holds names of `NOTICE_FIELDS`."""

    grid: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row or feature that was not taken in, and why. `message` is plain English with the mend."""

    source: str
    line: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. Counts are of places or of outlines, as the command says.

    Attributes:
        notes: things taken in that somebody should look at (a ring repaired, an overlap).
        without_outline: districts in which nothing could be generated.
    """

    opened: int = 0
    closed: int = 0
    changed: int = 0
    kept: int = 0
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    without_outline: tuple[str, ...] = ()
    by_tier: tuple[tuple[str, int], ...] = ()


GridKind = Literal["base", "dedicated", "micro"]


def parents(grid: str) -> tuple[str, str, str]:
    """Community, street and district of a grid code."""
    code = place_code(grid)
    return str(code[:12]), str(code[:9]), str(code[:6])
