"""The small town with its ground, the national pack live, and one desk that takes reports in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linli.intake.imports import Intake
from linli.intake.lines import Line
from linli.intake.reports import report_of
from linli.kernel.actors import SYSTEM
from linli.packs.services import publish
from linli.rules.compiler import compile_pack
from linli.rules.snapshot import Snapshot
from tests.town import AT, FOUNDED, GRIDS, Town, point_in, town_of

PACKS = Path(__file__).parents[3] / "packs"

TakeIn = Callable[..., list[Line]]


@pytest.fixture(scope="session")
def national() -> Snapshot:
    return compile_pack(PACKS, "national")


@pytest.fixture
def town(db: None, national: Snapshot) -> Town:
    publish(national, SYSTEM, FOUNDED)
    found = town_of()
    found.ground()
    return found


def row(**cells: Any) -> dict[str, str]:
    """A report about rubbish in the first grid, an hour old, with any cells changed."""
    lon, lat = point_in(GRIDS[0])
    known = {
        "external_id": "H-1",
        "reported_at": (AT - timedelta(hours=1)).isoformat(),
        "title": "垃圾没人清运",
        "text": "路口垃圾桶满了好几天，垃圾车一直不来，没人清运。",
        "lon": str(lon),
        "lat": str(lat),
        "contact_name": "赵明月",
        "contact_phone": "13912345678",
        "address": "桂花苑三栋402",
    }
    return {**known, **{name: str(value) for name, value in cells.items()}}


@pytest.fixture
def take_in(town: Town) -> TakeIn:
    def taken(*rows: dict[str, str], channel: str = "hotline", at: Any = AT) -> list[Line]:
        run = Intake(channel, lambda: at)
        reports = [(report_of(number, cells), "") for number, cells in enumerate(rows, start=2)]
        return [line for lines in run.take(reports) for line in lines]

    return taken
