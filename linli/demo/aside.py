"""Indexes and foreign keys of the tables that a load fills, laid aside while it runs and built again in one go.

What is laid aside is written into the home first: a load that breaks off leaves a list by which the next one, or this
command run again, puts everything back. Primary keys and unique numbers stay, so that nothing enters twice.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from linli.app import databases, homes

TABLES = (
    "cases_case", "cases_casewords", "cases_clock", "cases_assignment", "cases_voice", "journal_personal", "journal_entry",
)  # fmt: skip
SEARCH = "cases_words_pairs"
_MEMORY = "512MB"

_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
   AND c.relname NOT IN ('cases_case_external_once', 'cases_voice_token_key') ORDER BY 1
"""
_KEYS = """
SELECT k.conname, k.conrelid::regclass::text, pg_get_constraintdef(k.oid) FROM pg_constraint k
 WHERE k.contype = 'f' AND k.conrelid = ANY(%s::regclass[]) ORDER BY 1
"""

Told = dict[str, float]


@contextmanager
def laid_aside(tell: Callable[[str], None], seconds: Told) -> Iterator[None]:
    """Take indexes and foreign keys away, and build them again whatever happens.

    Args:
        tell: gets lines for people.
        seconds: gets how long the indexes (`indexes`), the search's (`search`) and the statistics (`analyze`) took.
    """
    put_back(tell, {})
    owner = databases.database_for(homes.home_folder(), os.environ, "owner")
    with owner.connect() as connection:
        # The server names the index of a partitioned table as one `ON ONLY` it: built so, its partitions would have none.
        found = connection.execute(_INDEXES, [list(TABLES)]).fetchall()
        indexes: dict[str, str] = {name: text.replace(" ON ONLY ", " ON ", 1) for name, text in found}
        keys = [[name, f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}", table]
                for name, table, text in connection.execute(_KEYS, [list(TABLES)]).fetchall()]  # fmt: skip
        _list().parent.mkdir(parents=True, exist_ok=True)
        _list().write_text(json.dumps({"indexes": indexes, "keys": keys}), encoding="utf-8")
        tell(f"{len(indexes)} indexes and {len(keys)} foreign keys laid aside")
        for name, _, table in keys:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
        for name in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
    try:
        yield
    finally:
        put_back(tell, seconds)


def _list() -> Path:
    return homes.home_folder() / "run" / "load-aside.json"


def put_back(tell: Callable[[str], None], seconds: Told) -> None:
    """Build again what the list in the home names and the database lacks; without a list, nothing.

    Args:
        tell: gets lines for people.
        seconds: as `laid_aside`.
    """
    if not _list().exists():
        return
    held = json.loads(_list().read_text(encoding="utf-8"))
    owner = databases.database_for(homes.home_folder(), os.environ, "owner")
    with owner.connect(autocommit=True) as connection:
        connection.execute(f"SET maintenance_work_mem = '{_MEMORY}'")
        lacking = {n: text for n, text in held["indexes"].items() if not _stands(connection, n)}
        for name, text in sorted(lacking.items(), key=lambda one: one[0] == SEARCH):
            what = "search" if name == SEARCH else "indexes"
            tell(f"index {name}")
            seconds[what] = seconds.get(what, 0) + _timed(connection, text)
        for name, text, _ in held["keys"]:
            if connection.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name]).fetchone() is None:
                seconds["indexes"] = seconds.get("indexes", 0) + _timed(connection, text)
        tell("statistics")
        seconds["analyze"] = sum(_timed(connection, f"VACUUM (ANALYZE) {table}") for table in (*TABLES, "journal_head"))
    _list().unlink()


def _stands(connection: databases.Connection, index: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", [index]).fetchone() != (None,)


def _timed(connection: databases.Connection, text: str) -> float:
    begun = time.perf_counter()
    connection.execute(text.encode())
    return time.perf_counter() - begun
