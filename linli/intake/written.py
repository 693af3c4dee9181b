"""Reports that a resident is still writing: kept encrypted for hours, under a secret that only their browser holds.

Is: a place for words and the private link between two pages. Is not: a case; nobody but the holder of the secret reads it.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from linli.cases.evidence import Holder
from linli.intake.models import Draft
from linli.journal.keyring import key_ring
from linli.kernel.errors import InputError

_SECRET = re.compile(r"[A-Za-z0-9_-]{32}")
_BYTES = 24


def new_secret() -> str:
    """A fresh secret of 32 signs, for a form that is about to be filled in."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(secret: str) -> bytes:
    """What is kept of a secret.

    Raises:
        InputError: it has not the shape of one.
    """
    if not _SECRET.fullmatch(secret):
        raise InputError("This form is out of date.", code="report.no_draft")
    return sha256(f"linli draft|{secret}".encode()).digest()


def holder_of(secret: str) -> Holder:
    """Who may attach the photos that came with a draft."""
    return Holder(draft=hash_of(secret))


def keep_draft(secret: str, told: Mapping[str, object], at: datetime) -> None:
    """Keep what was told so far; what was kept under this secret before is gone. A draft already sent stays as it is."""
    digest = hash_of(secret)
    key_id, cipher = key_ring().seal(json.dumps(dict(told), ensure_ascii=False).encode(), _bound(digest))
    kept, made = Draft.objects.get_or_create(
        secret=digest, defaults={"key_id": key_id, "cipher": cipher, "made_at": at}
    )
    if not made and not kept.sent:
        Draft.objects.filter(pk=digest, sent=False).update(key_id=key_id, cipher=cipher)


def draft_of(secret: str) -> Mapping[str, object] | None:
    """What was told under a secret; None where nothing is kept, or it was sent."""
    return _open(secret, sent=False)


def link_of_draft(secret: str) -> str:
    """The private link to which a draft led; "" while it was not sent."""
    found = _open(secret, sent=True)
    return str(found["token"]) if found else ""


def draft_sent(secret: str, token: str, at: datetime) -> None:
    """The draft is a case now: keep nothing but its link. Call it in the transaction that opens the case."""
    digest = hash_of(secret)
    key_id, cipher = key_ring().seal(json.dumps({"token": token}).encode(), _bound(digest))
    Draft.objects.update_or_create(
        secret=digest, defaults={"key_id": key_id, "cipher": cipher, "sent": True, "made_at": at}
    )


def drop_drafts(before: datetime) -> int:
    """Delete the drafts made before an instant; how many."""
    return Draft.objects.filter(made_at__lt=before).delete()[0]


def _open(secret: str, *, sent: bool) -> Mapping[str, object] | None:
    digest = hash_of(secret)
    row = Draft.objects.filter(pk=digest, sent=sent).first()
    if row is None:
        return None
    told: Mapping[str, object] = json.loads(key_ring().open(row.key_id, bytes(row.cipher), _bound(digest)))
    return told


def _bound(digest: bytes) -> bytes:
    return b"linli draft 1|" + digest
