"""Whether workers keep up, and whether closed cases have a receiver. Counts and times, no case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

MOST_COUNTED = 1000
"""More than this are not counted: the sentence says so."""

_WAITING = """
SELECT count(*), min(next_due_at) FROM (
  SELECT next_due_at FROM cases_case WHERE next_due_at <= %(at)s ORDER BY next_due_at, id LIMIT %(most)s) w
"""
_UNRECEIVED = """
SELECT count(*) FROM cases_case c WHERE c.compartment <> 'open' AND c.closed_at IS NULL AND NOT EXISTS (
  SELECT FROM cases_assignment a WHERE a.case_id = c.id AND a.role = 'receiver' AND a.ended_at IS NULL)
"""
_OPEN = "SELECT id FROM cases_case WHERE id = ANY(%(ids)s::bigint[]) AND compartment = 'open'"


@dataclass(frozen=True, slots=True)
class DueHealth:
    """How many cases wait for a worker (at most `MOST_COUNTED` are counted), and since when the oldest does."""

    waiting: int
    oldest: datetime | None


def due_health(at: datetime) -> DueHealth:
    """Cases that are due for the procedure's own step; index cases_case_due.

    Args:
        at: now, aware UTC.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"at": at, "most": MOST_COUNTED})
        return DueHealth(*(cursor.fetchone() or (0, None)))


@dataclass(frozen=True, slots=True)
class Unreceived:
    """Whether closed cases wait without a receiver; `count` is None where they are too few to be shown as a number."""

    any: bool
    count: int | None


def unreceived(least: int) -> Unreceived:
    """Sealed and protected cases that are not ended and that nobody was named to receive; index cases_case_unseen.

    Args:
        least: smallest count that may be shown (the pack's `people.smallest_accusation_count`).

    Source: PEOPLE, accusations: a count under five is not shown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNRECEIVED)
        count = int((cursor.fetchone() or (0,))[0])
    return Unreceived(count > 0, count if count >= least else None)


def open_among(ids: Collection[int]) -> frozenset[int]:
    """Those of the cases that lie in no closed compartment: the only ones of which an auditor's search may speak."""
    if not ids:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"ids": list(ids)})
        return frozenset(row[0] for row in cursor.fetchall())
