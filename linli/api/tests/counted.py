"""Counts every statement that goes to the database, also those that go past Django's own log of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect statements; the savepoint of the outermost transaction stands for BEGIN and COMMIT and is counted too."""
    sent: list[str] = []

    def watched(name: str) -> Any:
        whole = getattr(psycopg.Cursor, name)

        def method(self: psycopg.Cursor[Any], query: object, *args: Any, **options: Any) -> Any:
            text = query.decode() if isinstance(query, bytes) else str(query)
            sent.append(" ".join(text.split())[:160])
            return whole(self, query, *args, **options)

        return method

    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "executemany", "copy"):
            patch.setattr(psycopg.Cursor, name, watched(name))
        yield sent
