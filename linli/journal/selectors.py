"""Reads of the journal, and the SQL fragments by which other areas write into it in one statement of their own.

Whoever writes entries with these fragments must hold the head's row lock, taken in the same transaction:

    SELECT …, h.seq, h.hash FROM cases_case c JOIN journal_head h ON h.subject = 'case:' || c.id
     WHERE c.id = %s FOR UPDATE OF c, h

`h` must be in the list: after a wait PostgreSQL rereads only the locked tables; everything else in that statement
is seen as before the wait. Compare with `HEAD_SEEN_SQL` to notice a wait, and read again when they differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from linli.journal.domain import Head
from linli.journal.errors import UseEndedError
from linli.journal.keyring import key_ring
from linli.journal.parts import bound_to, unseal
from linli.kernel.actors import ActorRef
from linli.kernel.errors import NotFoundError

ENTRY_COLUMNS = (
    "subject", "seq", "verb", "actor_kind", "actor_account", "actor_voice", "post", "organisation",
    "at", "recorded_at", "data", "version", "personal", "commitment", "prev", "hash",
)  # fmt: skip
ENTRY_TYPES = (
    "text", "int", "text", "text", "bigint", "bigint", "bigint", "bigint",
    "timestamptz", "timestamptz", "jsonb", "smallint", "bigint", "bytea", "bytea", "bytea",
)  # fmt: skip
PERSONAL_COLUMNS = (
    "subject", "purpose", "cipher", "key_id", "written_at", "erase_after", "keep_until", "keep_rule",
)  # fmt: skip
PERSONAL_TYPES = (
    "text",
    "text",
    "bytea",
    "text",
    "timestamptz",
    "date",
    "date",
    "text",
)
OUTBOX_COLUMNS = ("kind", "payload", "personal", "created_at", "next_at")
OUTBOX_TYPES = ("text", "jsonb", "bigint", "timestamptz", "timestamptz")
RECEIPT_COLUMNS = (
    "actor_key",
    "request_id",
    "subject",
    "step",
    "form_hash",
    "result",
    "at",
)
RECEIPT_TYPES = ("text", "uuid", "text", "text", "bytea", "jsonb", "timestamptz")
HEAD_COLUMNS = ("subject", "seq", "hash")

# INSERT INTO … (columns); follow it by VALUES or SELECT, in the order of the columns. The id comes from a
# sequence; `RETURNING id` gives it. `journal_entry.personal` may be (SELECT id FROM <the part's CTE>).
INSERT_ENTRY = f"INSERT INTO journal_entry ({', '.join(ENTRY_COLUMNS)})"
INSERT_PERSONAL = f"INSERT INTO journal_personal ({', '.join(PERSONAL_COLUMNS)})"
INSERT_OUTBOX = f"INSERT INTO journal_outbox ({', '.join(OUTBOX_COLUMNS)})"
INSERT_RECEIPT = f"INSERT INTO journal_receipt ({', '.join(RECEIPT_COLUMNS)})"
INSERT_HEAD = f"INSERT INTO journal_head ({', '.join(HEAD_COLUMNS)})"

# Moves one head: %(head_seq)s, %(head_hash)s, %(head_subject)s; writes nothing unless it stands where it was read
# (%(head_was)s), so that a writer without the lock is noticed by a row count of 0.
UPDATE_HEAD = (
    "UPDATE journal_head SET seq = %(head_seq)s, hash = %(head_hash)s"
    " WHERE subject = %(head_subject)s AND seq = %(head_was)s"
)
# The head's sequence as of the statement's snapshot, unlocked: differs from the locked one after a wait.
HEAD_SEEN_SQL = "(SELECT seen.seq FROM journal_head seen WHERE seen.subject = %(head_subject)s)"
# The receipt of a request id used before by this actor: step, form_hash, result, subject; or no row.
RECEIPT_SQL = (
    "SELECT r.step, r.form_hash, r.result, r.subject FROM journal_receipt r"
    " WHERE r.actor_key = %(actor_key)s AND r.request_id = %(request_id)s"
)

# The latest receipts of one actor about cases, at most %(most)s: subject, step, at. For that actor's own eyes.
RECEIPTS_OF_ACTOR = (
    "SELECT r.subject, r.step, r.at FROM journal_receipt r WHERE r.actor_key = %(actor_key)s"
    " AND r.subject LIKE 'case:%%' ORDER BY r.at DESC LIMIT %(most)s::int"
)


def cast_row(types: tuple[str, ...]) -> str:
    """Placeholders with casts for one row, e.g. `(%s::text, %s::int)`, in the order of the columns."""
    return "(" + ", ".join(f"%s::{kind}" for kind in types) + ")"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it was recorded; `personal` is the id of its part, to be opened by `open_part`."""

    subject: str
    seq: int
    verb: str
    actor: ActorRef
    post: int | None
    organisation: int | None
    at: datetime
    recorded_at: datetime
    data: Mapping[str, object]
    version: int
    personal: int | None
    hash: bytes


def entries_of(subject: str, *, after: int = 0, limit: int = 1000) -> list[EntryRow]:
    """A subject's entries in order, at most `limit` after the given sequence number."""
    with connection.cursor() as cursor:
        # Index: journal_entry_subject.
        cursor.execute(
            "SELECT subject, seq, verb, actor_kind, actor_account, actor_voice, post, organisation, at, recorded_at,"
            " data, version, personal, hash FROM journal_entry WHERE subject = %s AND seq > %s ORDER BY seq LIMIT %s",
            [subject, after, limit],
        )
        return [_entry(row) for row in cursor.fetchall()]


def _entry(row: tuple[Any, ...]) -> EntryRow:
    subject, seq, verb, kind, account, voice, post, organisation, at, recorded, data, version, part, digest = row
    actor = ActorRef(kind=kind, account=account, voice=voice)
    return EntryRow(
        subject, seq, verb, actor, post, organisation, at, recorded, json.loads(data), version, part, bytes(digest)
    )


def head_of(subject: str) -> Head:
    """The end of a subject's chain, unlocked; (0, GENESIS) where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM journal_head WHERE subject = %s", [subject])
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1])) if row else Head()


@dataclass(frozen=True, slots=True)
class PartRow:
    """A personal part without its content: what exists, until when, and what became of it."""

    id: int
    subject: str
    purpose: str
    written_at: datetime
    erase_after: date | None
    keep_until: date | None
    keep_rule: str
    restricted_at: datetime | None
    erased_at: datetime | None
    erased_why: str


def parts_of(subject: str) -> list[PartRow]:
    """The personal parts of a subject, in the order in which they were written, without their content."""
    with connection.cursor() as cursor:
        # Index: journal_personal_subject.
        cursor.execute(
            "SELECT id, subject, purpose, written_at, erase_after, keep_until, keep_rule, restricted_at, erased_at,"
            " erased_why FROM journal_personal WHERE subject = %s ORDER BY id",
            [subject],
        )
        return [PartRow(*row) for row in cursor.fetchall()]


def parts_in_use(parts: Sequence[int]) -> set[int]:
    """Those of these personal parts that are neither erased nor out of use; none is opened."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM journal_personal"
            " WHERE id = ANY(%s::bigint[]) AND erased_at IS NULL AND restricted_at IS NULL",
            [list(parts)],
        )
        return {row[0] for row in cursor.fetchall()}


def open_parts(parts: Sequence[int]) -> dict[int, bytes | None]:
    """Contents of personal parts; None for one that was erased or whose use has ended.

    Whoever opens a part must be allowed to, and must write the entry that says so: this function does neither.

    Args:
        parts: ids.

    Returns:
        An item for every part that exists.

    Raises:
        KeyMissingError: a key is not in the ring.
        PartUnreadableError: a part was changed.
    """
    ring = key_ring()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, subject, purpose, key_id, CASE WHEN restricted_at IS NULL THEN cipher END"
            " FROM journal_personal WHERE id = ANY(%s::bigint[])",
            [list(parts)],
        )
        rows = cursor.fetchall()
    return {
        part: None if cipher is None else unseal(ring, key_id, bytes(cipher), bound_to(subject, purpose))[1]
        for part, subject, purpose, key_id, cipher in rows
    }


def open_part(part: int) -> bytes:
    """Content of one personal part; see `open_parts`.

    Raises:
        NotFoundError: there is none of this id.
        UseEndedError: it was erased, or its use has ended.
    """
    found = open_parts([part])
    if part not in found:
        raise NotFoundError("There is no such personal part.", code="journal.no_parts")
    content = found[part]
    if content is None:
        raise UseEndedError("This was erased, or may no longer be used.")
    return content
