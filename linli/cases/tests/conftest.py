"""The small town with the national pack live; tests say `town`."""

from __future__ import annotations

import pytest

from linli.cases.tests.desk import published
from tests.town import Town, town_of


@pytest.fixture
def town(db: None) -> Town:
    """The town's bodies, people and posts, and rules."""
    published()
    return town_of()
