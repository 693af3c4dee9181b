"""The bodies of the demo city: the rows of `organisations.csv` filled in for its places, with the grid workers' posts.

Is: a list as `linli organisations import` takes it. Is not: the import, nor who sits in the posts (`staffing`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

from linli.places.domain import PlaceInfo, PlaceKind

TEMPLATE = "organisations.csv"
_TIERS = ("city", "district", "street", "community")
_GRID_POST = "grid_worker@{grid} 网格员"


def listed_rows(places: Sequence[PlaceInfo]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of the list: line number and cells by column.

    Args:
        places: the city's tree, grids included, as it stands; districts without grids get no bodies.
    """
    known = {str(place.code): place for place in places}
    grids = _grids_by_community(known)
    served = served_places(known)
    templates = _templates()
    line = 1
    for tier in _TIERS:
        for place in places:
            code = str(place.code)
            if place.tier.value != tier or (tier != "city" and code not in served):
                continue
            for cells in templates[tier]:
                line += 1
                yield line, _filled(cells, words_at(code, known), place, grids)


def _grids_by_community(known: Mapping[str, PlaceInfo]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in known:
        if len(code) == 15:
            found.setdefault(code[:12], []).append(code)
    return found


def _templates() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {tier: [] for tier in _TIERS}
    with (files("linli.demo") / TEMPLATE).open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row.pop("tier")].append(row)
    return found


def served_places(known: Mapping[str, PlaceInfo]) -> frozenset[str]:
    """Codes of the districts, streets and communities that have grids, and so bodies.

    Args:
        known: places by code, grids included.
    """
    return frozenset(code[:length] for code in _grids_by_community(known) for length in (6, 9, 12))


def words_at(code: str, known: Mapping[str, PlaceInfo]) -> dict[str, str]:
    """What the template's braces stand for at a place: its own code and name and those above it."""
    codes = {"city": f"{code[:4]}00", "district": code[:6], "street": code[:9], "community": code[:12]}
    words: dict[str, str] = {}
    for tier, one in codes.items():
        if one in known:
            words |= {tier: one, f"{tier}_name": known[one].name}
    return words


def _filled(
    cells: Mapping[str, str], words: Mapping[str, str], place: PlaceInfo, grids: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    row = {name: text.format(**words) for name, text in cells.items()}
    if row["kind"] == "residents_committee":
        if place.kind is PlaceKind.VILLAGE:
            row["kind"] = "villagers_committee"
        own = [_GRID_POST.format(grid=grid) for grid in grids.get(str(place.code), ())]
        row["posts"] = "; ".join([row["posts"], *own])
    return row
