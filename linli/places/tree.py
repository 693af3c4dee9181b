"""Import of the code lists: opens, renames and closes places, and closes with a place all that lies in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q

from linli.kernel.actors import Actor
from linli.kernel.errors import InputError
from linli.places.domain import ImportReport, PlaceKind
from linli.places.lists import Lists, TreePlan, by_tier, plan_tree
from linli.places.models import GridNotice, LayerGrid, Outline, Place, Version
from linli.places.register import Writing, changing, counted, open_from

_GRID_DIGITS = 15


def tree_import(lists: Lists, actor: Actor, at: datetime, files: dict[str, str] | None = None) -> ImportReport:
    """Bring the register to what the lists say, for the cities they speak of.

    A city's first lists open its places without a known beginning; later ones open and close at `at`.

    Args:
        lists: from `lists.read_lists`.
        actor: with the posts held now.
        at: the server's clock, aware UTC.
        files: hashes of the files by name, for the journal.

    Returns:
        Counts, refused rows, and codes that stayed open because a row about them could not be read.

    Raises:
        InputError: not one row could be taken.
        RefusedError: the actor does not keep the register.
    """
    if not lists.places:
        raise InputError(
            "not one row of the lists could be taken",
            code="places.nothing",
            hint="each list needs the columns code and name; districts 6, streets 9, communities 12 digits",
            data={"refused": [vars_of(refusal) for refusal in lists.refused[:20]]},
        )
    with changing("places.tree.imported", actor, at) as writing:
        held = {place.code: place for place in _open_places(lists.cities)}
        plan = plan_tree(lists, {code: (p.name, PlaceKind(p.kind)) for code, p in held.items()})
        known = frozenset(code[:4] for code in held) | _ever(lists.cities)
        _close(writing, plan, held, at)
        writing.open([_row(lists, code, at if code[:4] in known else None) for code in plan.opened])
        writing.open([_row(lists, code, at) for code in plan.changed])
        counts = {"opened": len(plan.opened), "changed": len(plan.changed), "closed": len(plan.closed)}
        writing.facts |= counted(counts) | {"refused": len(lists.refused), "files": files or {}}
    return ImportReport(
        opened=len(plan.opened),
        changed=len(plan.changed),
        closed=len(plan.closed),
        kept=plan.kept,
        refused=tuple(lists.refused),
        notes=plan.notes,
        by_tier=by_tier(lists.places),
    )


def vars_of(refusal: object) -> dict[str, object]:
    """The fields of a refusal, for JSON."""
    return {name: getattr(refusal, name) for name in ("source", "line", "field", "message")}


def _open_places(cities: Collection[str]) -> Iterable[Place]:
    """Places above the grids that hold now. Index: places_place_code_like."""
    found = Place.objects.filter(in_cities(cities), period__upper_inf=True)
    return (place for place in found if len(place.code) < _GRID_DIGITS)


def in_cities(prefixes: Collection[str]) -> Q:
    """Codes that begin with one of these prefixes."""
    condition = Q(pk__in=[])
    for prefix in sorted(prefixes):
        condition |= Q(code__startswith=prefix)
    return condition


def _ever(cities: Collection[str]) -> frozenset[str]:
    """Cities of which the register has known anything before."""
    return frozenset(city for city in cities if Place.objects.filter(code__startswith=city).exists())


def _row(lists: Lists, code: str, start: datetime | None) -> Place:
    listed = lists.places[code]
    return Place(code=code, name=listed.name, kind=listed.kind.value, period=open_from(start))


def _close(writing: Writing, plan: TreePlan, held: dict[str, Place], at: datetime) -> None:
    """Close what ended and all that lies in it: grids, outlines, layers and notices too."""
    writing.close(held[code] for code in plan.changed)
    if not plan.closed:
        return
    gone = frozenset(plan.closed)
    cities = {code[:4] for code in gone}
    tables: tuple[type[Version], ...] = (Place, Outline, LayerGrid, GridNotice)
    for model in tables:
        rows = model._default_manager.filter(in_cities(cities), period__upper_inf=True)
        writing.close(row for row in rows if not gone.isdisjoint(_lineage_codes(row.code)))


def _lineage_codes(code: str) -> tuple[str, ...]:
    return tuple(code[:length] for length in (6, 9, 12, 15) if len(code) >= length)
