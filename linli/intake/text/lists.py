"""The word lists of a pack, made ready for looking up: which words of a list a text contains.

Is: plain substring look-ups over the lists of `packs/*/text`. Is not: what a find means; each module says that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import add
from typing import cast

from linli.rules.snapshot import Snapshot

EXCEPTIONS = "not"
"""A list of this last name holds set phrases that look like a find of its family and are none."""

BLANK = "□"
"""Stands for what was taken out of a text; no word of any list holds it."""

_KEPT = 16


@dataclass(frozen=True, slots=True)
class Found:
    """Words of one list that a text contains.

    Attributes:
        list: name of the pack's list, e.g. `danger.fire_gas`.
        words: words of that list, in its order; the list's, not the resident's.
    """

    list: str
    words: tuple[str, ...]


class WordIndex:
    """Many words, so that those which a text contains are found in one pass over its pairs of signs."""

    __slots__ = ("_by_pair", "_last", "_single")

    def __init__(self, words: Iterable[str]) -> None:
        """Index words by their first two signs."""
        by_pair: dict[str, list[str]] = {}
        single: set[str] = set()
        for word in set(words):
            if len(word) > 1:
                by_pair.setdefault(word[:2], []).append(word)
            elif word:
                single.add(word)
        self._by_pair = {pair: tuple(found) for pair, found in by_pair.items()}
        self._single = frozenset(single)
        self._last: tuple[str, frozenset[str]] = ("", frozenset())

    def present(self, text: str) -> frozenset[str]:
        """The words that a text contains; asked again for the same text, it remembers."""
        if text != self._last[0]:
            pairs = set(map(add, text, text[1:]))
            words = (word for pair in pairs & self._by_pair.keys() for word in self._by_pair[pair] if word in text)
            self._last = text, frozenset((*words, *(self._single & set(text))))
        return self._last[1]


@dataclass(frozen=True, slots=True)
class WordLists:
    """All word lists of one snapshot, by name; equal rules give one object."""

    by_name: Mapping[str, tuple[str, ...]]
    _index: WordIndex = field(repr=False, compare=False)
    _ordered: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, by_name: Mapping[str, tuple[str, ...]]) -> WordLists:
        """Lists by name."""
        return cls(by_name, WordIndex(word for words in by_name.values() for word in words))

    def words(self, name: str) -> tuple[str, ...]:
        """Words of a list; none where the pack has no such list."""
        return self.by_name.get(name, ())

    def longest_first(self, name: str) -> tuple[str, ...]:
        """Words of a list, the longest first, so that the longer of two that overlap is met first."""
        known = self._ordered.get(name)
        if known is None:
            known = self._ordered[name] = tuple(sorted(self.words(name), key=len, reverse=True))
        return known

    def family(self, family: str) -> tuple[str, ...]:
        """Names of the lists `family.*`, its exceptions left out."""
        return tuple(n for n in self.by_name if n.startswith(f"{family}.") and n != f"{family}.{EXCEPTIONS}")

    def without_exceptions(self, family: str, text: str) -> str:
        """The text with the set phrases that only look like a find of a family blanked out."""
        phrases = self.longest_first(f"{family}.{EXCEPTIONS}")
        return text if self._index.present(text).isdisjoint(phrases) else blanked(text, phrases)

    def said(self, name: str, text: str) -> tuple[str, ...]:
        """Words of one list that a text contains, in the order of the list."""
        present = self._index.present(text)
        return tuple(word for word in self.words(name) if word in present)

    def found(self, family: str, text: str) -> tuple[Found, ...]:
        """The lists of a family of which the text contains words."""
        plain = self.without_exceptions(family, text)
        hits = ((name, self.said(name, plain)) for name in self.family(family))
        return tuple(Found(name, words) for name, words in hits if words)


def contained(words: Iterable[str], text: str) -> tuple[str, ...]:
    """Which of these words the text contains."""
    return tuple(word for word in words if word in text)


def blanked(text: str, words: Sequence[str]) -> str:
    """The text with every one of these words replaced by a blank."""
    for word in words:
        if word in text:
            text = text.replace(word, BLANK)
    return text


def folded(text: str) -> str:
    """The text as lists are written: full-width letters and digits made plain, no spaces inside."""
    plain = text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)
    return plain.replace(" ", "")


def word_lists(snapshot: Snapshot) -> WordLists:
    """The word lists of a snapshot."""
    return _word_lists(snapshot)


@lru_cache(maxsize=_KEPT)
def _word_lists(snapshot: Snapshot) -> WordLists:
    return WordLists.of(
        {name: tuple(cast("list[str]", row["words"])) for name, row in snapshot.section("texts").items()}
    )
