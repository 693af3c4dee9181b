"""The ground of a place as a drawing without script: the outlines of what lies in it, or its own. No tiles, no outside map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.codes import Tier
from linli.places.domain import PlaceInfo
from linli.places.selectors import outline_geojson
from linli.web.base.outlines import Box, Ring, Scale, Shape, path_of, pixels_of, rings_with, width_of
from linli.web.desk.rows import place_name

BELOW: Mapping[Tier, Tier] = {
    Tier.CITY: Tier.DISTRICT,
    Tier.DISTRICT: Tier.STREET,
    Tier.STREET: Tier.COMMUNITY,
    Tier.COMMUNITY: Tier.GRID,
}
BOX = Box(420, 280, 10)
_COMMUNITY = 12
_LINE = 18  # pixels of a line


@dataclass(frozen=True, slots=True)
class Drawing:
    """The outlines in a box of pixels."""

    shapes: tuple[Shape, ...]
    width: int = BOX.width
    height: int = BOX.height


def drawing_of(place: PlaceInfo, at: datetime) -> Drawing | None:
    """The drawing of a place; None where no outlines are known. At most six queries.

    Args:
        place: as it stood at `at`.
        at: aware UTC.
    """
    found = _features(place.code[:_COMMUNITY], BELOW.get(place.tier, Tier.GRID), at)
    if place.tier is Tier.CITY:
        found = [one for one in found if one[0]["code"] != place.code]  # six digits, like its districts
    if not found and place.tier is Tier.STREET:
        found = _features(place.code, Tier.GRID, at)
    if not found and place.tier is not Tier.CITY:
        found = _features(place.code, place.tier, at)
    if not found:
        return None
    scale = Scale.around([point for _about, ring in found for point in ring], BOX)
    shapes = (_shape(about, ring, scale, place.code) for about, ring in found)
    return Drawing(tuple(sorted(shapes, key=lambda shape: shape.here)))


def _features(prefix: str, tier: Tier, at: datetime) -> list[tuple[Mapping[str, str], Ring]]:
    return rings_with(outline_geojson(prefix, tier, at))


def _shape(about: Mapping[str, str], ring: Ring, scale: Scale, own: str) -> Shape:
    pixels = pixels_of(ring, scale)
    xs, ys = [x for x, _y in pixels], [y for _x, y in pixels]
    name = place_name(about["code"], about["name"])
    has_room = max(xs) - min(xs) > width_of(name) and max(ys) - min(ys) > _LINE
    x, y = round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2 + 4, 1)
    return Shape(path_of(pixels), name if has_room else "", x, y, about["code"] == own)
