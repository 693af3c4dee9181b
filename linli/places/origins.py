"""What grids came from and what became of them: merged, split, drawn anew, as the register knows it. Reads only.

Is: one step of lineage at a time, for pages that tell it. Is not: shares of ground over many steps (`selectors.lineage_of`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from django.db.models import Q

from linli.kernel.codes import place_code
from linli.places.domain import Period, PlaceInfo, PlaceKind
from linli.places.models import Lineage, Place

Reason = Literal["split", "merge", "redraw"]


@dataclass(frozen=True, slots=True)
class Origin:
    """A change by which ground came to a grid.

    Attributes:
        grid: the grid that got it.
        others: codes that the ground came from, without itself.
        at: when, aware UTC.
    """

    grid: str
    others: tuple[str, ...]
    at: datetime
    reason: Reason


def origins_of(grids: Collection[str], at: datetime) -> dict[str, list[Origin]]:
    """How each of some grids came about, up to an instant, the latest change first; one query."""
    rows = Lineage.objects.filter(after__in=sorted(set(grids)), at__lte=at).order_by("-at", "before")
    found: dict[tuple[str, datetime, str], list[str]] = {}
    for row in rows:
        others = found.setdefault((row.after, row.at, row.reason), [])
        if row.before != row.after:
            others.append(row.before)
    told: dict[str, list[Origin]] = {}
    for (grid, then, reason), others in found.items():
        if others:
            told.setdefault(grid, []).append(Origin(grid, tuple(others), then, cast("Reason", reason)))
    return told


def followed_by(grid: str, at: datetime) -> list[str]:
    """Codes of the grids that got the ground of one at its end, by an instant; none where it was only closed."""
    rows = Lineage.objects.filter(before=grid, at__lte=at).order_by("-at", "after")
    last = rows.values_list("at", flat=True).first()
    return [code for code in rows.filter(at=last).values_list("after", flat=True) if code != grid] if last else []


def place_once(code: str, at: datetime) -> PlaceInfo | None:
    """The last version of a place that had begun by an instant, ended or not; None where there was none yet."""
    row = Place.objects.filter(_begun(at), code=code).order_by("-period").first()
    if row is None:
        return None
    own = place_code(row.code)
    return PlaceInfo(own, own.tier, PlaceKind(row.kind), row.name, row.base, Period(row.period.lower, row.period.upper))


def names_once(codes: Collection[str], at: datetime) -> dict[str, str]:
    """What places were called last by an instant, also those that stand no longer; one query."""
    rows = Place.objects.filter(_begun(at), code__in=sorted(set(codes))).order_by("period")
    return dict(rows.values_list("code", "name"))


def _begun(at: datetime) -> Q:
    """Versions that had begun; of the first ones it is often not known when."""
    return Q(period__startswith__isnull=True) | Q(period__startswith__lte=at)
