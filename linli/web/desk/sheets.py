"""A queue as an Excel file: the filter on its first sheet, its cases on the second, written row by row as they are read.

Is: what a row of the queue shows; no reporter, no words beyond the title. Is not: a carrier of formulas: every text is
kept as text, whatever it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from linli.cases.deskqueue import QueueLine, queue_sheet
from linli.kernel.actors import Actor
from linli.kernel.keyset import MOST_ROWS, After
from linli.web.base.words import local
from linli.web.desk.live import moments_at
from linli.web.desk.queuepage import Opened, opened_view
from linli.web.desk.rows import Row, rows_of

MOST_EXPORTED = 20_000
"""Most cases of one file; the first sheet says so where there were more."""
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Cells = Sequence[str | int | datetime | None]


def queue_workbook(actor: Actor, query: QueryDict, at: datetime, *, most: int = MOST_EXPORTED) -> IO[bytes]:
    """The cases of a queue under the filter of an address, as an open `.xlsx` file at its beginning.

    Args:
        actor: with the posts held at `at`; who gets only what the queue shows them.
        query: of the address.
        at: aware UTC.
        most: most cases.

    Raises:
        NotFoundError: the person has no queue.
    """
    opened = opened_view(actor, query, at)
    book = Workbook(write_only=True)
    first, second = book.create_sheet(_("Filter")), book.create_sheet(_("Cases"))
    _put(second, _heads())
    count = 0
    for line, row in _rows(actor, opened, at, most + 1):
        count += 1
        if count <= most:
            _put(second, _cells(line, row))
    for words in _filter_lines(opened, query, at, min(count, most), more=count > most):
        _put(first, words)
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it, once it is sent
    book.save(file)
    file.seek(0)
    return file


def _rows(actor: Actor, opened: Opened, at: datetime, most: int) -> Iterator[tuple[QueueLine, Row]]:
    moments, left = moments_at(opened.live, at), most
    after: After | None = None
    while left > 0:
        sheet = queue_sheet(actor, opened.wanted, moments, after=after, limit=min(MOST_ROWS, left))
        yield from zip(sheet.rows, rows_of(sheet.rows, at), strict=True)
        left -= len(sheet.rows)
        after = sheet.after
        if after is None:
            return


def _heads() -> Cells:
    return (
        _("Number"), _("Title"), _("State"), _("Place"), _("Owner"), _("Residents"), _("Opened"), _("Limit"), _("Until"),
    )  # fmt: skip


def _cells(line: QueueLine, row: Row) -> Cells:
    due = _naive(line.due) if line.due else None
    opened = _naive(line.opened_at)
    return (row.no, row.title, row.mark.word, row.place, row.owner, row.voices, opened, row.clock, due)


def _filter_lines(opened: Opened, query: QueryDict, at: datetime, count: int, *, more: bool) -> Iterator[Cells]:
    yield (_("View"), opened.view.title)
    for chip in opened.chips:
        yield (chip.name, chip.words)
    yield (_("As of"), _naive(at))
    yield (_("Cases"), count)
    if more:
        yield (_("There are more; narrow the filter."), None)


def _naive(at: datetime) -> datetime:
    """China's time as Excel holds one: without a zone, to the minute."""
    return local(at).replace(tzinfo=None, second=0, microsecond=0)


def _put(sheet: Any, values: Cells) -> None:
    sheet.append([_cell(sheet, value) for value in values])


def _cell(sheet: Any, value: str | int | datetime | None) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("", value))
    # What begins like a formula stays the text that it is.
    cell.data_type = "s"
    return cell
