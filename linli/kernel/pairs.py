"""A text cut into pairs of neighbouring characters, as every search here keeps and asks it; and how codes stand among them.

Chinese has no blanks between words, and most words have two characters: a pair of neighbours is what an index can find.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_RUN = re.compile(r"[^\W_]+")


def runs_of(text: str) -> list[str]:
    """Unbroken stretches of letters, characters and digits, wide forms and capitals made plain."""
    return _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def pairs_of(run: str) -> list[str]:
    """The pairs of neighbours in a stretch, each once; a stretch of one is itself."""
    return list(dict.fromkeys(a + b for a, b in pairwise(run))) or [run]


def text_pairs(text: str) -> list[str]:
    """The pairs of all stretches of a text, each once, in their order."""
    return list(dict.fromkeys(pair for run in runs_of(text) for pair in pairs_of(run)))


def place_mark(code: str) -> str:
    """How a place's code stands among pairs; no pair begins like it."""
    return f"@{code}"


def matter_mark(code: str) -> str:
    """How a matter's code stands among pairs."""
    return f"={code}"
