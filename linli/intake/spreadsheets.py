"""Reading a table that somebody hands in, `.xlsx` or CSV, told apart by its content. Touches nothing but the bytes.

Is: rows of texts under a heading row, within bounds, whatever the file calls itself. Is not: what a column means
(`headings`). A workbook is unpacked only after its folder said how large it is; formulas, macros and links are never run:
cells give the value that was saved with them.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from linli.kernel.errors import InputError

Problem = Literal["", "too_few_cells", "too_many_cells", "unreadable"]
IsHead = Callable[[Sequence[str]], bool]

_HEAD_WITHIN = 5
"""Rows in which the headings are looked for: office tables often begin with a title."""
_PARTS = 2_000
_OLD_EXCEL, _ZIP, _GZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"\x1f\x8b"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_OTHER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", _GZIP)
_WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html|<\?xml|<table)", re.IGNORECASE)
_DECLARES = b"<!DOCTYPE"
"""Entities can be declared only behind it; nothing that an office program writes has it."""
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{0,40})")
_CHUNK = 1 << 20
_LONGEST_CELL = 32_767
_NOTHING = frozenset({"#N/A", "#NAME?", "#NULL!", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a file is read: bytes, bytes once unpacked, rows below the headings, columns."""

    most_bytes: int
    most_unpacked: int
    most_rows: int
    most_columns: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row: where it stands in the file (the first row is 1), its cells as texts, what is wrong with it as a row."""

    number: int
    cells: tuple[str, ...]
    problem: Problem = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as read.

    Attributes:
        head: the headings.
        lines: rows with something in them, in order.
        merged: some cells are merged; only the top left one of each has a value.
    """

    head: tuple[str, ...]
    lines: tuple[Line, ...]
    merged: bool = False


def read_sheet(content: bytes, bounds: Bounds, is_head: IsHead) -> Sheet:
    """Read a table.

    Args:
        content: of the file.
        bounds: from the pack.
        is_head: whether a row is the row of headings.

    Raises:
        InputError: `sheets.…`; the file is too large, no table, packed to burst, empty, or has no headings.
    """
    if len(content) > bounds.most_bytes:
        raise _no("large", bytes=len(content), most=bounds.most_bytes)
    if not content.strip():
        raise _no("empty")
    if content.startswith(_OLD_EXCEL):
        raise _no("locked" if _LOCKED in content else "old_excel")
    if content.startswith(_ZIP):
        return _workbook(content, bounds, is_head)
    if content.startswith(_OTHER):
        raise _no("no_table")
    if _WEB_PAGE.match(content[:200].removeprefix(b"\xef\xbb\xbf")):
        raise _no("web_page")
    return _table(_csv_rows(_text(content)), bounds, is_head, exact=True)


def column_letter(index: int) -> str:
    """`C` for the third column, index 2: as a spreadsheet calls it."""
    return str(get_column_letter(index + 1))


def _table(
    rows: Iterable[Line], bounds: Bounds, is_head: IsHead, *, exact: bool = False, merged: bool = False
) -> Sheet:
    """Headings and rows. `exact`: a row longer than the headings is said to be so."""
    filled = (row for row in rows if row.problem == "unreadable" or any(row.cells))
    head = _head(filled, is_head)
    lines: list[Line] = []
    for row in filled:
        if len(lines) == bounds.most_rows:
            raise _no("rows", most=bounds.most_rows)
        lines.append(_fitted(row, len(head), exact=exact))
    if not lines:
        raise _no("no_rows")
    return Sheet(head, tuple(lines), merged)


def _head(rows: Iterator[Line], is_head: IsHead) -> tuple[str, ...]:
    first = list(islice(_until(rows, is_head), _HEAD_WITHIN))
    if not first:
        raise _no("empty")
    if not is_head(first[-1].cells):
        raise _no("head")
    return _trimmed(first[-1].cells)


def _until(rows: Iterator[Line], is_head: IsHead) -> Iterator[Line]:
    """Rows up to and with the one of headings."""
    for row in rows:
        yield row
        if is_head(row.cells):
            return


def _fitted(row: Line, width: int, *, exact: bool) -> Line:
    if row.problem == "unreadable":
        return row
    own = _trimmed(row.cells)
    problem: Problem = "too_many_cells" if exact and len(own) > width else ""
    return Line(row.number, (*own[:width], *[""] * (width - len(own))), problem)


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    last = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
    return tuple(cells[:last])


def _workbook(content: bytes, bounds: Bounds, is_head: IsHead) -> Sheet:
    try:
        merged = _looked_into(content, bounds)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except InputError:
        raise
    # openpyxl and zipfile raise whatever a broken part makes them stumble over.
    except Exception:
        raise _no("broken") from None
    try:
        return _first_that_fits(
            [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"], bounds, is_head, merged
        )
    except InputError:
        raise
    except Exception:
        raise _no("broken") from None
    finally:
        book.close()


def _first_that_fits(sheets: Sequence[Any], bounds: Bounds, is_head: IsHead, merged: bool) -> Sheet:
    """The first sheet with headings; else what is wrong with the very first."""
    wrong: InputError | None = None
    for sheet in sheets:
        # A sheet may claim to be a million columns wide.
        sheet.reset_dimensions()
        try:
            return _table(_sheet_rows(sheet, bounds.most_columns), bounds, is_head, merged=merged)
        except InputError as error:
            if error.code not in ("sheets.head", "sheets.empty"):
                raise
            wrong = wrong or error
    raise wrong or _no("empty")


def _sheet_rows(sheet: Any, most_columns: int) -> Iterator[Line]:
    for number, cells in enumerate(sheet.iter_rows(max_col=most_columns, values_only=True), 1):
        yield Line(number, tuple(_said(cell) for cell in cells))


def _looked_into(content: bytes, bounds: Bounds) -> bool:
    """Look at a workbook's folder before anything is unpacked; whether a sheet has merged cells.

    Raises:
        InputError: no workbook; too large once unpacked; a part that declares entities.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        parts = folder.infolist()
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
            raise _no("no_table")
        # A part never unpacks to more than it declares: the reader stops there.
        if len(parts) > _PARTS or sum(part.file_size for part in parts) > bounds.most_unpacked:
            raise _no("bomb", most=bounds.most_unpacked)
        merged = False
        # Every part, whatever it is called: a sheet may have any name.
        for part in parts:
            with folder.open(part) as stream:
                found = _read_through(stream)
                merged = merged or (found and part.filename.startswith("xl/worksheets/sheet"))
        return merged


def _read_through(stream: Any) -> bool:
    """Read a part to its end; whether it has merged cells.

    Raises:
        InputError: it declares entities, wherever, or is written so that this could not be seen.
    """
    kept, merged = b"", False
    while chunk := stream.read(_CHUNK):
        if not kept and _is_disguised(chunk):
            raise _no("broken")
        kept = kept[-16:] + chunk
        if _DECLARES in kept:
            raise _no("broken")
        merged = merged or b"<mergeCell " in kept
    return merged


def _is_disguised(begin: bytes) -> bool:
    """Whether a part is text in which bytes do not mean themselves; office programs write UTF-8."""
    said = _ENCODING.match(begin)
    return begin.startswith(_WIDE) or (said is not None and said[1].lower() not in (b"utf-8", b"us-ascii"))


def _said(cell: object) -> str:
    """A cell as a text, as a person would read it: whole numbers without a point, days as 2026-11-24."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    text = str(cell).strip()
    return "" if text in _NOTHING else text[:_LONGEST_CELL]


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise _no("no_table")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        # A few bytes may be broken: take the reading that breaks less, and let the rows show where.
        readings = [content.decode(name, errors="replace") for name in ("utf-8-sig", "gb18030")]
        return min(readings, key=lambda text: text.count("\ufffd"))


def _csv_rows(text: str) -> Iterator[Line]:
    csv.field_size_limit(_LONGEST_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Line(number, (), "unreadable")
        else:
            yield Line(number, tuple(cell.strip()[:_LONGEST_CELL] for cell in cells))


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines()[:_HEAD_WITHIN] if line.strip(",;\t ")), "")
    return max((",", "\t", ";"), key=first.count)


def _no(what: str, **data: object) -> InputError:
    return InputError(f"The table cannot be read ({what}).", code=f"sheets.{what}", data=data)
