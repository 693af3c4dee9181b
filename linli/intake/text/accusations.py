"""Whether a report accuses an official, a worker or a unit: recognised conservatively, with the words that show it.

Is: a proposal to seal at once, which named receivers can undo. Is not: a judgement of the accusation. Anger at
service, and a tip-off about a firm or a shop, are none. Nothing found here is ever learnt from.

Source: Regulations on Petition Work (信访工作条例) art 29-31; PEOPLE of packs/national/sources.yaml, on accusations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linli.intake.text.lists import WordLists

FAMILY = "accusation"
SUBJECTS = ("accusation.persons", "accusation.units")
ACTS = "accusation.acts"
OPENINGS = "accusation.openings"

_SENTENCE = re.compile(r"[。！？!?\n;；]+")


@dataclass(frozen=True, slots=True)
class Accusation:
    """What shows that a report accuses somebody: words of the pack's lists only.

    Attributes:
        subjects: whom: persons by title, units.
        acts: of what.
        openings: words that say outright that it is one.
    """

    subjects: tuple[str, ...]
    acts: tuple[str, ...]
    openings: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        """Whether the report is to be sealed."""
        return bool(self.subjects and (self.acts or self.openings)) or self._names_the_accused

    @property
    def _names_the_accused(self) -> bool:
        """An opening that itself says against whom, or asks for the discipline office."""
        return any(
            _DISCIPLINE in word or (word.startswith(_REPORTED) and len(word) > len(_REPORTED)) for word in self.openings
        )


_DISCIPLINE = "纪"
_REPORTED = "举报"
NO_ACCUSATION = Accusation((), (), ())


def accusation(text: str, lists: WordLists, span: int) -> Accusation:
    """Look for an accusation.

    A subject and an act count only within one sentence and near each other.

    Args:
        text: title and words of a report.
        lists: of the pack.
        span: most characters from the beginning of one to the end of the other.

    Returns:
        The words found; `is_one` says whether they make an accusation.
    """
    plain = lists.without_exceptions(FAMILY, text)
    openings, all_acts = lists.said(OPENINGS, plain), lists.said(ACTS, plain)
    if not openings and not all_acts:
        return NO_ACCUSATION
    all_subjects = tuple(word for name in SUBJECTS for word in lists.said(name, plain))
    subjects: dict[str, None] = {}
    acts: dict[str, None] = {}
    for sentence in _SENTENCE.split(plain):
        for subject, act in _near(sentence, all_subjects, (*all_acts, *openings), span):
            subjects[subject] = None
            acts[act] = None
    said = tuple(act for act in acts if act not in openings)
    return Accusation(tuple(subjects), said, openings)


def _near(
    sentence: str, all_subjects: tuple[str, ...], all_acts: tuple[str, ...], span: int
) -> Iterator[tuple[str, str]]:
    acts = _spots(sentence, all_acts)
    subjects = _spots(sentence, all_subjects) if acts else []
    for subject, start, end in subjects:
        for act, begin, close in acts:
            if max(end, close) - min(start, begin) <= span:
                yield subject, act


def _spots(sentence: str, words: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Where these words stand: each word, from where to where."""
    found = []
    for word in words:
        start = sentence.find(word)
        while start >= 0:
            found.append((word, start, start + len(word)))
            start = sentence.find(word, start + 1)
    return found
