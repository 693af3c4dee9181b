"""Bringing entries to what a list says: row by row, each in its own transaction; bad rows are told, the rest is kept.

Columns: `questions` (ways of asking, one a line or parted by `|`), `answer`, `owner` (key or name of a body, or a duty such as
`duty.water_supply`: whoever holds it at the place) must be there. Others may be: `key` (the same key and place again changes
that entry), `place`, `source`, `matter`, `from`, `until` (days, 2026-01-31; `until` is the last day).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from linli.kernel.actors import Actor
from linli.kernel.errors import ConflictError, InputError, RefusedError
from linli.kernel.worktime import CHINA
from linli.knowledge.domain import EntryDraft
from linli.knowledge.errors import KnowledgeError
from linli.knowledge.selectors import entry_known
from linli.knowledge.services import entry_change, entry_open
from linli.organisations.selectors import organisations_at, responsible

REQUIRED = ("questions", "answer", "owner")
COLUMNS = ("key", "place", *REQUIRED, "source", "matter", "from", "until")
_ASKED = re.compile(r"[|\n]")
_COLUMN_OF = {"since": "from"}
_MENDS: Mapping[str, str] = {
    "questions": "Write ways of asking, parted by |.",
    "owner": "Write the key or the name of a body that stands, or a duty that somebody holds there.",
    "matter": "Look the code up under /rules, or leave it empty.",
    "place": "Write a code of 6, 9, 12 or 15 digits as text, or leave it empty for everywhere.",
    "until": "Write a day as 2026-12-31, after the beginning; or leave it empty.",
    "from": "Write a day as 2026-12-31, or leave it empty.",
    "key": "Write lower case letters, digits, dots, hyphens; or leave it empty.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not taken in: where, what is wrong, and the mend."""

    line: int
    column: str
    message: str
    mend: str = ""


@dataclass(slots=True)
class ImportReport:
    """How many entries were opened, changed, left as they were, and what was not taken in."""

    opened: int = 0
    changed: int = 0
    kept: int = 0
    faults: list[Fault] = field(default_factory=list)


def entries_import(rows: Iterable[tuple[int, Mapping[str, str]]], actor: Actor, at: datetime) -> ImportReport:
    """Open and change entries as a list says.

    Args:
        rows: line number and cells by column.
        actor: with the posts held now; each row is allowed or refused by itself.
        at: the server's clock, aware UTC.
    """
    report, owners = ImportReport(), _Owners(at)
    for line, cells in rows:
        try:
            _take(cells, owners, actor, report)
        except (InputError, RefusedError, ConflictError) as error:
            report.faults.append(_fault(line, error))
    return report


class _Owners:
    """Bodies by key and by name, read once for a list."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        bodies = organisations_at(at).values()
        self._by_name = {body.name: body.id for body in bodies} | {body.key: body.id for body in bodies}

    def find(self, text: str, place: str) -> int:
        """The body that a cell names; 0 for none."""
        if text in self._by_name:
            return self._by_name[text]
        held = responsible(text, place, self.at) if text.startswith("duty.") else None
        return held.id if held else 0


def _take(cells: Mapping[str, str], owners: _Owners, actor: Actor, report: ImportReport) -> None:
    key, place = _cell(cells, "key"), _cell(cells, "place")
    draft = EntryDraft(
        questions=tuple(_ASKED.split(cells.get("questions") or "")),
        answer=cells.get("answer") or "",
        owner=owners.find(_cell(cells, "owner"), place),
        source=_cell(cells, "source"),
        matter=_cell(cells, "matter"),
        since=_day(cells, "from"),
        until=_until(cells),
    )
    known = entry_known(key, place) if key else None
    if known is None:
        entry_open(key, place, draft, actor, owners.at)
        report.opened += 1
    elif entry_change(known, draft, actor, owners.at):
        report.changed += 1
    else:
        report.kept += 1


def _cell(cells: Mapping[str, str], name: str) -> str:
    return (cells.get(name) or "").strip()


def _until(cells: Mapping[str, str]) -> datetime | None:
    last = _day(cells, "until")
    return last + timedelta(days=1) if last else None


def _day(cells: Mapping[str, str], name: str) -> datetime | None:
    text = _cell(cells, name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise KnowledgeError("That is no day.", code="knowledge.day", data={"fields": {name: "day"}}) from None
    if day.year > 9998:
        raise KnowledgeError("That day is too far away.", code="knowledge.day", data={"fields": {name: "day"}})
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _fault(line: int, error: InputError | RefusedError | ConflictError) -> Fault:
    fields = error.data.get("fields")
    name = str(next(iter(fields))) if isinstance(fields, Mapping) and fields else ""
    column = _COLUMN_OF.get(name, name)
    return Fault(line, column, error.message, _MENDS.get(column, error.hint))
