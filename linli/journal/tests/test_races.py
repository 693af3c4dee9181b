"""Two connections at once: appends to one subject, batches that cross, erasing and reading, sealing and appending."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from linli.journal import sealing
from linli.journal.delivery import BackOff, drain
from linli.journal.erasing import erase_part
from linli.journal.errors import LogBusyError, RequestReusedError
from linli.journal.outbox import OutboxDraft, add_outbox
from linli.journal.receipts import Receipt, keep_receipt, receipt_of
from linli.journal.rotation import rotate
from linli.journal.sealing import seal_due
from linli.journal.selectors import HEAD_SEEN_SQL, entries_of, head_of, open_parts
from linli.journal.services import append_many
from linli.journal.tests.town import AFTER, DAY_ONE, WANG, entry, with_parts
from linli.journal.verifying import verify
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import ConflictError

pytestmark = pytest.mark.usefixtures("committed")
PATIENCE = BackOff(timedelta(minutes=1), timedelta(hours=6), attempts=12, lease=timedelta(minutes=10))


def together(*tasks: Callable[[], object]) -> list[object]:
    """Run each in a thread with a connection of its own, begun at the same moment; what it raised is its result."""
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            return task()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_two_writers_of_one_new_subject_make_one_chain() -> None:
    def write() -> None:
        for n in range(30):
            append_many([entry("case:1", DAY_ONE, n=n)])

    assert together(write, write) == [None, None]
    assert head_of("case:1").seq == 60
    assert [row.seq for row in entries_of("case:1")] == list(range(1, 61))
    assert verify().found == 0


def test_batches_that_cross_wait_and_never_deadlock() -> None:
    def write(subjects: list[str]) -> Callable[[], object]:
        def run() -> None:
            for _ in range(20):
                append_many([entry(subject, DAY_ONE) for subject in subjects])

        return run

    forth = [f"case:{n}" for n in range(20)]
    assert together(write(forth), write(forth[::-1]), write(forth[5:15])) == [None] * 3
    assert head_of("case:7").seq == 60
    assert verify().found == 0


def test_reading_while_erasing_gives_all_or_nothing() -> None:
    parts = with_parts(*(f"case:{n}" for n in range(40)))

    def read() -> set[bytes | None]:
        return {content for _ in range(60) for content in open_parts(parts).values()}

    def erase() -> None:
        for part in parts:
            erase_part(part, SYSTEM, DAY_ONE)

    seen, erased = together(read, erase)
    assert erased is None
    assert isinstance(seen, set)
    assert seen <= {b"13800138000", None}
    assert set(open_parts(parts).values()) == {None}
    assert verify().found == 0


def test_rotating_while_erasing_brings_nothing_back() -> None:
    parts = with_parts(*(f"case:{n}" for n in range(60)))

    def erase() -> None:
        for part in reversed(parts):
            erase_part(part, SYSTEM, DAY_ONE)

    results = together(lambda: rotate(SYSTEM, DAY_ONE), erase)
    assert not [result for result in results if isinstance(result, Exception)]
    assert set(open_parts(parts).values()) == {None}
    assert verify().found == 0


def test_two_erasers_of_one_part_write_one_entry() -> None:
    (part,) = with_parts("case:1")
    outcomes = together(*[lambda: erase_part(part, SYSTEM, DAY_ONE).outcome] * 2)
    assert sorted(map(str, outcomes)) == ["already", "erased"]
    assert len(entries_of("case:1")) == 2


def test_a_seal_waits_for_an_append_under_way_and_holds_it() -> None:
    written, go_on = threading.Event(), threading.Event()

    def append() -> None:
        with transaction.atomic():
            append_many([entry("case:1", DAY_ONE)])
            written.set()
            go_on.wait(10)

    def seal() -> list[int]:
        written.wait(10)
        threading.Timer(0.3, go_on.set).start()
        return [seal.entries for seal in seal_due(AFTER)]

    append_many([entry("case:2", DAY_ONE)])
    assert together(append, seal) == [None, [2, 0, 0]]
    assert verify([sealing.seals_folder()]).found == 0


def test_a_seal_does_not_hold_up_the_city_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "LOCK_TIMEOUT_MS", 100)
    append_many([entry("case:1", DAY_ONE)])
    stop = threading.Event()

    def append() -> None:
        with transaction.atomic():
            append_many([entry("case:2", DAY_ONE)])
            stop.wait(10)

    def seal() -> object:
        threading.Event().wait(0.2)
        try:
            return seal_due(AFTER)
        finally:
            stop.set()

    _, busy = together(append, seal)
    assert isinstance(busy, LogBusyError)
    assert busy.retryable
    assert [seal.entries for seal in seal_due(AFTER)] == [2, 0, 0]


def test_appends_and_seals_in_any_order_leave_no_entry_outside_a_seal() -> None:
    def append() -> int:
        refused = 0
        for n in range(60):
            try:
                append_many([entry("case:1", DAY_ONE, n=n)])
            except ConflictError:
                refused += 1
        return refused

    def seal() -> None:
        threading.Event().wait(0.05)
        seal_due(AFTER)

    append_many([entry("case:2", DAY_ONE)])
    refused, sealed = together(append, seal)
    assert sealed is None
    assert isinstance(refused, int)
    result = verify([sealing.seals_folder()])
    assert (result.found, result.unsealed, result.entries) == (0, 0, 61 - refused)


def test_two_sealers_make_one_seal_a_day() -> None:
    append_many([entry("case:1", DAY_ONE)])
    results = together(*[lambda: len(seal_due(AFTER))] * 3)
    assert not [result for result in results if isinstance(result, Exception)]
    assert verify([sealing.seals_folder()]).seals == 3


def test_verifying_while_work_goes_on_finds_nothing() -> None:
    def write() -> None:
        for n in range(40):
            append_many([entry(f"case:{n % 3}", DAY_ONE, n=n)])
            with_parts("case:9")

    written, found = together(write, lambda: [verify().found for _ in range(8)])
    assert (written, found) == (None, [0] * 8)


def test_two_workers_deliver_each_row_once() -> None:
    add_outbox([OutboxDraft("sms", {"case": n}) for n in range(200)], DAY_ONE)
    got: list[int] = []

    def work() -> None:
        while drain({"sms": lambda rows: got.extend(row.id for row in rows)}, lambda: DAY_ONE, PATIENCE, batch=7).sent:
            pass

    assert together(work, work) == [None, None]
    assert len(got) == len(set(got)) == 200


def test_a_request_id_is_kept_once() -> None:
    request = uuid4()

    def keep(n: int) -> Callable[[], object]:
        return lambda: keep_receipt(WANG, request, Receipt("case:1", "sign", b"x" * 32, {"n": n}), DAY_ONE)

    results = together(keep(1), keep(2))
    assert [type(result) for result in results if result is not None] == [RequestReusedError]
    assert receipt_of(WANG, request) is not None


def test_after_a_wait_the_locked_head_is_new_and_the_rest_of_the_statement_is_not() -> None:
    """What `selectors` tells those who write with its fragments: compare the two, and read again when they differ."""
    append_many([entry("case:1", DAY_ONE)])
    locked, read = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            append_many([entry("case:1", DAY_ONE)])
            locked.set()
            read.wait(0.4)

    def look() -> object:
        locked.wait(10)
        statement = (
            f"SELECT h.seq, {HEAD_SEEN_SQL} FROM journal_head h WHERE h.subject = %(head_subject)s FOR UPDATE OF h"
        )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"head_subject": "case:1"})
            return cursor.fetchone()

    assert together(write, look) == [None, (2, 1)]


def test_two_makers_of_partitions_do_not_collide() -> None:
    from linli.journal.tasks import ensure_partitions

    far = datetime(2041, 1, 1, tzinfo=UTC)
    made = together(*[lambda: ensure_partitions(far, 6)] * 2)
    assert sorted(map(str, made)) == ["0", "6"]
    assert ensure_partitions(far + timedelta(days=1), 6) == 0
