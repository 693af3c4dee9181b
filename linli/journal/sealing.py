"""Closing days and sealing them: in the database, then in `LINLI_HOME/seals/`.

Closing waits for every append under way (each holds `journal_head`) and then refuses any further entry of that day, so
a seal is never overtaken. If the process dies between closing and sealing, the next run goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import OperationalError, connection, transaction

from linli.journal.domain import GENESIS
from linli.journal.errors import LogBusyError
from linli.journal.merkle import MerkleRoot
from linli.journal.seals import Seal, bounds, day_of, last_due, write_file

FETCH = 10_000
LOCK_TIMEOUT_MS = 3_000
_SEAL = "SELECT day, entries, root, prev FROM journal_seal"


def seals_folder() -> Path:
    """Where this installation keeps its seals as files."""
    return Path(settings.LINLI_HOME) / "seals"


def seal_due(at: datetime) -> list[Seal]:
    """Seal every day that ended at least an hour ago, empty ones too, and write their files.

    Args:
        at: now, aware.

    Returns:
        The seals made by this call.

    Raises:
        LogBusyError: an append was under way for more than three seconds; call again.
    """
    _close_until(last_due(at), at)
    made = [_seal_day(day, at) for day in _closed_days()]
    for seal in stored_seals():
        write_file(seals_folder(), seal)
    return made


def stored_seals() -> Iterator[Seal]:
    """The seals in the database, in order of their days."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_SEAL} ORDER BY day")
        for row in cursor.fetchall():
            yield _seal(row)


def _close_until(last: date, at: datetime) -> None:
    first = _first_open_day()
    if first is None or first > last:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
            # Every append changes a head: this waits for those under way and lets none begin until we commit.
            cursor.execute("LOCK TABLE journal_head IN SHARE MODE")
            cursor.execute(
                "INSERT INTO journal_closing (day, closed_at)"
                " SELECT d::date, %s FROM generate_series(%s::timestamp, %s::timestamp, interval '1 day') d"
                " ON CONFLICT DO NOTHING",
                [at, first, last],
            )
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":
            raise
        raise LogBusyError("The log is being written to; the day cannot be closed now.", hint="Try again.") from error


def _first_open_day() -> date | None:
    """The day after the last closed one, or the day of the first entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(day) FROM journal_closing")
        (closed,) = cursor.fetchone() or (None,)
        if closed is not None:
            return date.fromordinal(closed.toordinal() + 1)
        cursor.execute("SELECT min(recorded_at) FROM journal_entry")
        (first,) = cursor.fetchone() or (None,)
        return None if first is None else day_of(first)


def _closed_days() -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day FROM journal_closing c WHERE NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.day = c.day)"
            " ORDER BY day"
        )
        return [row[0] for row in cursor.fetchall()]


def _seal_day(day: date, at: datetime) -> Seal:
    root = MerkleRoot()
    with transaction.atomic():
        for recorded in entry_hashes(day):
            root.add(recorded)
        before = _seal_before(day)
        seal = Seal(day, root.count, root.root(), before.hash if before else GENESIS)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal_seal (day, entries, root, prev, hash, sealed_at) VALUES (%s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (day) DO NOTHING",
                [day, seal.entries, seal.root, seal.prev, seal.hash, at],
            )
    return seal


def entry_hashes(day: date) -> Iterator[bytes]:
    """Hashes of the entries recorded in a day, in recorded order, streamed; needs a transaction."""
    start, end = bounds(day)
    with stream(
        "SELECT hash FROM journal_entry WHERE recorded_at >= %s AND recorded_at < %s ORDER BY recorded_at, id",
        [start, end],
    ) as rows:
        for (recorded,) in rows:
            yield recorded


@contextmanager
def stream(statement: str, values: list[object]) -> Iterator[Iterator[tuple]]:  # type: ignore[type-arg]
    """Rows of a statement through a server-side cursor, so that memory stays flat; needs a transaction."""
    connection.ensure_connection()
    with connection.connection.cursor(name=f"journal_{uuid4().hex}", binary=True) as cursor:
        cursor.itersize = FETCH
        cursor.execute(statement, values)
        yield iter(cursor)


def _seal_before(day: date) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SEAL} WHERE day = %s", [day - timedelta(days=1)])
        row = cursor.fetchone()
    return _seal(row) if row else None


def _seal(row: tuple[date, int, bytes, bytes]) -> Seal:
    day, entries, root, prev = row
    return Seal(day, entries, bytes(root), bytes(prev))
