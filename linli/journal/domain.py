"""What an entry is and how entries chain: pure, without a database or a key file.

    hash(n) = sha256( hash(n-1) ‖ canonical JSON of entry n ),   hash(0) = 32 zero bytes

The chain is per subject (`case:123`). A personal part is bound by `hmac(salt, content)`: the commitment is
hashed, part and salt lie encrypted elsewhere and can be erased while the chain stays whole.
docs/algorithms/journal.md tells it in prose, with a worked example.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256

from linli.journal.canonical import canonical_text
from linli.journal.errors import EntryError
from linli.kernel.actors import ActorRef

GENESIS = bytes(32)
Cell = str | int | bytes | datetime | date | None
"""What a column of the journal takes."""
SUBJECT = re.compile(r"[a-z][a-z_]*:[A-Za-z0-9_.-]{1,64}")
# subject, seq, verb, actor kind, account, voice, post, organisation, at, recorded_at, data (JSON), version, commitment
EntryValues = tuple[
    str, int, str, str, int | None, int | None, int | None, int | None, datetime, datetime, str, int, bytes | None
]
VERB = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}")


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One thing that happened, before it has a place in its chain.

    Attributes:
        subject: what it happened to, `kind:id`, e.g. `case:123`.
        verb: `area.entity.verb`, e.g. `cases.case.signed`.
        actor: who did it, as plain ids.
        at: when it happened, aware UTC.
        recorded_at: when it is written, aware UTC; decides partition and day of the seal.
        data: typed facts, canonical JSON values only; never personal data, never words of a resident.
        post: id of the post in which the actor acted.
        organisation: id of the body of that post.
        version: version of the shape of `data` under this verb.
        personal: id of the personal part (a pointer; not hashed).
        commitment: `hmac(salt, content)` of that part (hashed).
    """

    subject: str
    verb: str
    actor: ActorRef
    at: datetime
    recorded_at: datetime
    data: Mapping[str, object] = field(default_factory=dict)
    post: int | None = None
    organisation: int | None = None
    version: int = 1
    personal: int | None = None
    commitment: bytes | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a subject's chain: the last sequence number and hash; (0, GENESIS) before the first entry."""

    seq: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Chained:
    """A draft with its place in the chain. `data_json` is the canonical text of the draft's data."""

    draft: EntryDraft
    seq: int
    prev: bytes
    hash: bytes
    data_json: str

    @property
    def head(self) -> Head:
        """The head of the chain after this entry."""
        return Head(self.seq, self.hash)

    def row(self) -> tuple[Cell, ...]:
        """Values in the order of `selectors.ENTRY_COLUMNS`; `data` is JSON text (cast it: `%s::jsonb`)."""
        d = self.draft
        return (
            d.subject, self.seq, d.verb, d.actor.kind, d.actor.account, d.actor.voice, d.post, d.organisation,
            d.at, d.recorded_at, self.data_json, d.version, d.personal, d.commitment, self.prev, self.hash,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonalDraft:
    """A personal part before it is encrypted.

    Attributes:
        subject: what it belongs to, as in the entries; bound into the encryption.
        purpose: key of the personal field in the pack (`personal.yaml`); bound into the encryption.
        content: the bytes themselves (UTF-8 JSON by custom).
        erase_after: last day it may be kept; the daily job erases it after that day. None: no end known yet.
        keep_until: last day of a statutory minimum; a wish to erase ends use at once and deletes after it.
        keep_rule: the pack's name of that statutory minimum.
    """

    subject: str
    purpose: str
    content: bytes
    erase_after: date | None = None
    keep_until: date | None = None
    keep_rule: str = ""


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A personal part, encrypted, with the commitment that goes into its entry."""

    draft: PersonalDraft
    key_id: str
    cipher: bytes
    commitment: bytes
    written_at: datetime

    def row(self) -> tuple[Cell, ...]:
        """Values in the order of `selectors.PERSONAL_COLUMNS`."""
        d = self.draft
        return (
            d.subject, d.purpose, self.cipher, self.key_id, self.written_at, d.erase_after, d.keep_until, d.keep_rule,
        )  # fmt: skip


def instant_text(at: datetime) -> str:
    """An instant as it is hashed: UTC with six decimals, `2026-11-24T20:15:04.000000Z`.

    Raises:
        EntryError: the instant has no zone.
    """
    if at.tzinfo is not UTC:
        if at.tzinfo is None:
            raise EntryError("An instant in the log needs a time zone.", code="journal.naive_time")
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def entry_text(values: EntryValues) -> str:
    """The canonical JSON of an entry, put together around the canonical text of its data.

    Equal to `canonical_text` of the same facts as an object (a test proves it); spelled out because verification
    does it for every entry.

    Args:
        values: the entry's columns from `subject` to `version`, in the order of `selectors.ENTRY_COLUMNS`, and its
            commitment.
    """
    subject, seq, verb, kind, account, voice, post, organisation, at, recorded, data, version, bound = values
    return (
        f'{{"actor":{{"account":{_number(account)},"kind":"{kind}","voice":{_number(voice)}}},'
        f'"at":"{instant_text(at)}","commitment":{_hex(bound)},"data":{data},'
        f'"organisation":{_number(organisation)},"post":{_number(post)},'
        f'"recorded_at":"{instant_text(recorded)}","seq":{seq},"subject":"{subject}",'
        f'"verb":"{verb}","version":{version}}}'
    )


def entry_hash(prev: bytes, seq: int, draft: EntryDraft) -> bytes:
    """`sha256(prev ‖ canonical JSON)` of one entry.

    Args:
        prev: hash of the entry before it, or GENESIS.
        seq: its place in the chain, from 1.
        draft: the entry.

    Raises:
        CanonicalError: the data has no canonical form.
        EntryError: subject, verb or a time is malformed.
    """
    return chain_one(Head(seq - 1, prev), draft).hash


def chain_one(head: Head, draft: EntryDraft) -> Chained:
    """The draft put at the end of the chain whose head is given; see `entry_hash` for what it raises."""
    _check(draft)
    data_json = canonical_text(dict(draft.data))
    seq = head.seq + 1
    actor = draft.actor
    text = entry_text((
        draft.subject, seq, draft.verb, actor.kind, actor.account, actor.voice, draft.post, draft.organisation,
        draft.at, draft.recorded_at, data_json, draft.version, draft.commitment,
    ))  # fmt: skip
    digest = sha256(head.hash + text.encode()).digest()
    return Chained(draft, seq, head.hash, digest, data_json)


def chain(heads: Mapping[str, Head], drafts: Iterable[EntryDraft]) -> list[Chained]:
    """Drafts of any subjects, each put at the end of its own chain, in the order given.

    Args:
        heads: the locked head of every subject; a subject that is missing begins a new chain.
        drafts: the entries.
    """
    ends = dict(heads)
    chained = []
    for draft in drafts:
        link = chain_one(ends.get(draft.subject, Head()), draft)
        ends[draft.subject] = link.head
        chained.append(link)
    return chained


def last_links(chained: Sequence[Chained]) -> dict[str, Chained]:
    """The last of each subject's links: what its head becomes."""
    return {link.draft.subject: link for link in chained}


def commitment(salt: bytes, content: bytes) -> bytes:
    """What binds a personal part to its entry without telling it: hmac-sha256 of the content under a secret salt."""
    return hmac.digest(salt, content, "sha256")


def actor_key(actor: ActorRef) -> str:
    """Who a request id belongs to: `account:5`, `voice:9`, `order:3` or the bare kind (`system`)."""
    if actor.account is not None:
        return f"account:{actor.account}"
    if actor.voice is not None:
        return f"voice:{actor.voice}"
    if actor.order is not None:
        return f"order:{actor.order}"
    return actor.kind


def _hex(value: bytes | None) -> str:
    return "null" if value is None else f'"{value.hex()}"'


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _check(draft: EntryDraft) -> None:
    if not SUBJECT.fullmatch(draft.subject):
        raise EntryError("A subject is `kind:id`.", code="journal.subject", data={"verb": draft.verb})
    if not VERB.fullmatch(draft.verb):
        raise EntryError(
            "A verb is `area.entity.verb`.",
            code="journal.verb",
            data={"subject": draft.subject},
        )
    if (draft.personal is None) != (draft.commitment is None) and draft.commitment is None:
        raise EntryError("A personal part needs its commitment.", code="journal.commitment")
