"""A list as an Excel file: what was asked for on its first sheet, its rows on the second, written row by row as they are read.

Is not: a choice of what a list shows, which is the list's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from linli.kernel.actors import Actor
from linli.packs.selectors import installation_rules
from linli.rules.parameters import Integer, Parameter
from linli.web.base.posts import post_words
from linli.web.base.workbook import Cells, naive, put, written

ROWS_MOST = Parameter("sheets.file_rows_most", Integer)


@dataclass(frozen=True, slots=True)
class ListFile:
    """What a file holds.

    Attributes:
        title: what its rows are, as the name of their sheet.
        rows: read once; one more than `most` says that there are more.
        most: rows of one file at most.
        asked: the filter, as lines of (name, words).
    """

    title: str
    heads: Cells
    rows: Iterable[Cells]
    most: int
    asked: Sequence[Cells]


def rows_most(at: datetime) -> int:
    """How many rows a file of the register or of the rules may hold.

    Args:
        at: aware UTC.
    """
    return installation_rules(at)[ROWS_MOST]


def list_workbook(file: ListFile, actor: Actor, at: datetime) -> IO[bytes]:
    """The list as an open `.xlsx` file at its beginning; its first sheet says so where there was more than it may hold.

    Args:
        file: the list.
        actor: whose post it names, never a person.
        at: aware UTC.
    """
    book = Workbook(write_only=True)
    first, second = book.create_sheet(_("Filter")), book.create_sheet(file.title)
    put(second, file.heads)
    count = 0
    for row in file.rows:
        count += 1
        if count > file.most:
            break
        put(second, row)
    put(first, (_("Taken out by"), post_words(actor, at)))
    for line in file.asked:
        put(first, line)
    put(first, (_("As of"), naive(at)))
    put(first, (file.title, min(count, file.most)))
    if count > file.most:
        put(first, (_("There are more; narrow the filter."), None))
    return written(book)
