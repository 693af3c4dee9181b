"""What search keeps of an open case: pairs of its title and of what is to be done, the codes of its places and its matter.

Is: what `cases_casewords` holds, cut by `kernel.pairs`. Is not: a reader of original words; those are never cut, nor is
anything of a sealed or protected case.
"""

from __future__ import annotations

from linli.cases.domain import CaseFacts
from linli.kernel.pairs import matter_mark, place_mark, text_pairs

_TIERS = (6, 9, 12, 15)
INDEXED = ("title", "task_text", "matter", "place", "compartment")
"""Facts that decide what search keeps of a case."""


def kept_words(case: CaseFacts) -> list[str] | None:
    """What search keeps of a case; None where it keeps nothing: sealed and protected cases are in no index."""
    if case.compartment != "open":
        return None
    places = [place_mark(case.place[:length]) for length in _TIERS if len(case.place) >= length]
    return [
        *text_pairs(f"{case.title} {case.task_text}"),
        *places,
        *([matter_mark(case.matter)] if case.matter else []),
    ]
