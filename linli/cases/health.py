"""Whether workers keep up: cases whose clock has rung and that nobody has taken yet. Counts and times, no case."""

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


def open_among(ids: Collection[int]) -> frozenset[int]:
    """Those of the cases that lie in no closed compartment: the only ones of which an auditor's search may speak."""
    if not ids:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"ids": list(ids)})
        return frozenset(row[0] for row in cursor.fetchall())
