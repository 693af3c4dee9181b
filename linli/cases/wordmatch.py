"""A question in words as a condition over what search keeps of open cases; for the search and for queues alike.

Is: fragments of SQL over `cases_casewords`. Is not: a reader of what reporters wrote; none of that is kept there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.kernel.pairs import matter_mark, pairs_of, place_mark

MOST_RUNS = 8
"""Most stretches of one question; what is beyond is left out."""


@dataclass(frozen=True, slots=True)
class Word:
    """One stretch of a question, the places that are called so, and the matter whose code it is."""

    run: str
    places: tuple[str, ...] = ()
    matter: str = ""


def words_condition(words: Sequence[Word]) -> tuple[str, dict[str, object]]:
    """What holds of a row `w` of `cases_casewords` in which every word stands, and its values; "" for no words.

    Index: cases_words_pairs.
    """
    texts: list[str] = []
    values: dict[str, object] = {}
    for number, word in enumerate(words[:MOST_RUNS]):
        values[f"pairs_{number}"] = pairs_of(word.run)
        text = f"w.pairs @> %(pairs_{number})s::text[]"
        marks = [*map(place_mark, word.places), *([matter_mark(word.matter)] if word.matter else [])]
        if marks:
            values[f"marks_{number}"] = marks
            text = f"({text} OR w.pairs && %(marks_{number})s::text[])"
        texts.append(text)
    return " AND ".join(texts), values
