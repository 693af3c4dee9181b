"""Rules published, and the invented city in three states: its tree, its outlines, its generated grids."""

from __future__ import annotations

import shutil
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
def small_pack(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The rules of this area alone, as the national pack has them."""
    folder = tmp_path_factory.mktemp("packs")
    pack = folder / "ground"
    (pack / "parameters").mkdir(parents=True)
    shutil.copy(PACKS / "national" / "parameters" / "places.yaml", pack / "parameters")
    (pack / "pack.yaml").write_text(
        'name: ground\ntitle: {zh: 地面, en: Ground}\nplace: ""\nmaintainer: tests\n', encoding="utf-8"
    )
    row = (
        "title: {zh: a, en: a}, purpose: {zh: a, en: a}, basis: {zh: a, en: a}, period: {amount: 365, unit: day}, "
        "counted_from: ended, source: BK, confidence: low"
    )
    (pack / "personal.yaml").write_text(f"places.notice_worker: {{{row}}}\n", encoding="utf-8")
    (pack / "sources.yaml").write_text(
        'BK: {title: "common knowledge", address: "none", grade: BK}\n', encoding="utf-8"
    )
    return compile_pack(folder, "ground")


@pytest.fixture
def rules(db: None, small_pack: Snapshot) -> None:
    publish(small_pack, SYSTEM, datetime(2026, 10, 1, tzinfo=UTC))


@pytest.fixture
def tree(rules: None) -> None:
    tree_import(city.lists(), city.KEEPER, city.AT)


@pytest.fixture
def outlined(tree: None) -> None:
    boundaries_import(read_features(city.boundaries(), "b"), "b", city.KEEPER, city.AT.replace(minute=1))


@pytest.fixture
def gridded(outlined: None) -> None:
    grids_generate(Recipe(4, 7), city.KEEPER, city.AT.replace(minute=2))
