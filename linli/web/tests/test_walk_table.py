"""Every address of every face is found by walking, answers without a fault, and speaks the language it is asked in."""

from __future__ import annotations

import pytest

from linli.web.conftest import Clock, SignedIn
from linli.web.tests.walk.crawl import Walked, missing, walk
from linli.web.tests.walk.filling import Filled, fill
from tests.town import Town


@pytest.fixture
def walked(town: Town, signed_in: SignedIn, clock: Clock) -> tuple[Filled, Walked]:
    from django.test import Client

    town.ground()
    filled = fill(town, clock.at)
    return filled, walk(lambda who: signed_in(who) if who else Client(), filled.starts)


def test_every_address_is_found_and_none_is_at_fault(walked: tuple[Filled, Walked]) -> None:
    _filled, found = walked
    assert found.wrong == []
    gone = missing(found)
    assert not gone, "\n".join(gone)
    for (route, _), text in found.texts.items():
        if "<html" in text:
            assert "<title>" in text, route
            assert 'id="main"' in text, route
