"""The filter of a queue as an address names it: read once, for the pages of desks and for other systems alike.

Names: `place state matter owner kind channel clock reminded due from to q sort`. Is: reading, with the names of what cannot be
read or what is not there. Is not: what follows from that: a page leaves it out, the API refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import get_args

from linli.cases.deskqueue import Due, Moments, QueueFilter, narrowed
from linli.cases.procedures.procedure import Procedure
from linli.cases.queues import BY_LIMIT, BY_NEWEST
from linli.cases.registry import all_kinds
from linli.cases.rules import CaseRules, procedure_for, rules_for
from linli.cases.wordmatch import MOST_RUNS, Word
from linli.kernel.keyset import Sort
from linli.kernel.pairs import runs_of
from linli.kernel.worktime import OFFSET, Limit, Unit
from linli.matters.domain import Catalogue
from linli.organisations.domain import place_prefix
from linli.organisations.selectors import organisation_names
from linli.packs.selectors import snapshot_for
from linli.places.selectors import place_names, places_called

NAMES = ("place", "state", "matter", "owner", "kind", "channel", "clock", "reminded", "due", "from", "to", "q")
SORTS: Mapping[str, Sort] = {BY_LIMIT.name: BY_LIMIT, BY_NEWEST.name: BY_NEWEST}
MOST_ASKED = 100
"""Most characters of a question in words; what is beyond is left out."""

WARN_BEFORE = "cases.warn_before"
_CHINA = timezone(timedelta(minutes=OFFSET))
_HOURS_A_DAY = 24
_MOST_DIGITS = 18
_CITY = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What an address asks for, and the names in it whose values cannot be read."""

    wanted: QueueFilter
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueRules:
    """Rules by which a queue is asked: what there is of states, kinds, clocks and matters, and what *soon* means."""

    rules: CaseRules
    procedures: Mapping[str, Procedure]


def queue_rules(place: str, at: datetime) -> QueueRules:
    """The rules of a queue at a place. Raises NoRulesError: nothing is published there."""
    snapshot = snapshot_for(place, at)
    known = snapshot.section("procedures")
    procedures = {kind: procedure_for(snapshot, kind) for kind in all_kinds() if kind in known}
    return QueueRules(rules_for(snapshot, place, at), procedures)


def read_filter(base: QueueFilter, given: Mapping[str, Sequence[str]]) -> Reading:
    """A filter narrowed by what an address asks for; `q` and `sort` are read apart, what is empty asks for nothing.

    Args:
        base: what is shown already.
        given: values by name.
    """
    changes: dict[str, object] = {}
    wrong: list[str] = []
    for name, (part, read) in {**_MANY, **_ONE}.items():
        values = [value for value in given.get(name, ()) if value]
        asked = values if name in _MANY else values[-1:]
        good = [found for found in (_read(read, value) for value in asked) if found is not None]
        wrong += [name] if len(good) < len(asked) else []
        if good:
            changes[part] = tuple(good) if name in _MANY else good[0]
    return Reading(narrowed(base, **changes), tuple(wrong))


def not_there(wanted: QueueFilter, rules: QueueRules, at: datetime) -> tuple[str, ...]:
    """Names of the parts of a filter that name something which is not there at `at`; a statement for places, one for bodies."""
    procedures = rules.procedures.values()
    known: Mapping[str, Callable[[], bool]] = {
        "place": lambda: {_registered(one) for one in wanted.places} <= _places(wanted.places, at),
        "state": lambda: set(wanted.states) <= {state for one in procedures for state in one.states},
        "matter": lambda: any(one.code.startswith(wanted.matter) for one in rules.rules.catalogue),
        "owner": lambda: wanted.owner is None or wanted.owner in organisation_names([wanted.owner], at),
        "kind": lambda: set(wanted.kinds) <= set(rules.procedures),
        "clock": lambda: not wanted.clock or any(f"clock.{wanted.clock}" in one.titles for one in procedures),
    }
    return tuple(name for name, is_known in known.items() if not is_known())


def words_asked(text: str, catalogue: Catalogue, at: datetime) -> tuple[Word, ...]:
    """What `q` asks for: a matter by its code, else stretches of words; one character alone asks for nothing."""
    asked = text.strip()[:MOST_ASKED]
    if catalogue.find(asked):
        return (Word(asked, matter=asked),)
    runs = [run for run in runs_of(asked) if len(run) > 1][:MOST_RUNS]
    return tuple(Word(run, tuple(places_called(run, at))) for run in runs)


def moments_for(rules: CaseRules, at: datetime) -> Moments:
    """By what *soon* and *today* are measured."""
    midnight = datetime.combine(at.astimezone(_CHINA).date() + timedelta(days=1), time(), _CHINA)
    return Moments(at, at + span_of(rules.limit(WARN_BEFORE)), midnight)


def span_of(limit: Limit) -> timedelta:
    """A distance before a limit, in plain hours: days count 24."""
    return timedelta(hours=limit.amount * (_HOURS_A_DAY if limit.unit is Unit.DAY else 1))


def is_id(text: str) -> bool:
    """Whether a text from an address is the id of something: few enough digits for a column."""
    return _is_digits(text) and len(text) <= _MOST_DIGITS


def _places(prefixes: Sequence[str], at: datetime) -> set[str]:
    return set(place_names([_registered(one) for one in prefixes], at)) if prefixes else set()


def _registered(prefix: str) -> str:
    """A city is registered with six digits."""
    return f"{prefix}00" if len(prefix) == _CITY else prefix


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _read(read: Callable[[str], object], value: str) -> object:
    """A value as the filter has it; None where it cannot be read."""
    try:
        return read(value)
    except (ValueError, OverflowError):
        return None


def _place(text: str) -> str:
    return place_prefix(_checked(text, _is_digits(text)))


def _name(text: str) -> str:
    return _checked(text, text.isascii() and text.replace("-", "_").isidentifier())


def _owner(text: str) -> int:
    if not is_id(text):
        raise ValueError
    return int(text)


def _matter(text: str) -> str:
    return _checked(text, all(part.isalnum() for part in text.split(".")))


def _due(text: str) -> str:
    return _checked(text, text in get_args(Due))


def _reminded(text: str) -> bool:
    return bool(_checked(text, text == "1"))


def _checked(text: str, fits: bool) -> str:
    if not fits:
        raise ValueError
    return text


def _since(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), _CHINA)


def _until(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), _CHINA)


_MANY: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "place": ("places", _place),
    "state": ("states", _name),
    "kind": ("kinds", _name),
    "channel": ("channels", _name),
}
_ONE: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "matter": ("matter", _matter),
    "owner": ("owner", _owner),
    "clock": ("clock", _name),
    "reminded": ("reminded", _reminded),
    "due": ("due", _due),
    "from": ("since", _since),
    "to": ("until", _until),
}
