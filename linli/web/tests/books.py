"""Reading the Excel files that pages give out, for tests."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook


def sheets_of(answer: Any) -> tuple[list[list[Any]], list[list[Any]]]:
    """The two sheets of an answer, as rows of values; none of them a formula."""
    assert answer.status_code == 200
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    first, second = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets)
    return first, second
