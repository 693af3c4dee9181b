"""Where a case lies, as a small drawing of the city's own outlines: its community's grids, its grid filled, a pin.

No tiles and no outside map; coordinates are scaled to a box of pixels. Drawn only for cases with a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.cases.domain import CaseFacts
from linli.kernel.codes import Tier
from linli.places.selectors import outline_geojson
from linli.web.base.outlines import Box, Ring, Scale, Shape, path_of, pixels_of, rings_with, width_of
from linli.web.desk.rows import place_name

WIDTH, HEIGHT = 314, 150
_BOX = Box(WIDTH, HEIGHT, 10)
_COMMUNITY = 12


@dataclass(frozen=True, slots=True)
class MiniMap:
    """The drawing: outlines, and the pin in pixels (None without a point)."""

    shapes: tuple[Shape, ...]
    pin: tuple[float, float] | None
    label: str


def minimap(facts: CaseFacts, at: datetime) -> MiniMap | None:
    """The drawing of a case's place; None where no outlines are known. Two queries.

    Args:
        facts: the case.
        at: aware UTC.
    """
    if len(facts.place) < _COMMUNITY:
        return None
    rings = rings_with(outline_geojson(facts.place[:_COMMUNITY], Tier.GRID, at))
    if not rings:
        return None
    scale = Scale.around([point for _about, ring in rings for point in ring], _BOX)
    shapes = tuple(_shape(about, ring, scale, facts.place) for about, ring in rings)
    pin = scale.pixel((facts.lon, facts.lat)) if facts.lon is not None and facts.lat is not None else None
    here = next((shape.name for shape in shapes if shape.here), "")
    return MiniMap(tuple(sorted(shapes, key=lambda shape: shape.here)), pin, here)


def _shape(about: Mapping[str, str], ring: Ring, scale: Scale, place: str) -> Shape:
    pixels = pixels_of(ring, scale)
    xs, ys = [x for x, _y in pixels], [y for _x, y in pixels]
    is_wide = max(xs) - min(xs) > 48 and max(ys) - min(ys) > 18
    name = place_name(about["code"], about["name"])
    here = place == about["code"]
    shown = name if is_wide or here else ""
    middle, line = round(sum(xs) / len(xs), 1), round(sum(ys) / len(ys) + 4, 1)
    if here:
        line = _beside_pin(min(ys), max(ys))
    half = min(width_of(shown) / 2 + 4, WIDTH / 2)
    return Shape(path_of(pixels), shown, min(max(middle, half), WIDTH - half), line, here)


def _beside_pin(top: float, bottom: float) -> float:
    """The line of a grid's own name: the pin stands somewhere in its middle.

    Above the outline, below where there is no room, at its upper edge where there is none there either.
    """
    if top > 20:
        return round(top - 6, 1)
    return round(bottom + 14, 1) if bottom + 18 <= HEIGHT else round(top + 14, 1)
