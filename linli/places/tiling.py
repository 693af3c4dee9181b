"""Ground divided by number alone: a stand-in for outlines that are not public, reproducible by seed.

A shape is cut in two by a straight line so that the areas are as the weights, again and again. The cells of a
district are then noded together on a fine lattice, so that neighbours share every vertex: no gap, no overlap.
Pure: shapely and numpy. Not here: anything about where people live; a generated grid is no survey.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from linli.places.outlines import polygonal

LATTICE = 1e-9
"""Degrees between the points that a vertex may take: a tenth of a millimetre."""

_TURNS = (0.0, 0.5, -0.5, 1.0, -1.0, 1.57)
_JITTER = 0.25

Floats = NDArray[np.float64]
Shapes = dict[str, BaseGeometry]


@dataclass(frozen=True, slots=True)
class Tiling:
    """Outlines by code of one district, each tier tiling the one above it."""

    streets: Shapes = field(default_factory=dict)
    communities: Shapes = field(default_factory=dict)
    grids: Shapes = field(default_factory=dict)


def divide(shape: BaseGeometry, parts: Sequence[tuple[str, int]], seed: str) -> Shapes:
    """Cut a shape into named parts whose areas are as their weights.

    Args:
        shape: polygon or multipolygon in degrees.
        parts: name and weight (1 or more); names early in the list come to lie west or north.
        seed: the same seed gives the same parts.

    Returns:
        Shapes by name. A part is in one piece wherever a straight cut allows it.
    """
    squeeze = math.cos(math.radians(shape.centroid.y))
    flat = shapely.transform(shape, lambda p: p * (squeeze, 1.0))
    chance = random.Random(seed)  # noqa: S311 - reproducible geometry, no secret
    found: Shapes = {}
    _divide(flat, list(parts), chance, found)
    return {name: shapely.transform(s, lambda p: p / (squeeze, 1.0)) for name, s in found.items()}


def _divide(shape: BaseGeometry, parts: list[tuple[str, int]], chance: random.Random, found: Shapes) -> None:
    if not parts:
        return
    if len(parts) == 1:
        found[parts[0][0]] = shape
        return
    middle = _middle([weight for _, weight in parts])
    first, second = parts[:middle], parts[middle:]
    share = sum(w for _, w in first) / sum(w for _, w in parts)
    one, other = _cut(shape, share, chance.uniform(-_JITTER, _JITTER))
    _divide(one, first, chance, found)
    _divide(other, second, chance, found)


def _middle(weights: Sequence[int]) -> int:
    """Where to cut the list so that both halves weigh about the same; each keeps one at least."""
    sums = np.cumsum(weights)
    return int(np.argmin(np.abs(sums[:-1] * 2 - sums[-1]))) + 1


def _cut(shape: BaseGeometry, share: float, jitter: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Two parts, the first with `share` of the area and on the west or north side; few pieces preferred."""
    axis = _long_axis(shape) + jitter
    fewest = max(2, len(shapely.get_parts(shape)) + 1)
    best: tuple[BaseGeometry, BaseGeometry] | None = None
    for turn in _TURNS:
        pair = _cut_across(shape, share, axis + turn)
        if best is None or _pieces(pair) < _pieces(best):
            best = pair
        if _pieces(best) <= fewest:
            break
    assert best is not None
    return best


def _pieces(pair: tuple[BaseGeometry, BaseGeometry]) -> int:
    return sum(len(shapely.get_parts(half)) for half in pair)


def _long_axis(shape: BaseGeometry) -> float:
    """Direction in radians of the longer side of the tightest rectangle."""
    box = shapely.oriented_envelope(shape)
    if not isinstance(box, Polygon):
        return 0.0
    corners = shapely.get_coordinates(box)[:3]
    sides = np.diff(corners, axis=0)
    longer = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    return math.atan2(longer[1], longer[0])


def _cut_across(shape: BaseGeometry, share: float, angle: float) -> tuple[BaseGeometry, BaseGeometry]:
    along = np.array([math.cos(angle), math.sin(angle)])
    west_first = abs(along[0]) >= abs(along[1])
    along = along * np.sign(along[0]) if west_first else -along * np.sign(along[1])
    offset = _offset(shape, share, along)
    half = _half_plane(shape, along, offset)
    return polygonal(shapely.intersection(shape, half)), polygonal(shapely.difference(shape, half))


def _offset(shape: BaseGeometry, share: float, along: Floats) -> float:
    """How far along a direction the line lies that leaves `share` of the area behind it."""
    starts, ends = _edges(shape)
    across = np.array([-along[1], along[0]])
    a0, a1, b0, b1 = starts @ along, ends @ along, starts @ across, ends @ across
    slope = np.divide(b1 - b0, a1 - a0, out=np.zeros_like(b0), where=a1 != a0)

    def behind(line: float) -> float:
        c0, c1 = np.minimum(a0, line), np.minimum(a1, line)
        d0, d1 = b0 + slope * (c0 - a0), b0 + slope * (c1 - a0)
        return abs(float(np.sum((c1 - c0) * (d0 + d1)))) / 2

    low, high = float(a0.min()), float(a0.max())
    goal = share * behind(high)
    for _ in range(60):
        line = (low + high) / 2
        if behind(line) < goal:
            low = line
        else:
            high = line
        if high - low < LATTICE / 10:
            break
    return (low + high) / 2


def _edges(shape: BaseGeometry) -> tuple[Floats, Floats]:
    """Start and end points of all ring edges, outer rings one way round and holes the other."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[:-1] == ring[1:]
    return points[:-1][same], points[1:][same]


def _half_plane(shape: BaseGeometry, along: Floats, offset: float) -> BaseGeometry:
    """A rectangle that holds all of the shape behind the line."""
    west, south, east, north = shape.bounds
    reach = 2 * math.hypot(east - west, north - south) + 1e-6
    centre = np.array([(west + east) / 2, (south + north) / 2])
    across = np.array([-along[1], along[0]])
    foot = centre + along * (offset - centre @ along)
    return Polygon(
        [
            foot + across * reach,
            foot - across * reach,
            foot - across * reach - along * reach,
            foot + across * reach - along * reach,
        ]
    )


def fitted(cells: Mapping[str, BaseGeometry]) -> Shapes:
    """The same cells with every shared border noded on the lattice: an exact coverage.

    Args:
        cells: shapes that tile some ground but for rounding.

    Returns:
        Shapes by the same names; ground claimed twice goes to one of the claimants, whole.
    """
    names, shapes = list(cells), np.array(list(cells.values()), dtype=object)
    borders = shapely.union_all(shapely.boundary(shapes), grid_size=LATTICE)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    inner = shapely.point_on_surface(faces)
    near, owners = shapely.STRtree(shapes).query_nearest(inner, max_distance=10 * LATTICE, all_matches=False)
    whose: dict[str, list[BaseGeometry]] = {name: [] for name in names}
    for face, owner in zip(faces[near], owners, strict=True):
        whose[names[owner]].append(face)
    return {name: joined(mine) for name, mine in whose.items() if mine}


def joined(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """The union of cells of one coverage."""
    parts = np.array(list(shapes), dtype=object)
    return parts[0] if len(parts) == 1 else polygonal(shapely.union_all(parts))


def reading_order(shapes: Sequence[BaseGeometry]) -> list[int]:
    """Indices in the order of numbering: rows from north to south, in each row from west to east.

    Source: S29 (DB11 unit grids): inside one community the sequence runs west to east, north to south.
    """
    if not shapes:
        return []
    centres = shapely.get_coordinates(shapely.centroid(np.array(shapes, dtype=object)))
    spread = np.ptp(centres, axis=0)
    squeeze = math.cos(math.radians(float(centres[:, 1].mean())))
    ratio = spread[1] / max(spread[0] * squeeze, LATTICE)
    rows = min(len(shapes), max(1, round(math.sqrt(len(shapes) * min(ratio, len(shapes))))))
    by_north = sorted(range(len(shapes)), key=lambda i: (-centres[i, 1], centres[i, 0]))
    bands = np.array_split(np.array(by_north), rows)
    return [int(i) for band in bands for i in sorted(band, key=lambda i: (centres[i, 0], -centres[i, 1]))]


def tile_district(
    outline: BaseGeometry, tree: Mapping[str, Sequence[str]], given: Mapping[str, BaseGeometry], per: int, seed: int
) -> Tiling:
    """Generate streets, communities and grids inside a district.

    Args:
        outline: of the district.
        tree: communities by street.
        given: outlines of streets or communities that are known and stay as they are.
        per: grids a community, 1 or more.
        seed: the same seed gives the same ground; one district's ground does not depend on another's.

    Returns:
        Grid outlines by `<community>/<number>`, number from 1 in reading order; streets and communities
        as unions of their grids.
    """
    weights = {street: max(1, len(communities)) for street, communities in tree.items()}
    streets = _under(outline, weights, given, f"{seed}:district:{min(tree, default='')[:6]}")
    cells: Shapes = {}
    for street, shape in streets.items():
        names = tree[street]
        if not names:
            cells[street] = shape
        for community, ground in _under(shape, dict.fromkeys(names, 1), given, f"{seed}:{street}").items():
            numbers = [(str(n), 1) for n in range(1, per + 1)]
            cut = divide(ground, numbers, f"{seed}:{community}")
            cells |= {f"{community}/{number}": part for number, part in cut.items()}
    return _assembled(fitted(cells) if cells else {})


def _under(shape: BaseGeometry, weights: Mapping[str, int], given: Mapping[str, BaseGeometry], seed: str) -> Shapes:
    """Ground of each child: what is given stays, the rest of the shape is divided among the others."""
    known = {name: given[name] for name in weights if name in given}
    others = [(name, weight) for name, weight in sorted(weights.items()) if name not in known]
    if not known:
        return divide(shape, others, seed)
    rest = polygonal(shapely.difference(shape, shapely.union_all(list(known.values())), grid_size=LATTICE))
    return known | (divide(rest, others, seed) if others and not rest.is_empty else {})


def _assembled(cells: Shapes) -> Tiling:
    """Grids numbered in reading order; communities and streets as unions of what lies in them."""
    by_community: dict[str, list[BaseGeometry]] = {}
    by_street: dict[str, list[BaseGeometry]] = {}
    for name, shape in cells.items():
        code, _, number = name.partition("/")
        if number:
            by_community.setdefault(code, []).append(shape)
        by_street.setdefault(code[:9], []).append(shape)
    grids = {
        f"{community}/{n}": shapes[i]
        for community, shapes in by_community.items()
        for n, i in enumerate(reading_order(shapes), start=1)
    }
    communities = {code: joined(shapes) for code, shapes in by_community.items()}
    return Tiling({code: joined(shapes) for code, shapes in by_street.items()}, communities, grids)
