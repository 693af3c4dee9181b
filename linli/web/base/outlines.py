"""The city's own outlines as SVG paths: one scale for a drawing, rings turned into pixels. No tiles, no outside map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Ring = Sequence[Sequence[float]]

_NEARER_THAN = 0.7
"""Corners of an outline that are nearer to the last one drawn than this, in pixels, cannot be seen."""

_LETTER, _NARROW = 13, 7  # pixels, of a Chinese character and of a Latin one


@dataclass(frozen=True, slots=True)
class Box:
    """The pixels of a drawing, and how much of them stays free at each side."""

    width: int
    height: int
    margin: int


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline as an SVG path, with its name where there is room for it, and where the name stands."""

    path: str
    name: str
    x: float
    y: float
    here: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """From degrees to pixels: one factor for both ways, narrowed by the latitude."""

    west: float
    north: float
    factor: float
    squeeze: float
    left: float
    top: float

    @classmethod
    def around(cls, points: Sequence[Sequence[float]], box: Box) -> Scale:
        """The scale that fits these points into the box."""
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        squeeze = math.cos(math.radians((south + north) / 2))
        across, down = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
        factor = min((box.width - 2 * box.margin) / across, (box.height - 2 * box.margin) / down)
        return cls(west, north, factor, squeeze, (box.width - across * factor) / 2, (box.height - down * factor) / 2)

    def pixel(self, point: Sequence[float]) -> tuple[float, float]:
        """A point in pixels, from the top left."""
        x = self.left + (point[0] - self.west) * self.squeeze * self.factor
        return round(x, 1), round(self.top + (self.north - point[1]) * self.factor, 1)


def rings_of(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """Outer rings of a polygon or of several."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    yield from (part[0] for part in parts)


def rings_with(collection: Mapping[str, Any]) -> list[tuple[Mapping[str, str], Ring]]:
    """Every outer ring of a FeatureCollection, with what it says of its place."""
    return [(one["properties"], ring) for one in collection["features"] for ring in rings_of(one["geometry"])]


def width_of(name: str) -> int:
    """How many pixels a name takes in a drawing."""
    return sum(_NARROW if letter.isascii() else _LETTER for letter in name)


def pixels_of(ring: Ring, scale: Scale) -> list[tuple[float, float]]:
    """A ring in pixels, without corners that nobody could see."""
    found: list[tuple[float, float]] = []
    for point in ring:
        x, y = scale.pixel(point)
        if not found or abs(x - found[-1][0]) + abs(y - found[-1][1]) >= _NEARER_THAN:
            found.append((x, y))
    return found


def path_of(pixels: Sequence[tuple[float, float]]) -> str:
    """The `d` of an SVG path around these corners."""
    return "M" + "L".join(f"{x} {y}" for x, y in pixels) + "z"
