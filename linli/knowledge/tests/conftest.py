"""The small town with its ground and rules."""

from __future__ import annotations

import pytest

from linli.cases.tests.desk import published
from tests.town import Town, town_of


@pytest.fixture
def town(db: None) -> Town:
    published()
    made = town_of()
    made.ground()
    return made
