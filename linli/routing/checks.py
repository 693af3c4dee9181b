"""What `rules check` asks of routing: no ties, no matter without a row, and the table that officials check."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from linli.kernel.errors import RuleError
from linli.routing.domain import Facts, RoutingTable
from linli.routing.rows import Row, in_hours
from linli.routing.selectors import routing_table, row_of
from linli.rules.checks import register_check
from linli.rules.compiler import compile_source
from linli.rules.packfiles import PackSource, shown
from linli.rules.problems import Problem, RuleErrors

EXPECTED_FILE = "routing/expected.csv"
EXPECTED_COLUMNS = ("title", "matter", "place_class", "hour", "channel", "role", "tier", "row")

# the table says how routing stands in the end: rows that run out are not in it
_END = date.max


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of `expected.csv`: these facts lead to that duty, tier and row."""

    line: int
    matter: str
    place_class: str
    hour: str
    channel: str
    place: str
    role: str
    tier: str
    row: str

    def facts(self) -> Facts:
        """The line as facts; several classes are parted by spaces.

        Raises:
            ValueError: the hour is no time of day.
        """
        hour, _, minute = (self.hour or "12:00").partition(":")
        classes = frozenset(self.place_class.split())
        return Facts(self.matter, self.place, _END, int(hour) * 60 + int(minute), classes, self.channel)


def rows_are_ranked(source: PackSource) -> list[Problem]:
    """No two rows of equal rank can fit one report; the problem names both lines."""
    rows = _rows(source)
    entries = source.merged("routing")
    found: dict[tuple[str, str], str] = {}
    for matter in source.merged("matters"):
        named = [(row.weight(matter), row) for row in rows.values() if row.names(matter)]
        for (first_weight, first), (second_weight, second) in combinations(named, 2):
            if first_weight == second_weight and can_both_fit(first, second):
                found.setdefault((first.id, second.id), matter)
    problems = []
    for (first_id, second_id), matter in found.items():
        message = f"{second_id} and {first_id} ({rows[first_id].origin}) are of equal rank and can both fit {matter}"
        mend = "Give one a condition that the other does not have, or take the matter out of one"
        problems.append(entries[second_id].problem("routing.tie", message, mend, "when"))
    return problems


def can_both_fit(first: Row, second: Row) -> bool:
    """Whether some report can fit both rows, and nothing but chance would choose.

    Rows for different classes of place are told apart by `routing.class_order`.
    """
    return (
        _days_meet(first, second)
        and _places_meet(first, second)
        and _sets_meet(first.classes, second.classes)
        and _sets_meet(first.channels, second.channels)
        and _hours_meet(first.hours, second.hours)
    )


def matters_are_covered(source: PackSource) -> list[Problem]:
    """Every matter has a row that fits wherever, whenever and however a report comes in."""
    plain = [row for row in _rows(source).values() if not any(row.conditions.values()) and row.until is None]
    return [
        entry.problem("routing.uncovered", f"no routing row fits {code} always", "Add a row without conditions for it")
        for code, entry in source.merged("matters").items()
        if not any(row.names(code) for row in plain)
    ]


def rows_name_what_there_is(source: PackSource) -> list[Problem]:
    """Rows name matters of the catalogue, and classes of place that have a weight."""
    codes = source.merged("matters")
    order = source.merged("parameters").get("routing.class_order")
    known = {str(name) for v in getattr(order and order.row, "values", ()) for name in v.value}
    problems = []
    for row_id, entry in source.merged("routing").items():
        row = _row(row_id, entry.row, entry.origin, 0)
        for pattern in row.patterns:
            if pattern != "*" and not any(row_names(pattern, code) for code in codes):
                message = f"{row_id} names {pattern}, which no matter has"
                problems.append(entry.problem("routing.no_matter", message, "Write a code of the catalogue", "when"))
        for name in sorted(set(row.classes) - known):
            message = f"{row_id} asks for the class of place {name}, which has no weight"
            mend = "Add it to the parameter routing.class_order"
            problems.append(entry.problem("routing.class", message, mend, "when"))
    return problems


def row_names(pattern: str, code: str) -> bool:
    """Whether a pattern names a matter."""
    return Row("", (pattern,), "", "").names(code)


def expected_holds(source: PackSource) -> list[Problem]:
    """Every line of the pack's own `expected.csv` comes out as officials expect."""
    path = source.own.folder / EXPECTED_FILE
    if not path.is_file():
        return []
    try:
        table = routing_table(compile_source(source), _END)
    except RuleErrors:
        return []  # what keeps the pack from being compiled is told by itself
    problems = []
    try:
        for line in read_expected(path):
            message = _unexpected(line, table)
            if message:
                mend = "Mend the rows, or the line when the office has decided otherwise"
                problems.append(Problem(shown(path), line.line, "routing.unexpected", message, mend))
    except (ValueError, UnicodeDecodeError) as error:
        mend = "Columns: " + ",".join(EXPECTED_COLUMNS) + " and, where wanted, place; UTF-8"
        problems.append(Problem(shown(path), 0, "routing.expected", f"the table cannot be read: {error}", mend))
    return problems


def read_expected(path: Path) -> Iterator[Expected]:
    """Lines of an `expected.csv`.

    Raises:
        ValueError: a column is missing.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in EXPECTED_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"there is no column {', '.join(missing)}")
        for row in reader:
            yield Expected(
                line=reader.line_num,
                place=row.get("place") or "",
                **{name: row[name] or "" for name in EXPECTED_COLUMNS if name != "title"},
            )


def _unexpected(line: Expected, table: RoutingTable) -> str:
    try:
        found = table.choice(line.facts()).row
    except RuleError as error:
        return error.message
    if found is None:
        return f"no row fits {line.matter}, {line.row} is expected"
    if (found.id, found.role, found.tier) == (line.row, line.role, line.tier):
        return ""
    expected = f"{line.row} → {line.role} at the {line.tier}"
    return f"{line.matter} goes by {found.id} → {found.role} at the {found.tier}, expected is {expected}"


def _rows(source: PackSource) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for depth, pack in enumerate(source.chain):
        rows.update({key: _row(key, entry.row, entry.origin, depth) for key, entry in pack.routing.items()})
    return rows


def _row(key: str, row: object, origin: str, depth: int) -> Row:
    plain: Mapping[str, object] = row.model_dump(mode="json", by_alias=True)  # type: ignore[attr-defined]
    return row_of(key, {**plain, "rank": depth, "origin": origin})


def _sets_meet(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return not first or not second or not set(first).isdisjoint(second)


def _places_meet(first: Row, second: Row) -> bool:
    if not first.places or not second.places:
        return True
    return any(a.startswith(b) or b.startswith(a) for a in first.places for b in second.places)


def _hours_meet(first: tuple[int, int] | None, second: tuple[int, int] | None) -> bool:
    if first is None or second is None:
        return True
    return in_hours(first, second[0]) or in_hours(second, first[0])


def _days_meet(first: Row, second: Row) -> bool:
    starts = max(first.since or date.min, second.since or date.min)
    return starts < min(first.until or date.max, second.until or date.max)


CHECKS = {
    "routing.ties": rows_are_ranked,
    "routing.covered": matters_are_covered,
    "routing.names": rows_name_what_there_is,
    "routing.expected": expected_holds,
}
"""The checks by name."""


def register() -> None:
    """Hand the checks on routing to the runner of `rules check`; called once by the wiring."""
    for name, check in CHECKS.items():
        register_check(name, check)
