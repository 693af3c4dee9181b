"""The worked tables of docs/algorithms/routing.md are run here, so that the prose cannot drift from the code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from linli.organisations.domain import duty_table_of
from linli.routing.domain import Facts, RoutingTable, route
from linli.routing.rows import Fallback, Row
from linli.routing.selectors import minutes_of

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "routing.md"
DAY = date(2027, 3, 1)


def table(name: str) -> list[dict[str, str]]:
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line == f"<!-- table: {name} -->":
            break
    cells: list[list[str]] = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    head, _, *rows = cells
    return [dict(zip(head, row, strict=True)) for row in rows]


def told_rows() -> tuple[Row, ...]:
    return tuple(
        Row(
            id=row["row"],
            patterns=(row["matter"],),
            role="duty.x",
            tier="street",
            places=tuple(row["place"].split()),
            classes=tuple(row["place class"].split()),
            hours=minutes_of(row["hours"]) if row["hours"] else None,
            channels=tuple(row["channel"].split()),
            pack=int(row["pack"]),
            origin=f"pack/routing.yaml:{number}",
        )
        for number, row in enumerate(table("rows"), 1)
    )


def routing(rows: tuple[Row, ...], matters: list[str]) -> RoutingTable:
    fallback = Fallback("duty.street_desk", "street")
    return RoutingTable(rows, dict.fromkeys(matters, False), ("school", "market"), (fallback, fallback), "hash")


def facts(row: dict[str, str]) -> Facts:
    hour, minute = row["hour"].split(":")
    classes = frozenset(row["place class"].split())
    return Facts(row["matter"], row["place"], DAY, int(hour) * 60 + int(minute), classes, row["channel"])


@pytest.mark.parametrize("line", table("choices"), ids=lambda line: f"{line['wins']}: {line['because']}")
def test_which_row_wins(line: dict[str, str]) -> None:
    found = routing(told_rows(), [line["matter"]]).choice(facts(line))
    assert found.row is not None
    assert found.row.id == line["wins"]


@pytest.mark.parametrize("line", table("choices"), ids=lambda line: line["because"])
def test_order_in_which_rows_are_written_does_not_matter(line: dict[str, str]) -> None:
    forwards = routing(told_rows(), [line["matter"]]).choice(facts(line))
    backwards = routing(told_rows()[::-1], [line["matter"]]).choice(facts(line))
    assert forwards.row == backwards.row
    assert {lost.row for lost in forwards.lost} == {lost.row for lost in backwards.lost}


@pytest.mark.parametrize("line", table("bodies"), ids=lambda line: f"{line['duty']} at {line['place of the report']}")
def test_which_body(line: dict[str, str]) -> None:
    names = {row["body"]: number for number, row in enumerate(table("links"), 1)}
    duties = duty_table_of([(row["duty"], row["place"], names[row["body"]]) for row in table("links")])
    row = Row("row", ("event.01.001",), line["duty"], line["tier"])
    found = route(
        Facts("event.01.001", line["place of the report"], DAY, 600), routing((row,), ["event.01.001"]), duties
    )
    body, _, fallback = line["body"].partition(" (")
    assert found.organisation == names[body]
    assert found.fallback is bool(fallback)
    assert found.place == line["found at"]


def test_page_has_all_its_tables() -> None:
    assert [len(table(name)) for name in ("rows", "choices", "links", "bodies")] == [13, 15, 5, 7]
