"""Recomputing every chain, every personal commitment and every seal, in memory that does not grow with the log.

It says which entry is the first that does not fit. It proves nothing about a day that is not sealed, and against a
person who may change both the database and this machine's files it proves only as much as the copies held outside:
docs/explanation/what-the-log-proves.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import cast

from django.db import connection, transaction

from linli.journal.canonical import respelled
from linli.journal.domain import GENESIS, SUBJECT, VERB, Head, commitment, entry_text
from linli.journal.errors import CanonicalError, KeyMissingError, PartUnreadableError
from linli.journal.keyring import key_ring
from linli.journal.merkle import MerkleRoot
from linli.journal.parts import bound_to, unseal
from linli.journal.sealing import entry_hashes, stored_seals, stream
from linli.journal.seals import Seal, read_files

STEP = 5_000
KEPT_FINDINGS = 100
ACTOR_KINDS = frozenset({"person", "system", "reporter", "key"})
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit.

    Attributes:
        kind: `changed` (an entry's content), `link` (it does not follow the one before), `missing`, `doubled`, `head`
            (the chain is shorter or longer than its head), `part_changed`, `part_missing`, `part_unreadable`,
            `erased_unsaid`, `seal` (a day's entries), `seal_chain`, `seal_missing`, `outside`.
        message: one sentence without personal data.
        subject: whose chain, where it is about an entry.
        seq: which entry.
        recorded_at: when that entry was recorded, aware.
        day: which day, where it is about a seal.
    """

    kind: str
    message: str
    subject: str = ""
    seq: int | None = None
    recorded_at: datetime | None = None
    day: date | None = None

    def moment(self) -> tuple[datetime, str, int]:
        """Sorts findings by when they were recorded; those about days come after those about entries."""
        return self.recorded_at or LATEST, self.day.isoformat() if self.day else "", self.seq or 0


@dataclass(slots=True)
class Verification:
    """What was recomputed, and what does not fit."""

    entries: int = 0
    subjects: int = 0
    parts: int = 0
    parts_erased: int = 0
    seals: int = 0
    outside: int = 0
    unsealed: int = 0
    found: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def first(self) -> Finding | None:
        """The first entry, by the time it was recorded, that does not fit; else the first day."""
        return min(self.findings, key=Finding.moment, default=None)

    def add(self, finding: Finding) -> None:
        """Keep a finding; beyond a hundred the earliest are kept and the rest are counted."""
        self.found += 1
        self.findings.append(finding)
        if len(self.findings) > KEPT_FINDINGS:
            self.findings.remove(max(self.findings, key=Finding.moment))


Progress = Callable[[int], None]


def verify(folders: Sequence[Path] = (), progress: Progress = lambda _entries: None) -> Verification:
    """Recompute everything, on one snapshot of the database, while work goes on.

    Args:
        folders: folders of seal files to compare with, this machine's own and copies held outside.
        progress: called with the number of entries recomputed so far.

    Returns:
        Counts and findings; no findings means that all fits.

    Raises:
        InputError: a file in a folder is no seal.
    """
    result = Verification()
    with _snapshot():
        _chains(result, progress)
        _parts(result)
        _erasures(result)
        seals = _seals(result)
    for folder in folders:
        _outside(result, seals, folder)
    return result


@contextmanager
def _snapshot() -> Iterator[None]:
    """One state of the database for all that is read; inside a caller's transaction, whatever that sees."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # The whole answer is wanted, not its first rows: let the planner sort once rather than hop through an index.
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1.0")
        yield


_ENTRIES = """
SELECT subject, seq, verb, actor_kind, actor_account, actor_voice, post, organisation, at, recorded_at, data::text,
       version, commitment, prev, hash
  FROM journal_entry ORDER BY subject, seq
"""


def _chains(result: Verification, progress: Progress) -> None:
    with (
        stream(_ENTRIES, []) as rows,
        stream("SELECT subject, seq, hash FROM journal_head ORDER BY subject", []) as heads,
    ):
        chain = _Chain(result, _Heads(result, heads))
        for row in rows:
            chain.take(row)
            result.entries += 1
            if result.entries % STEP == 0:
                progress(result.entries)
        chain.end()
        chain.heads.rest()
    progress(result.entries)


class _Chain:
    """Follows one subject's entries at a time."""

    def __init__(self, result: Verification, heads: _Heads) -> None:
        self.result = result
        self.heads = heads
        self.subject = ""
        self.seq = 0
        self.hash = GENESIS
        self.recorded_at: datetime | None = None
        self.torn = False
        self._spelled: set[tuple[str, str]] = set()

    def take(self, row: tuple[object, ...]) -> None:
        subject, seq, verb, kind = row[0], row[1], row[2], row[3]
        if subject != self.subject:
            self.end()
            self._begin(cast(str, subject))
        if not self.torn:
            self._compare(row, cast(int, seq), (cast(str, verb), cast(str, kind)))
        self.seq, self.hash, self.recorded_at = cast(int, seq), cast(bytes, row[14]), cast(datetime, row[9])

    def _begin(self, subject: str) -> None:
        self.subject, self.seq, self.hash, self.torn = subject, 0, GENESIS, False
        self.result.subjects += 1
        if not SUBJECT.fullmatch(subject):
            self._find("changed", "The subject of this entry is malformed.", 1, None)

    def _compare(self, row: tuple[object, ...], seq: int, spelled: tuple[str, str]) -> None:
        recorded = cast(datetime, row[9])
        if seq != self.seq + 1:
            self._gap(seq, recorded)
            return
        if spelled not in self._spelled:
            if not VERB.fullmatch(spelled[0]) or spelled[1] not in ACTOR_KINDS:
                self._find("changed", "The verb or actor of this entry is malformed.", seq, recorded)
                return
            self._spelled.add(spelled)
        if row[13] != self.hash:
            self._find("link", "This entry does not follow the one before it.", seq, recorded)
            return
        if _hash(row) != row[14]:
            self._find("changed", "The content of this entry is not what was recorded.", seq, recorded)

    def _gap(self, seq: int, recorded: datetime) -> None:
        if seq <= self.seq:
            self._find("doubled", "There are two entries of this number.", seq, recorded)
        else:
            self._find("missing", "This entry is missing.", self.seq + 1, recorded)

    def _find(self, kind: str, message: str, seq: int, recorded: datetime | None) -> None:
        # What follows in this chain cannot be judged: one finding a chain.
        self.torn = True
        self.result.add(Finding(kind, message, self.subject, seq, recorded))

    def end(self) -> None:
        """The subject's last entry was taken: is it the one that its head names?"""
        if not self.subject:
            return
        head = self.heads.of(self.subject)
        if self.torn or (head is not None and (head.seq, head.hash) == (self.seq, self.hash)):
            return
        if head is not None and head.seq > self.seq:
            self._find("missing", "The last entries of this chain are missing.", self.seq + 1, self.recorded_at)
        else:
            self._find("head", "The head of this chain names another last entry.", self.seq, self.recorded_at)


class _Heads:
    """The heads in order of their subjects, beside the entries; none is held longer than needed."""

    def __init__(self, result: Verification, rows: Iterator[tuple[object, ...]]) -> None:
        self.result = result
        self.rows = rows
        self.next = next(rows, None)

    def of(self, subject: str) -> Head | None:
        """The head of a subject; those passed over have no entries at all."""
        while self.next is not None and cast(str, self.next[0]) < subject:
            self._lone()
        if self.next is None or self.next[0] != subject:
            return None
        head = Head(cast(int, self.next[1]), cast(bytes, self.next[2]))
        self.next = next(self.rows, None)
        return head

    def rest(self) -> None:
        """The heads behind the last entry."""
        while self.next is not None:
            self._lone()

    def _lone(self) -> None:
        subject, seq, last = self.next or ("", 0, GENESIS)
        if seq != 0 or last != GENESIS:
            self.result.add(Finding("missing", "All entries of this chain are missing.", cast(str, subject), 1))
        self.next = next(self.rows, None)


def _hash(row: tuple[object, ...]) -> bytes | None:
    try:
        data = respelled(cast(str, row[10]))
    except (CanonicalError, ValueError):
        return None
    values = (*row[:10], data, row[11], row[12])
    return sha256(cast(bytes, row[13]) + entry_text(values).encode()).digest()  # type: ignore[arg-type]


_BOUND = """
SELECT e.subject, e.seq, e.recorded_at, e.commitment, p.id, p.subject, p.purpose, p.cipher, p.key_id
  FROM journal_entry e LEFT JOIN journal_personal p ON p.id = e.personal
 WHERE e.personal IS NOT NULL
"""


def _parts(result: Verification) -> None:
    """Personal parts that still exist must be those that their entries are bound to."""
    with stream(_BOUND, []) as rows:
        for subject, seq, recorded, bound, part, owner, purpose, cipher, key_id in rows:
            result.parts += 1
            if part is not None and cipher is None:
                result.parts_erased += 1
                continue
            kind = "part_missing" if part is None else _part_kind(bound, owner, purpose, cipher, key_id)
            if kind:
                result.add(Finding(kind, _PART_MESSAGES[kind], subject, seq, recorded))


_PART_MESSAGES: Mapping[str, str] = {
    "part_missing": "The personal part of this entry is gone without having been erased.",
    "part_changed": "The personal part of this entry is not the one that was recorded.",
    "part_unreadable": "The personal part of this entry does not open.",
    "key_missing": "The key of this entry's personal part is not in the key ring.",
}


def _part_kind(bound: bytes, subject: str, purpose: str, cipher: bytes, key_id: str) -> str:
    try:
        salt, content = unseal(key_ring(), key_id, cipher, bound_to(subject, purpose))
    except KeyMissingError:
        return "key_missing"
    except PartUnreadableError:
        return "part_unreadable"
    return "" if commitment(salt, content) == bound else "part_changed"


_UNSAID = """
SELECT p.subject, p.id FROM journal_personal p
 WHERE p.erased_at IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM journal_entry e
        WHERE e.subject = p.subject AND e.verb = 'journal.personal.erased' AND e.data -> 'parts' @> to_jsonb(p.id))
"""


def _erasures(result: Verification) -> None:
    """Whatever was erased must have been erased by an entry."""
    with stream(_UNSAID, []) as rows:
        for subject, part in rows:
            result.add(Finding("erased_unsaid", f"Part {part} was erased without an entry that says so.", subject))


def _seals(result: Verification) -> dict[date, Seal]:
    """Recompute each day's root from the entries, and follow the seals from day to day."""
    seals = {seal.day: seal for seal in stored_seals()}
    before: Seal | None = None
    for day, seal in seals.items():
        result.seals += 1
        _follow(result, before, seal)
        root = MerkleRoot()
        for recorded in entry_hashes(day):
            root.add(recorded)
        if (root.count, root.root()) != (seal.entries, seal.root):
            text = f"The entries of {day} are not those that were sealed: {root.count} now, {seal.entries} then."
            result.add(Finding("seal", text, day=day))
        before = seal
    result.unsealed = _unsealed(before.day if before else None)
    return seals


def _follow(result: Verification, before: Seal | None, seal: Seal) -> None:
    if before is None:
        follows = seal.prev == GENESIS
    else:
        follows = seal.prev == before.hash and seal.day.toordinal() == before.day.toordinal() + 1
    if not follows:
        result.add(Finding("seal_chain", f"The seal of {seal.day} does not follow the one before it.", day=seal.day))
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM journal_seal WHERE day = %s", [seal.day])
        (stated,) = cursor.fetchone() or (b"",)
    if bytes(stated) != seal.hash:
        result.add(Finding("seal_chain", f"The seal of {seal.day} was changed.", day=seal.day))


def _unsealed(last: date | None) -> int:
    """How many entries lie after the last seal; nothing is proved about them but their chains."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry WHERE %s::date IS NULL"
            " OR recorded_at >= (%s::date + 1)::timestamp AT TIME ZONE 'UTC' - interval '8 hours'",
            [last, last],
        )
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def _outside(result: Verification, seals: Mapping[date, Seal], folder: Path) -> None:
    """Compare with copies of the seals; a day that only the copies know has vanished here."""
    for copy, stated in read_files(folder):
        result.outside += 1
        seal = seals.get(copy.day)
        if copy.hash != stated:
            text = f"The file of {copy.day} in {folder.name} contradicts itself."
            result.add(Finding("outside", text, day=copy.day))
        elif seal is None:
            text = f"The seal of {copy.day} is in {folder.name} and no longer in the database."
            result.add(Finding("seal_missing", text, day=copy.day))
        elif seal.hash != copy.hash:
            text = f"The seal of {copy.day} is not the one in {folder.name}."
            result.add(Finding("outside", text, day=copy.day))
