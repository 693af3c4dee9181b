"""The three code lists of a city: each row checked, the good ones kept, and what to open and close. Pure.

A code is closed when the lists of its city no longer name it, unless a refused row stands under it or is it: what
cannot be read is no reason to close anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from linli.kernel.codes import PlaceCode, Tier, place_code
from linli.kernel.errors import InputError
from linli.places.domain import PlaceKind, Refusal, kind_of

TIERS = (Tier.DISTRICT, Tier.STREET, Tier.COMMUNITY)
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list as read; `problem` says what the reader could not make out, `city_name` may be empty."""

    source: str
    line: int
    code: str
    name: str
    problem: str = ""
    city_name: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A place that the lists name."""

    code: PlaceCode
    name: str
    kind: PlaceKind


@dataclass(slots=True)
class Lists:
    """What three lists say: places by code, and every row that was refused."""

    places: dict[str, Listed] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    refused_codes: set[str] = field(default_factory=set)
    lines: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def cities(self) -> frozenset[str]:
        """First four digits of the cities that the lists speak of."""
        return frozenset(code[:4] for code in self.places)

    def refuse(self, row: ListRow, column: str, message: str) -> None:
        """Keep a row out, and remember its code."""
        self.refused.append(Refusal(row.source, row.line, column, message))
        self.refused_codes.add(row.code.strip())


def read_lists(districts: Iterable[ListRow], streets: Iterable[ListRow], communities: Iterable[ListRow]) -> Lists:
    """Check the rows of the three lists, parents first.

    Returns:
        Every good row; each bad one as a refusal with file, line, column and the mend.
    """
    lists = Lists()
    for tier, rows in zip(TIERS, (districts, streets, communities), strict=True):
        for row in rows:
            _take(lists, row, tier)
    return lists


def _take(lists: Lists, row: ListRow, tier: Tier) -> None:
    if row.problem:
        lists.refuse(row, "", row.problem)
        return
    try:
        code = place_code(row.code.strip())
    except InputError as error:
        lists.refuse(row, "code", f"{error.message}. {error.hint}".rstrip())
        return
    name = " ".join(row.name.split())
    problem = _problem(lists, code, name, tier)
    if problem:
        lists.refuse(row, *problem)
        return
    if tier is Tier.DISTRICT:
        _take_city(lists, code, row.city_name.strip() or (name if code.tier is Tier.CITY else ""))
    if code.tier is not Tier.CITY:
        lists.places[code] = Listed(code, name, kind_of(code, name))
    lists.lines[code] = (row.source, row.line)


def _problem(lists: Lists, code: PlaceCode, name: str, tier: Tier) -> tuple[str, str] | None:
    if code.tier is not tier and not (tier is Tier.DISTRICT and code.tier is Tier.CITY):
        return "code", f"{code} is the code of a {code.tier}, this is the list of each {tier}; move the row"
    if not name:
        return "name", f"{code} has no name; write one"
    if len(name) > _LONGEST_NAME:
        return "name", f"the name of {code} has more than {_LONGEST_NAME} characters; shorten it"
    if code in lists.lines:
        source, line = lists.lines[code]
        return "code", f"{code} stands already in {source} line {line}; keep one of the two rows"
    parent = code.parent
    if tier is not Tier.DISTRICT and parent is not None and parent not in lists.places:
        return "code", f"{code} lies in {parent}, which no list names; add {parent} to its list"
    return None


def _take_city(lists: Lists, code: PlaceCode, name: str) -> None:
    city = code.city
    known = lists.places.get(city)
    if known is None or (name and known.name == city[:4]):
        lists.places[city] = Listed(city, name or city[:4], PlaceKind.CITY)


@dataclass(frozen=True, slots=True)
class TreePlan:
    """What an import does: codes to open, codes whose name or kind changes, codes to close, and what was noticed."""

    opened: tuple[str, ...]
    changed: tuple[str, ...]
    closed: tuple[str, ...]
    kept: int
    notes: tuple[str, ...]


def plan_tree(lists: Lists, current: Mapping[str, tuple[str, PlaceKind]]) -> TreePlan:
    """Compare the lists with what holds now.

    Args:
        lists: as read.
        current: name and kind by code of the places that hold now, in the cities of the lists.
    """
    opened = sorted(code for code in lists.places if code not in current)
    same = [code for code in lists.places if code in current]
    changed = sorted(code for code in same if _differs(lists.places[code], current[code]))
    missing = sorted(code for code in current if code not in lists.places)
    doubtful = _above(lists.refused_codes)
    closed = tuple(code for code in missing if code not in doubtful)
    notes = tuple(
        f"{code} is in no list, but a refused row speaks of it: it stays open" for code in missing if code in doubtful
    )
    return TreePlan(tuple(opened), tuple(changed), closed, len(same) - len(changed), notes)


def _differs(listed: Listed, held: tuple[str, PlaceKind]) -> bool:
    """A city whose list gives no name keeps the one it has."""
    if listed.kind is PlaceKind.CITY and listed.name == listed.code[:4]:
        return False
    return (listed.name, listed.kind) != held


def _above(codes: Iterable[str]) -> frozenset[str]:
    """These codes and every code they lie in."""
    return frozenset(code[:length] for code in codes for length in (6, 9, 12) if len(code) >= length)


def by_tier(codes: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many codes of each tier, widest first."""
    counts = Counter(place_code(code).tier for code in codes)
    return tuple((str(tier), counts[tier]) for tier in Tier if counts[tier])
