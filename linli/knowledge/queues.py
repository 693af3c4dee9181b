"""Lists of entries: all that hold at a place, those to be looked at, and what was said to be wrong or missing. By keyset."""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import connection

from linli.journal.selectors import open_parts
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, Page, Sort, Stretch, turn_page
from linli.knowledge.domain import Entry, ReportRef
from linli.knowledge.rules import KnowledgeRules
from linli.knowledge.selectors import ENTRY_COLUMNS, LIVE, PREFIX_SQL, REACHES, entry_of
from linli.organisations.domain import place_prefix

BY_NEWEST = Sort("answers", "e.id", "e.id", "number", is_descending=True, has_gaps=False)
BY_CHECK = Sort("answers_check", "e.checked_at", "e.id", "time", has_gaps=False)
BY_END = Sort("answers_end", "upper(v.valid)", "v.id", "time", has_gaps=False)
BY_REPORT = Sort("answer_reports", "r.id", "r.id", "number", has_gaps=False)

_WRITES = (
    "({owner} = ANY(%(bodies)s::bigint[]) OR EXISTS (SELECT FROM unnest(%(places)s::text[]) p"
    " WHERE starts_with(" + PREFIX_SQL.format("{place}") + ", p)))"
)
_SUCCESSOR = (
    "SELECT 1 FROM knowledge_version n WHERE n.entry_id = v.entry_id AND upper_inf(n.recorded)"
    " AND lower(n.valid) >= upper(v.valid)"
)


@dataclass(frozen=True, slots=True)
class WriterScope:
    """What somebody writes: everything of these places (prefixes), and what these bodies vouch for."""

    places: tuple[str, ...] = ()
    bodies: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places or self.bodies)

    @property
    def place(self) -> str:
        """The place whose intervals count in this person's lists: the widest."""
        return min(self.places, key=len, default="")


def writer_scope(actor: Actor, rules: KnowledgeRules) -> WriterScope:
    """What somebody writes, from the posts held and the pack; empty for those who only read."""
    places, bodies = [], []
    for holding in actor.holdings:
        of_place, of_owner = rules.writers(holding.place)
        if holding.role in of_place:
            places.append(holding.place)
        if holding.role in of_owner:
            bodies.append(holding.organisation)
    return WriterScope(tuple(dict.fromkeys(places)), tuple(dict.fromkeys(bodies)))


def entries_page(place: str, at: datetime, *, after: After | None, limit: int) -> Page[Entry]:
    """Entries that hold at a place or inside it, the newest first.

    Args:
        place: a code of any tier or a prefix; "" = all.
        at: aware UTC.
        after: where the page before ended (sort `BY_NEWEST`).
        limit: most rows.
    """
    # Indexes: knowledge_entry_pkey, knowledge_version_entry.
    query = _entries(f"{LIVE} AND {REACHES}")
    values = {"place": place_prefix(place), "at": at}
    return turn_page(BY_NEWEST, after, limit, lambda s: _read(query, values, s), lambda e: After(e.id, e.id))


def unchecked_page(scope: WriterScope, cut: datetime, at: datetime, *, after: After | None, limit: int) -> Page[Entry]:
    """Entries that were checked last before `cut`, the longest ago first, of those that somebody writes.

    Args:
        scope: what they write.
        cut: `KnowledgeRules.check_before`.
        at: aware UTC.
        after: where the page before ended (sort `BY_CHECK`).
        limit: most rows.
    """
    # Index: knowledge_entry_checked.
    query = _entries(f"e.checked_at < %(cut)s AND {LIVE} AND {_writes('v.owner', 'e.place')}")
    values = {"cut": cut, "at": at, **_scope(scope)}
    return turn_page(BY_CHECK, after, limit, lambda s: _read(query, values, s), lambda e: After(e.checked_at, e.id))


def ending_entries(scope: WriterScope, between: tuple[datetime, datetime], *, limit: int) -> tuple[Entry, ...]:
    """Entries that ended lately or end soon and that nothing follows, the first to end first, of those somebody writes.

    Args:
        scope: what they write.
        between: `KnowledgeRules.ends_between`.
        limit: most rows.
    """
    # Index: knowledge_version_ends.
    where = (
        "upper_inf(v.recorded) AND upper(v.valid) > %(first)s AND upper(v.valid) <= %(last)s"
        f" AND NOT EXISTS ({_SUCCESSOR}) AND {_writes('v.owner', 'e.place')}"
    )
    values = {"first": between[0], "last": between[1], **_scope(scope)}
    stretch = Stretch("true", BY_END.order, {"row_limit": limit})
    return tuple(_read(_entries(where), values, stretch))


def reports_page(scope: WriterScope, *, after: After | None, limit: int) -> Page[ReportRef]:
    """Open reports that somebody may settle, the oldest first. The words are opened for this reading.

    Args:
        scope: what they write.
        after: where the page before ended (sort `BY_REPORT`).
        limit: most rows.
    """
    # Index: knowledge_report_open.
    query = (
        "SELECT r.id, r.entry_id, r.number, coalesce((SELECT v.questions[1] FROM knowledge_version v"
        " WHERE v.entry_id = r.entry_id AND v.number = r.number ORDER BY v.id LIMIT 1), ''), r.place, r.owner, r.words,"
        " r.at FROM knowledge_report r WHERE r.settled_at IS NULL AND "
        + _writes("r.owner", "r.place")
        + " AND {where} {order} LIMIT %(row_limit)s"
    )

    def fetch(stretch: Stretch) -> list[ReportRef]:
        return _reports(_rows(query, _scope(scope), stretch))

    return turn_page(BY_REPORT, after, limit, fetch, lambda r: After(r.id, r.id))


def reports_of(entry: int, *, limit: int = 20) -> tuple[ReportRef, ...]:
    """Open reports about one entry, the oldest first, with their words: for whoever writes it."""
    # Index: knowledge_report_entry.
    query = (
        "SELECT r.id, r.entry_id, r.number, '', r.place, r.owner, r.words, r.at FROM knowledge_report r"
        " WHERE r.entry_id = %(entry)s AND r.settled_at IS NULL AND {where} {order} LIMIT %(row_limit)s"
    )
    return tuple(_reports(_rows(query, {"entry": entry}, Stretch("true", BY_REPORT.order, {"row_limit": limit}))))


def report_open(report: int, scope: WriterScope) -> ReportRef | None:
    """One open report that somebody may settle, with its words; None for every other."""
    query = (
        "SELECT r.id, r.entry_id, r.number, '', r.place, r.owner, r.words, r.at FROM knowledge_report r"
        " WHERE r.id = %(report)s AND r.settled_at IS NULL AND "
        + _writes("r.owner", "r.place")
        + " AND {where} {order} LIMIT %(row_limit)s"
    )
    values = {"report": report, **_scope(scope)}
    found = _reports(_rows(query, values, Stretch("true", BY_REPORT.order, {"row_limit": 1})))
    return found[0] if found else None


def is_reported(entry: int) -> bool:
    """Whether somebody said that an entry is wrong, and nobody has settled it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM knowledge_report WHERE entry_id = %s AND settled_at IS NULL)", [entry]
        )
        return bool(cursor.fetchone()[0])


def _writes(owner: str, place: str) -> str:
    return _WRITES.replace("{owner}", owner).replace("{place}", place)


def _scope(scope: WriterScope) -> dict[str, Any]:
    return {"places": list(scope.places), "bodies": list(scope.bodies)}


def _entries(where: str) -> str:
    return (
        f"SELECT {ENTRY_COLUMNS} FROM knowledge_entry e JOIN knowledge_version v ON v.entry_id = e.id"
        f" WHERE {where} AND {{where}} {{order}} LIMIT %(row_limit)s"
    )


def _read(query: str, values: Mapping[str, Any], stretch: Stretch) -> list[Entry]:
    return [entry_of(row) for row in _rows(query, values, stretch)]


def _rows(query: str, values: Mapping[str, Any], stretch: Stretch) -> list[tuple[Any, ...]]:
    text = query.format(where=stretch.where, order=stretch.order)
    with connection.cursor() as cursor:
        cursor.execute(text, {**values, **cast("Mapping[str, Any]", stretch.values)})
        return list(cursor.fetchall())


def _reports(rows: Sequence[tuple[Any, ...]]) -> list[ReportRef]:
    parts = open_parts([row[6] for row in rows if row[6] is not None])
    found = []
    for id_, entry, number, title, place, owner, words, at in rows:
        content = parts.get(words)
        said: Mapping[str, str] = json.loads(content) if content else {}
        found.append(
            ReportRef(id_, entry, number, title, place, owner, said.get("asked", ""), said.get("words", ""), at)
        )
    return found
