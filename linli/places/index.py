"""Which grid holds a point: a table of tiles before a tree. Pure: numpy and shapely.

The ground is laid out in equal tiles. A tile that no border touches is answered by the table alone; a tile with
borders knows the few grids it touches, and only those are tested; what is in none of them goes to the tree, which
finds the nearest. Right for overlapping shapes too, only slower: a point missed by the table is found by the tree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = -1
"""Table value of a tile without any ground; smaller values are tiles with borders: `-2 - number`."""

_EPSILON = 1e-6
_EARTH_M = 6371008.8
_LOCAL_M = 20_000.0
_AXIS = 6378137.0
_ECC2 = 0.0066943800229


@dataclass(frozen=True, slots=True)
class Tiles:
    """The table: where it lies, its values, and the candidates of the tiles with borders.

    Attributes:
        origin: west, south of the table in degrees.
        step: degrees a tile, east and north.
        values: by row and column; see `NOTHING`.
        starts, candidates: candidates of border tile `n` are `candidates[starts[n]:starts[n + 1]]`.
    """

    origin: tuple[float, float]
    step: tuple[float, float]
    values: NDArray[np.int32]
    starts: NDArray[np.int32]
    candidates: NDArray[np.int32]


@dataclass(frozen=True)
class Ground:
    """Shapes with codes, ready for lookup. Build one with `build`; it never changes."""

    codes: tuple[str, ...]
    shapes: NDArray[np.object_]
    tiles: Tiles | None

    def inside(self, lon: Floats, lat: Floats) -> Ints:
        """Number of the shape that holds each point, its border included; -1 where none does by the table."""
        found = np.full(lon.shape, -1, dtype=np.int64)
        if self.tiles is None:
            return found
        column, row, known = self._tile(lon, lat)
        value = np.full(lon.shape, NOTHING, dtype=np.int64)
        value[known] = self.tiles.values[row[known], column[known]]
        sure = value >= 0
        found[sure] = value[sure]
        self._test_borders(np.flatnonzero(value < NOTHING), value, lon, lat, found)
        return found

    def _tile(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        assert self.tiles is not None
        rows, columns = self.tiles.values.shape
        x = (lon - self.tiles.origin[0]) / self.tiles.step[0]
        y = (lat - self.tiles.origin[1]) / self.tiles.step[1]
        known = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
        return np.where(known, x, 0).astype(np.int64), np.where(known, y, 0).astype(np.int64), known

    def _test_borders(self, left: Ints, value: Ints, lon: Floats, lat: Floats, found: Ints) -> None:
        """Test the candidates of border tiles, one round a candidate, dropping points that were found."""
        assert self.tiles is not None
        tile = -2 - value[left]
        at, end = self.tiles.starts[tile].astype(np.int64), self.tiles.starts[tile + 1]
        while left.size:
            candidate = self.tiles.candidates[at]
            hit = shapely.intersects_xy(self.shapes[candidate], lon[left], lat[left])
            found[left[hit]] = candidate[hit]
            go_on = ~hit & (at + 1 < end)
            left, at, end = left[go_on], at[go_on] + 1, end[go_on]

    def nearest(self, lon: Floats, lat: Floats) -> tuple[Ints, Floats]:
        """The nearest shape to each point and its distance in metres (0 inside)."""
        squeeze, shapes, tree = self._flat
        points = shapely.points(lon * squeeze, lat)
        which = tree.query_nearest(points, all_matches=False)[1]
        lines = shapely.shortest_line(points, shapes[which])
        feet = shapely.get_coordinates(lines)[1::2]
        return which, metres(lon, lat, feet[:, 0] / squeeze, feet[:, 1])

    @cached_property
    def _flat(self) -> tuple[float, NDArray[np.object_], shapely.STRtree]:
        """The shapes with longitude squeezed, so that near in numbers is near on the ground."""
        bounds = shapely.total_bounds(self.shapes)
        squeeze = math.cos(math.radians(float(bounds[1] + bounds[3]) / 2))
        shapes = shapely.transform(self.shapes, lambda p: p * (squeeze, 1.0))
        return squeeze, shapes, shapely.STRtree(shapes)


def metres(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Distance between points in degrees: on the ellipsoid's tangent when near, on the sphere when far."""
    a, b = np.radians(lat_a), np.radians(lat_b)
    turn = np.radians(lon_b - lon_a)
    middle = (a + b) / 2
    bend = 1 - _ECC2 * np.sin(middle) ** 2
    north = (b - a) * _AXIS * (1 - _ECC2) / bend**1.5
    east = turn * _AXIS / np.sqrt(bend) * np.cos(middle)
    near = np.hypot(north, east)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(turn / 2) ** 2
    far = 2 * _EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.where(near < _LOCAL_M, near, far)


def build(codes: Sequence[str], shapes: Sequence[shapely.Geometry] | NDArray[np.object_]) -> Ground:
    """Prepare shapes for lookup; seconds for a city of 12,400 grids.

    Args:
        codes: by shape.
        shapes: valid polygons in degrees.
    """
    array = np.array(shapes, dtype=object)
    shapely.prepare(array)
    return Ground(tuple(codes), array, _tiles(array) if len(array) else None)


def _tiles(shapes: NDArray[np.object_]) -> Tiles:
    side = int(np.clip(2 ** math.ceil(math.log2(16 * math.sqrt(len(shapes)))), 64, 2048))
    west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
    step = (max(east - west, 1e-9) / (side - 2), max(north - south, 1e-9) / (side - 2))
    origin = (west - step[0], south - step[1])
    tile, shape = _touched(shapes, origin, step, side)
    border, first, number = np.unique(tile, return_index=True, return_inverse=True)
    starts = np.append(first, len(tile)).astype(np.int32)
    centre = np.column_stack([border % side + 0.5, border // side + 0.5]) * step + origin
    middle = shapely.intersects_xy(shapes[shape], centre[number, 0], centre[number, 1])
    shape = shape[np.lexsort((shape, ~middle, number))]
    values = np.full(side * side, NOTHING, dtype=np.int32)
    values[border] = -2 - np.arange(len(border), dtype=np.int32)
    tiles = Tiles(origin, step, values.reshape(side, side), starts, shape.astype(np.int32))
    _fill_runs(tiles, border, shapes)
    return tiles


def _touched(
    shapes: NDArray[np.object_], origin: tuple[float, float], step: tuple[float, float], side: int
) -> tuple[Ints, Ints]:
    """Pairs of tile and shape, by tile: every tile that a border of the shape touches, a hair's breadth included."""
    rings, owner = shapely.get_rings(shapes, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    points = (points - origin) / step
    same = ring[:-1] == ring[1:]
    starts, ends, owner = points[:-1][same], points[1:][same], owner[ring[:-1][same]]
    low, high = np.minimum(starts[:, 0], ends[:, 0]), np.maximum(starts[:, 0], ends[:, 0])
    edge, column = _spans(low, high)
    width = ends[edge, 0] - starts[edge, 0]
    safe = np.where(width == 0, 1.0, width)

    def height(x: Floats) -> Floats:
        risen: Floats = starts[edge, 1] + (x - starts[edge, 0]) / safe * (ends[edge, 1] - starts[edge, 1])
        return risen

    enter = height(np.clip(column - _EPSILON, low[edge], high[edge]))
    leave = height(np.clip(column + 1 + _EPSILON, low[edge], high[edge]))
    flat = width == 0
    enter[flat], leave[flat] = starts[edge[flat], 1], ends[edge[flat], 1]
    piece, row = _spans(np.minimum(enter, leave), np.maximum(enter, leave))
    key = np.unique((row * side + column[piece]) * len(shapes) + owner[edge[piece]])
    return key // len(shapes), key % len(shapes)


def _spans(low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """For each interval all whole numbers of the tiles it reaches: index of the interval, number."""
    first = np.floor(low - _EPSILON).astype(np.int64)
    count = np.floor(high + _EPSILON).astype(np.int64) - first + 1
    which = np.repeat(np.arange(len(low)), count)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return which, first[which] + offset


def _fill_runs(tiles: Tiles, border: Ints, shapes: NDArray[np.object_]) -> None:
    """Give the tiles between two border tiles of a row the one shape that holds them all, if any does."""
    flat = tiles.values.reshape(-1)
    side = tiles.values.shape[1]
    first = border + 1
    number = np.flatnonzero((first < flat.size) & (first % side != 0))
    number = number[flat[first[number]] == NOTHING]
    first = first[number]
    count = np.diff(tiles.starts)[number]
    run = np.repeat(np.arange(len(first)), count)
    offset = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
    candidate = tiles.candidates[tiles.starts[number][run] + offset]
    x = (first % side + 0.5) * tiles.step[0] + tiles.origin[0]
    y = (first // side + 0.5) * tiles.step[1] + tiles.origin[1]
    hit = shapely.intersects_xy(shapes[candidate], x[run], y[run])
    label = np.full(len(first), NOTHING, dtype=np.int32)
    label[run[hit]] = candidate[hit]
    marks = np.zeros(flat.size, dtype=np.int64)
    marks[border] = -1 - np.arange(len(border))
    marks[first] = np.arange(1, len(first) + 1)
    latest = np.maximum.accumulate(np.where(marks != 0, np.arange(flat.size), 0))
    free = flat == NOTHING
    mark = marks[latest]
    filled = free & (mark > 0)
    flat[filled] = label[mark[filled] - 1]
