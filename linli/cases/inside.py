"""Cases inside places, as an index reads them: a place's code begins all codes below it.

`LIKE ANY (…)` reads every open case to find those of one street. A street is one value of cases_case_street, in which its
cases stand in the order of their limits; any other place is a range of codes along cases_case_place, whose operators compare
bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

STREET = 9
"""Digits of a street's code."""

_BEHIND = "~"
"""Stands behind every digit."""


def inside(name: str, places: Iterable[str]) -> tuple[str, dict[str, object]]:
    """The condition that a case `c` lies in one of the places, and its values.

    Args:
        name: of the values; each is called by it and a number.
        places: prefixes of codes, "" = everywhere; none = nowhere.
    """
    outermost = _outermost(places)
    if outermost == [""]:
        return "true", {}
    texts: list[str] = []
    values: dict[str, object] = {}
    for number, place in enumerate(outermost):
        if len(place) == STREET:
            texts.append(f"left(c.place, {STREET}) = %({name}_{number})s::text")
            values[f"{name}_{number}"] = place
            continue
        first, last = f"{name}_{number}_from", f"{name}_{number}_to"
        texts.append(f"c.place ~>=~ %({first})s::text AND c.place ~<~ %({last})s::text")
        values |= {first: place, last: place + _BEHIND}
    return f"({' OR '.join(texts)})" if texts else "false", values


def within(places: Iterable[str], those: Iterable[str]) -> list[str]:
    """The ground that two lists of prefixes have in common, as prefixes."""
    ones, others = _outermost(places), _outermost(those)
    found = [one for one in ones for other in others if one.startswith(other)]
    found += [other for other in others for one in ones if other.startswith(one) and other != one]
    return _outermost(found)


def _outermost(places: Iterable[str]) -> list[str]:
    """The prefixes without those that lie in another of them, in order."""
    kept: list[str] = []
    for place in sorted(set(places)):
        if not kept or not place.startswith(kept[-1]):
            kept.append(place)
    return kept
