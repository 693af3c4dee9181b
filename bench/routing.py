"""Routes a second with the national rows and a city's duty links, the table kept as an import keeps it."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from linli.organisations.domain import DutyTable, duty_table_of
from linli.routing.domain import Facts, RoutingTable, route
from linli.routing.selectors import routing_table
from linli.rules.compiler import compile_pack

PACKS = Path(__file__).resolve().parents[1] / "packs"
DAY = date(2026, 11, 24)
DISTRICTS, STREETS_EACH = 11, 13
ROUTES = 100_000
REPEATS = 3


def run() -> dict[str, float]:
    """Measure, print a line a figure, return the figures."""
    table = routing_table(compile_pack(PACKS, "national"), DAY)
    duties, facts = duty_table_of(_links(table)), _facts(table)
    best = min(_once(facts, table, duties) for _ in range(REPEATS))
    figures = {"routing.rows": float(len(table.rows)), "routing.per_second": round(len(facts) / best, 1)}
    for name, figure in figures.items():
        print(f"{name:42} {figure:>14,.2f}")
    return figures


def _once(facts: list[Facts], table: RoutingTable, duties: DutyTable) -> float:
    start = time.perf_counter()
    for known in facts:
        route(known, table, duties)
    return time.perf_counter() - start


def _links(table: RoutingTable) -> list[tuple[str, str, int]]:
    """Every duty held in every district, and by every second street itself."""
    links, body = [], 0
    for role in sorted({row.role for row in table.rows}):
        for district in range(DISTRICTS):
            code = f"8701{district + 2:02d}"
            links.append((role, code, body := body + 1))
            links += [(role, f"{code}{street:03d}", body := body + 1) for street in range(1, STREETS_EACH, 2)]
    return links


def _facts(table: RoutingTable) -> list[Facts]:
    """Reports over all matters, places, minutes, three channels, a third of them in a compound."""
    matters, channels = list(table.matters), ("hotline", "web", "grid_worker")
    return [
        Facts(
            matter=matters[n % len(matters)],
            place=f"8701{n % DISTRICTS + 2:02d}{n % STREETS_EACH + 1:03d}001001",
            day=DAY,
            local_minute=n * 7 % 1440,
            place_classes=frozenset({"compound"}) if n % 3 == 0 else frozenset(),
            channel=channels[n % 3],
        )
        for n in range(ROUTES)
    ]
