"""Nobody changes the log by an ordinary statement: not the app role, not the reader, not even the owner."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from linli.journal.sealing import seal_due
from linli.journal.services import append_many
from linli.journal.tasks import ensure_partitions
from linli.journal.tests.town import AFTER, DAY_ONE, entry, one, small_log, sql
from linli.kernel.errors import ConflictError

pytestmark = pytest.mark.django_db

CHANGES = [
    "UPDATE journal_entry SET verb = 'a.b.c'", "DELETE FROM journal_entry", "TRUNCATE journal_entry",
    "UPDATE journal_entry_2026_11 SET seq = 9", "DELETE FROM journal_entry_2026_11", "TRUNCATE journal_entry_2026_11",
    "TRUNCATE journal_entry_default", "UPDATE journal_seal SET entries = 1", "DELETE FROM journal_seal",
    "TRUNCATE journal_seal", "DELETE FROM journal_closing", "UPDATE journal_closing SET closed_at = now()",
]  # fmt: skip
KEPT = [
    "DELETE FROM journal_head", "TRUNCATE journal_head", "DELETE FROM journal_personal", "TRUNCATE journal_personal",
    "UPDATE journal_personal SET subject = 'case:9'", "UPDATE journal_personal SET purpose = 'other'",
    "UPDATE journal_personal SET cipher = NULL",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _log() -> None:
    ensure_partitions(DAY_ONE)
    small_log(days=1)
    seal_due(AFTER)


@pytest.mark.parametrize("statement", CHANGES + KEPT)
def test_the_owner_is_stopped(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_app_role_has_no_right_to(statement: str, as_app: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sql(statement)


@pytest.mark.parametrize("statement", KEPT)
def test_the_app_role_is_stopped(statement: str, as_app: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE journal_entry DISABLE TRIGGER USER",
        "DROP TABLE journal_entry_2026_11",
        "SET session_replication_role = replica",
    ],
)
def test_the_app_role_cannot_take_the_guard_away(statement: str, as_app: None) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        sql(statement)


def test_the_app_role_can_do_its_work(as_app: None) -> None:
    append_many([entry("case:1", AFTER)])
    assert ensure_partitions(AFTER.replace(year=2031), 2) == 2
    append_many([entry("case:1", AFTER.replace(year=2031))])
    assert seal_due(AFTER.replace(year=2026, month=12, day=5))[-1].day.isoformat() == "2026-12-04"
    assert one("SELECT count(*) FROM journal_entry") == 8


def test_the_app_role_cannot_ask_for_centuries_of_partitions(as_app: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ensure_partitions(AFTER, 1200)


@pytest.mark.parametrize("table", ["journal_personal", "journal_outbox", "journal_receipt"])
def test_the_reader_sees_no_personal_part(table: str, as_reader: None) -> None:
    assert one("SELECT count(*) FROM journal_entry") == 6
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sql(f"SELECT * FROM {table}")


def test_a_sealed_day_takes_no_further_entry() -> None:
    with pytest.raises(ConflictError) as caught:
        append_many([entry("case:1", DAY_ONE)])
    assert caught.value.code == "journal.day_sealed"
    with pytest.raises(ConflictError):
        append_many([entry("case:1", DAY_ONE.replace(year=2020))])
    assert not connection.needs_rollback


def test_an_erased_part_stays_erased() -> None:
    sql("UPDATE journal_personal SET cipher = NULL, key_id = '', erased_at = now()")
    with pytest.raises(IntegrityError, match="stays erased"), transaction.atomic():
        sql("UPDATE journal_personal SET cipher = 'x', key_id = 'k', erased_at = NULL")


def test_no_foreign_key_touches_the_entries() -> None:
    assert (
        one(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
            " AND 'journal_entry'::regclass IN (conrelid, confrelid)"
        )
        == 0
    )
