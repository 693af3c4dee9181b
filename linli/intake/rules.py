"""The numbers, words and limits that intake reads from the rule packs, for one snapshot and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from linli.intake.text.lists import WordLists, word_lists
from linli.intake.text.terms import Terms
from linli.matters.domain import Catalogue
from linli.matters.selectors import catalogue
from linli.rules.parameters import Integer, Parameter, Table, Text, TextList
from linli.rules.snapshot import Snapshot

LONGEST_TITLE = Parameter("intake.longest_title", Integer)
LONGEST_TEXT = Parameter("intake.longest_text", Integer)
FUTURE_MINUTES = Parameter("intake.future_minutes", Integer)
OLDEST_DAYS = Parameter("intake.oldest_days", Integer)
SURE_MATTER = Parameter("intake.sure_matter", Integer)
SURE_DISPATCH = Parameter("intake.sure_dispatch", Integer)
ACCUSATION_SPAN = Parameter("intake.accusation_span", Integer)
PROTECTED_MATTERS = Parameter("intake.protected_matters", Table)
REQUEST_TYPES = Parameter("intake.request_types", Table)
DUPLICATE_METRES = Parameter("intake.duplicate_metres", Integer)
DUPLICATE_DAYS = Parameter("intake.duplicate_days", Integer)
DUPLICATE_LIKENESS = Parameter("intake.duplicate_likeness", Integer)
DUPLICATE_CANDIDATES = Parameter("intake.duplicate_candidates", Integer)
TASK_TITLE = Parameter("intake.task_title", Text)
TASK_LINES = Parameter("intake.task_lines", TextList)
TASK_UNCLASSED = Parameter("intake.task_unclassed", Text)
TASK_PROTECTED = Parameter("intake.task_protected", Text)
TASK_SEALED = Parameter("intake.task_sealed", Text)

_KEPT = 64


@dataclass(frozen=True, slots=True)
class TypeWords:
    """Words that tell a type of request; `against` asks for a body or a person by title as well."""

    type: str
    words: tuple[str, ...]
    against: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a report's words needs: lists, terms and limits of a snapshot on a day.

    Attributes:
        terms: the catalogue's words.
        sure_matter, sure_dispatch: thousandths.
        protected: list of words -> code of the matter it speaks of, the weightiest first.
    """

    snapshot: Snapshot
    lists: WordLists
    catalogue: Catalogue
    terms: Terms
    longest_title: int
    longest_text: int
    future_minutes: int
    oldest_days: int
    sure_matter: int
    sure_dispatch: int
    accusation_span: int
    protected: Mapping[str, str]
    request_types: tuple[TypeWords, ...]


@dataclass(frozen=True, slots=True)
class TaskWording:
    """How a task is written: patterns of the pack."""

    title: str
    lines: tuple[str, ...]
    unclassed: str
    protected: str
    sealed: str


@dataclass(frozen=True, slots=True)
class DuplicateRules:
    """Where and from what likeness (thousandths) duplicates are proposed."""

    metres: int
    days: int
    likeness: int
    candidates: int


def reading(snapshot: Snapshot, day: date) -> Reading:
    """What a snapshot says about reading reports on a day (China Standard Time)."""
    return _reading(snapshot, day)


@lru_cache(maxsize=_KEPT)
def _reading(snapshot: Snapshot, day: date) -> Reading:
    rules = snapshot.at("", day) if not snapshot.place else snapshot.at(snapshot.place, day)
    matters = catalogue(snapshot)
    return Reading(
        snapshot=snapshot,
        lists=word_lists(snapshot),
        catalogue=matters,
        terms=Terms.of(matters, word_lists(snapshot)),
        longest_title=rules[LONGEST_TITLE],
        longest_text=rules[LONGEST_TEXT],
        future_minutes=rules[FUTURE_MINUTES],
        oldest_days=rules[OLDEST_DAYS],
        sure_matter=rules[SURE_MATTER],
        sure_dispatch=rules[SURE_DISPATCH],
        accusation_span=rules[ACCUSATION_SPAN],
        protected={str(row["list"]): str(row["matter"]) for row in rules[PROTECTED_MATTERS]},
        request_types=tuple(_type_words(row) for row in rules[REQUEST_TYPES]),
    )


def _type_words(row: Mapping[str, object]) -> TypeWords:
    return TypeWords(str(row["type"]), tuple(cast("Sequence[str]", row["words"])), bool(row["against"]))


@lru_cache(maxsize=_KEPT)
def task_wording(snapshot: Snapshot, day: date) -> TaskWording:
    """How tasks are written under a snapshot on a day."""
    rules = snapshot.at(snapshot.place, day)
    return TaskWording(
        rules[TASK_TITLE], rules[TASK_LINES], rules[TASK_UNCLASSED], rules[TASK_PROTECTED], rules[TASK_SEALED]
    )


@lru_cache(maxsize=_KEPT)
def duplicate_rules(snapshot: Snapshot, day: date) -> DuplicateRules:
    """Where duplicates are looked for under a snapshot on a day."""
    rules = snapshot.at(snapshot.place, day)
    return DuplicateRules(
        rules[DUPLICATE_METRES], rules[DUPLICATE_DAYS], rules[DUPLICATE_LIKENESS], rules[DUPLICATE_CANDIDATES]
    )
