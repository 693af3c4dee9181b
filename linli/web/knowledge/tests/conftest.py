"""The town of the pages, with its register of places."""

from __future__ import annotations

import pytest

from tests.town import Town


@pytest.fixture
def town(town: Town) -> Town:
    """The town with the names of its places."""
    town.ground()
    return town
