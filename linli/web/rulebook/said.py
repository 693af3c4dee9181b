"""Values of rules in the words of the page: short for a row, whole for a page of its own; sources and their grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.rules.diff import in_words
from linli.rules.explained import Source
from linli.web.base.words import english

LONGEST_IN_ROW = 4
"""Items of a list that a row of the catalogue shows; more are counted."""

GRADE_WORDS: Mapping[str, Promise] = {
    "A": gettext_lazy("law or government text"),
    "B": gettext_lazy("named outlet or official page"),
    "C": gettext_lazy("copy, to be checked against the original"),
    "D": gettext_lazy("anonymous page"),
    "BK": gettext_lazy("known practice without a text"),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A source: title, where in it, who issued it, its number and address, its grade in words."""

    title: str
    where: str
    body: str
    number: str
    address: str
    grade: str


def whole(value: object) -> str:
    """A value, all of it."""
    return in_words(value)[1 if english() else 0]


def short(value: object) -> str:
    """A value for a row: a long list is counted."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(one, Mapping) for one in value):
            return ngettext("{n} row", "{n} rows", len(value)).format(n=len(value))
        if len(value) > LONGEST_IN_ROW:
            return ngettext("{n} entry", "{n} entries", len(value)).format(n=len(value))
    return whole(value)


def columns(value: object) -> tuple[str, ...]:
    """The columns of a table's rows, in the order in which they first occur; none for anything else."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        return ()
    return tuple(dict.fromkeys(str(name) for row in value for name, cell in row.items() if cell is not None))


def cells(value: object) -> list[list[str]]:
    """The rows of a table, in words, by its columns."""
    names = columns(value)
    rows = cast("list[Mapping[str, object]]", value) if names else []
    return [[whole(row[name]) if row.get(name) is not None else "" for name in names] for row in rows]


def cited(sources: Sequence[Source]) -> tuple[Cited, ...]:
    """Sources in words."""
    return tuple(
        Cited(one.title, one.locator, one.body, one.number, one.address, str(GRADE_WORDS.get(one.grade, one.grade)))
        for one in sources
    )


def sure_words(confidence: str, confirmed: str) -> str:
    """How sure a value is."""
    if confirmed:
        return _("Confirmed by {office}").format(office=confirmed)
    return {"high": _("Read in the source"), "medium": _("Read in a copy")}.get(confidence, _("Not confirmed"))
