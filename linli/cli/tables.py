"""Reading and writing CSV the way offices send it: UTF-8 or GB 18030, gzip or not, line by line.

Is: RFC 4180 in, RFC 4180 and JSON lines out, in flat memory. Is not: what a column means; each importer says that.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TextIO, cast

from linli.kernel.errors import InputError

Problem = Literal["", "too_few_cells", "too_many_cells", "unreadable"]

LONGEST_CELL = 4_000_000
"""Characters in a cell beyond which a quote was surely left open."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file where it begins (the header is line 1), its cells by column, what is wrong.

    With `too_few_cells` the missing ones are empty; with `too_many_cells` the surplus is left out; an `unreadable`
    row has no cells.
    """

    line_no: int
    values: dict[str, str]
    problem: Problem = ""


def read_table(path: Path | str, required: Sequence[str], *, strict: bool = True) -> Iterator[Row]:
    """Go through the rows of a CSV file with a header line; empty lines are passed over.

    Args:
        path: the file; gzip is recognised by its content.
        required: columns that must be there; others may be.
        strict: raise at the first row with a problem, else yield it with its `problem`.

    Raises:
        InputError: no such file, not a table, a column missing or twice; when strict, the first bad row (file, line).
    """
    file = Path(path)
    with _open(file) as raw:
        encoding = _find_encoding(raw, file)
    with _open(file) as raw, io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as text:
        yield from _rows(text, file, required, strict=strict)


@contextlib.contextmanager
def table_writer(path: Path | str | None, columns: Sequence[str]) -> Iterator[Callable[[Mapping[str, object]], None]]:
    """Give a function that writes one row of a CSV file (UTF-8, LF); without a path to standard output."""
    with _sink(path) as out:
        writer = csv.DictWriter(out, fieldnames=list(columns), lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        yield lambda row: cast("None", writer.writerow(row))


@contextlib.contextmanager
def lines_writer(path: Path | str | None) -> Iterator[Callable[[Mapping[str, object]], None]]:
    """Give a function that writes one JSON document a line; without a path to standard output."""
    with _sink(path) as out:
        yield lambda row: cast("None", out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n"))


def _rows(text: TextIO, file: Path, required: Sequence[str], *, strict: bool) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text)
    header = _header(reader, file, required)
    while True:
        line_no = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, OSError, EOFError) as error:
            row = Row(line_no, {}, "unreadable")
            if not isinstance(error, csv.Error):
                raise _refusal(file, line_no, "The file breaks off", "Send it again.") from None
        else:
            if not cells:
                continue
            row = _row(line_no, header, cells)
        if strict and row.problem:
            raise _refusal(file, line_no, _SAYS[row.problem], f"The header names {len(header)} columns.")
        yield row


_SAYS: Mapping[str, str] = {
    "too_few_cells": "The row has fewer cells than the header",
    "too_many_cells": "The row has more cells than the header",
    "unreadable": "The row cannot be read; perhaps a quote is left open",
}


def _row(line_no: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    values = dict(zip(header, cells, strict=False))
    if len(cells) == len(header):
        return Row(line_no, values)
    if len(cells) > len(header):
        return Row(line_no, values, "too_many_cells")
    return Row(line_no, {**dict.fromkeys(header, ""), **values}, "too_few_cells")


def _header(reader: Iterator[list[str]], file: Path, required: Sequence[str]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except (csv.Error, OSError, EOFError):
        raise _refusal(file, 1, "The header line cannot be read", "Save the table as CSV in UTF-8.") from None
    missing = [name for name in required if name not in header]
    if missing:
        found = ", ".join(header) or "nothing"
        raise _refusal(file, 1, f"Columns are missing: {', '.join(missing)}", f"The header has: {found}.", missing)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise _refusal(file, 1, f"Columns stand twice: {', '.join(twice)}", "Rename or remove one of each.", twice)
    return header


@contextlib.contextmanager
def _open(file: Path) -> Iterator[BinaryIO]:
    """Open a file for its bytes, unpacked where it is gzip."""
    try:
        raw = file.open("rb")
    except OSError as error:
        raise InputError(
            f"{file} cannot be opened: {error.strerror}.", code="tables.file", hint="Check the path.", data={}
        ) from None
    with raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.open(raw, "rb") as unpacked:
            yield cast("BinaryIO", unpacked)


def _find_encoding(raw: BinaryIO, file: Path) -> str:
    """Return the encoding by reading the file once: UTF-8 unless a tenth of what is not ASCII is wrong in it."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    wrong = foreign = 0
    try:
        first = raw.read(_CHUNK)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise _refusal(file, 1, "The file is UTF-16", "Save the table as CSV in UTF-8.")
        chunk = first
        while chunk:
            text = decoder.decode(chunk)
            if not text.isascii():
                wrong += text.count("\ufffd")
                foreign += _foreign(text)
            chunk = raw.read(_CHUNK)
    except (OSError, EOFError):
        raise _refusal(file, 0, "The file breaks off: its gzip is not whole", "Send it again.") from None
    return "gb18030" if wrong * 10 > foreign else "utf-8-sig"


def _foreign(text: str) -> int:
    """Return how many characters are not ASCII."""
    return len(text) - len(text.encode("ascii", errors="ignore"))


@contextlib.contextmanager
def _sink(path: Path | str | None) -> Iterator[TextIO]:
    if path is None or str(path) == "-":
        yield sys.stdout
        return
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        yield out


def _refusal(file: Path, line_no: int, what: str, hint: str, fields: Sequence[str] = ()) -> InputError:
    data = {"file": str(file), "line": line_no, "fields": list(fields)}
    return InputError(f"{file}:{line_no}: {what}.", code="tables.row", hint=hint, data=data)
