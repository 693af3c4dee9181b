"""Generated ground: streets, communities and grids as tilings inside district outlines, by seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.actors import Actor
from linli.kernel.codes import GRIDS_A_COMMUNITY, CommunityCode, GridCode
from linli.kernel.errors import InputError
from linli.places.domain import ImportReport, PlaceKind
from linli.places.ground import (
    Held,
    by_community,
    ever_divided,
    first_day,
    held_under,
    never_outlined,
    redrawn,
    set_outlines,
)
from linli.places.models import Place
from linli.places.register import Writing, changing, counted, open_from
from linli.places.tiling import tile_district

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes generated ground the same again: grids a community, seed, and the prefix it is made for."""

    per_community: int
    seed: int
    prefix: str = ""


def grids_generate(recipe: Recipe, actor: Actor, at: datetime, tell: Tell = lambda code: None) -> ImportReport:
    """Generate the ground below every district that has an outline; what was imported stays as it is.

    Run again with the same recipe it changes nothing; with another one the generated grids are drawn anew, and
    lineage says which ground went where.

    Args:
        recipe: see there.
        actor: with the posts held now.
        at: the server's clock, aware UTC.
        tell: called with each district's code when it is done.

    Returns:
        Counts of grids; districts without outline or without communities are named.

    Raises:
        InputError: no district with an outline, a prefix below a district, or a number of grids outside 1 to 999.
    """
    if not 1 <= recipe.per_community <= GRIDS_A_COMMUNITY:
        raise InputError(f"a community has 1 to {GRIDS_A_COMMUNITY} grids", code="places.per_community")
    if len(recipe.prefix) > 6:
        raise InputError(
            f"ground is generated for whole districts, not for {recipe.prefix}",
            code="places.prefix",
            hint="name a district or a city, or nothing for all",
        )
    with changing("places.grids.generated", actor, at, place=recipe.prefix) as writing:
        held = held_under(recipe.prefix)
        trees = _trees(held)
        outlined = [district for district in trees if district in held.outlines]
        if not outlined:
            raise InputError(
                "no district here has an outline",
                code="places.no_outline",
                hint="give one with `linli places import … --boundaries B.geojson`",
            )
        drawn = _Drawn()
        for district in outlined:
            _draw(drawn, held, district, trees[district], recipe)
            tell(district)
        report = _write(writing, held, drawn, recipe.prefix)
        without = tuple(sorted(trees.keys() - set(outlined)))
        writing.facts |= {"seed": recipe.seed, "per_community": recipe.per_community, "place": recipe.prefix}
        writing.facts |= counted({"opened": report.opened, "closed": report.closed, "without": len(without)})
    return ImportReport(report.opened, report.closed, report.changed, report.kept, without_outline=without)


def _trees(held: Held) -> dict[str, dict[str, list[str]]]:
    """Communities by street by district; a city without districts counts as one itself."""
    trees: dict[str, dict[str, list[str]]] = {}
    for code, place in sorted(held.places.items()):
        if place.kind == PlaceKind.DISTRICT:
            trees.setdefault(code, {})
        elif len(code) == 9:
            trees.setdefault(code[:6], {})[code] = []
        elif len(code) == 12:
            trees.setdefault(code[:6], {}).setdefault(code[:9], []).append(code)
    return trees


class _Drawn:
    """Outlines as they shall be: places above the grids, grids by community."""

    def __init__(self) -> None:
        self.upper: dict[str, BaseGeometry] = {}
        self.grids: dict[str, dict[str, BaseGeometry]] = defaultdict(dict)


def _draw(drawn: _Drawn, held: Held, district: str, tree: Mapping[str, list[str]], recipe: Recipe) -> None:
    given = _given(held, tree)
    tiling = tile_district(held.shape(district), tree, given, recipe.per_community, recipe.seed)
    surveyed = _surveyed(held, tree)
    for code, shape in (*tiling.streets.items(), *tiling.communities.items()):
        if code not in given:
            drawn.upper[code] = shape
    for name, shape in tiling.grids.items():
        community, _, number = name.partition("/")
        if community not in surveyed:
            drawn.grids[community][GridCode.of(CommunityCode(community), int(number))] = shape


def _given(held: Held, tree: Mapping[str, list[str]]) -> dict[str, BaseGeometry]:
    """Imported outlines below a district, and communities known by their imported grids."""
    codes = [code for street, below in tree.items() for code in (street, *below)]
    imported = [code for code in codes if code in held.outlines and held.outlines[code].origin == "import"]
    given = held.shapes(imported)
    for community, grids in _surveyed(held, tree).items():
        given.setdefault(community, shapely.union_all(list(held.shapes(grids).values())))
    return given


def _surveyed(held: Held, tree: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Imported grids by community."""
    communities = {code for below in tree.values() for code in below}
    found: dict[str, list[str]] = {}
    for code, row in held.outlines.items():
        if len(code) == 15 and row.origin == "import" and code[:12] in communities:
            found.setdefault(code[:12], []).append(code)
    return found


def _write(writing: Writing, held: Held, drawn: _Drawn, prefix: str) -> ImportReport:
    """Bring places and outlines to what was drawn."""
    grids = {code: shape for shapes in drawn.grids.values() for code, shape in shapes.items()}
    old = sorted(code for code in held.outlines if len(code) == 15 and code[:12] in drawn.grids)
    gone = [code for code in old if code not in grids]
    fresh = sorted(code for code in grids if code not in held.places)
    first = first_day(held, grids, ever_divided(prefix))
    before = by_community(held.shapes(old))
    writing.close(held.places[code] for code in gone)
    writing.close(held.outlines[code] for code in gone)
    writing.open([_grid(code, first.get(code, writing.at)) for code in fresh])
    upper_first = {code: held.places[code].period.lower for code in never_outlined(drawn.upper)}
    set_outlines(writing, held, drawn.upper, "generated", upper_first)
    drawn_anew = set_outlines(writing, held, grids, "generated", first)
    if drawn_anew or gone:
        writing.descend(redrawn(before, drawn.grids, writing.at))
    return ImportReport(len(fresh), len(gone), drawn_anew - len(fresh), len(grids) - drawn_anew)


def _grid(code: str, start: datetime | None) -> Place:
    return Place(code=code, name=code[12:], kind=PlaceKind.BASE.value, period=open_from(start))
