"""A whole city through the services: eleven districts, 1,322 communities, about 12,000 grids, a million points."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from linli.places.boundaries import boundaries_import
from linli.places.generated import Recipe, grids_generate
from linli.places.lists import ListRow, read_lists
from linli.places.lookup import locate_arrays
from linli.places.outlines import read_features
from linli.places.selectors import register_proof, register_version
from linli.places.tests import cloud_ridge as city
from linli.places.tree import tree_import

DATA = Path(__file__).parents[2] / "demo" / "data"


def _rows(name: str) -> list[ListRow]:
    with (DATA / f"nanjing_{name}.csv").open(encoding="utf-8") as file:
        return [ListRow(name, n, row["code"], row["name"]) for n, row in enumerate(csv.DictReader(file), start=2)]


@pytest.mark.slow
def test_a_whole_city(rules: None) -> None:
    lists = read_lists(_rows("districts"), _rows("streets"), _rows("communities"))
    assert (len(lists.refused), len(lists.places)) == (0, 11 + 140 + 1322 + 1)
    tree_import(lists, city.KEEPER, city.AT)
    document = json.loads((DATA / "nanjing_outlines.geojson").read_text(encoding="utf-8"))
    boundaries_import(read_features(document, "o"), "o", city.KEEPER, city.AT.replace(minute=1))
    report = grids_generate(Recipe(9, 1), city.KEEPER, city.AT.replace(minute=2))
    assert (report.opened, report.without_outline) == (1322 * 9, ())
    held, found = register_proof(register_version())
    assert held == found
    chance = np.random.default_rng(1)
    lon, lat = chance.uniform(118.3, 119.3, 1_000_000), chance.uniform(31.2, 32.7, 1_000_000)
    answers = locate_arrays(lon, lat, city.LATER)
    assert 0.3 < (answers.distance_m == 0).mean() < 0.7
    assert (answers.distance_m >= 0).all()
    assert set(np.unique(answers.distance_m[answers.on_edge])) <= set(range(1, 51))
