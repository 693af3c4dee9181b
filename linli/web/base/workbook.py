"""Writing `.xlsx` row by row, safely: every text stays the text that it is, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from linli.web.base.words import local

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
"""Characters that a spreadsheet's cell can hold."""

Cells = Sequence[str | int | datetime | None]


def put(sheet: Any, values: Cells) -> None:
    """Write a row."""
    sheet.append([_cell(sheet, value) for value in values])


def wide(sheet: Any, widths: Sequence[int]) -> None:
    """Set the widths of columns, in characters; before the first row is written."""
    for index, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + index)].width = width


def naive(at: datetime) -> datetime:
    """China's time as Excel holds one: without a zone, to the minute."""
    return local(at).replace(tzinfo=None, second=0, microsecond=0)


def written(book: Workbook) -> IO[bytes]:
    """The book as an open file at its beginning; the answer closes it, once it is sent."""
    file = TemporaryFile()  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def download(file: IO[bytes], name: str) -> FileResponse:
    """A book as an answer that no cache keeps."""
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _cell(sheet: Any, value: str | int | datetime | None) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("", value)[:_LONGEST])
    # What begins like a formula stays the text that it is.
    cell.data_type = "s"
    return cell
