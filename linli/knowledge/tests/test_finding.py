"""Entries found by a caller's words: which, in which order, at which place and when."""

from __future__ import annotations

import pytest

from linli.knowledge.selectors import entries_for, entry_at
from tests.town import AT, GRIDS

pytestmark = pytest.mark.django_db


def test_nothing_asked_or_nothing_known_finds_nothing() -> None:
    assert entries_for("", GRIDS[0], AT, limit=5) == ()
    assert entries_for("……？", GRIDS[0], AT, limit=5) == ()
    assert entries_for("居住证怎么办", GRIDS[0], AT, limit=5, matter="event.01.002") == ()
    assert entry_at(1, AT) is None
