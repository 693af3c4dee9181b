"""Open cases that may be the same matter: same matter, near in place and time, found by index, at most so many a report.

Is: candidates for a person to look at. Is not: a judgement; intake compares words, a person joins. Cases in a closed
compartment, complaints and tip-offs are never candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.cases.reading import run

NEVER_JOINED = ("complaint", "tip_off")
"""Types of request that are nobody else's matter."""

# Indexes: cases_case_near by point; cases_case_place where there is none (codes are digits, so ":" comes after them).
_NEAR = """
SELECT w.number, c.id, c.no, c.lon, c.lat
  FROM unnest(%(numbers)s::int[], %(matters)s::text[], %(places)s::text[], %(sinces)s::timestamptz[],
              %(untils)s::timestamptz[], %(wests)s::float8[], %(easts)s::float8[], %(souths)s::float8[],
              %(norths)s::float8[])
       AS w(number, matter, place, since, until, west, east, south, north)
 CROSS JOIN LATERAL (
       (SELECT c.id, c.no, c.lon, c.lat, c.received_at
          FROM cases_case c
         WHERE c.compartment = 'open' AND c.joined_to IS NULL AND c.closed_at IS NULL
           AND c.matter = w.matter AND c.lon BETWEEN w.west AND w.east AND c.lat BETWEEN w.south AND w.north
           AND c.received_at BETWEEN w.since AND w.until
           AND coalesce(c.data->>'request_type', '') <> ALL (%(never)s::text[])
         ORDER BY c.received_at DESC
         LIMIT %(most)s::int)
       UNION ALL
       (SELECT c.id, c.no, c.lon, c.lat, c.received_at
          FROM cases_case c
         WHERE w.west IS NULL AND c.place ~>=~ w.place AND c.place ~<~ (w.place || ':')
           AND c.compartment = 'open' AND c.joined_to IS NULL AND c.closed_at IS NULL
           AND c.matter = w.matter AND c.received_at BETWEEN w.since AND w.until
           AND coalesce(c.data->>'request_type', '') <> ALL (%(never)s::text[])
         ORDER BY c.received_at DESC
         LIMIT %(most)s::int)) c
"""


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees between which a point counts as near."""

    west: float
    east: float
    south: float
    north: float


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought for one report.

    Attributes:
        matter: code.
        place: deepest code known, of a community or a grid; asked where the report has no point.
        since, until: when the other one was received, aware.
        box: None without a point.
    """

    matter: str
    place: str
    since: datetime
    until: datetime
    box: Box | None


@dataclass(frozen=True, slots=True)
class Near:
    """A case that may be the same matter."""

    case: int
    no: str
    lon: float | None
    lat: float | None


def open_near(sought: Sequence[Sought], most: int) -> list[list[Near]]:
    """Candidates for each report, the latest first: one query for all.

    Args:
        sought: one a report.
        most: candidates a report.
    """
    found: list[list[Near]] = [[] for _ in sought]
    if not sought:
        return found
    boxes = [one.box for one in sought]
    asked = {
        "numbers": list(range(len(sought))),
        "matters": [one.matter for one in sought],
        "places": [one.place for one in sought],
        "sinces": [one.since for one in sought],
        "untils": [one.until for one in sought],
        "wests": [box.west if box else None for box in boxes],
        "easts": [box.east if box else None for box in boxes],
        "souths": [box.south if box else None for box in boxes],
        "norths": [box.north if box else None for box in boxes],
        "never": list(NEVER_JOINED),
        "most": most,
    }
    for number, case, no, lon, lat in run(_NEAR, asked).fetchall():
        found[number].append(Near(case, no, lon, lat))
    return found
