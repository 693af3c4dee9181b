"""Words as search keeps them: a text cut into pairs of neighbouring characters, and codes beside them.

Is: what `cases_casewords` holds of an open case: pairs of its title and of what is to be done, the codes of its places and
its matter. Is not: a reader of original words; those are never cut, nor is anything of a sealed or protected case.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from linli.cases.domain import CaseFacts

_RUN = re.compile(r"[^\W_]+")
_TIERS = (6, 9, 12, 15)
INDEXED = ("title", "task_text", "matter", "place", "compartment")
"""Facts that decide what search keeps of a case."""


def runs_of(text: str) -> list[str]:
    """Unbroken stretches of letters, characters and digits, wide forms and capitals made plain."""
    return _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def pairs_of(run: str) -> list[str]:
    """The pairs of neighbours in a stretch, each once; a stretch of one is itself."""
    return list(dict.fromkeys(a + b for a, b in pairwise(run))) or [run]


def place_mark(code: str) -> str:
    """How a place's code stands among pairs; no pair begins like it."""
    return f"@{code}"


def matter_mark(code: str) -> str:
    """How a matter's code stands among pairs."""
    return f"={code}"


def kept_words(case: CaseFacts) -> list[str] | None:
    """What search keeps of a case; None where it keeps nothing: sealed and protected cases are in no index."""
    if case.compartment != "open":
        return None
    kept = dict.fromkeys(pair for run in runs_of(f"{case.title} {case.task_text}") for pair in pairs_of(run))
    places = [place_mark(case.place[:length]) for length in _TIERS if len(case.place) >= length]
    return [*kept, *places, *([matter_mark(case.matter)] if case.matter else [])]
