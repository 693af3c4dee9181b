"""The worked example of docs/algorithms/journal.md and the SQL of the how-to are what the code does."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

from linli.journal.checks import check_journal, default_rows
from linli.journal.domain import EntryDraft, Head, chain_one, commitment, entry_text
from linli.journal.merkle import MerkleRoot
from linli.journal.seals import Seal
from linli.journal.services import append_many
from linli.journal.tasks import ensure_partitions
from linli.journal.tests.town import DAY_ONE, entry, small_log
from linli.journal.verifying import verify
from linli.kernel.actors import ActorRef

DOCS = Path(__file__).resolve().parents[3] / "docs"
OPENED = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_the_worked_example() -> None:
    said = (DOCS / "algorithms" / "journal.md").read_text(encoding="utf-8")
    bound = commitment(bytes(range(32)), b'{"phone":"13800138000"}')
    first = chain_one(
        Head(),
        EntryDraft(
            "case:12", "cases.case.opened", ActorRef("reporter", voice=9), OPENED, OPENED,
            {"matter": "event.01.002", "place": "320106001002"}, commitment=bound,
        ),
    )  # fmt: skip
    signed = OPENED.replace(hour=9)
    second = chain_one(
        first.head,
        EntryDraft("case:12", "cases.case.signed", ActorRef("person", account=5), signed, signed, {}, 3, 7),
    )
    tree = MerkleRoot()
    tree.add(first.hash)
    tree.add(second.hash)
    seal = Seal(date(2026, 11, 24), 2, tree.root())
    for value in (bound, first.hash, second.hash, tree.root(), seal.hash):
        assert value.hex() in said
    for link in (first, second):
        d = link.draft
        text = entry_text((
            d.subject, link.seq, d.verb, d.actor.kind, d.actor.account, d.actor.voice, d.post, d.organisation,
            d.at, d.recorded_at, link.data_json, d.version, d.commitment,
        ))  # fmt: skip
        assert sha256(link.prev + text.encode()).digest() == link.hash
        assert text in re.sub(r"\n\s*", "", said)
    assert seal.text() in re.sub(r"\n\s*", "", said)


@pytest.mark.django_db
def test_entries_are_moved_out_of_the_default_partition_as_the_how_to_says() -> None:
    ensure_partitions(DAY_ONE)
    small_log()
    stray = datetime(2044, 5, 6, tzinfo=UTC)
    append_many([entry("case:1", stray)])
    assert default_rows() == 1
    assert "journal.default_not_empty" in {trouble.code for trouble in check_journal(stray)}
    said = (DOCS / "howto" / "keep-the-log.md").read_text(encoding="utf-8")
    block = re.search(r"```sql\nBEGIN;\n(.*?)COMMIT;\n```", said, re.DOTALL)
    assert block is not None
    with connection.cursor() as cursor:
        cursor.execute(block[1].replace("2031-01-01", "2044-05-01").replace("12)", "3)"))
    assert default_rows() == 0
    assert verify().found == 0
    assert "journal.partitions_missing" in {trouble.code for trouble in check_journal(stray)}
