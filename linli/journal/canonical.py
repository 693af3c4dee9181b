"""One spelling for one JSON value, by the rules of RFC 8785, so that its hash means something.

Takes null, booleans, whole numbers between -(2^53-1) and 2^53-1, text, lists and objects with text keys.
Floats are refused: the log counts in integers. U+0000 is refused too, because PostgreSQL cannot store it.
It is not a JSON reader; `tests/canonical_vectors.json` holds the test vectors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

from linli.journal.errors import CanonicalError

SAFE_INTEGER = 2**53 - 1

# The C encoder already spells escapes and numbers as RFC 8785 asks; only the order of keys outside the
# basic plane and the refusal of foreign types are ours.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode
_encode_kept = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def canonical_text(value: object) -> str:
    """The canonical spelling of a JSON value, as text.

    Args:
        value: built from dict, list, tuple, str, int, bool and None alone.

    Returns:
        Text without spaces, keys ordered by their UTF-16 code units.

    Raises:
        CanonicalError: a float, a number beyond 2^53-1, a lone surrogate, U+0000, a key that is no text.

    Source: RFC 8785 (JSON Canonicalization Scheme), sections 3.2.2 and 3.2.3.
    """
    astral = _inspect(value)
    return _encode_kept(_ordered(value)) if astral else _encode(value)


def canonical(value: object) -> bytes:
    """The canonical spelling of a JSON value in UTF-8; see `canonical_text`.

    Raises:
        CanonicalError: the value has no canonical form.
    """
    return canonical_text(value).encode()


def respelled(text: str) -> str:
    """The canonical spelling of JSON text that PostgreSQL stored as `jsonb`, which keeps its own order of keys.

    Raises:
        CanonicalError: it holds a number that is not whole.
    """
    value = _load(text)
    # jsonb holds valid text and no U+0000, and floats were refused: only keys beyond U+FFFF need the slow way.
    plain = "\\u" not in text and (text.isascii() or not _ASTRAL.search(text))
    return _encode(value) if plain else canonical_text(value)


def _refuse_float(text: str) -> object:
    raise CanonicalError("The log takes no float.", data={"type": "float"})


_load = json.JSONDecoder(parse_float=_refuse_float, parse_constant=_refuse_float).decode
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def _inspect(value: object) -> bool:
    """Refuse what has no canonical form; True where an object has a key outside the basic plane."""
    kind = type(value)
    if kind is str:
        _text(cast(str, value))
        return False
    if kind is dict:
        return _inspect_object(cast("dict[object, object]", value))
    if kind is list or kind is tuple:
        astral = False
        for item in cast("list[object]", value):
            astral |= _inspect(item)
        return astral
    if kind is int:
        if not -SAFE_INTEGER <= cast(int, value) <= SAFE_INTEGER:
            raise CanonicalError("A whole number is too large for the log.", hint="Write it as text.")
        return False
    if value is None or kind is bool:
        return False
    raise CanonicalError(
        f"The log takes no {kind.__name__}.",
        hint="Write floats as integers with a unit, dates as ISO text.",
        data={"type": kind.__name__},
    )


def _inspect_object(value: dict[object, object]) -> bool:
    astral = False
    for key, item in value.items():
        if type(key) is not str:
            raise CanonicalError("A key in the log must be text.", data={"type": type(key).__name__})
        _text(key)
        if not key.isascii() and max(key) > "\uffff":
            astral = True
        astral |= _inspect(item)
    return astral


def _text(value: str) -> None:
    if value.isascii():
        if "\x00" in value:
            raise CanonicalError("The log takes no U+0000.", hint="Clean the text on the way in.")
        return
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("A text holds half a surrogate pair.", hint="Clean the text on the way in.") from error
    if "\x00" in value:
        raise CanonicalError("The log takes no U+0000.", hint="Clean the text on the way in.")


def _ordered(value: object) -> object:
    """The same value with its keys in order of UTF-16 code units (slow; only for keys beyond U+FFFF)."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    return value
