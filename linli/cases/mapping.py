"""Open cases of a queue's filter on the ground: how many in each place of a tier, and where they lie within one place.

Counts places, never persons; who may see a case is the filter's scope, as in the queue. No reporter, no words beyond titles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.cases.deskqueue import Moments, QueueFilter, condition_of
from linli.cases.reading import run
from linli.kernel.actors import Actor

# Index: cases_case_place. The last part tells places that are shallower than the tier: still to be located within.
_COUNTS = (
    "SELECT left(c.place, %(digits)s::int), count(*), count(*) FILTER (WHERE c.limit_at < %(now)s::timestamptz)"
    " FROM cases_case c WHERE {} GROUP BY 1 ORDER BY 1"
)
_POINTS = (
    "SELECT c.no, c.kind, c.state, c.title, c.place, c.lon, c.lat, c.snapshot, c.limit_at,"
    " coalesce((c.counts->>'reworks')::int, 0) + coalesce((c.counts->>'redos')::int, 0)"
    " FROM cases_case c WHERE {} AND c.lon IS NOT NULL ORDER BY c.limit_at NULLS LAST, c.id LIMIT %(most)s"
)


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How many open cases a place has, and how many of them are past their nearest limit.

    Attributes:
        place: its code; shorter than the tier asked for where the cases are still to be located within.
    """

    place: str
    cases: int
    late: int


@dataclass(frozen=True, slots=True)
class CasePoint:
    """Where a case lies, WGS 84, and what a mark on a map says of it. `again`: how often the work was sent back."""

    no: str
    kind: str
    state: str
    title: str
    place: str
    lon: float
    lat: float
    snapshot: str
    limit_at: datetime | None
    again: int


def counts_by_place(actor: Actor, wanted: QueueFilter, moments: Moments, digits: int) -> list[PlaceCount]:
    """How many cases of a filter lie in each place of a tier, in the order of codes; one query.

    Args:
        actor: with the posts held now.
        wanted: what to count.
        moments: what *late*, *soon* and *today* are measured by.
        digits: of the tier's codes: 6, 9, 12 or 15.
    """
    where, values = condition_of(actor, wanted, moments)
    rows = run(_COUNTS.format(where), {**values, "digits": digits, "now": moments.at}).fetchall()
    return [PlaceCount(*row) for row in rows]


def points_of(actor: Actor, wanted: QueueFilter, moments: Moments, most: int) -> list[CasePoint]:
    """Where the cases of a filter lie, the nearest limit first; one query.

    Args:
        actor: with the posts held now.
        wanted: which cases; of one community or grid, so that they are few.
        moments: what *late*, *soon* and *today* are measured by.
        most: most points.
    """
    where, values = condition_of(actor, wanted, moments)
    return [CasePoint(*row) for row in run(_POINTS.format(where), {**values, "most": most}).fetchall()]
