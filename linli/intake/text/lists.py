"""The word lists of a pack, made ready for looking up: which words of a list a text contains.

Is: plain substring look-ups over the lists of `packs/*/text`. Is not: what a find means; each module says that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
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


@dataclass(frozen=True, slots=True)
class WordLists:
    """All word lists of one snapshot, by name; equal rules give one object."""

    by_name: Mapping[str, tuple[str, ...]]
    _ordered: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

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
        return blanked(text, self.longest_first(f"{family}.{EXCEPTIONS}"))

    def found(self, family: str, text: str) -> tuple[Found, ...]:
        """The lists of a family of which the text contains words."""
        plain = self.without_exceptions(family, text)
        hits = ((name, contained(self.words(name), plain)) for name in self.family(family))
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
    return "".join(unicodedata.normalize("NFKC", text).split(" "))


def word_lists(snapshot: Snapshot) -> WordLists:
    """The word lists of a snapshot."""
    return _word_lists(snapshot)


@lru_cache(maxsize=_KEPT)
def _word_lists(snapshot: Snapshot) -> WordLists:
    return WordLists({name: tuple(cast("list[str]", row["words"])) for name, row in snapshot.section("texts").items()})
