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

from linli.cases.deskqueue import QueueLine, queue_sheet
from linli.kernel.actors import Actor
from linli.kernel.keyset import MOST_ROWS, After
from linli.web.base.listfile import ListFile, list_workbook
from linli.web.base.workbook import Cells, naive
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
    rows = (_cells(line, row) for line, row in _rows(actor, opened, at, most + 1))
    return list_workbook(ListFile(_("Cases"), _heads(), rows, most, _asked(opened)), actor, at)


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


def _asked(opened: Opened) -> list[Cells]:
    return [(_("View"), opened.view.title), *((chip.name, chip.words) for chip in opened.chips)]
