"""The closed vocabulary of a task text: words of the catalogue, minus any that tells who, when or from where.

Is: which catalogue words a text contains. Is not: evidence of the classifier, whose words come from messages and may
be anybody's; what is not in the pack never gets into a work order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.intake.text.lists import WordIndex, WordLists
from linli.matters.domain import Catalogue, Matter

SHOWN = 8
SHORTEST = 2

_TELLING = (
    "masks.first_person",
    "masks.viewpoints",
    "masks.moments",
    "masks.self_introduction",
    "masks.contact_cues",
    "masks.home_cues",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Catalogue words that may be shown.

    Attributes:
        by_matter: code -> its words.
        by_major: major -> words of all its matters.
        every: all words, each once.
    """

    by_matter: Mapping[str, tuple[str, ...]]
    by_major: Mapping[str, tuple[str, ...]]
    every: tuple[str, ...]
    _index: WordIndex

    @classmethod
    def of(cls, matters: Catalogue, lists: WordLists) -> Terms:
        """Take a catalogue's words, without those that tell who, when or from where."""
        telling = tuple(word for name in _TELLING for word in lists.words(name))
        by_matter = {matter.code: tuple(_fit(matter, telling)) for matter in matters}
        by_major = {
            major: tuple(dict.fromkeys(word for row in rows for word in by_matter[row.code]))
            for major, rows in matters.majors().items()
        }
        every = tuple(dict.fromkeys(word for words in by_major.values() for word in words))
        return cls(by_matter, by_major, every, WordIndex(every))

    def said(self, visible: str, matter: Matter | None) -> tuple[str, ...]:
        """Words of the catalogue in the visible part of a text: the matter's own first, then its neighbours'.

        Args:
            visible: text with everything hidden blanked.
            matter: the matter of the report; None looks through the whole catalogue.
        """
        if matter is None:
            words: Iterable[str] = self.every
        else:
            words = dict.fromkeys((*self.by_matter.get(matter.code, ()), *self.by_major.get(matter.major, ())))
        present = self._index.present(visible)
        found = [word for word in words if word in present]
        return tuple(word for word in found if not _inside_another(word, found))[:SHOWN]


def _fit(matter: Matter, telling: tuple[str, ...]) -> Iterable[str]:
    for word in matter.words:
        if len(word) >= SHORTEST and not any(part in word for part in telling):
            yield word


def _inside_another(word: str, words: Iterable[str]) -> bool:
    return any(word != other and word in other for other in words)
