"""Counting in the database cache: how often something was done in the present stretch of time, over all workers.

Is: Django's database cache with one further operation, a single statement that adds one and tells the count. Is not: a
record of anything. Rows end with their stretch, and the cache culls them like any other.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Protocol, cast

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router


class Counter(Protocol):
    """What counts."""

    def count(self, what: str, stretch_seconds: int, at: datetime) -> int:
        """Add one to what was done in this stretch and tell the count."""

    def counted(self, what: str, stretch_seconds: int, at: datetime) -> int:
        """The count so far, without adding to it."""


class CountingCache(DatabaseCache):
    """Django's database cache that can count."""

    def count(self, what: str, stretch_seconds: int, at: datetime) -> int:
        """Add one to what was done in the present stretch of time, in one statement.

        Args:
            what: is hashed: the row tells nobody who did it.
            stretch_seconds: how long a stretch is; stretches begin at the epoch.
            at: aware UTC.

        Returns:
            How often it was done in this stretch, this time included.
        """
        key, begins = _stretch(what, stretch_seconds, at)
        database = connections[router.db_for_write(self.cache_model_class)]
        table = database.ops.quote_name(self._table)  # type: ignore[attr-defined]
        text = (
            f"INSERT INTO {table} AS c (cache_key, value, expires) VALUES (%s, '1', %s)"  # noqa: S608 - our own table
            " ON CONFLICT (cache_key) DO UPDATE SET value = (c.value::bigint + 1)::text RETURNING value::bigint"
        )
        with database.cursor() as cursor:
            cursor.execute(text, [key, datetime.fromtimestamp(begins + stretch_seconds, UTC)])
            return cast("int", cursor.fetchone()[0])

    def counted(self, what: str, stretch_seconds: int, at: datetime) -> int:
        """The count so far in the present stretch, without adding to it; see `count`."""
        key, _begins = _stretch(what, stretch_seconds, at)
        database = connections[router.db_for_read(self.cache_model_class)]
        table = database.ops.quote_name(self._table)  # type: ignore[attr-defined]
        with database.cursor() as cursor:
            cursor.execute(f"SELECT value::bigint FROM {table} WHERE cache_key = %s", [key])  # noqa: S608 - our own table
            row = cursor.fetchone()
        return cast("int", row[0]) if row else 0


def _stretch(what: str, seconds: int, at: datetime) -> tuple[str, int]:
    """The key of a count in the present stretch, and when the stretch began (seconds since the epoch)."""
    begins = int(at.timestamp()) // seconds * seconds
    return "count:" + hashlib.sha256(f"{what}|{seconds}|{begins}".encode()).hexdigest(), begins


def counter() -> Counter:
    """The installation's counter."""
    return cast("Counter", caches["default"])
