"""Periodic jobs of the journal. Each may run at any time, as often as one likes, and go on where another stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from linli.journal.checks import MONTHS_AHEAD
from linli.journal.delivery import BackOff, DeliveryReport, OutboxHandler, drain
from linli.journal.erasing import PartOutcome, erase_due
from linli.journal.sealing import seal_due
from linli.journal.seals import Seal
from linli.kernel.actors import SYSTEM

ROUNDS = 100
CLEAR_AT_ONCE = 5_000
LOCK_TIMEOUT_MS = 5_000


def ensure_partitions(at: datetime, months: int = MONTHS_AHEAD + 1) -> int:
    """Make the monthly partitions from the month of `at` on.

    Args:
        at: now, or the first day for which entries will be written.
        months: how many, 1 to 36; a year ahead by default.

    Returns:
        How many were made.

    Raises:
        OperationalError: a lock was not to be had in five seconds; the next run tries again.
        IntegrityError: entries of such a month lie in the default partition.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
        cursor.execute("SELECT journal_make_partitions((%s AT TIME ZONE 'UTC')::date, %s)", [at, months])
        (made,) = cursor.fetchone() or (0,)
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    return int(made)


def daily_partitions(at: datetime) -> int:
    """Daily: a year of partitions ahead. See `ensure_partitions`."""
    return ensure_partitions(at)


def hourly_seals(at: datetime) -> list[Seal]:
    """Hourly, a few minutes past: seal the days that are due; most runs find none."""
    return seal_due(at)


def daily_erasing(at: datetime) -> list[PartOutcome]:
    """Daily: erase personal parts whose period ended, and report those that a hold or a statutory minimum keeps."""
    return erase_due(at, SYSTEM)


def drain_outbox(
    handlers: Mapping[str, OutboxHandler], clock: Callable[[], datetime], back_off: BackOff
) -> DeliveryReport:
    """Often: deliver batch after batch until nothing is due (or for a hundred batches)."""
    total = DeliveryReport()
    for _round in range(ROUNDS):
        report = drain(handlers, clock, back_off)
        total.sent += report.sent
        total.again += report.again
        total.dead += report.dead
        if report == DeliveryReport():
            break
    return total


def daily_clearing(at: datetime, sent_kept: timedelta, receipts_kept: timedelta) -> tuple[int, int]:
    """Daily: drop outbox rows sent long ago and receipts of request ids that nobody will repeat.

    Returns:
        How many of each.
    """
    sent = _clear(
        "DELETE FROM journal_outbox WHERE id IN (SELECT id FROM journal_outbox WHERE state = 'sent' AND sent_at < %s"
        " LIMIT %s)",
        at - sent_kept,
    )
    receipts = _clear(
        "DELETE FROM journal_receipt WHERE (actor_key, request_id) IN"
        " (SELECT actor_key, request_id FROM journal_receipt WHERE at < %s LIMIT %s)",
        at - receipts_kept,
    )
    return sent, receipts


def _clear(statement: str, before: datetime) -> int:
    cleared = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [before, CLEAR_AT_ONCE])
            count = int(cursor.rowcount)
        cleared += count
        if count < CLEAR_AT_ONCE:
            return cleared
