"""Delivery of the outbox: after the commit, outside any transaction, with back-off and a dead-letter state.

Rows are claimed in one short transaction (skipping those that another worker holds), handed to the handler of their
kind, and settled in another. A worker that dies leaves its rows claimed; they come free after the lease. So a row is
delivered at least once: a handler hands the row's id on as the key by which the receiver knows a repeat.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from django.db import connection, transaction

from linli.kernel.errors import LinliError

log = structlog.get_logger(__name__)

BATCH = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row to deliver.

    Attributes:
        id: the row, and the key by which a receiver knows a repeat.
        payload: ids and codes.
        personal: id of the personal part to open (`selectors.open_part`), if any.
        attempt: 1 at the first try.
    """

    id: int
    kind: str
    payload: Mapping[str, object]
    personal: int | None
    attempt: int
    created_at: datetime


OutboxHandler = Callable[[Sequence[Delivery]], None]
"""Delivers rows of one kind, in the order of their ids, or raises. Where it raises over several, each is handed over once
more by itself, so that one does not hold up the others. What it raises is kept as a name or code only, never as a message."""


@dataclass(frozen=True, slots=True)
class BackOff:
    """When a failed delivery is tried again: twice as long each time, up to a cap, and then no more.

    Attributes:
        attempts: how often in all.
        lease: after so long a row that somebody took and never settled is taken again.
    """

    first: timedelta
    cap: timedelta
    attempts: int
    lease: timedelta

    def next_after(self, attempt: int, at: datetime) -> datetime | None:
        """The next try after the given failed one, or None when there is none left."""
        if attempt >= self.attempts:
            return None
        factor: int = 2 ** (attempt - 1)
        return at + min(self.first * factor, self.cap)


@dataclass(slots=True)
class DeliveryReport:
    """How many rows were sent, will be tried again, or were given up."""

    sent: int = 0
    again: int = 0
    dead: int = 0


@dataclass(slots=True)
class _Settled:
    sent: list[int] = field(default_factory=list)
    failed: list[tuple[int, str, datetime | None]] = field(default_factory=list)


def drain(
    handlers: Mapping[str, OutboxHandler],
    clock: Callable[[], datetime],
    back_off: BackOff,
    *,
    batch: int = BATCH,
) -> DeliveryReport:
    """Deliver what is waiting, one batch.

    Args:
        handlers: who delivers which kind. A kind without a handler fails like a handler that raises.
        clock: tells the time, aware UTC; asked again after the batch, because delivery takes time.
        back_off: when failed rows are tried again.
        batch: at most so many rows.

    Returns:
        What became of the batch; call again while it is not empty.
    """
    rows = _claim(clock(), batch, back_off)
    settled = _Settled()
    for _kind, alike in groupby(sorted(rows, key=lambda row: row.kind), key=lambda row: row.kind):
        of_kind = list(alike)
        errors = _deliver(handlers, of_kind)
        for row in of_kind:
            if error := errors.get(row.id):
                settled.failed.append((row.id, error, back_off.next_after(row.attempt, clock())))
            else:
                settled.sent.append(row.id)
    if rows:
        _settle(settled, clock())
    dead = sum(1 for _id, _error, again in settled.failed if again is None)
    return DeliveryReport(len(settled.sent), len(settled.failed) - dead, dead)


def _claim(at: datetime, batch: int, patience: BackOff) -> list[Delivery]:
    with transaction.atomic(), connection.cursor() as cursor:
        # Index: journal_outbox_next. The rows are chosen in a part of its own: a subquery in WHERE may be run once for each
        # row, and then takes more than a batch.
        cursor.execute(
            "WITH due AS MATERIALIZED (SELECT id FROM journal_outbox WHERE state IN ('waiting', 'sending')"
            "  AND next_at <= %s ORDER BY next_at, id LIMIT %s FOR UPDATE SKIP LOCKED)"
            " UPDATE journal_outbox o SET state = 'sending', attempts = o.attempts + 1, next_at = %s"
            " FROM due WHERE o.id = due.id"
            " RETURNING o.id, o.kind, o.payload, o.personal, o.attempts, o.created_at",
            [at, batch, at + patience.lease],
        )
        rows = cursor.fetchall()
    return sorted(
        (Delivery(i, kind, json.loads(data), personal, n, made) for i, kind, data, personal, n, made in rows),
        key=lambda row: row.id,
    )


def _deliver(handlers: Mapping[str, OutboxHandler], rows: Sequence[Delivery]) -> dict[int, str]:
    """Deliver rows of one kind; what went wrong with which, as a name."""
    error = _handed_over(handlers.get(rows[0].kind), rows)
    if not error:
        return {}
    if len(rows) == 1:
        return {rows[0].id: error}
    return {failed: why for row in rows for failed, why in _deliver(handlers, [row]).items()}


def _handed_over(handler: OutboxHandler | None, rows: Sequence[Delivery]) -> str:
    """Hand rows to their handler; what went wrong as a name, or "" when nothing did."""
    if handler is None:
        return "no_handler"
    try:
        handler(rows)
    except LinliError as error:
        return error.code
    except Exception as error:  # a handler speaks to the outside: whatever it meets must not stop the others
        # The message may hold an address or a number: only the kind of error is kept.
        log.warning(
            "outbox_delivery_failed", row=rows[0].id, rows=len(rows), kind=rows[0].kind, error=type(error).__name__
        )
        return type(error).__name__
    return ""


def _settle(settled: _Settled, at: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_outbox SET state = 'sent', sent_at = %s, last_error = '' WHERE id = ANY(%s::bigint[])",
            [at, settled.sent],
        )
        ids = [row for row, _error, _again in settled.failed]
        errors = [error for _row, error, _again in settled.failed]
        nexts = [again for _row, _error, again in settled.failed]
        cursor.execute(
            "UPDATE journal_outbox o SET state = CASE WHEN v.again IS NULL THEN 'dead' ELSE 'waiting' END,"
            " next_at = coalesce(v.again, o.next_at), last_error = v.error"
            " FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS v(id, error, again) WHERE o.id = v.id",
            [ids, errors, nexts],
        )


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row as `audit outbox` shows it; no payload."""

    id: int
    kind: str
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime
    last_error: str


def outbox_counts() -> dict[str, int]:
    """How many rows are waiting, being sent, sent and dead."""
    counts = dict.fromkeys(("waiting", "sending", "sent", "dead"), 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM journal_outbox GROUP BY state")
        counts.update(cursor.fetchall())
    return counts


def dead_rows(limit: int = 100) -> list[OutboxRow]:
    """Rows that were given up, the oldest first."""
    with connection.cursor() as cursor:
        # Index: journal_outbox_dead.
        cursor.execute(
            "SELECT id, kind, state, attempts, created_at, next_at, last_error FROM journal_outbox"
            " WHERE state = 'dead' ORDER BY id LIMIT %s",
            [limit],
        )
        return [OutboxRow(*row) for row in cursor.fetchall()]


def retry_dead(ids: Sequence[int] | None, at: datetime) -> int:
    """Put dead rows back to waiting, with all their attempts.

    Args:
        ids: which; None: all.
        at: now, aware.

    Returns:
        How many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_outbox SET state = 'waiting', attempts = 0, next_at = %s"
            " WHERE state = 'dead' AND (%s::bigint[] IS NULL OR id = ANY(%s::bigint[]))",
            [at, None if ids is None else list(ids), None if ids is None else list(ids)],
        )
        return int(cursor.rowcount)
