"""Reads of entries: what answers a caller's words at a place, and what an entry said at an instant."""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from linli.kernel.pairs import matter_mark, text_pairs
from linli.knowledge.domain import Entry
from linli.knowledge.rules import knowledge_rules
from linli.organisations.domain import place_prefix

LONGEST_ASKED = 400
"""Most characters of a caller's words that are looked at."""

PREFIX_SQL = "CASE WHEN length({0}) = 6 AND right({0}, 2) = '00' THEN left({0}, 4) ELSE {0} END"
ENTRY_COLUMNS = (
    "e.id, v.number, e.key, e.place, v.questions, v.answer, v.owner, v.source, v.matter,"
    " lower(v.valid), upper(v.valid), e.checked_at, e.checked_post"
)
LIVE = "upper_inf(v.recorded) AND v.valid @> %(at)s::timestamptz"
REACHES = f"(starts_with(%(place)s, {PREFIX_SQL.format('e.place')}) OR starts_with({PREFIX_SQL.format('e.place')}, %(place)s))"
_DEEPER = (
    "SELECT 1 FROM knowledge_entry d JOIN knowledge_version w ON w.entry_id = d.id WHERE d.key = e.key"
    f" AND d.place <> e.place AND starts_with({PREFIX_SQL.format('d.place')}, {PREFIX_SQL.format('e.place')})"
    f" AND starts_with(%(place)s, {PREFIX_SQL.format('d.place')})"
    " AND upper_inf(w.recorded) AND w.valid @> %(at)s::timestamptz"
)
# Indexes: knowledge_version_pairs, knowledge_entry_pkey, knowledge_entry_once, knowledge_version_entry.
_FITTING = f"""
WITH hits AS MATERIALIZED (
  SELECT v.id, v.asked, v.pairs FROM knowledge_version v JOIN knowledge_entry e ON e.id = v.entry_id
   WHERE v.pairs && %(pairs)s::text[] AND {LIVE} AND {REACHES} AND NOT EXISTS ({_DEEPER})
), shared AS (
  SELECT h.id, p.pair, p.pair = ANY(h.asked) AS is_asked FROM hits h CROSS JOIN LATERAL unnest(h.pairs) p(pair)
   WHERE p.pair = ANY(%(pairs)s::text[]) AND (%(wide)s OR p.pair = ANY(h.asked))
), weighed AS (
  SELECT s.id, s.pair, s.is_asked, 1.0 / count(*) OVER (PARTITION BY s.pair) AS weight FROM shared s
), summed AS (
  SELECT w.id, coalesce(sum(w.weight) FILTER (WHERE w.is_asked), 0) AS by_question, sum(w.weight) AS by_all,
         bool_or(w.pair = %(mark)s) AS is_matter
    FROM weighed w GROUP BY w.id
), ranked AS (
  SELECT s.*, max(s.by_all) OVER () AS best FROM summed s
)
SELECT {ENTRY_COLUMNS}
  FROM ranked r JOIN knowledge_version v ON v.id = r.id JOIN knowledge_entry e ON e.id = v.entry_id
 WHERE r.is_matter OR r.by_all * %(whole)s >= r.best * %(share)s
 ORDER BY r.by_question DESC, r.by_all DESC, v.id DESC LIMIT %(limit)s
"""


def entries_for(
    words: str, place: str, at: datetime, *, limit: int, matter: str = "", wide: bool = False
) -> tuple[Entry, ...]:
    """Entries that answer what somebody asks at a place, the best first. Two statements.

    An entry fits when a way of asking it shares pairs of characters with the words, those of mere asking left out
    (`knowledge.filler_words`), or when it is of the matter named. A pair weighs the less the more entries have it; what weighs
    under a share of the best (`knowledge.least_share`) is left out. Of entries to one question the deepest place that holds
    `place` wins. Entries of places inside `place` are offered too, each with its place.

    Args:
        words: as the caller says them, as the desk types them, or a task text.
        place: a code of any tier; "" = not known.
        at: aware UTC.
        limit: most entries.
        matter: a code of the catalogue whose entries fit as well; "" = none.
        wide: look into answers and sources too, as a search does.
    """
    rules = knowledge_rules(at)
    asked = text_pairs(rules.told_apart(words[:LONGEST_ASKED], place))
    mark = matter_mark(matter) if matter else ""
    pairs = [*asked, *([mark] if mark else [])]
    if not pairs:
        return ()
    share = rules.least_share(place)
    values: dict[str, Any] = {
        "pairs": pairs, "mark": mark, "wide": wide, "share": share.numerator, "whole": share.denominator,
        "place": place_prefix(place), "at": at, "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FITTING, values)
        return tuple(entry_of(row) for row in cursor.fetchall())


def entry_at(entry: int, at: datetime) -> Entry | None:
    """What an entry said at an instant, as it was held then; None where it did not hold.

    Args:
        entry: id.
        at: aware UTC; the present for what holds now.
    """
    return entries_at([entry], at).get(entry)


def entries_at(entries: Iterable[int], at: datetime) -> dict[int, Entry]:
    """The same for several entries, by id; those that did not hold are left out. One statement."""
    # Index: knowledge_version_entry.
    query = (
        f"SELECT {ENTRY_COLUMNS} FROM knowledge_version v JOIN knowledge_entry e ON e.id = v.entry_id"
        " WHERE v.entry_id = ANY(%(entries)s::bigint[])"
        " AND v.recorded @> %(at)s::timestamptz AND v.valid @> %(at)s::timestamptz"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"entries": list(entries), "at": at})
        return {row[0]: entry_of(row) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class VersionRef:
    """One version in the history of an entry: since when it was held for true, and in which post it was written."""

    entry: Entry
    made_at: datetime
    made_post: int | None


def versions_of(entry: int, *, limit: int = 50) -> tuple[VersionRef, ...]:
    """The versions of an entry, the newest first; each with the period it was given when it was written."""
    # Index: knowledge_version_entry. The first row of a number is the version as written; later ones are its rests.
    query = (
        f"SELECT DISTINCT ON (v.number) {ENTRY_COLUMNS}, lower(v.recorded), v.made_post"
        " FROM knowledge_version v JOIN knowledge_entry e ON e.id = v.entry_id"
        " WHERE v.entry_id = %(entry)s ORDER BY v.number DESC, v.id LIMIT %(limit)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"entry": entry, "limit": limit})
        return tuple(VersionRef(entry_of(row[:-2]), row[-2], row[-1]) for row in cursor.fetchall())


def entry_known(key: str, place: str) -> int | None:
    """Id of the entry of a key for exactly that place, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM knowledge_entry WHERE key = %s AND place = %s", [key, place])
        row = cursor.fetchone()
        return int(row[0]) if row else None


def entry_of(row: Sequence[Any]) -> Entry:
    """An entry from a row in the order of `ENTRY_COLUMNS`."""
    id_, number, key, place, questions, *rest = row
    return Entry(id_, number, key, place, tuple(questions), *rest)
