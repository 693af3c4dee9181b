"""The outbox: delivered once where all goes well, again where it does not, and given up in sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from linli.journal.checks import check_journal
from linli.journal.delivery import BackOff, Delivery, dead_rows, drain, outbox_counts, retry_dead
from linli.journal.outbox import OutboxDraft, add_outbox
from linli.journal.receipts import Receipt, keep_receipt
from linli.journal.selectors import open_part
from linli.journal.tasks import daily_clearing, drain_outbox
from linli.journal.tests.town import AFTER, DAY_ONE, WANG, one, sql, with_parts
from linli.kernel.errors import ConflictError

pytestmark = pytest.mark.django_db

PATIENCE = BackOff(timedelta(minutes=1), timedelta(hours=6), attempts=12, lease=timedelta(minutes=10))


class Clock:
    def __init__(self) -> None:
        self.at = DAY_ONE

    def __call__(self) -> datetime:
        return self.at


class Post:
    """A handler that fails as often as it is told."""

    def __init__(self, failures: int = 0, error: Exception | None = None) -> None:
        self.got: list[Delivery] = []
        self.failures = failures
        self.error = error or OSError("no route to 13800138000")

    def __call__(self, rows: Sequence[Delivery]) -> None:
        self.got += rows
        if len(self.got) <= self.failures:
            raise self.error


def test_what_waits_is_delivered_once_in_order() -> None:
    (phone,) = with_parts("case:1")
    add_outbox([OutboxDraft("sms", {"case": n}, phone) for n in range(3)], DAY_ONE)
    clock, post = Clock(), Post()
    assert drain_outbox({"sms": post}, clock, PATIENCE).sent == 3
    assert [row.payload["case"] for row in post.got] == [0, 1, 2]
    assert open_part(post.got[0].personal or 0) == b"13800138000"
    assert drain_outbox({"sms": post}, clock, PATIENCE).sent == 0
    assert outbox_counts() == {"waiting": 0, "sending": 0, "sent": 3, "dead": 0}


def test_what_is_not_due_waits() -> None:
    add_outbox([OutboxDraft("sms", not_before=DAY_ONE + timedelta(hours=1))], DAY_ONE)
    clock, post = Clock(), Post()
    drain({"sms": post}, clock, PATIENCE)
    assert post.got == []
    clock.at += timedelta(hours=1)
    assert drain({"sms": post}, clock, PATIENCE).sent == 1


def test_a_failure_is_tried_again_ever_later_and_then_given_up() -> None:
    add_outbox([OutboxDraft("sms")], DAY_ONE)
    clock, post = Clock(), Post(failures=9)
    patience = BackOff(first=timedelta(minutes=1), cap=timedelta(minutes=3), attempts=4, lease=timedelta(minutes=10))
    waits = []
    for _attempt in range(3):
        assert drain({"sms": post}, clock, patience).again == 1
        assert drain({"sms": post}, clock, patience).again == 0
        due = one("SELECT next_at FROM journal_outbox")
        assert isinstance(due, datetime)
        waits.append((due - clock.at).seconds // 60)
        clock.at = due
    assert waits == [1, 2, 3]
    assert drain({"sms": post}, clock, patience).dead == 1
    assert [(row.kind, row.attempts, row.last_error) for row in dead_rows()] == [("sms", 4, "OSError")]
    assert "journal.outbox_dead" in {trouble.code for trouble in check_journal(clock.at)}
    clock.at += timedelta(days=30)
    assert drain({"sms": post}, clock, PATIENCE).again == 0
    assert retry_dead([10**9], clock.at) == 0
    assert retry_dead(None, clock.at) == 1
    post.failures = 0
    assert drain({"sms": post}, clock, PATIENCE).sent == 1


def test_a_failure_stops_no_other_row_and_tells_nothing_personal() -> None:
    add_outbox([OutboxDraft("sms", {"case": n}) for n in range(3)] + [OutboxDraft("unknown")], DAY_ONE)
    handed: list[list[object]] = []

    def all_but_the_first(rows: Sequence[Delivery]) -> None:
        handed.append([row.payload["case"] for row in rows])
        if rows[0].payload["case"] == 0:
            raise OSError("no route to 13800138000")

    with capture_logs() as logs:
        report = drain({"sms": all_but_the_first}, Clock(), PATIENCE)
    assert (report.sent, report.again) == (2, 2)
    assert handed == [[0, 1, 2], [0], [1], [2]]
    assert "13800138000" not in repr(logs)
    assert one("SELECT string_agg(last_error, ',' ORDER BY id) FROM journal_outbox") == "OSError,,,no_handler"


def test_an_error_of_ours_is_kept_as_its_code() -> None:
    add_outbox([OutboxDraft("sms")], DAY_ONE)
    drain({"sms": Post(1, ConflictError("busy with 13800138000", code="sms.busy"))}, Clock(), PATIENCE)
    assert one("SELECT last_error FROM journal_outbox") == "sms.busy"


def test_rows_of_a_worker_that_died_come_free_after_the_lease() -> None:
    add_outbox([OutboxDraft("sms")], DAY_ONE)
    clock = Clock()

    class Killed(BaseException):
        pass

    def die(rows: Sequence[Delivery]) -> None:
        raise Killed

    with pytest.raises(Killed):
        drain({"sms": die}, clock, PATIENCE)
    post = Post()
    assert drain({"sms": post}, clock, PATIENCE).sent == 0
    clock.at += PATIENCE.lease
    assert drain({"sms": post}, clock, PATIENCE).sent == 1
    assert post.got[0].attempt == 2


def test_a_batch_is_no_larger_than_asked() -> None:
    add_outbox([OutboxDraft("sms") for _ in range(5)], DAY_ONE)
    assert [drain({"sms": Post()}, Clock(), PATIENCE, batch=2).sent for _ in range(3)] == [2, 2, 1]


def test_a_batch_is_no_larger_however_the_rows_are_found() -> None:
    add_outbox([OutboxDraft("sms") for _ in range(5)], DAY_ONE)
    for way in ("hashagg", "hashjoin", "mergejoin", "material", "sort"):
        sql(f"SET LOCAL enable_{way} = off")
    assert [drain({"sms": Post()}, Clock(), PATIENCE, batch=2).sent for _ in range(3)] == [2, 2, 1]


def test_old_rows_and_receipts_are_cleared_and_dead_ones_kept() -> None:
    from uuid import uuid4

    add_outbox([OutboxDraft("sms"), OutboxDraft("sms")], DAY_ONE)
    drain({"sms": Post()}, Clock(), PATIENCE, batch=1)
    sql("UPDATE journal_outbox SET state = 'dead' WHERE state = 'waiting'")
    for at in (DAY_ONE, AFTER):
        keep_receipt(WANG, uuid4(), Receipt("case:1", "sign", b"x" * 32, {}), at)
    assert daily_clearing(AFTER, timedelta(days=2), timedelta(days=2)) == (1, 1)
    assert daily_clearing(AFTER, timedelta(days=2), timedelta(days=2)) == (0, 0)
    assert outbox_counts()["dead"] == 1
