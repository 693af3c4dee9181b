"""What the journal's tests share: a small log, a clean log, and a hand that tampers with it. For tests only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from linli.journal.domain import Cell, EntryDraft, PersonalDraft
from linli.journal.services import append_many, write_personal
from linli.kernel.actors import ActorRef

WANG = ActorRef("person", account=5)
DAY_ONE = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Monday, 10:00 in China."""
AFTER = DAY_ONE + timedelta(days=3)


def entry(subject: str, at: datetime, verb: str = "cases.case.noted", **data: object) -> EntryDraft:
    return EntryDraft(subject, verb, WANG, at, at, data)


def small_log(days: int = 3, cases: int = 3) -> None:
    """Entries of a few cases on consecutive days, and one personal part each."""
    for day in range(days):
        at = DAY_ONE + timedelta(days=day)
        append_many([entry(f"case:{case}", at, day=day, name="路灯") for case in range(1, cases + 1)])
    with_parts(*(f"case:{case}" for case in range(1, cases + 1)))


def with_parts(*subjects: str, at: datetime = DAY_ONE, content: bytes = b"13800138000") -> list[int]:
    """One personal part for each subject, and the entry that binds it."""
    refs = write_personal([PersonalDraft(subject, "voice.identity", content) for subject in subjects], at)
    append_many(
        [
            EntryDraft(subject, "cases.voice.added", WANG, at, at, personal=ref.id, commitment=ref.commitment)
            for subject, ref in zip(subjects, refs, strict=True)
        ]
    )
    return [ref.id for ref in refs]


def sql(statement: str, *values: Cell | list[str] | list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def one(statement: str, *values: Cell | list[str] | list[int]) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    assert row is not None
    return row[0]


GUARDED = ("journal_entry", "journal_head", "journal_personal", "journal_seal", "journal_closing")
"""In an order in which they can be emptied."""


@contextmanager
def tampering() -> Iterator[None]:
    """As the owner of the database can: with the triggers switched off."""
    with transaction.atomic():
        for table in GUARDED:
            sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in GUARDED:
            sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def wipe() -> None:
    """Empty the log after a test that commits; refuses any database but a test's."""
    assert str(connection.settings_dict["NAME"]).startswith("test_")
    with tampering():
        for table in (*GUARDED, "journal_hold", "journal_outbox", "journal_receipt"):
            sql(f"DELETE FROM {table}")
