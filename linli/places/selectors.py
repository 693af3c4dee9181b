"""Reads of the register. Each answers for an instant `at` (aware, UTC) and returns frozen dataclasses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

import numpy as np
import shapely
from django.db.models import Q
from django.db.models.functions import Length

from linli.kernel.codes import Tier, place_code
from linli.kernel.errors import NotFoundError
from linli.places.descent import Step, walk
from linli.places.domain import NOTICE_FIELDS, Descent, Incomplete, Located, Notice, Period, PlaceInfo, PlaceKind
from linli.places.lookup import locate_arrays
from linli.places.models import Change, GridNotice, LayerGrid, Lineage, Outline, Place, Register, Version
from linli.places.register import closed_line, digest_of, lineage_line, opened_line

CLASS_LAYER = "place_class"
"""The layer whose places are classes of ground: `main_road`, `compound`, `market` …"""

_LENGTHS = {Tier.CITY: 6, Tier.DISTRICT: 6, Tier.STREET: 9, Tier.COMMUNITY: 12, Tier.GRID: 15}


def locate_many(lon: Sequence[float], lat: Sequence[float], at: datetime) -> list[Located]:
    """Where points lie, in one go.

    Args:
        lon: finite degrees east, WGS 84 / CGCS2000 (see `coordinates.to_wgs84` for others).
        lat: finite degrees north, equally many.
        at: which grids were valid.

    Returns:
        One `Located` a point, in order; the tolerance is the pack's `places.edge_tolerance`.

    Raises:
        NoRulesError: no rules are published for the place of a point that lies outside every grid.
    """
    answers = locate_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), at)
    return [answers.located(number) for number in range(len(answers))]


def place_at(code: str, at: datetime) -> PlaceInfo | None:
    """The version of a place that holds at an instant, or None."""
    found = Place.objects.filter(code=code, period__contains=at).first()
    return _info(found) if found else None


def places_under(prefix: str, at: datetime, tier: Tier | None = None) -> list[PlaceInfo]:
    """Every place below a code prefix ("" = all) at an instant, by code; of one tier if given."""
    rows = Place.objects.filter(_under(prefix), period__contains=at).order_by("code")
    if tier is not None:
        # Of a district's two thousand places a page shows the thirty of one tier.
        rows = rows.annotate(digits=Length("code")).filter(digits=_LENGTHS[tier])
    infos = (_info(row) for row in rows)
    return [info for info in infos if tier is None or info.tier is tier]


def places_page(prefix: str, tier: Tier, at: datetime, *, after: str = "", limit: int = 50) -> list[PlaceInfo]:
    """Places of one tier below a prefix at an instant, by code, the first ones behind `after`."""
    rows = Place.objects.filter(_under(prefix), period__contains=at, code__gt=after)
    rows = rows.annotate(digits=Length("code")).filter(digits=_LENGTHS[tier]).order_by("code")
    # A city and its districts have six digits alike.
    is_city = Q(kind=PlaceKind.CITY)
    return [_info(row) for row in rows.filter(is_city if tier is Tier.CITY else ~is_city)[:limit]]


def place_names(codes: Iterable[str], at: datetime) -> dict[str, str]:
    """Names by code; codes unknown at that instant are left out."""
    rows = Place.objects.filter(code__in=sorted(set(codes)), period__contains=at)
    return dict(rows.values_list("code", "name"))


def places_called(text: str, at: datetime, *, most: int = 30) -> list[str]:
    """Codes of districts, streets and communities whose names hold a text; none where more than `most` are called so.

    Grids have numbers for names, and what lies in a place found here carries its code.
    """
    rows = Place.objects.filter(name__icontains=text, period__contains=at).annotate(digits=Length("code"))
    found = list(
        rows.filter(digits__lte=_LENGTHS[Tier.COMMUNITY]).order_by("code").values_list("code", flat=True)[: most + 1]
    )
    return found if len(found) <= most else []


def place_kinds(codes: Iterable[str], at: datetime) -> dict[str, PlaceKind]:
    """Kinds by code (`base`, `dedicated`, `micro` …); codes unknown at that instant are left out."""
    rows = Place.objects.filter(code__in=sorted(set(codes)), period__contains=at)
    return {code: PlaceKind(kind) for code, kind in rows.values_list("code", "kind")}


def place_classes(grids: Iterable[str], at: datetime) -> dict[str, frozenset[str]]:
    """Classes of grids (`main_road`, `compound` …) from the layer `place_class`; grids without one are left out."""
    return {grid: frozenset(classes) for grid, classes in layer_places(CLASS_LAYER, grids, at).items()}


def layer_places(layer: str, grids: Iterable[str], at: datetime) -> dict[str, tuple[str, ...]]:
    """To which of a trade's own places each grid belongs; grids outside the layer are left out."""
    rows = LayerGrid.objects.filter(layer=layer, code__in=sorted(set(grids)), period__contains=at)
    found: dict[str, tuple[str, ...]] = {}
    for code, place in rows.order_by("code", "place").values_list("code", "place"):
        found[code] = (*found.get(code, ()), place)
    return found


def grid_notice(grid: str, at: datetime) -> Notice | None:
    """The public notice of a grid at an instant."""
    row = GridNotice.objects.filter(code=grid, period__contains=at).first()
    return Notice(grid, *(getattr(row, name) for name in NOTICE_FIELDS)) if row else None


def grids_incomplete(prefix: str, at: datetime) -> Iterator[Incomplete]:
    """Base and dedicated grids below a prefix whose notice lacks a field, by code. Source: S4 art 6."""
    notices = GridNotice.objects.filter(_under(prefix), period__contains=at)
    known = {row.code: tuple(name for name in NOTICE_FIELDS if not getattr(row, name)) for row in notices}
    grids = Place.objects.filter(_under(prefix), kind__in=["base", "dedicated"], period__contains=at)
    for code in grids.order_by("code").values_list("code", flat=True):
        missing = known.get(code, NOTICE_FIELDS)
        if missing:
            yield Incomplete(code, missing)


def notices_missing(grids: Collection[str], at: datetime) -> dict[str, tuple[str, ...]]:
    """Which fields the notices of some grids lack, by code; a grid that lacks nothing is left out. One query."""
    rows = GridNotice.objects.filter(code__in=sorted(set(grids)), period__contains=at)
    known = {row.code: tuple(name for name in NOTICE_FIELDS if not getattr(row, name)) for row in rows}
    return {grid: missing for grid in grids if (missing := known.get(grid, NOTICE_FIELDS))}


def lineage_of(code: str, earlier: datetime, later: datetime) -> list[Descent]:
    """Which grids hold at `later` the ground that `code` had at `earlier`, with shares.

    Returns:
        One `Descent` a successor (itself alone, with all its ground, when nothing happened), by code.

    Raises:
        NotFoundError: the grid did not hold at `earlier`.
    """
    if not Place.objects.filter(code=code, period__contains=earlier).exists():
        raise NotFoundError(f"no grid {code} at {earlier:%Y-%m-%d %H:%M}", code="places.no_grid", data={"code": code})
    rows = Lineage.objects.filter(before__startswith=code[:12], at__gt=earlier, at__lte=later)
    return walk(code, [Step(row.before, row.after, row.at, row.share_ppm) for row in rows])


def outline_geojson(prefix: str, tier: Tier, at: datetime) -> dict[str, object]:
    """Outlines of one tier below a prefix as a GeoJSON FeatureCollection (for maps)."""
    outlines = Outline.objects.filter(_under(prefix), period__contains=at).annotate(digits=Length("code"))
    held = list(outlines.filter(digits=_LENGTHS[tier]).order_by("code"))
    names = place_names([row.code for row in held], at)
    features = [
        {
            "type": "Feature",
            "properties": {"code": row.code, "name": names.get(row.code, "")},
            "geometry": shapely.geometry.mapping(shapely.from_wkb(bytes(row.wkb))),
        }
        for row in held
    ]
    return {"type": "FeatureCollection", "features": features}


def register_version() -> int:
    """The stamp of the register: another one means that ground, names or notices changed."""
    return Register.objects.filter(pk=1).values_list("version", flat=True).first() or 0


def register_proof(change: int) -> tuple[str, str]:
    """The digest of a change as its journal entry holds it, and as the rows give it today; equal when nothing was bent.

    Raises:
        NotFoundError: no such change.
    """
    row = Change.objects.filter(pk=change).first()
    if row is None:
        raise NotFoundError(f"no change {change} of the register", code="places.no_change")
    lines = [lineage_line(step) for step in Lineage.objects.filter(change=row)]
    tables: tuple[type[Version], ...] = (Place, Outline, LayerGrid, GridNotice)
    for table in tables:
        lines += [opened_line(found) for found in table._default_manager.filter(opened_in=row)]
        lines += [closed_line(found, row.at) for found in table._default_manager.filter(closed_in=row)]
    return row.digest, digest_of(lines)


def _under(prefix: str) -> Q:
    """Codes below a prefix; a city's six digits stand for its first four. Index: the `_like` one of `code`."""
    short = prefix[:4] if len(prefix) == 6 and prefix.endswith("00") else prefix
    return Q(code__startswith=short) if short else Q()


def _info(row: Place) -> PlaceInfo:
    code = place_code(row.code)
    period = Period(row.period.lower, row.period.upper)
    return PlaceInfo(code, code.tier, PlaceKind(row.kind), row.name, row.base, period)
