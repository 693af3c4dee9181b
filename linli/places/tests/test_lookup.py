"""Points to grids: inside, just outside, far away, at an earlier time; the index kept until the ground changes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.places import lookup, selectors
from linli.places.domain import NOWHERE
from linli.places.generated import Recipe, grids_generate
from linli.places.index import build, metres
from linli.places.tests import cloud_ridge as city
from linli.places.tiling import divide

METRE = 1 / (111_320 * math.cos(math.radians(26.05)))


def _at_minute(minute: int) -> object:
    return city.AT.replace(minute=minute)


def test_a_point_inside(gridded: None) -> None:
    [found] = selectors.locate_many([108.15], [26.05], city.LATER)
    assert found.district == "870102"
    assert found.grid is not None
    assert found.grid.startswith(found.community or "x")
    assert (found.distance_m, found.on_edge, found.is_far) == (0, False, False)


def test_just_outside_goes_to_the_nearest_and_says_so(gridded: None) -> None:
    [found] = selectors.locate_many([108.20 + 30 * METRE], [26.05], city.LATER)
    assert found.grid is not None
    assert found.on_edge
    assert found.distance_m == pytest.approx(30, abs=1)


def test_far_away_has_a_distance_and_no_grid(gridded: None) -> None:
    near, sea = selectors.locate_many([108.20 + 500 * METRE, 0.0], [26.05, 0.0], city.LATER)
    assert (near.grid, near.community, near.district, near.is_far) == (None, None, None, True)
    assert near.distance_m == pytest.approx(500, abs=3)
    assert sea.distance_m is not None
    assert sea.distance_m > 10_000_000


def test_without_grids_the_district_is_still_known(outlined: None) -> None:
    inside, outside = selectors.locate_many([108.05, 100.0], [26.05, 20.0], city.LATER)
    assert (inside.grid, inside.district, inside.distance_m) == (None, "870103", None)
    assert outside == NOWHERE


def test_an_empty_register_knows_nothing(rules: None) -> None:
    assert selectors.locate_many([108.05], [26.05], city.AT) == [NOWHERE]
    assert selectors.locate_many([], [], city.AT) == []


def test_the_answer_is_that_of_the_day(gridded: None) -> None:
    grids_generate(Recipe(2, 8), city.KEEPER, city.LATER)
    before = {x.grid for x in selectors.locate_many(*_points(400), city.AT.replace(minute=3))}
    after = {x.grid for x in selectors.locate_many(*_points(400), city.LATER)}
    assert len(before) == 20
    assert len(after) == 10


def test_the_index_is_kept_and_costs_one_query_and_one_more_beside_the_grids(
    gridded: None, django_assert_num_queries: object
) -> None:
    selectors.locate_many([108.15], [26.05], city.LATER)
    with django_assert_num_queries(1):  # type: ignore[operator]
        selectors.locate_many([108.15] * 500, [26.05] * 500, city.LATER)
    with django_assert_num_queries(2):  # type: ignore[operator]
        selectors.locate_many([108.15, 107.0], [26.05, 25.0], city.LATER)


def test_a_change_of_ground_makes_a_new_index(gridded: None) -> None:
    first = lookup.view_at(city.LATER)
    assert lookup.view_at(city.LATER) is first
    grids_generate(Recipe(3, 8), city.KEEPER, city.LATER)
    assert lookup.view_at(city.LATER) is not first


def _points(number: int) -> tuple[list[float], list[float]]:
    chance = np.random.default_rng(5)
    return list(chance.uniform(108.0, 108.2, number)), list(chance.uniform(26.0, 26.1, number))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(0, 1000), st.booleans())
def test_the_table_agrees_with_the_tree(parts: int, seed: int, with_hole: bool) -> None:
    ring = shapely.Point(118.8, 32.0).buffer(0.05, quad_segs=9)
    if with_hole:
        ring = ring.difference(shapely.box(118.79, 31.99, 118.81, 32.01))
    cells = divide(ring, [(str(n), 1 + n % 3) for n in range(parts)], str(seed))
    ground = build(list(cells), list(cells.values()))
    chance = np.random.default_rng(seed)
    lon, lat = chance.uniform(118.74, 118.86, 3000), chance.uniform(31.94, 32.06, 3000)
    found = ground.inside(lon, lat)
    point, cell = shapely.STRtree(ground.shapes).query(shapely.points(lon, lat), predicate="intersects")
    truth = np.full(len(lon), -1)
    truth[point] = cell
    assert (found == truth).all()


def test_overlapping_and_nested_shapes_are_found_all_the_same() -> None:
    whole, inner = shapely.box(0, 0, 10, 10), shapely.box(4.001, 4.001, 4.002, 4.002)
    ground = build(["whole", "inner"], [whole, inner])
    lon, lat = np.array([4.0015, 4.0021, 9.5, 11.0]), np.array([4.0015, 4.0015, 9.5, 5.0])
    found = ground.inside(lon, lat)
    which, distance = ground.nearest(lon, lat)
    assert set(found[[2]]) == {0}
    assert found[3] == -1
    assert (distance[:3] == 0).all()
    assert which[3] == 0


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((118.0, 32.0), (118.0, 32.001), 110.88),
        ((118.0, 32.0), (118.001, 32.0), 94.49),
        ((0.0, 0.0), (180.0, 0.0), 20_015_114),
    ],
)
def test_distances(a: tuple[float, float], b: tuple[float, float], expected: float) -> None:
    found = metres(*(np.array([v]) for v in (*a, *b)))
    assert found[0] == pytest.approx(expected, rel=2e-4)
