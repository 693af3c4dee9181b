"""Counting what reaches the database: statements of Django and those that areas run on its connection themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "SET ", "BEGIN", "COMMIT")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements run inside, in order; those that only steer a transaction are left out."""
    seen: list[str] = []
    before = psycopg.Cursor.execute

    def counted(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        text = query if isinstance(query, str) else query.as_string(None) if hasattr(query, "as_string") else str(query)
        if not text.lstrip().upper().startswith(_CONTROL):
            seen.append(text)
        return before(cursor, query, *args, **kwargs)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign, assignment]
    try:
        yield seen
    finally:
        psycopg.Cursor.execute = before  # type: ignore[method-assign]
