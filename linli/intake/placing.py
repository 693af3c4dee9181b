"""Where reports are: by their point first, then by registered names in their words, last by the address's street.

Is: points of any known system turned and looked up in one go, and the names tried where no grid was found. Is not: the
register itself (`linli.places`). An address is the reporter's and may be a home: it tells no more than a street.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from linli.intake.findings import Findings
from linli.intake.reports import Point, Report
from linli.intake.text.lists import folded
from linli.intake.text.placewords import Gazetteer
from linli.kernel.codes import Tier
from linli.places.coordinates import Crs, crs_named, to_wgs84
from linli.places.domain import Located
from linli.places.errors import CrsError
from linli.places.selectors import locate_many, places_under

_STREET, _COMMUNITY, _GRID = 9, 12, 15
_CITY, _DISTRICT = 4, 6
_HIGHEST = (180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a report is.

    Attributes:
        located: of the point; None without one.
        lon, lat: WGS 84 degrees; None without a point.
        code: deepest code that is sure, "" = none.
        by: `point`, `person`, `words`, `address` or "".
        names: registered names that decided.
        error: what is wrong with the point, "" if nothing.
    """

    located: Located | None = None
    lon: float | None = None
    lat: float | None = None
    code: str = ""
    by: str = ""
    names: tuple[str, ...] = ()
    error: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether a community or a grid is known: enough to find who is responsible."""
        return len(self.code) >= _COMMUNITY

    @property
    def tiers(self) -> dict[str, str | None]:
        """Grid, community, street and district, as far as known."""
        found = self.located
        grid = found.grid if found and found.grid else None
        return {
            "grid": grid or _cut(self.code, _GRID),
            "community": _cut(self.code, _COMMUNITY),
            "street": _cut(self.code, _STREET),
            "district": _cut(self.code, _DISTRICT),
        }

    def why(self) -> dict[str, object]:
        """How the place was found."""
        told: dict[str, object] = {"by": self.by, "code": self.code, "names": list(self.names)}
        if self.located is not None:
            told |= {"distance_m": self.located.distance_m, "on_edge": self.located.on_edge or None}
        return {name: value for name, value in told.items() if value not in (None, "", [])}


def _cut(code: str, digits: int) -> str | None:
    return code[:digits] if len(code) >= digits else None


NOT_PLACED = Placed()


def by_points(reports: Sequence[Report], at: datetime) -> list[Placed]:
    """Look up the points of reports, in one go.

    Args:
        reports: with or without points, in any known system.
        at: which grids hold.
    """
    placed = [NOT_PLACED if report.point is None else _turned(report.point) for report in reports]
    known = [number for number, one in enumerate(placed) if one.lon is not None]
    lons, lats = ([float(getattr(placed[n], axis)) for n in known] for axis in ("lon", "lat"))
    for number, located in zip(known, locate_many(lons, lats, at) if known else (), strict=True):
        placed[number] = replace(placed[number], located=located, code=_deepest(located), by="point")
    return placed


def _turned(point: Point) -> Placed:
    try:
        crs = crs_named(point.crs)
    except CrsError:
        return Placed(error="crs: not a system that is known here")
    lon, lat = point.lon, point.lat
    if crs is not Crs.WGS84:
        lons, lats = to_wgs84(np.array([lon]), np.array([lat]), crs)
        lon, lat = float(lons[0]), float(lats[0])
    if not (abs(lon) <= _HIGHEST[0] and abs(lat) <= _HIGHEST[1]):
        return Placed(error="lon, lat: no point on earth")
    return Placed(lon=lon, lat=lat)


def _deepest(located: Located) -> str:
    return located.grid or located.community or located.street or located.district or ""


def by_words(placed: Placed, report: Report, findings: Findings, gazetteer: Gazetteer) -> Placed:
    """Try the names in the words, then the address, where the point gave no grid.

    Args:
        placed: what the point gave.
        report: for its address.
        findings: for the names in its words.
        gazetteer: registered names.
    """
    if placed.is_sure:
        return placed
    if report.place and _fits(report.place, placed.code):
        return replace(placed, code=report.place, by="person")
    named = findings.named
    if named.code and _fits(named.code, placed.code):
        return replace(placed, code=named.code, by="words", names=named.names)
    # A home may be named here; its street's desk can find out where the matter is.
    street = gazetteer.find(folded(report.address)).code[:_STREET] if report.address else ""
    if street and _fits(street, placed.code):
        return replace(placed, code=street, by="address")
    return placed


def by_name(placed: Placed, where: str, gazetteer: Gazetteer) -> Placed:
    """Try the name of the matter's place, told in a field of its own, where the point gave no grid.

    Args:
        placed: what the point gave.
        where: a compound, a community, a grid, a road, as typed.
        gazetteer: registered names.
    """
    named = gazetteer.find(folded(where)) if where and not placed.is_sure else None
    if named is None or not named.code or not _fits(named.code, placed.code):
        return placed
    return replace(placed, code=named.code, by="words", names=named.names)


def _fits(code: str, known: str) -> bool:
    return len(code) > len(known) and code.startswith(known)


def gazetteer_at(at: datetime) -> Gazetteer:
    """Registered names of places at an instant."""
    places = (place for place in places_under("", at) if place.tier is not Tier.CITY)
    return Gazetteer((str(place.code), place.name, place.tier) for place in places)


def home_place(at: datetime) -> str:
    """Code of the district, else the city, that holds every registered district; "" when there is none.

    A report without a place runs under its rules, and who keeps watch over all of it receives what cannot wait.
    """
    districts = [str(place.code) for place in places_under("", at, Tier.DISTRICT)]
    if len(districts) == 1:
        return districts[0]
    return f"{districts[0][:_CITY]}00" if len({code[:_CITY] for code in districts}) == 1 else ""
