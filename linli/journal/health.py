"""How the log and its outbox stand, as facts with since when: what the page of health and the metrics say in their ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from linli.journal.checks import default_rows, months_missing
from linli.journal.keeping import last_backup


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """What waits to leave the database: how much, since when, and how much was given up."""

    waiting: int
    oldest: datetime | None
    dead: int


@dataclass(frozen=True, slots=True)
class LogHealth:
    """Facts about the log; times are aware UTC, the sealed day is China's."""

    outbox: OutboxHealth
    sealed_day: date | None
    sealed_at: datetime | None
    strays: int
    months_missing: int
    backup_at: datetime | None


_OUTBOX = """
SELECT count(*) FILTER (WHERE state IN ('waiting', 'sending')),
       min(created_at) FILTER (WHERE state IN ('waiting', 'sending')), count(*) FILTER (WHERE state = 'dead')
  FROM journal_outbox WHERE state IN ('waiting', 'sending', 'dead')
"""
_SEAL = "SELECT day, sealed_at FROM journal_seal ORDER BY day DESC LIMIT 1"


def outbox_health() -> OutboxHealth:
    """The outbox; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOX)
        return OutboxHealth(*(cursor.fetchone() or (0, None, 0)))


def log_health(at: datetime) -> LogHealth:
    """The log; six statements.

    Args:
        at: now, aware UTC.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEAL)
        day, sealed = cursor.fetchone() or (None, None)
    return LogHealth(outbox_health(), day, sealed, default_rows(), len(months_missing(at)), last_backup())
