"""Generated ground: nothing left over, nothing claimed twice, the same by seed, numbered as people read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.places.domain import Refusal
from linli.places.outlines import area_m2, areas_m2, read_features
from linli.places.tiling import Tiling, divide, fitted, reading_order, tile_district

OUTLINES = Path(__file__).parents[2] / "demo" / "data" / "nanjing_outlines.geojson"


def _tree(streets: int, communities: int) -> dict[str, list[str]]:
    return {
        f"870102{s:03d}": [f"870102{s:03d}{c:03d}" for c in range(1, communities + 1)] for s in range(1, streets + 1)
    }


def _tiles(whole: shapely.Geometry, cells: list[shapely.Geometry]) -> None:
    array = np.array(cells, dtype=object)
    assert shapely.coverage_is_valid(array)
    assert shapely.area(array).sum() == pytest.approx(whole.area, rel=1e-7)
    assert shapely.union_all(array).symmetric_difference(whole).area < whole.area * 1e-6


@st.composite
def outlines(draw: st.DrawFn) -> shapely.Polygon:
    """A star-shaped ring, often concave, somewhere in China."""
    points = draw(st.lists(st.floats(0.2, 1.0), min_size=5, max_size=14))
    lon, lat = draw(st.floats(80, 130)), draw(st.floats(5, 50))
    turns = np.linspace(0, 2 * np.pi, len(points), endpoint=False)
    reach = np.array(points) * 0.1
    return shapely.Polygon(np.column_stack([lon + reach * np.cos(turns), lat + reach * np.sin(turns)]))


@settings(max_examples=25, deadline=None)
@given(outlines(), st.integers(1, 4), st.integers(1, 4), st.integers(1, 5), st.integers(0, 99))
def test_every_tier_tiles_the_one_above(
    whole: shapely.Polygon, streets: int, communities: int, per: int, seed: int
) -> None:
    made = tile_district(whole, _tree(streets, communities), {}, per, seed)
    assert len(made.grids) == streets * communities * per
    _tiles(whole, list(made.grids.values()))
    _tiles(whole, list(made.streets.values()))
    for code, street in made.streets.items():
        _tiles(street, [s for c, s in made.communities.items() if c.startswith(code)])
    for code, community in made.communities.items():
        _tiles(community, [s for c, s in made.grids.items() if c.startswith(code)])


@settings(max_examples=25, deadline=None)
@given(outlines(), st.integers(0, 99))
def test_random_points_lie_in_one_grid(whole: shapely.Polygon, seed: int) -> None:
    made = tile_district(whole, _tree(2, 3), {}, 4, seed)
    grids = np.array(list(made.grids.values()), dtype=object)
    chance = np.random.default_rng(seed)
    west, south, east, north = whole.bounds
    lon, lat = chance.uniform(west, east, 400), chance.uniform(south, north, 400)
    hits = np.array([shapely.contains_xy(grid, lon, lat) for grid in grids]).sum(axis=0)
    assert (hits == shapely.contains_xy(whole, lon, lat)).all()


def test_the_same_seed_gives_the_same_ground_and_another_another() -> None:
    whole = shapely.Point(118.8, 32.0).buffer(0.1)
    one, same, other = (tile_district(whole, _tree(2, 2), {}, 3, seed) for seed in (1, 1, 2))
    assert _wkb(one) == _wkb(same)
    assert _wkb(one) != _wkb(other)


def _wkb(tiling: Tiling) -> dict[str, bytes]:
    return {code: shapely.to_wkb(shape) for code, shape in tiling.grids.items()}


def test_weights_are_kept() -> None:
    cells = divide(shapely.box(118, 32, 118.2, 32.1), [("a", 1), ("b", 2), ("c", 5)], "x")
    areas = {name: area_m2(shape) for name, shape in cells.items()}
    assert areas["b"] / areas["a"] == pytest.approx(2, rel=0.01)
    assert areas["c"] / areas["a"] == pytest.approx(5, rel=0.01)


def test_given_outlines_stay_and_the_rest_is_divided() -> None:
    whole = shapely.box(118, 32, 118.2, 32.1)
    given_street = shapely.box(118, 32, 118.05, 32.1)
    tree = _tree(3, 2)
    made = tile_district(whole, tree, {"870102001": given_street}, 2, 1)
    assert made.streets["870102001"].symmetric_difference(given_street).area < 1e-9
    _tiles(whole, list(made.grids.values()))


def test_a_hole_stays_a_hole() -> None:
    whole = shapely.box(118, 32, 118.2, 32.2).difference(shapely.box(118.05, 32.05, 118.15, 32.15))
    made = tile_district(whole, _tree(2, 2), {}, 5, 3)
    _tiles(whole, list(made.grids.values()))


def test_numbers_run_west_to_east_and_north_to_south() -> None:
    cells = [shapely.box(x, y, x + 1, y + 1) for y in range(3) for x in range(3)]
    order = reading_order(cells)
    assert [(cells[i].bounds[0], cells[i].bounds[1]) for i in order] == [(x, y) for y in (2, 1, 0) for x in (0, 1, 2)]
    assert reading_order([]) == []


def test_nothing_is_fitted_to_nothing() -> None:
    assert tile_district(shapely.box(0, 0, 1, 1), {}, {}, 3, 1) == Tiling()
    cell = shapely.box(118, 32, 119, 33)
    assert fitted({"a": cell})["a"].equals(cell)


def test_real_outlines_of_eleven_districts_tile_within_a_minute() -> None:
    features = list(read_features(json.loads(OUTLINES.read_text(encoding="utf-8")), OUTLINES.name))
    grids = 0
    for feature in features:
        assert not isinstance(feature, Refusal)
        made = tile_district(feature.shape, _tree(8, 10), {}, 4, 1)
        cells = np.array(list(made.grids.values()), dtype=object)
        grids += len(cells)
        assert shapely.coverage_is_valid(cells)
        assert areas_m2(cells).sum() == pytest.approx(area_m2(feature.shape), rel=1e-6)
    assert grids == 11 * 8 * 10 * 4
