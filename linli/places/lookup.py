"""Points to grids over arrays, from an index that the process keeps and remakes when the ground changes.

One small query a call reads the stamp of the register; the index itself is built once for a stamp and a stretch of
time in which no outline begins or ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray

from linli.packs.selectors import LiveRules, live_rules
from linli.places.domain import NOWHERE, Located, Period
from linli.places.index import Floats, Ground, Ints, build
from linli.places.models import Register
from linli.rules.parameters import Integer, Parameter

EDGE_TOLERANCE = Parameter("places.edge_tolerance", Integer)
"""Metres outside every grid within which a point is given to the nearest one."""

CHINA_TIME = timezone(timedelta(hours=8))
_KEPT_VIEWS = 4
_CHUNK = 100_000

Tolerance = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers for many points, by position.

    Attributes:
        view: whose `grids.codes` the numbers point into.
        grid: number of the grid, -1 without one.
        distance_m: 0 inside, else metres rounded up; -1 when no grid is registered.
        on_edge: just outside, given to the nearest grid.
        area: of points without a grid, the code of the deepest outline that holds them, "" if none.
        micro: number of the micro-grid, -1 without one.
    """

    view: View
    grid: Ints
    distance_m: Ints
    on_edge: NDArray[np.bool_]
    area: dict[int, str]
    micro: Ints

    def __len__(self) -> int:
        return len(self.grid)

    def located(self, number: int) -> Located:
        """The answer for one point."""
        distance = int(self.distance_m[number])
        grid = int(self.grid[number])
        if grid < 0:
            area = self.area.get(number, "")
            if distance < 0 and not area:
                return NOWHERE
            return Located(None, *_tiers(area), None if distance < 0 else distance)
        code = self.view.grids.codes[grid]
        micro = int(self.micro[number])
        inner = self.view.micros.codes[micro] if micro >= 0 else None
        return Located(code, *_tiers(code), distance, bool(self.on_edge[number]), inner)


def _tiers(code: str) -> tuple[str | None, str | None, str | None]:
    """Community, street and district of a code, as far as it reaches."""
    community, street, district = (code[:n] if len(code) >= n else None for n in (12, 9, 6))
    return community, street, district if district and not district.endswith("00") else None


@dataclass(frozen=True, slots=True)
class View:
    """The ground as it is during a period: grids, micro-grids, and the outlines above them, deepest first."""

    period: Period
    grids: Ground
    micros: Ground
    areas: tuple[Ground, ...]

    def locate(self, lon: Floats, lat: Floats, tolerance: Tolerance) -> Answers:
        """Where points lie; see `selectors.locate_many`.

        Args:
            lon: finite degrees east, WGS 84 / CGCS2000.
            lat: finite degrees north.
            tolerance: metres allowed outside a grid, by the code of that grid.
        """
        grid = np.concatenate(
            [self.grids.inside(lon[i : i + _CHUNK], lat[i : i + _CHUNK]) for i in range(0, max(len(lon), 1), _CHUNK)]
        )
        distance = np.where(grid >= 0, 0, -1)
        on_edge = np.zeros(len(grid), dtype=np.bool_)
        outside = np.flatnonzero(grid < 0)
        if outside.size and len(self.grids.codes):
            self._nearest(outside, lon, lat, tolerance, (grid, distance, on_edge))
        micro = np.full(len(grid), -1, dtype=np.int64)
        if len(self.micros.codes):
            micro = np.where(grid >= 0, self.micros.inside(lon, lat), -1)
        return Answers(self, grid, distance, on_edge, self._areas(np.flatnonzero(grid < 0), lon, lat), micro)

    def _nearest(
        self,
        outside: Ints,
        lon: Floats,
        lat: Floats,
        tolerance: Tolerance,
        into: tuple[Ints, Ints, NDArray[np.bool_]],
    ) -> None:
        grid, distance, on_edge = into
        which, metres = self.grids.nearest(lon[outside], lat[outside])
        distance[outside] = np.ceil(metres).astype(np.int64)
        allowed = self._allowed(which, tolerance)
        close = metres <= allowed
        grid[outside[close]] = which[close]
        on_edge[outside] = close & (metres > 0)

    def _allowed(self, which: Ints, tolerance: Tolerance) -> Ints:
        """Tolerance of each point, asked once a community."""
        numbers, back = np.unique(which, return_inverse=True)
        communities = [self.grids.codes[n][:12] for n in numbers]
        by_community = {code: tolerance(code) for code in sorted(set(communities))}
        return np.array([by_community[code] for code in communities], dtype=np.int64)[back]

    def _areas(self, points: Ints, lon: Floats, lat: Floats) -> dict[int, str]:
        found: dict[int, str] = {}
        for ground in self.areas:
            if not points.size:
                break
            which = ground.inside(lon[points], lat[points])
            hit = which >= 0
            found |= {int(p): ground.codes[w] for p, w in zip(points[hit], which[hit], strict=True)}
            points = points[~hit]
        return found


_VIEWS: dict[int, list[View]] = {}


def view_at(at: datetime) -> View:
    """The ground at an instant: from the process's cache, or built; one query when cached."""
    version = Register.objects.filter(pk=1).values_list("version", flat=True).first() or 0
    views = _VIEWS.setdefault(version, [])
    for stale in [known for known in _VIEWS if known != version]:
        del _VIEWS[stale]
    found = next((view for view in views if view.period.holds(at)), None)
    if found is None:
        found = _built(at)
        views.insert(0, found)
        del views[_KEPT_VIEWS:]
    return found


_STRETCH = """
SELECT max(b) FILTER (WHERE b <= %(at)s::timestamptz), min(b) FILTER (WHERE b > %(at)s::timestamptz)
FROM (SELECT lower(period) b FROM places_outline UNION ALL SELECT upper(period) FROM places_outline) bounds
"""

_OUTLINES = """
SELECT o.code, o.wkb, coalesce(p.kind, '') FROM places_outline o
LEFT JOIN places_place p ON p.code = o.code AND p.period @> %(at)s::timestamptz
WHERE o.period @> %(at)s::timestamptz ORDER BY o.code
"""


def _built(at: datetime) -> View:
    with connection.cursor() as cursor:
        cursor.execute(_STRETCH, {"at": at})
        row = cursor.fetchone()
        period = Period(row[0], row[1]) if row else Period(None, None)
        cursor.execute(_OUTLINES, {"at": at})
        rows = cursor.fetchall()
    by_tier: dict[str, list[tuple[str, bytes]]] = {}
    for code, wkb, kind in rows:
        tier = "micro" if kind == "micro" else str(len(code))
        by_tier.setdefault(tier, []).append((code, bytes(wkb)))
    grids, micros, *areas = (_ground(by_tier.get(tier, [])) for tier in ("15", "micro", "12", "9", "6"))
    return View(period, grids, micros, tuple(areas))


def _ground(rows: list[tuple[str, bytes]]) -> Ground:
    return build([code for code, _ in rows], shapely.from_wkb([wkb for _, wkb in rows]))


def tolerance_at(at: datetime) -> Tolerance:
    """The pack's tolerance by place at an instant: one query when first asked, then from memory.

    A point inside a grid never asks.
    """
    day = at.astimezone(CHINA_TIME).date()
    rules: list[LiveRules] = []

    def tolerance(code: str) -> int:
        if not rules:
            rules.append(live_rules(at))
        return rules[0].snapshot_for(code).at(code, day)[EDGE_TOLERANCE]

    return tolerance


def locate_arrays(lon: Floats, lat: Floats, at: datetime) -> Answers:
    """Where points lie, as arrays: for imports and statistics. See `selectors.locate_many`.

    Args:
        lon: finite degrees east, WGS 84 / CGCS2000.
        lat: finite degrees north.
        at: which grids were valid; aware UTC.
    """
    return view_at(at).locate(lon, lat, tolerance_at(at))
