"""What a classifier sees of a message: its words, pairs of words, and the characters inside each word.

Is: the one place where text becomes features, for training and scoring alike. Is not: a judgement about them.
Raw Chinese is cut into words; text that comes as words set apart by spaces is taken as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import rjieba

OPENING_WORDS = 10
"""The first words (a title, as a rule) are counted once more: they name the matter more often than the rest."""

LONGEST_PIECE = 4
"""Characters in the longest piece of a word that is a feature of its own."""

LONGEST_TEXT = 4_000
"""Characters read; what follows says nothing about the matter that came not before, and may be pasted by the page."""

_WORDISH = re.compile(r"\w", re.UNICODE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_SPACE = re.compile(r"\s+")


def words_of(text: str) -> list[str]:
    """Cut a message into words, punctuation left out.

    Args:
        text: raw text, or words already set apart by spaces.
    """
    text = text[:LONGEST_TEXT]
    words = text.split() if is_cut(text) else rjieba.cut(_SPACE.sub(" ", text), True)
    return [word for word in words if _WORDISH.search(word)]


def is_cut(text: str) -> bool:
    """Whether the text comes as words set apart by spaces: at least one space to every four Chinese characters."""
    return 4 * len(_SPACE.findall(text.strip())) >= len(_HAN.findall(text)) > 0


def word_features(words: Sequence[str]) -> Iterator[str]:
    """Yield each word and each pair of neighbours, the opening ones twice."""
    opening = words[:OPENING_WORDS]
    for part in (words, opening):
        yield from part
        yield from map(" ".join, itertools.pairwise(part))


def piece_features(words: Sequence[str]) -> Iterator[str]:
    """Yield the pieces of up to four characters inside each word, its edges marked; opening words count twice."""
    for part in (words, words[:OPENING_WORDS]):
        for word in part:
            yield from pieces(word)


def pieces(word: str) -> list[str]:
    """Return the pieces of one word, its edges marked `<` and `>`."""
    edged = f"<{word}>"
    return [
        edged[start : start + size] for size in range(1, LONGEST_PIECE + 1) for start in range(len(edged) - size + 1)
    ]
