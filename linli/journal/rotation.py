"""Changing the key under which personal parts lie: a new key seals, and everything is encrypted anew under it.

Interrupted, the next call goes on with the key that was begun. Old keys stay in the folder, because backups of the
database need them; once those backups are gone, their files may be deleted by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from linli.journal.domain import EntryDraft
from linli.journal.keyring import KeyRing, key_ring
from linli.journal.parts import bound_to
from linli.journal.services import append_many
from linli.kernel.actors import ActorRef

BATCH = 1_000
SUBJECT = "journal:keys"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did.

    Attributes:
        key: id of the key that seals now.
        parts: how many parts this call encrypted anew.
        resumed: it went on with an earlier, interrupted rotation and made no new key.
    """

    key: str
    parts: int
    resumed: bool


def rotate(actor: ActorRef, at: datetime, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Rotation:
    """Make a new key, or go on with a rotation that was interrupted, until nothing lies under an older one.

    Args:
        actor: who orders it.
        at: now, aware.
        progress: called with how many parts are done and how many there were to do.

    Raises:
        KeyMissingError: there is no key ring, or a key that is still needed is not in it.
        PartUnreadableError: a part does not open; those before it are done.
    """
    ring = key_ring()
    resumed = parts_left(ring.active()) > 0
    key = ring.active() if resumed else ring.add_key()
    total = parts_left(key)
    done = 0
    # A process that read the active key just before the change may still write under the old one: look again.
    while parts_left(key):
        done = _pass(ring, key, done, lambda count: progress(count, total))
    with transaction.atomic():
        append_many([EntryDraft(SUBJECT, "journal.keys.rotated", actor, at, at, {"key": key, "parts": done})])
    return Rotation(key, done, resumed)


def parts_left(key: str) -> int:
    """How many parts lie under a key other than the given one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_personal WHERE cipher IS NOT NULL AND key_id <> %s", [key])
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def parts_by_key() -> dict[str, int]:
    """How many parts lie under each key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_id, count(*) FROM journal_personal WHERE cipher IS NOT NULL GROUP BY key_id")
        return dict(cursor.fetchall())


def _pass(ring: KeyRing, key: str, done: int, progress: Callable[[int], None]) -> int:
    last = 0
    while True:
        with transaction.atomic():
            last, count = _batch(ring, key, last)
        if count == 0:
            return done
        done += count
        progress(done)


def _batch(ring: KeyRing, key: str, last: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, subject, purpose, key_id, cipher FROM journal_personal"
            " WHERE id > %s AND cipher IS NOT NULL AND key_id <> %s ORDER BY id LIMIT %s FOR UPDATE",
            [last, key, BATCH],
        )
        rows = cursor.fetchall()
        if not rows:
            return last, 0
        fresh = [_again(ring, *row[1:]) for row in rows]
        cursor.execute(
            "UPDATE journal_personal p SET key_id = v.key_id, cipher = v.cipher"
            " FROM unnest(%s::bigint[], %s::text[], %s::bytea[]) AS v(id, key_id, cipher) WHERE p.id = v.id",
            [[row[0] for row in rows], [pair[0] for pair in fresh], [pair[1] for pair in fresh]],
        )
    return rows[-1][0], len(rows)


def _again(ring: KeyRing, subject: str, purpose: str, key_id: str, cipher: bytes) -> tuple[str, bytes]:
    bound = bound_to(subject, purpose)
    return ring.seal(ring.open(key_id, bytes(cipher), bound), bound)
