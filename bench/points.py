"""Points a second in a whole city's generated grids: table before tree, the tree alone, and the time to build."""

from __future__ import annotations

import csv
import json
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from linli.places.index import Floats, Ground, build
from linli.places.outlines import Feature, read_features
from linli.places.tiling import tile_district

DATA = Path(__file__).resolve().parents[1] / "linli" / "demo" / "data"
PER_COMMUNITY = 10
POINTS = 1_000_000
TREE_POINTS = 200_000
REPEATS = 3


def run() -> dict[str, float]:
    """Measure, print a line a figure, return the figures."""
    start = time.perf_counter()
    codes, shapes = _city()
    tiling = time.perf_counter() - start
    start = time.perf_counter()
    ground = build(codes, shapes)
    building = time.perf_counter() - start
    by_grid, by_area = _points(ground)
    figures = {
        "points.grids": float(len(codes)),
        "points.generate_seconds": round(tiling, 2),
        "points.build_seconds": round(building, 2),
        "points.per_second_where_grids_are": _rate(ground, by_grid),
        "points.per_second_over_the_area": _rate(ground, by_area),
        "points.per_second_tree_alone": _tree_rate(ground, by_grid),
        "points.nearest_per_second": _nearest_rate(ground),
    }
    for name, figure in figures.items():
        print(f"{name:42} {figure:>14,.2f}")
    return figures


def _city() -> tuple[list[str], list[shapely.Geometry]]:
    """Grids of all districts, as `linli grids generate` makes them."""
    trees: dict[str, dict[str, list[str]]] = defaultdict(dict)
    with (DATA / "nanjing_communities.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            trees[row["district_code"]].setdefault(row["street_code"], []).append(row["code"])
    document = json.loads((DATA / "nanjing_outlines.geojson").read_text(encoding="utf-8"))
    grids: dict[str, shapely.Geometry] = {}
    for feature in read_features(document, "nanjing_outlines.geojson"):
        assert isinstance(feature, Feature)
        grids |= tile_district(feature.shape, trees[feature.text("code")], {}, PER_COMMUNITY, 1).grids
    return list(grids), list(grids.values())


def _points(ground: Ground) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Points where grids are (each grid alike, so mostly down town), and points even over the city's area."""
    chance = np.random.default_rng(7)
    boxes = shapely.bounds(ground.shapes)[chance.integers(0, len(ground.codes), POINTS)]
    west, south, east, north = shapely.total_bounds(ground.shapes)
    lon, lat = chance.uniform(west, east, 3 * POINTS), chance.uniform(south, north, 3 * POINTS)
    held = np.flatnonzero(ground.inside(lon, lat) >= 0)[:POINTS]
    x, y = (chance.uniform(boxes[:, i], boxes[:, i + 2]) for i in (0, 1))
    kept = ground.inside(x, y) >= 0
    return (x[kept], y[kept]), (lon[held], lat[held])


def _rate(ground: Ground, points: tuple[Floats, Floats]) -> float:
    lon, lat = points
    best = min(_seconds(lambda: ground.inside(lon, lat)) for _ in range(REPEATS))
    return round(len(lon) / best)


def _tree_rate(ground: Ground, points: tuple[Floats, Floats]) -> float:
    tree = shapely.STRtree(ground.shapes)
    lon, lat = (axis[:TREE_POINTS] for axis in points)
    return round(len(lon) / _seconds(lambda: tree.query(shapely.points(lon, lat), predicate="intersects")))


def _nearest_rate(ground: Ground) -> float:
    lon, lat = np.full(20_000, 118.0), np.linspace(31.5, 32.5, 20_000)
    ground.nearest(lon[:1], lat[:1])
    return round(len(lon) / _seconds(lambda: ground.nearest(lon, lat)))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
