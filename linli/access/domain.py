"""API keys and account names as text, and what an account is to others. Pure: no hashing of passwords, no database."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

KEY_MARK = "lk"
MadeAs = Literal["link", "paper"]
"""In which shape a body gets its order."""
_PREFIX_LENGTH = 8
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{1,63}")


class TieKind(StrEnum):
    """What two people declared: reason enough that one does not read what accuses the other."""

    RELATIVE = "relative"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account as others see it. `display_name` is for pages of colleagues, never for logs or the journal."""

    id: int
    name: str
    display_name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class KeyRef:
    """A key without its secret."""

    id: int
    account: int
    label: str
    prefix: str
    scopes: frozenset[str]
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of an order without its secret.

    Attributes:
        case: id of the case.
        organisation: id of the body that it stands for.
        entry: number of the entry in the case's log by which it was issued.
        expires_at: aware UTC; it holds before, not at, this instant.
    """

    id: int
    case: int
    organisation: int
    entry: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as its holder writes it: `lk_<prefix>_<secret>`. Shown once; only prefix and hash are kept."""

    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"{KEY_MARK}_{self.prefix}_{self.secret}"

    def __repr__(self) -> str:
        return f"KeyText(prefix={self.prefix!r})"


def parse_key(text: str) -> KeyText | None:
    """The parts of a key, or None when the text is no key."""
    parts = text.strip().split("_", 2)
    if len(parts) != 3 or parts[0] != KEY_MARK or len(parts[1]) != _PREFIX_LENGTH or not parts[2]:
        return None
    return KeyText(parts[1], parts[2])


def key_of(random: bytes) -> KeyText:
    """A key from random bytes.

    Args:
        random: at least 36 bytes of the system's generator: 4 name the key, the rest is its secret.
    """
    return KeyText(random[:4].hex(), random[4:].hex())


def secret_hash(key: KeyText) -> bytes:
    """What is kept of a secret. It has 256 random bits, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(f"{key.prefix}:{key.secret}".encode()).digest()


def secret_fits(key: KeyText, kept: bytes) -> bool:
    """Whether the secret is the one kept; takes the same time for any wrong one."""
    return hmac.compare_digest(secret_hash(key), kept)


def is_account_name(text: str) -> bool:
    """Whether a text may be the name that an account signs in with."""
    return _NAME.fullmatch(text) is not None
