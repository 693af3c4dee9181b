"""A queue as an Excel file: the filter on its first sheet, its cases on the second, written row by row as they are read.

Is: what a row of the queue shows; no reporter, no words beyond the title. Is not: a carrier of formulas: every text is
kept as text, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.http import QueryDict
from django.utils.translation import gettext as _
from openpyxl import Workbook

from linli.cases.deskqueue import QueueLine, queue_sheet
from linli.kernel.actors import Actor
from linli.kernel.keyset import MOST_ROWS, After
from linli.web.base.posts import post_words
from linli.web.base.workbook import Cells, naive, put, written
from linli.web.desk.live import moments_at
from linli.web.desk.queuepage import Opened, opened_view
from linli.web.desk.rows import Row, rows_of

MOST = "desk.file_cases_most"


def queue_workbook(actor: Actor, query: QueryDict, at: datetime) -> IO[bytes]:
    """The cases of a queue under the filter of an address, as an open `.xlsx` file at its beginning.

    No more than the pack lets one file hold; its first sheet says so where there were more.

    Args:
        actor: with the posts held at `at`; who gets only what the queue shows them.
        query: of the address.
        at: aware UTC.

    Raises:
        NotFoundError: the person has no queue.
    """
    opened = opened_view(actor, query, at)
    most = opened.live.rules.integer(MOST)
    book = Workbook(write_only=True)
    first, second = book.create_sheet(_("Filter")), book.create_sheet(_("Cases"))
    put(second, _heads())
    count = 0
    for line, row in _rows(actor, opened, at, most + 1):
        count += 1
        if count <= most:
            put(second, _cells(line, row))
    put(first, (_("Taken out by"), post_words(actor, at)))
    for words in _filter_lines(opened, query, at, min(count, most), more=count > most):
        put(first, words)
    return written(book)


def _rows(actor: Actor, opened: Opened, at: datetime, most: int) -> Iterator[tuple[QueueLine, Row]]:
    moments, left = moments_at(opened.live, at), most
    after: After | None = None
    while left > 0:
        sheet = queue_sheet(actor, opened.wanted, moments, sort=opened.sort, after=after, limit=min(MOST_ROWS, left))
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
    due = naive(line.due) if line.due else None
    opened = naive(line.opened_at)
    return (row.no, row.title, row.mark.word, row.place, row.owner, row.voices, opened, row.clock, due)


def _filter_lines(opened: Opened, query: QueryDict, at: datetime, count: int, *, more: bool) -> Iterator[Cells]:
    yield (_("View"), opened.view.title)
    for chip in opened.chips:
        yield (chip.name, chip.words)
    yield (_("As of"), naive(at))
    yield (_("Cases"), count)
    if more:
        yield (_("There are more; narrow the filter."), None)
