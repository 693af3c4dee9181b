"""Public numbers and private links. A number tells nothing: eleven random digits and a check digit.

It is said in three groups of four; one wrong digit, and two neighbours exchanged, are noticed before anything is looked up.

Source: ISO/IEC 7064, MOD 11,10.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

LENGTH = 12
_RANDOM = LENGTH - 1
_TOKEN_BYTES = 24


def new_number() -> str:
    """A fresh number of twelve digits, the last one its check digit."""
    body = f"{secrets.randbelow(10**_RANDOM):0{_RANDOM}d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The check digit of ISO/IEC 7064 MOD 11,10 for a string of digits."""
    rest = 10
    for digit in body:
        total = (rest + int(digit)) % 10 or 10
        rest = total * 2 % 11
    return str((11 - rest) % 10)


def is_number(text: str) -> bool:
    """Whether this can be a public number at all."""
    return len(text) == LENGTH and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


def spoken(number: str) -> str:
    """A number as it is printed and said: three groups of four."""
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def heard(text: str) -> str:
    """A number as somebody typed it, without spaces and hyphens, full-width digits made plain."""
    return "".join(str(int(one)) for one in text if one.isdecimal())


def new_token() -> str:
    """A private link's secret; shown once."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is kept of a private link."""
    return sha256(token.encode()).digest()
