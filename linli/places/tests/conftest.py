"""Rules published, and the invented city in three states: its tree, its outlines, its generated grids."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linli.kernel.actors import SYSTEM
from linli.packs.services import publish
from linli.places.boundaries import boundaries_import
from linli.places.generated import Recipe, grids_generate
from linli.places.outlines import read_features
from linli.places.tests import cloud_ridge as city
from linli.places.tree import tree_import
from linli.rules.compiler import compile_pack
from linli.rules.snapshot import Snapshot

PACKS = Path(__file__).parents[3] / "packs"


@pytest.fixture(scope="session")
def national() -> Snapshot:
    return compile_pack(PACKS, "national")


@pytest.fixture
def rules(db: None, national: Snapshot) -> None:
    publish(national, SYSTEM, datetime(2026, 10, 1, tzinfo=UTC))


@pytest.fixture
def tree(rules: None) -> None:
    tree_import(city.lists(), city.KEEPER, city.AT)


@pytest.fixture
def outlined(tree: None) -> None:
    boundaries_import(read_features(city.boundaries(), "b"), "b", city.KEEPER, city.AT.replace(minute=1))


@pytest.fixture
def gridded(outlined: None) -> None:
    grids_generate(Recipe(4, 7), city.KEEPER, city.AT.replace(minute=2))
