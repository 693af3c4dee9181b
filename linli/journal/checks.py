"""What must hold about the journal of a running installation; each trouble with what to do."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from linli.journal.delivery import outbox_counts
from linli.journal.errors import KeyMissingError
from linli.journal.keyring import key_ring

MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that does not hold."""

    code: str
    message: str
    hint: str


def check_journal(at: datetime) -> list[Trouble]:
    """All troubles of the journal.

    Args:
        at: now, aware.
    """
    return [*_partitions(at), *_keys(), *_dead()]


def default_rows() -> int:
    """How many entries fell into the default partition: there should be none."""
    with connection.cursor() as cursor:
        # Through the parent, because the role that works reaches partitions only there.
        cursor.execute("SELECT count(*) FROM journal_entry WHERE tableoid = 'journal_entry_default'::regclass")
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def months_missing(at: datetime) -> list[str]:
    """Names of the monthly partitions from this month to a year ahead that do not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM (SELECT 'journal_entry_' || to_char(m, 'YYYY_MM') AS name"
            "   FROM generate_series(date_trunc('month', %s AT TIME ZONE 'UTC'),"
            "        date_trunc('month', %s AT TIME ZONE 'UTC') + make_interval(months => %s), interval '1 month') m) n"
            " WHERE to_regclass(name) IS NULL ORDER BY name",
            [at, at, MONTHS_AHEAD],
        )
        return [row[0] for row in cursor.fetchall()]


def _partitions(at: datetime) -> list[Trouble]:
    found = []
    if rows := default_rows():
        text = f"{rows} entries lie in the default partition."
        found.append(Trouble("journal.default_not_empty", text, "Their month had no partition; see docs/howto."))
    if missing := months_missing(at):
        text = f"{len(missing)} monthly partitions are missing, the first is {missing[0]}."
        found.append(Trouble("journal.partitions_missing", text, "Run `linli setup`, or `linli work`."))
    return found


def _keys() -> list[Trouble]:
    ring = key_ring()
    try:
        ring.active()
    except KeyMissingError as error:
        return [Trouble(error.code, error.message, error.hint)]
    loose = [path.name for path in sorted(ring.folder.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not loose:
        return []
    text = f"{len(loose)} key files can be read by others, the first is {loose[0]}."
    return [Trouble("journal.keys_readable", text, f"Run: chmod 600 {ring.folder}/*")]


def _dead() -> list[Trouble]:
    dead = outbox_counts()["dead"]
    if not dead:
        return []
    return [Trouble("journal.outbox_dead", f"{dead} deliveries were given up.", "See `linli audit outbox`.")]
