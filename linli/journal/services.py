"""Writes of the journal that other areas call: entries, personal parts, holds. Each joins the caller's transaction.

The outbox is in `outbox` and `delivery`, request ids in `receipts`, erasing in `erasing`, seals in `sealing`, keys in `rotation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import IntegrityError, connection, transaction

from linli.journal import selectors
from linli.journal.domain import (
    Chained,
    EntryDraft,
    Head,
    PersonalDraft,
    SealedPart,
    chain,
    last_links,
)
from linli.journal.keyring import key_ring
from linli.journal.parts import seal_part
from linli.kernel.actors import ActorRef
from linli.kernel.errors import ConflictError

Ground = Literal["review", "court", "petition"]


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an entry came to stand in its subject's chain."""

    subject: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class PersonalRef:
    """A personal part that was written: its id, and the commitment for the entry that speaks of it."""

    id: int
    commitment: bytes


def append_many(drafts: Sequence[EntryDraft]) -> list[Appended]:
    """Append entries of any subjects, all or none, in four statements however many they are.

    Heads are locked in the order of their subjects, so two batches that share subjects wait for each other and never
    deadlock. Lock a case, or any row of another area, before calling this, never after.

    Args:
        drafts: the entries; those of one subject are chained in the order given.

    Returns:
        One answer a draft, in the same order.

    Raises:
        EntryError: a draft is malformed.
        CanonicalError: the data of a draft has no canonical form.
        ConflictError: the day of `recorded_at` is sealed already.
    """
    if not drafts:
        return []
    with transaction.atomic():
        heads = lock_heads(sorted({draft.subject for draft in drafts}))
        chained = chain(heads, drafts)
        try:
            with transaction.atomic():
                _write(chained)
        except IntegrityError as error:
            raise _day_sealed(error) from error
    return [Appended(link.draft.subject, link.seq, link.hash) for link in chained]


def lock_heads(subjects: list[str]) -> dict[str, Head]:
    """Lock the heads of subjects until the transaction ends, making those that are missing.

    Args:
        subjects: in ascending order, each once.

    Returns:
        The head of each.
    """
    with connection.cursor() as cursor:
        # Missing heads first, and in order: taking the locks in two rounds could deadlock.
        cursor.execute(
            "INSERT INTO journal_head (subject, seq, hash)"
            " SELECT s, 0, decode(repeat('00', 32), 'hex') FROM unnest(%s::text[]) WITH ORDINALITY AS t(s, n)"
            " WHERE NOT EXISTS (SELECT 1 FROM journal_head h WHERE h.subject = s) ORDER BY n"
            " ON CONFLICT (subject) DO NOTHING",
            [subjects],
        )
        cursor.execute(
            "SELECT subject, seq, hash FROM journal_head WHERE subject = ANY(%s::text[]) ORDER BY subject FOR UPDATE",
            [subjects],
        )
        return {subject: Head(seq, bytes(last)) for subject, seq, last in cursor.fetchall()}


def _write(chained: Sequence[Chained]) -> None:
    columns = [list(column) for column in zip(*(link.row() for link in chained), strict=True)]
    arrays = ", ".join(f"%s::{_array_type(kind)}[]" for kind in selectors.ENTRY_TYPES)
    chosen = ", ".join(f"v.{name}::{kind}" for name, kind in _typed_columns())
    names = ", ".join(selectors.ENTRY_COLUMNS)
    statement = " ".join((
        "WITH moved AS (UPDATE journal_head h SET seq = v.seq, hash = v.hash",
        "FROM unnest(%s::text[], %s::int[], %s::bytea[]) AS v(subject, seq, hash) WHERE h.subject = v.subject)",
        selectors.INSERT_ENTRY, "SELECT", chosen,
        "FROM unnest(", arrays, ") WITH ORDINALITY AS v(", names, ", n) ORDER BY v.n",
    ))  # fmt: skip
    last = last_links(chained)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [list(last), [e.seq for e in last.values()], [e.hash for e in last.values()], *columns],
        )


def _typed_columns() -> zip[tuple[str, str]]:
    return zip(selectors.ENTRY_COLUMNS, selectors.ENTRY_TYPES, strict=True)


def _array_type(kind: str) -> str:
    # JSON travels as text: an array of jsonb would need a wrapper for every element.
    return "text" if kind == "jsonb" else kind


def _day_sealed(error: IntegrityError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(diagnosis, "constraint_name", None) == "journal_day_sealed":
        return ConflictError(
            "The day of this entry is sealed already.",
            code="journal.day_sealed",
            hint="Record it with the present time; `at` may lie in the past.",
        )
    return error


def write_personal(drafts: Sequence[PersonalDraft], at: datetime) -> list[PersonalRef]:
    """Encrypt and store personal parts.

    Args:
        drafts: the parts.
        at: now, aware UTC.

    Returns:
        Id and commitment of each, in the same order; put both into the entry that speaks of it.

    Raises:
        KeyMissingError: there is no key ring.
    """
    if not drafts:
        return []
    ring = key_ring()
    return _store([seal_part(draft, at, ring) for draft in drafts])


def _store(parts: Sequence[SealedPart]) -> list[PersonalRef]:
    rows = ", ".join([selectors.cast_row(selectors.PERSONAL_TYPES)] * len(parts))
    values = [value for part in parts for value in part.row()]
    with connection.cursor() as cursor:
        cursor.execute(f"{selectors.INSERT_PERSONAL} VALUES {rows} RETURNING id", values)
        ids = [int(row[0]) for row in cursor.fetchall()]
    return [PersonalRef(number, part.commitment) for number, part in zip(ids, parts, strict=True)]


def hold_place(subject: str, ground: Ground, actor: ActorRef, at: datetime, *, until: date | None = None) -> bool:
    """Keep a subject's personal parts beyond their day: a review, a court case, a petition.

    Args:
        subject: `kind:id`.
        ground: why they are kept.
        actor: who orders it.
        at: now, aware UTC.
        until: last day of the hold; None: until it is released.

    Returns:
        False where the same hold stands already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_heads([subject])
        cursor.execute(
            "INSERT INTO journal_hold (subject, ground, placed_at, until) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [subject, ground, at, until],
        )
        placed = int(cursor.rowcount) == 1
        if placed:
            data = {"ground": ground, "until": until.isoformat() if until else None}
            append_many([EntryDraft(subject, "journal.hold.placed", actor, at, at, data)])
    return placed


def hold_release(subject: str, ground: Ground, actor: ActorRef, at: datetime) -> bool:
    """End a hold; what is due is erased by the next daily job.

    Returns:
        False where there was none.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_heads([subject])
        cursor.execute(
            "UPDATE journal_hold SET released_at = %s WHERE subject = %s AND ground = %s AND released_at IS NULL",
            [at, subject, ground],
        )
        released = int(cursor.rowcount) == 1
        if released:
            draft = EntryDraft(subject, "journal.hold.released", actor, at, at, {"ground": ground})
            append_many([draft])
    return released
