"""The map as a page: outlines of one tier with how many cases each holds, marks of cases where a community is drawn.

Drawn on the server, so that it is there without a script; the list beside it says the same and is the keyboard's way.
The filter is the queue's: `place` in the address is the ground, all other names narrow what is counted on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from linli.cases.deskqueue import narrowed
from linli.cases.mapping import CasePoint, PlaceCount, counts_by_place, points_of
from linli.cases.rules import procedure_for
from linli.kernel.actors import Actor
from linli.kernel.codes import Tier
from linli.kernel.errors import NotFoundError
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import outline_geojson, place_names
from linli.web.base.marks import Mark, state_mark
from linli.web.base.outlines import Box, Ring, Scale, path_of, pixels_of, rings_of
from linli.web.desk.filters import Chip
from linli.web.desk.live import moments_at
from linli.web.desk.queuepage import opened_view
from linli.web.desk.rows import place_name
from linli.web.register.reading import reader_of

BOX = Box(760, 560, 14)
MOST_POINTS = 300
"""Marks that one drawing holds; the nearest limits first, the rest stand in the queue."""

_BELOW: Mapping[int, tuple[Tier, int]] = {
    4: (Tier.DISTRICT, 6), 6: (Tier.STREET, 9), 9: (Tier.COMMUNITY, 12), 12: (Tier.GRID, 15), 15: (Tier.GRID, 15),
}  # fmt: skip
_CITY, _DISTRICT, _COMMUNITY = 4, 6, 12
_NAME_WIDTH, _NAME_HEIGHT = 84, 40  # an outline smaller than this has no room for its name, only for its number


@dataclass(frozen=True, slots=True)
class Area:
    """A place of the tier drawn: its outline (empty where none is known), how many cases, and where a click leads."""

    code: str
    name: str
    paths: tuple[str, ...]
    x: float
    y: float
    is_named: bool
    cases: int
    late: int
    here: bool
    address: str
    queue: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A case as a mark at its place."""

    no: str
    title: str
    mark: Mark
    is_late: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ground:
    """A step of the way down to the place that is drawn."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class MapView:
    """Everything the template shows.

    Attributes:
        nowhere: cases that are still to be located within the place drawn.
        is_cut: there are more cases than marks.
        place: code of the place drawn, where this person may open its page; else "".
    """

    title: str
    way: tuple[Ground, ...]
    chips: list[Chip]
    areas: tuple[Area, ...]
    spots: tuple[Spot, ...]
    cases: int
    late: int
    nowhere: int
    is_cut: bool
    is_drawn: bool
    queue: str
    place: str
    box: Box = BOX


@dataclass(frozen=True, slots=True)
class _Asked:
    """The ground that is asked for: its code, the address with it, the tier that is drawn on it."""

    place: str
    query: QueryDict
    tier: Tier
    digits: int
    at: datetime

    def to(self, place: str) -> str:
        """The same map with another ground."""
        return f"?{self._with(place)}"

    def queue(self, place: str) -> str:
        """The queue under the same filter."""
        return f"{reverse('desk_queue')}?{self._with(place)}"

    def _with(self, place: str) -> str:
        rest = self.query.copy()
        rest.setlist("place", [place])
        return rest.urlencode()


def map_page(actor: Actor, query: QueryDict, at: datetime) -> MapView:
    """The map for a person and an address.

    Args:
        actor: with the posts held at `at`.
        query: of the address.
        at: aware UTC.

    Raises:
        NotFoundError: the person has no queue.
    """
    asked = _asked(actor, query, at)
    opened = opened_view(actor, asked.query, at)
    moments = moments_at(opened.live, at)
    wanted = narrowed(opened.wanted, places=(asked.place,))
    counts = counts_by_place(actor, wanted, moments, asked.digits)
    way = _way(asked)
    areas, scale = _areas(asked, counts)
    spots: tuple[Spot, ...] = ()
    if scale and len(asked.place) >= _COMMUNITY:
        spots = tuple(_spot(point, scale, at) for point in points_of(actor, wanted, moments, MOST_POINTS))
    return MapView(
        title=way[-1].name,
        way=way[:-1],
        chips=[chip for chip in opened.chips if "place=" in chip.without],
        areas=areas,
        spots=spots,
        cases=sum(one.cases for one in counts),
        late=sum(one.late for one in counts),
        nowhere=sum(one.cases for one in counts if len(one.place) < asked.digits),
        is_cut=len(spots) == MOST_POINTS,
        is_drawn=any(area.paths for area in areas),
        queue=asked.queue(asked.place),
        place=_code(asked.place) if reader_of(actor, at).may_place(_code(asked.place)) else "",
    )


def _asked(actor: Actor, query: QueryDict, at: datetime) -> _Asked:
    """The ground of the address, else the widest of one's own posts."""
    own = sorted({holding.place for holding in actor.holdings if len(holding.place) in _BELOW}, key=len)
    named = [_prefix(one) for one in query.getlist("place") if one.isascii() and one.isdigit()]
    place = next((one for one in (*named, *own) if len(one) in _BELOW), "")
    if not place:
        raise NotFoundError("There is no ground to draw for your posts.", code="desk.no_ground")
    kept = query.copy()
    for gone in ("after", "look"):
        kept.pop(gone, None)
    kept.setlist("place", [place])
    return _Asked(place, kept, *_BELOW[len(place)], at)


def _prefix(code: str) -> str:
    """A city's six digits stand for its first four."""
    return code[:4] if len(code) == _DISTRICT and code.endswith("00") else code


def _way(asked: _Asked) -> tuple[Ground, ...]:
    """From the city down to the place that is drawn, as far as names are known."""
    tiers = [digits for digits in _BELOW if digits <= len(asked.place)]
    codes = [asked.place[:digits] for digits in tiers]
    names = place_names([_code(code) for code in codes], asked.at)
    return tuple(
        Ground(place_name(code, names.get(_code(code), code)), asked.to(code))
        for code in codes
        if _code(code) in names or code == asked.place
    )


def _code(prefix: str) -> str:
    return f"{prefix}00" if len(prefix) == _CITY else prefix


def _areas(asked: _Asked, counts: Sequence[PlaceCount]) -> tuple[tuple[Area, ...], Scale | None]:
    """The places of the tier, in the order of codes: those with an outline, and those that only have cases."""
    drawn: dict[str, list[Ring]] = {}
    ground: Any = outline_geojson(asked.place[:_COMMUNITY], asked.tier, asked.at)
    for feature in ground["features"]:
        drawn.setdefault(feature["properties"]["code"], []).extend(rings_of(feature["geometry"]))
    held = {one.place: one for one in counts if len(one.place) == asked.digits}
    codes = sorted({*drawn, *held})
    names = place_names(codes, asked.at)
    corners = [corner for rings in drawn.values() for ring in rings for corner in ring]
    scale = Scale.around(corners, BOX) if corners else None
    areas = (
        _area(asked, _Outlined(code, names.get(code, code), drawn.get(code, ()), scale), held.get(code))
        for code in codes
    )
    return tuple(areas), scale


@dataclass(frozen=True, slots=True)
class _Outlined:
    """A place with its rings, still in degrees."""

    code: str
    name: str
    rings: Sequence[Ring]
    scale: Scale | None

    def pixels(self) -> list[list[tuple[float, float]]]:
        """Its rings in pixels, the one with most corners first."""
        if self.scale is None:
            return []
        return sorted((pixels_of(ring, self.scale) for ring in self.rings), key=len, reverse=True)


def _area(asked: _Asked, place: _Outlined, count: PlaceCount | None) -> Area:
    pixels = place.pixels()
    xs, ys = [x for x, _y in pixels[0]] if pixels else [0.0], [y for _x, y in pixels[0]] if pixels else [0.0]
    return Area(
        code=place.code,
        name=place_name(place.code, place.name),
        paths=tuple(path_of(ring) for ring in pixels),
        x=round((min(xs) + max(xs)) / 2, 1),
        y=round((min(ys) + max(ys)) / 2, 1),
        is_named=max(xs) - min(xs) > _NAME_WIDTH and max(ys) - min(ys) > _NAME_HEIGHT,
        cases=count.cases if count else 0,
        late=count.late if count else 0,
        here=place.code == asked.place,
        address=asked.to(place.code),
        queue=asked.queue(place.code),
    )


def _spot(point: CasePoint, scale: Scale, at: datetime) -> Spot:
    procedure = procedure_for(snapshot_by_hash(point.snapshot), point.kind)
    x, y = scale.pixel((point.lon, point.lat))
    mark = state_mark(procedure, point.state, redone=point.again > 0)
    return Spot(point.no, point.title, mark, point.limit_at is not None and point.limit_at < at, x, y)
