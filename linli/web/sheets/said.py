"""What is wrong with a file, a row or a cell, in words: what it is, then what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.intake.checking import Found
from linli.intake.headings import Column
from linli.intake.spreadsheets import column_letter
from linli.kernel.errors import InputError
from linli.web.base.words import english

_MEGABYTE = 1_000_000
_FILE: Mapping[str, Promise] = {
    "sheets.missing": gettext_lazy("Choose a file."),
    "sheets.large": gettext_lazy(
        "This file is larger than {most} MB. Take out pictures, or split it into several files."
    ),
    "sheets.bomb": gettext_lazy(
        "This file unpacks to more than {most} MB and was not opened. Copy the cells into a new file."
    ),
    "sheets.rows": gettext_lazy(
        "This file has more than {most} rows. Split it into several files; a row that went in before makes no new case."
    ),
    "sheets.empty": gettext_lazy("There is nothing in this file."),
    "sheets.no_rows": gettext_lazy("There are headings but no row below them."),
    "sheets.head": gettext_lazy("No heading was recognised in the first five rows. There must be one of: {wanted}."),
    "sheets.twice": gettext_lazy("Two columns mean the same: {columns}. Rename or remove one of them."),
    "sheets.old_excel": gettext_lazy("This is an old .xls file. Open it in Excel or WPS and save it as .xlsx."),
    "sheets.locked": gettext_lazy("This file has a password. Save it without one."),
    "sheets.no_table": gettext_lazy("This is no table, whatever its name says. Take an .xlsx or .csv file."),
    "sheets.web_page": gettext_lazy(
        "This is a web page saved as a table. Open it in Excel or WPS and save it as .xlsx."
    ),
    "sheets.broken": gettext_lazy("This file is damaged. Open it in Excel or WPS, save it again, and hand that in."),
}
_ROW: Mapping[str, Promise] = {
    "unreadable": gettext_lazy("The row cannot be read; perhaps a quotation mark is left open"),
    "no_words": gettext_lazy("There are no words: neither title nor text says what it is about"),
    "not_taken": gettext_lazy("It could not be recorded; hand this row in again"),
    "missing": gettext_lazy("Fill it in"),
    "day": gettext_lazy("This is no day; write it as 2027-01-01"),
    "before": gettext_lazy("It ends before it begins"),
    "over": gettext_lazy("This day has passed"),
    "no_body": gettext_lazy("There is no body of this name today"),
    "no_post": gettext_lazy("This body has no such post there; open it under Organisations first"),
    "which_post": gettext_lazy("This body has several such posts: name the place"),
    "name_form": gettext_lazy("2 to 64 small letters, digits, dots, dashes or underscores"),
    "name_taken": gettext_lazy("The name is taken by another account"),
    "taken": gettext_lazy("Somebody else holds this post then"),
    "twice": gettext_lazy("This post stands twice in the table for the same days"),
    "held": gettext_lazy("This person holds this post already"),
    "refused": gettext_lazy("You may not appoint to this post"),
}
_NOTES: Mapping[str, Callable[[int], str]] = {
    "time": lambda n: ngettext("{n} row has a time that cannot be read: it counts from now", "{n} rows have a time that cannot be read: they count from now", n),
    "no_time": lambda n: ngettext("{n} row has no time: it counts from now", "{n} rows have no time: they count from now", n),
    "point": lambda n: ngettext("{n} row has coordinates that are no numbers", "{n} rows have coordinates that are no numbers", n),
    "no_place": lambda n: ngettext("{n} row has no address and no point: a place is looked for in its words", "{n} rows have no address and no point: a place is looked for in their words", n),
    "no_number": lambda n: ngettext("{n} row has no number of its own", "{n} rows have no number of their own", n),
    "twice": lambda n: ngettext("{n} row repeats a number with other words: only the first is taken in", "{n} rows repeat a number with other words: only the first is taken in", n),
    "cleaned": lambda n: ngettext("{n} row has signs that cannot be read: they are left out", "{n} rows have signs that cannot be read: they are left out", n),
}  # fmt: skip
_FLAGS: Mapping[str, Callable[[int], str]] = {
    "to_locate": lambda n: ngettext("{n} waits for a place", "{n} wait for a place", n),
    "to_class": lambda n: ngettext("{n} waits for a matter", "{n} wait for a matter", n),
    "time_unsure": lambda n: ngettext("{n} has a time that is not believed", "{n} have a time that is not believed", n),
    "cut": lambda n: ngettext("{n} is longer than what a machine reads; its words are whole", "{n} are longer than what a machine reads; their words are whole", n),
    "cleaned": lambda n: ngettext("{n} had signs that cannot be read", "{n} had signs that cannot be read", n),
    "danger": lambda n: ngettext("{n} speaks of danger: look at it first", "{n} speak of danger: look at them first", n),
}  # fmt: skip


def file_words(error: InputError, wanted: Sequence[Column] = ()) -> str:
    """What is wrong with a file.

    Args:
        error: `sheets.…`.
        wanted: columns of which there must be one.
    """
    most = error.data.get("most")
    number = int(str(most)) if most is not None else 0
    shown = number // _MEGABYTE if error.code in ("sheets.large", "sheets.bomb") else number
    return str(_FILE.get(error.code, _FILE["sheets.broken"])).format(
        most=f"{shown:,}", wanted=_(", ").join(heading_of(one) for one in wanted), columns=_columns(error)
    )


def _columns(error: InputError) -> str:
    places, headings = error.data.get("columns"), error.data.get("headings")
    if not isinstance(places, list) or not isinstance(headings, list):
        return ""
    named = zip(places, headings, strict=True)
    return _(", ").join(_("{letter} ({heading})").format(letter=column_letter(n), heading=name) for n, name in named)


def heading_of(column: Column) -> str:
    """A column's heading in the language of the page."""
    return column.en[0] if english() else column.zh[0]


def found_words(found: Sequence[Found]) -> str:
    """What is wrong with a row, without its columns."""
    return _("; ").join(str(_ROW.get(one.what, one.what)) for one in found)


def note_words(notes: Mapping[str, int]) -> list[str]:
    """What is odd about rows that are taken in, the most first."""
    return _counted(_NOTES, notes)


def flag_words(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Flags of rows that were taken in: the flag, and how many in words."""
    flags = {name.removeprefix("flag."): n for name, n in counts.items() if name.startswith("flag.")}
    order = sorted((name for name in flags if name in _FLAGS), key=lambda name: -flags[name])
    return [(name, _said(_FLAGS[name], flags[name])) for name in order]


def _counted(words: Mapping[str, Callable[[int], str]], counts: Mapping[str, int]) -> list[str]:
    return [_said(words[name], n) for name, n in sorted(counts.items(), key=lambda one: -one[1]) if name in words]


def _said(sentence: Callable[[int], str], n: int) -> str:
    return sentence(n).format(n=f"{n:,}")
