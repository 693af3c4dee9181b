"""The page of a table that was handed in: what was read, what is wrong, what is odd, and after it what became of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.intake.spreadsheets import column_letter
from linli.intake.tables import Table
from linli.intake.uploading import UploadView
from linli.web.sheets.files import column_heading
from linli.web.sheets.said import flag_words, found_words, note_words

SHOWN = 50
"""Rows with mistakes that the page explains; all are in the file to download."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the row as a spreadsheet counts it, the column, what is wrong."""

    row: int
    letter: str
    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What the template shows.

    Attributes:
        title: what was read, in one sentence; or how it went.
        take: the button, "" where nothing can be taken in.
        notes: what is odd about rows that come in anyway.
        outcome: what became of the rows.
        flags: of the rows that were taken in: code, words.
    """

    title: str
    take: str
    mistakes: tuple[Mistake, ...]
    more: int
    notes: tuple[str, ...]
    unknown: tuple[str, ...]
    merged: bool
    outcome: tuple[str, ...]
    flags: tuple[tuple[str, str], ...]


def check_page(upload: UploadView, table: Table | None) -> CheckPage:
    """The page of an upload.

    Args:
        upload: its counts.
        table: its rows, as far as they are kept.
    """
    mistakes = tuple(_mistakes(table)) if table else ()
    checked = upload.state == "checked"
    return CheckPage(
        title=_title(upload),
        take=_take(upload.good) if checked and upload.good else "",
        mistakes=mistakes[:SHOWN],
        more=max(0, len(mistakes) - SHOWN),
        notes=tuple(note_words(table.notes)) if table and checked else (),
        unknown=table.unknown if table and checked else (),
        merged=bool(table and table.merged and checked),
        outcome=tuple(_outcome(upload)),
        flags=tuple(flag_words(upload.counts)),
    )


def _title(upload: UploadView) -> str:
    if upload.state in ("waiting", "running"):
        done = ngettext("{done} of {n} row taken in", "{done} of {n} rows taken in", upload.good)
        return done.format(done=f"{upload.done:,}", n=f"{upload.good:,}")
    if upload.state == "done":
        words = ngettext("{n} row taken in", "{n} rows taken in", upload.done).format(n=f"{upload.done:,}")
        return words + _left(upload.wrong) if upload.wrong else words
    read = ngettext("{n} row read: ", "{n} rows read: ", upload.rows).format(n=f"{upload.rows:,}")
    can = ngettext("{n} can be imported", "{n} can be imported", upload.good).format(n=f"{upload.good:,}")
    wrong = ngettext(", {n} cannot.", ", {n} cannot.", upload.wrong).format(n=f"{upload.wrong:,}")
    return read + can + (wrong if upload.wrong else _("."))


def _left(wrong: int) -> str:
    return ngettext(", {n} is left to put right", ", {n} are left to put right", wrong).format(n=f"{wrong:,}")


def _take(good: int) -> str:
    return ngettext("Import {n} row", "Import {n} rows", good).format(n=f"{good:,}")


def _outcome(upload: UploadView) -> Sequence[str]:
    if upload.state != "done" or upload.purpose != "reports":
        return ()
    new, known, alike = (upload.counts.get(name, 0) for name in ("accepted", "known", "alike"))
    said = [ngettext("{n} new case", "{n} new cases", new).format(n=f"{new:,}")]
    if known:
        words = ngettext("{n} was taken in before: no second case", "{n} were taken in before: no second cases", known)
        said.append(words.format(n=f"{known:,}"))
    if alike:
        words = ngettext(
            "{n} may be the same as another: a person joins", "{n} may be the same as others: a person joins", alike
        )
        said.append(words.format(n=f"{alike:,}"))
    return said


def _mistakes(table: Table) -> list[Mistake]:
    return [
        Mistake(
            number,
            column_letter(table.places[one.column]) if one.column in table.places else "",
            column_heading(table, one.column),
            found_words([one]),
        )
        for number, found in sorted(table.wrong.items())
        for one in found
    ]
