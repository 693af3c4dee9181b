"""Entries and their chain, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.journal.canonical import canonical_text
from linli.journal.domain import (
    GENESIS,
    Chained,
    EntryDraft,
    Head,
    actor_key,
    chain,
    chain_one,
    commitment,
    entry_hash,
    instant_text,
)
from linli.journal.errors import CanonicalError, EntryError
from linli.journal.selectors import ENTRY_COLUMNS, ENTRY_TYPES
from linli.kernel.actors import SYSTEM, ActorRef

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
DRAFT = EntryDraft("case:12", "cases.case.signed", ActorRef("person", account=5), AT, AT, {"body": 7}, post=3)


def spelled(link: Chained) -> str:
    """The entry as an object, spelled by the general function: what the quick one must equal."""
    d = link.draft
    return canonical_text({
        "subject": d.subject, "seq": link.seq, "verb": d.verb, "post": d.post, "organisation": d.organisation,
        "actor": {"kind": d.actor.kind, "account": d.actor.account, "voice": d.actor.voice},
        "at": instant_text(d.at), "recorded_at": instant_text(d.recorded_at), "data": dict(d.data),
        "version": d.version, "commitment": d.commitment.hex() if d.commitment else None,
    })  # fmt: skip


ids = st.none() | st.integers(1, 2**53 - 1)
instants = st.datetimes(datetime(2004, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))
drafts = st.builds(
    EntryDraft,
    subject=st.from_regex(r"\A[a-z][a-z_]{0,8}:[A-Za-z0-9_.-]{1,12}\Z"),
    verb=st.from_regex(r"\A[a-z]{1,6}\.[a-z_]{1,6}\.[a-z0-9_]{1,6}\Z").filter(lambda verb: "._" not in verb and verb[-1] != "." and not any(part[0].isdigit() for part in verb.split("."))),
    actor=st.builds(ActorRef, kind=st.sampled_from(["person", "system", "reporter", "key"]), account=ids, voice=ids),
    at=instants, recorded_at=instants, post=ids, organisation=ids, version=st.integers(1, 99), personal=st.none(),
    data=st.dictionaries(st.text("abc中\U0001f600\ufb33", max_size=3), st.integers(0, 9) | st.text("x\"\\\n中", max_size=3)),
    commitment=st.none() | st.binary(min_size=32, max_size=32),
)  # fmt: skip


@given(drafts)
def test_the_quick_spelling_is_the_canonical_one(draft: EntryDraft) -> None:
    link = chain_one(Head(4, b"\x07" * 32), draft)
    assert link.hash == sha256(b"\x07" * 32 + spelled(link).encode()).digest()
    assert entry_hash(b"\x07" * 32, 5, draft) == link.hash


def test_each_subject_has_a_chain_of_its_own() -> None:
    other = replace(DRAFT, subject="case:13")
    links = chain({"case:12": Head(6, b"\x01" * 32)}, [DRAFT, other, DRAFT])
    assert [(link.draft.subject, link.seq) for link in links] == [("case:12", 7), ("case:13", 1), ("case:12", 8)]
    assert (links[1].prev, links[2].prev) == (GENESIS, links[0].hash)


def test_a_row_has_the_columns_that_others_write() -> None:
    row = chain_one(Head(), DRAFT).row()
    named = dict(zip(ENTRY_COLUMNS, row, strict=True))
    assert len(ENTRY_COLUMNS) == len(ENTRY_TYPES)
    assert (named["seq"], named["data"], named["actor_account"], named["post"]) == (1, '{"body":7}', 5, 3)


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "case:13"}, {"verb": "cases.case.closed"}, {"actor": SYSTEM}, {"post": None}, {"organisation": 1},
        {"at": AT + timedelta(microseconds=1)}, {"recorded_at": AT + timedelta(microseconds=1)}, {"data": {"body": 8}},
        {"version": 2}, {"commitment": b"\x01" * 32}, {"actor": ActorRef("person", account=5, voice=1)},
    ],
    ids=str,
)  # fmt: skip
def test_every_fact_is_under_the_hash(changed: dict[str, object]) -> None:
    assert chain_one(Head(), replace(DRAFT, **changed)).hash != chain_one(Head(), DRAFT).hash  # type: ignore[arg-type]


def test_where_the_personal_part_lies_is_not_under_the_hash_but_what_it_says_is() -> None:
    bound = replace(DRAFT, commitment=b"\x02" * 32)
    assert chain_one(Head(), replace(bound, personal=9)).hash == chain_one(Head(), bound).hash


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"subject": "case 12"}, "journal.subject"), ({"subject": 'case:1"'}, "journal.subject"),
        ({"verb": "signed"}, "journal.verb"), ({"verb": "a.b\n"}, "journal.verb"),
        ({"at": datetime(2026, 1, 1)}, "journal.naive_time"), ({"personal": 3}, "journal.commitment"),
    ],
)  # fmt: skip
def test_a_malformed_draft_is_refused(changed: dict[str, object], code: str) -> None:
    with pytest.raises(EntryError) as caught:
        chain_one(Head(), replace(DRAFT, **changed))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_float_in_the_data_is_refused() -> None:
    with pytest.raises(CanonicalError):
        chain_one(Head(), replace(DRAFT, data={"lon": 118.7}))


def test_instants_are_told_in_utc() -> None:
    assert instant_text(datetime(2026, 1, 1, 7, tzinfo=timezone(timedelta(hours=8)))) == "2025-12-31T23:00:00.000000Z"


def test_a_commitment_needs_its_salt() -> None:
    assert commitment(b"a" * 32, b"13800138000") != commitment(b"b" * 32, b"13800138000")


@pytest.mark.parametrize(
    ("actor", "key"),
    [(ActorRef("person", account=5), "account:5"), (ActorRef("reporter", voice=9), "voice:9"), (SYSTEM, "system")],
)
def test_request_ids_belong_to_an_actor(actor: ActorRef, key: str) -> None:
    assert actor_key(actor) == key
