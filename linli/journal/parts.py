"""Sealing and opening of personal parts: content and salt go into one cipher, only the commitment comes out.

The salt is as secret as the content: a telephone number under a known salt is guessed in a minute. So it lies inside
the cipher, and erasing the cipher erases both. Not here: who may open a part, and the entry that says that it was opened.
"""

from __future__ import annotations

import os
from datetime import datetime

from linli.journal.domain import PersonalDraft, SealedPart, commitment
from linli.journal.errors import PartUnreadableError
from linli.journal.keyring import KeyRing, key_ring

SALT = 32


def seal_part(draft: PersonalDraft, at: datetime, ring: KeyRing | None = None) -> SealedPart:
    """Encrypt a personal part under a fresh salt and the active key.

    Args:
        draft: the part.
        at: now, aware UTC.
        ring: the key ring; this installation's by default.

    Raises:
        KeyMissingError: there is no key ring.
    """
    salt = os.urandom(SALT)
    key_id, cipher = (ring or key_ring()).seal(salt + draft.content, bound_to(draft.subject, draft.purpose))
    return SealedPart(draft, key_id, cipher, commitment(salt, draft.content), at)


def unseal(ring: KeyRing, key_id: str, cipher: bytes, bound: bytes) -> tuple[bytes, bytes]:
    """Salt and content of a cipher.

    Raises:
        KeyMissingError: the key is not in the ring.
        PartUnreadableError: the cipher was changed or belongs elsewhere.
    """
    plain = ring.open(key_id, cipher, bound)
    if len(plain) < SALT:
        raise PartUnreadableError("A personal part is too short.", data={"key": key_id})
    return plain[:SALT], plain[SALT:]


def bound_to(subject: str, purpose: str) -> bytes:
    """What a cipher is bound to, so that it opens nowhere else."""
    return f"linli personal 1|{subject}|{purpose}".encode()
