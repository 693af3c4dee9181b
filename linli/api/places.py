"""Places: the tree, and where a point lies."""

from __future__ import annotations

import numpy as np
from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path, Query

from linli.api import shapes
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.kernel.codes import Tier, place_code
from linli.kernel.errors import NotFoundError
from linli.places.coordinates import Crs, to_wgs84
from linli.places.domain import PlaceInfo
from linli.places.selectors import locate_many, place_at, places_under

router = Router(tags=["places"])

CODE = Path(description="6, 9, 12 or 15 digits.", pattern=r"^\d{6}(\d{3}){0,3}$", max_length=15)
LON = Query(description="Degrees east.", ge=-180, le=180)
LAT = Query(description="Degrees north.", ge=-90, le=90)
CRS = Query(Crs.WGS84, description="System of the point; WGS 84 counts as CGCS2000.")

_BELOW = {Tier.CITY: Tier.DISTRICT, Tier.DISTRICT: Tier.STREET, Tier.STREET: Tier.COMMUNITY, Tier.COMMUNITY: Tier.GRID}


@offer(router, "GET", "/locate", Scope.PLACES, shapes.Located)
def place_locate(request: HttpRequest, lon: float = LON, lat: float = LAT, crs: Crs = CRS) -> object:
    """Where a point lies. The point is not kept."""
    x, y = to_wgs84(np.array([lon]), np.array([lat]), crs)
    east, north = float(x[0]), float(y[0])
    found = locate_many([east], [north], asked(request).at)[0]
    parts = ("grid", "micro", "community", "street", "district", "distance_m", "on_edge")
    return {**{name: getattr(found, name) for name in parts}, "lon": round(east, 7), "lat": round(north, 7)}


@offer(router, "GET", "", Scope.PLACES, shapes.PlaceTree)
def place_roots(request: HttpRequest) -> object:
    """The districts: where the tree begins."""
    below = places_under("", asked(request).at, Tier.DISTRICT)
    return {"place": None, "above": [], "below": [_shape(one) for one in below]}


@offer(router, "GET", "/{code}", Scope.PLACES, shapes.PlaceTree)
def place_show(request: HttpRequest, code: str = CODE) -> object:
    """A place, those that it lies in, and those right below it."""
    at = asked(request).at
    found = place_at(code, at)
    if found is None:
        raise NotFoundError("There is no such place today.", code="places.no_place")
    above = [place_at(outer, at) for outer in _outer(code)]
    tier = _BELOW.get(found.tier)
    below = places_under(code, at, tier) if tier else []
    return {
        "place": _shape(found),
        "above": [_shape(one) for one in above if one is not None],
        "below": [_shape(one) for one in below if str(one.code) != code],
    }


def _outer(code: str) -> list[str]:
    place = place_code(code)
    return [str(place)[:digits] for digits in (6, 9, 12) if digits < len(place)]


def _shape(place: PlaceInfo) -> dict[str, object]:
    return {"code": str(place.code), "tier": str(place.tier), "kind": str(place.kind), "name": place.name}
