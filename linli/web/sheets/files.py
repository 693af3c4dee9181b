"""Workbooks that are given out: the sheet to fill in, and the rows with mistakes, in their own columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from linli.intake.headings import REASON, Column
from linli.intake.tables import Table
from linli.web.base.workbook import Cells, put, wide, written
from linli.web.sheets.said import found_words, heading_of


@dataclass(frozen=True, slots=True)
class Blank:
    """A sheet to be filled in.

    Attributes:
        columns: each with an example and what it is for.
        codes: heading row and rows of a sheet of codes.
    """

    title: str
    columns: Sequence[tuple[Column, str, str]]
    codes_title: str
    codes: Iterable[Cells]


def blank_workbook(blank: Blank) -> IO[bytes]:
    """The sheet to fill in: headings alone on the first sheet, so that no example is taken in by mistake."""
    book = Workbook(write_only=True)
    first, second, third = (book.create_sheet(name) for name in (blank.title, _("Example"), blank.codes_title))
    width = [18] * len(blank.columns)
    wide(first, width)
    first.freeze_panes = "A2"
    put(first, [heading_of(column) for column, _example, _about in blank.columns])
    wide(second, [18, 40, 60])
    put(second, (_("Column"), _("Example"), _("What it is for")))
    for column, example, about in blank.columns:
        put(second, (heading_of(column), example, about))
    wide(third, [18, 36, 44])
    for row in blank.codes:
        put(third, row)
    return written(book)


def wrong_workbook(table: Table) -> IO[bytes]:
    """The rows with mistakes, in the columns of the file, with what is wrong in a last one; to be mended and handed in."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("To put right"))
    reason = heading_of(REASON)
    kept = [index for index, heading in enumerate(table.head) if heading not in (*REASON.zh, *REASON.en)]
    sheet.freeze_panes = "A2"
    put(sheet, [*(table.head[index] for index in kept), reason])
    for line in table.lines:
        if line.number in table.wrong:
            cells = [line.cells[index] if index < len(line.cells) else "" for index in kept]
            put(sheet, [*cells, said_with_columns(table, line.number)])
    return written(book)


def said_with_columns(table: Table, number: int) -> str:
    """What is wrong with a row, each with its column's heading."""
    parts = []
    for one in table.wrong[number]:
        heading = column_heading(table, one.column)
        words = found_words([one])
        parts.append(_("{column}: {words}").format(column=heading, words=words) if heading else words)
    return _("; ").join(parts)


def column_heading(table: Table, column: str) -> str:
    """The heading under which a column stands in the file; "" where it is not there."""
    places: Mapping[str, int] = table.places
    return table.head[places[column]] if column in places else ""
