"""A table of rows with known columns, read from a file and checked: what lies between a file and taking it in.

Is: reading with the pack's bounds, finding the columns, the form in which a table is kept. Is not: keeping it (`uploading`).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.intake.checking import Found, Note, check_reports
from linli.intake.headings import REPORTS, Column, Matched, matched, names_any
from linli.intake.spreadsheets import Bounds, Line, Sheet, read_sheet
from linli.kernel.errors import InputError
from linli.packs.selectors import installation_rules
from linli.rules.parameters import Integer, Parameter

MOST_BYTES = Parameter("sheets.most_bytes", Integer)
MOST_UNPACKED = Parameter("sheets.most_unpacked", Integer)
MOST_ROWS = Parameter("sheets.most_rows", Integer)
MOST_COLUMNS = Parameter("sheets.most_columns", Integer)

Checked = tuple[Mapping[int, tuple[Found, ...]], Mapping[Note, int]]
Check = Callable[[Sequence[tuple[Line, Mapping[str, str]]]], Checked]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as kept: headings, rows, and what is wrong with which.

    Attributes:
        places: column's name -> index.
        unknown: headings that mean nothing here.
        wrong: row's number -> what is wrong with it; these are not taken in.
        notes: what is odd about rows that are taken in, and how many.
    """

    head: tuple[str, ...]
    lines: tuple[Line, ...]
    places: Mapping[str, int]
    unknown: tuple[str, ...]
    merged: bool
    wrong: Mapping[int, tuple[Found, ...]]
    notes: Mapping[Note, int]

    def values(self, line: Line) -> dict[str, str]:
        """A row's cells by column."""
        return {name: line.cells[index] for name, index in self.places.items() if index < len(line.cells)}


def bounds_at(at: datetime) -> Bounds:
    """How much of a file is read, by the pack of the installation."""
    rules = installation_rules(at)
    return Bounds(rules[MOST_BYTES], rules[MOST_UNPACKED], rules[MOST_ROWS], rules[MOST_COLUMNS])


def read_reports(content: bytes, at: datetime) -> Table:
    """Read and check a table of reports; nothing is kept.

    Args:
        content: of the file.
        at: now, aware UTC.

    Raises:
        InputError: `sheets.…`; it cannot be read, or a column stands twice.
    """
    sheet = read_sheet(content, bounds_at(at), lambda cells: names_any(cells, REPORTS, ("title", "text")))
    return table_of(sheet, REPORTS, check_reports)


def table_of(sheet: Sheet, columns: Sequence[Column], check: Check) -> Table:
    """A sheet whose columns are known and whose rows are checked.

    Raises:
        InputError: `sheets.twice`; two headings name one column.
    """
    found = matched(sheet.head, columns)
    _refuse_twice(found, sheet)
    unknown = tuple(sheet.head[index] for index in found.unknown)
    table = Table(sheet.head, sheet.lines, found.places, unknown, sheet.merged, {}, {})
    wrong, notes = check([(line, table.values(line)) for line in sheet.lines])
    return Table(sheet.head, sheet.lines, found.places, unknown, sheet.merged, wrong, notes)


def _refuse_twice(found: Matched, sheet: Sheet) -> None:
    for places in found.twice.values():
        data = {"columns": list(places), "headings": [sheet.head[index] for index in places]}
        raise InputError("Two columns mean the same.", code="sheets.twice", data=data)


def only_wrong(table: Table, wrong: Mapping[int, tuple[Found, ...]]) -> Table | None:
    """The rows with mistakes alone, to be downloaded and put right; None for none."""
    lines = tuple(line for line in table.lines if line.number in wrong)
    return Table(table.head, lines, table.places, (), table.merged, wrong, {}) if lines else None


def packed(table: Table) -> bytes:
    """A table as bytes, to be encrypted."""
    plain = {
        "head": table.head,
        "lines": [(line.number, line.problem, line.cells) for line in table.lines],
        "places": dict(table.places),
        "unknown": table.unknown,
        "merged": table.merged,
        "wrong": {str(number): [(one.column, one.what) for one in found] for number, found in table.wrong.items()},
        "notes": dict(table.notes),
    }
    return zlib.compress(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 6)


def unpacked(content: bytes) -> Table:
    """What `packed` made."""
    plain = json.loads(zlib.decompress(content))
    return Table(
        head=tuple(plain["head"]),
        lines=tuple(Line(number, tuple(cells), problem) for number, problem, cells in plain["lines"]),
        places=plain["places"],
        unknown=tuple(plain["unknown"]),
        merged=plain["merged"],
        wrong={int(n): tuple(Found(column, what) for column, what in found) for n, found in plain["wrong"].items()},
        notes=plain["notes"],
    )
