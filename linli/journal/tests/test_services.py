"""Appending, parts, receipts, outbox rows: in the database."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.journal import selectors
from linli.journal.domain import Cell, EntryDraft, Head, PersonalDraft, chain_one
from linli.journal.errors import PayloadError, RequestReusedError
from linli.journal.outbox import OutboxDraft, add_outbox, checked_payload
from linli.journal.parts import seal_part
from linli.journal.receipts import Receipt, form_hash, keep_receipt, receipt_of, settle_receipt
from linli.journal.services import append_many, write_personal
from linli.journal.tests.town import AFTER, DAY_ONE, WANG, entry, one, with_parts
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import NotFoundError

pytestmark = pytest.mark.django_db


def test_entries_of_several_subjects_are_appended_at_once() -> None:
    first = append_many([entry("case:1", DAY_ONE, n=1), entry("case:2", DAY_ONE), entry("case:1", DAY_ONE, n=2)])
    assert [(a.subject, a.seq) for a in first] == [("case:1", 1), ("case:2", 1), ("case:1", 2)]
    assert append_many([entry("case:1", DAY_ONE)])[0].seq == 3
    rows = selectors.entries_of("case:1")
    assert [(row.seq, row.data) for row in rows] == [(1, {"n": 1}), (2, {"n": 2}), (3, {})]
    assert (rows[0].actor, rows[0].at, rows[1].hash) == (WANG, DAY_ONE, first[2].hash)
    assert selectors.head_of("case:1") == Head(3, rows[2].hash)
    assert selectors.head_of("case:9") == Head()


@pytest.mark.parametrize("count", [1, 300])
def test_a_batch_takes_three_statements_however_many_it_holds(count: int) -> None:
    drafts = [entry(f"case:{n % 50}", DAY_ONE, n=n) for n in range(count)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        append_many(drafts)
    assert len([q for q in queries if "SAVEPOINT" not in str(q["sql"])]) == 3


def test_no_entries_is_no_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert (append_many([]), write_personal([], DAY_ONE)) == ([], [])
    assert len(queries) == 0


def test_chinese_text_and_null_columns_survive() -> None:
    append_many([EntryDraft("case:1", "a.b.c", SYSTEM, DAY_ONE, DAY_ONE, {"街": ["路灯", None, True, {"x": -1}]})])
    assert selectors.entries_of("case:1")[0].data == {"街": ["路灯", None, True, {"x": -1}]}


def test_the_fragments_write_everything_in_one_statement() -> None:
    """What the engine does: entry, part, outbox row, receipt and head with one WITH."""
    append_many([entry("case:1", DAY_ONE)])
    head = selectors.head_of("case:1")
    part = seal_part(PersonalDraft("case:1", "voice.words", "楼上的灯".encode()), DAY_ONE)
    link = chain_one(head, EntryDraft("case:1", "a.b.c", WANG, DAY_ONE, DAY_ONE, {"n": 1}, commitment=part.commitment))
    placeholders = selectors.cast_row(selectors.ENTRY_TYPES)[1:-1].split(", ")
    placeholders[selectors.ENTRY_COLUMNS.index("personal")] = "(SELECT id FROM p)"
    values: list[Cell] = [v for name, v in zip(selectors.ENTRY_COLUMNS, link.row(), strict=True) if name != "personal"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH p AS ({selectors.INSERT_PERSONAL} VALUES {selectors.cast_row(selectors.PERSONAL_TYPES)} RETURNING id),"
            f" o AS ({selectors.INSERT_OUTBOX} VALUES (%s, %s::jsonb, (SELECT id FROM p), %s, %s)),"
            f" h AS (UPDATE journal_head SET seq = %s, hash = %s WHERE subject = %s AND seq = %s)"
            f" {selectors.INSERT_ENTRY} VALUES ({', '.join(placeholders)}) RETURNING id, personal",
            [
                *part.row(),
                "notice.sms",
                '{"case":1}',
                DAY_ONE,
                DAY_ONE,
                link.seq,
                link.hash,
                "case:1",
                head.seq,
                *values,
            ],
        )
        _id, personal = cursor.fetchone() or (0, 0)
    assert selectors.open_part(personal) == "楼上的灯".encode()
    assert selectors.head_of("case:1") == link.head
    assert one("SELECT personal FROM journal_outbox") == personal


def test_parts_are_stored_encrypted_and_open_again() -> None:
    (part,) = with_parts("case:1", content=b"13800138000")
    assert selectors.open_parts([part, 10**9]) == {part: b"13800138000"}
    assert b"13800138000" not in bytes(one("SELECT cipher FROM journal_personal"))  # type: ignore[call-overload]
    assert [(row.id, row.purpose, row.erased_at) for row in selectors.parts_of("case:1")] == [
        (part, "voice.identity", None)
    ]
    with pytest.raises(NotFoundError):
        selectors.open_part(10**9)


def test_a_request_id_gives_its_first_result_again() -> None:
    request, asked = uuid4(), form_hash("sign", {"body": 7})
    assert settle_receipt(receipt_of(WANG, request), "sign", asked) is None
    keep_receipt(WANG, request, Receipt("case:1", "sign", asked, {"state": "signed", "seq": 2}), DAY_ONE)
    assert settle_receipt(receipt_of(WANG, request), "sign", asked) == {"state": "signed", "seq": 2}
    assert receipt_of(SYSTEM, request) is None
    for step, form in [("sign", {"body": 8}), ("close", {"body": 7})]:
        with pytest.raises(RequestReusedError):
            settle_receipt(receipt_of(WANG, request), step, form_hash(step, form))
    with pytest.raises(RequestReusedError):
        keep_receipt(WANG, request, Receipt("case:1", "sign", asked, {}), DAY_ONE)


@pytest.mark.parametrize(
    "value",
    [
        "路灯不亮",
        "two words",
        "13800138000",
        "+8613800138000",
        "32010619800101123X",
        13800138000,
        ["王芳"],
        {"a": "电话"},
    ],
    ids=str,
)
def test_an_outbox_payload_takes_no_words_and_no_numbers_of_persons(value: object) -> None:
    with pytest.raises(PayloadError) as caught:
        checked_payload({"field": value})
    assert str(value) not in str(caught.value) + str(caught.value.data)


def test_an_outbox_payload_takes_ids_and_codes() -> None:
    payload = {
        "case": 12,
        "place": "320106001002003",
        "template": "case.closed",
        "no": "NJ-7F3K-2",
        "at": "2026-11-24T08:30Z",
    }
    add_outbox([OutboxDraft("notice.sms", payload, 3, AFTER), OutboxDraft("webhook.post")], DAY_ONE)
    assert checked_payload(payload).startswith('{"at":')
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, personal, next_at, state FROM journal_outbox ORDER BY id")
        assert cursor.fetchall() == [("notice.sms", 3, AFTER, "waiting"), ("webhook.post", None, DAY_ONE, "waiting")]


def test_entries_lie_in_the_partition_of_their_month() -> None:
    from linli.journal.checks import default_rows, months_missing
    from linli.journal.tasks import ensure_partitions

    ensure_partitions(DAY_ONE)
    assert ensure_partitions(DAY_ONE) == 0
    assert months_missing(DAY_ONE) == []
    append_many([entry("case:1", DAY_ONE)])
    assert one("SELECT tableoid::regclass::text FROM journal_entry") == "journal_entry_2026_11"
    assert default_rows() == 0
    append_many([entry("case:1", DAY_ONE + timedelta(days=5000))])
    assert default_rows() == 1
