"""The national pack's lists and catalogue, compiled once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.intake.text.lists import WordLists, word_lists
from linli.rules.compiler import compile_pack
from linli.rules.snapshot import Snapshot

PACKS = Path(__file__).parents[4] / "packs"


@pytest.fixture(scope="session")
def pack() -> Snapshot:
    return compile_pack(PACKS, "national")


@pytest.fixture(scope="session")
def lists(pack: Snapshot) -> WordLists:
    return word_lists(pack)
