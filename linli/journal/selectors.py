"""Reads of the journal, and the SQL fragments by which other areas write into it in one statement of their own.

Whoever writes entries with these fragments must hold the head's row lock, taken in the same transaction:

    SELECT …, h.seq, h.hash FROM cases_case c JOIN journal_head h ON h.subject = 'case:' || c.id
     WHERE c.id = %s FOR UPDATE OF c, h

`h` must be in the list: after a wait PostgreSQL rereads only the locked tables; everything else in that statement
is seen as before the wait. Compare with `HEAD_SEEN_SQL` to notice a wait, and read again when they differ.
"""

from __future__ import annotations

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


def cast_row(types: tuple[str, ...]) -> str:
    """Placeholders with casts for one row, e.g. `(%s::text, %s::int)`, in the order of the columns."""
    return "(" + ", ".join(f"%s::{kind}" for kind in types) + ")"
