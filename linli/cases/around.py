"""Open cases around somebody on the street, as far as they may read them, in bands of distance.

Is: one query with a point that is forgotten with it. Is not: a track: the point is an argument, goes into no row, no log and
no answer, and distances come back as bands only.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from linli.cases.queues import SCOPES
from linli.cases.reading import run
from linli.kernel.actors import Actor

_METRES_A_DEGREE = 111_320

# Indexes: cases_case_place, cases_assignment_body. A person's own cases are few; the box leaves those near.
_AROUND = (
    "SELECT c.id, c.no, c.kind, c.state, c.title, c.place, c.snapshot, c.lon, c.lat FROM cases_case c"
    " WHERE c.closed_at IS NULL AND c.joined_to IS NULL AND c.lon BETWEEN %(west)s AND %(east)s"
    f" AND c.lat BETWEEN %(south)s AND %(north)s AND (({SCOPES['place']}) OR ({SCOPES['body']}))"
    " ORDER BY (c.lon - %(lon)s::float8) ^ 2 * %(narrow)s::float8 + (c.lat - %(lat)s::float8) ^ 2, c.id LIMIT %(most)s::int"
)


@dataclass(frozen=True, slots=True)
class AroundLine:
    """A case near by. `within` is the band: at most so many metres away."""

    case: int
    no: str
    kind: str
    state: str
    title: str
    place: str
    snapshot: str
    within: int


def cases_around(actor: Actor, point: tuple[float, float], bands: Sequence[int], most: int) -> list[AroundLine]:
    """Open cases near a point, the nearest first.

    Args:
        actor: with the posts held now; only what they may read is found.
        point: longitude and latitude, WGS 84; used here and nowhere else.
        bands: metres, rising; what lies beyond the last is not near.
        most: most rows.
    """
    lon, lat = point
    narrow = max(cos(radians(lat)), 0.01)
    high = bands[-1] / _METRES_A_DEGREE
    values = {
        "bodies": [h.organisation for h in actor.holdings if h.works],
        "places": [f"{h.place}%" for h in actor.holdings if h.sees_place],
        "west": lon - high / narrow, "east": lon + high / narrow, "south": lat - high, "north": lat + high,
        "lon": lon, "lat": lat, "narrow": narrow**2, "most": most,
    }  # fmt: skip
    found = []
    for case, no, kind, state, title, place, snapshot, east, north in run(_AROUND, values).fetchall():
        metres = hypot((east - lon) * narrow, north - lat) * _METRES_A_DEGREE
        within = next((band for band in bands if metres <= band), None)
        if within is not None:
            found.append(AroundLine(case, no, kind, state, title, place, snapshot, within))
    return found
