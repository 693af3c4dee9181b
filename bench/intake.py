"""Reports taken in a second with everything on: located, read, classed, routed, compared, encrypted, journalled.

Also what one message costs alone, and how much memory and time grow from the first quarter of a run to its last.
"""

from __future__ import annotations

import csv
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench._cases import ground

if TYPE_CHECKING:
    from linli.intake.reports import Report
    from linli.rules.snapshot import Snapshot

ROWS = 12_000
PARTS = 4
MESSAGES = Path(__file__).resolve().parents[1] / "linli" / "demo" / "messages.csv"


def run() -> dict[str, float]:
    """Measure, print a line a figure, return the figures."""
    made = ground()
    made.town.ground()
    from linli.intake.imports import Intake

    desk = Intake("bench", lambda: datetime.now(UTC))
    list(desk.take(_incoming(200, "warm")))
    seconds, memory = [], []
    for part in range(PARTS):
        begun = time.perf_counter()
        answered = sum(len(lines) for lines in desk.take(_incoming(ROWS // PARTS, str(part))))
        seconds.append(time.perf_counter() - begun)
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        assert answered == ROWS // PARTS
    figures = {
        "intake.rows_per_second": round(ROWS / sum(seconds)),
        "intake.last_quarter_to_first_rows_per_second": round(seconds[0] / seconds[-1], 2),
        "intake.memory_MB": round(memory[-1]),
        "intake.memory_grown_first_to_last_quarter_MB": round(memory[-1] - memory[0], 1),
        "intake.suggestion_of_300_characters_us": round(_suggestion(made.snapshot)),
    }
    for name, figure in figures.items():
        print(f"{name:50} {figure:>10,.2f}")
    return figures


def _incoming(number: int, name: str) -> Iterator[tuple[Report, str]]:
    """Invented reports in residents' manner, each at a seeded point of the town and of the last four days."""
    from linli.intake.reports import report_of
    from tests.town import GRIDS, point_in

    chance = random.Random(f"intake {name}")
    with MESSAGES.open(encoding="utf-8", newline="") as lines:
        messages = list(csv.DictReader(lines))
    for count in range(number):
        first, second = chance.sample(messages, 2)
        lon, lat = point_in(chance.choice(GRIDS))
        made_at = datetime.now(UTC) - timedelta(minutes=chance.randrange(4 * 24 * 60))
        cells = {
            "external_id": f"{name}-{count}",
            "reported_at": made_at.isoformat(),
            "title": first["title"],
            "text": f"{first['text']}{second['text']}",
            "lon": str(lon + chance.uniform(-0.004, 0.004)),
            "lat": str(lat + chance.uniform(-0.004, 0.004)),
            "contact_name": "一二三",
            "contact_phone": "13900000000",
            "address": "某小区一栋一单元",
        }
        yield report_of(count + 2, cells), ""


def _suggestion(snapshot: Snapshot) -> float:
    """Microseconds of one suggestion alone."""
    from linli.intake.installed import ensure_model

    model = ensure_model(snapshot)
    assert model is not None
    with MESSAGES.open(encoding="utf-8", newline="") as lines:
        words = "".join(row["text"] for row in csv.DictReader(lines))
    texts = [words[start : start + 300] for start in range(0, len(words) - 300, 300)]
    for _ in range(2):
        begun = time.perf_counter()
        for text in texts:
            model.suggest(text)
        seconds = time.perf_counter() - begun
    return seconds / len(texts) * 1e6


if __name__ == "__main__":
    run()
