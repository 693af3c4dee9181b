"""Which matters are usual at a place and hour, from what is open there: to be offered first to somebody who reports."""

# ruff: noqa: S608 - the statement is put together from constants

from __future__ import annotations

from datetime import datetime

from linli.cases.reading import run

_NEARBY_HOURS = 3
_MOST_READ = 2000
# Index: cases_case_place. Open cases of one community are read, never the whole past.
_USUAL = (
    "SELECT q.matter FROM (SELECT c.matter, c.opened_at FROM cases_case c WHERE c.closed_at IS NULL"
    " AND c.compartment = 'open' AND c.matter IS NOT NULL AND c.place LIKE %(place)s::text"
    f" AND c.opened_at >= %(since)s LIMIT {_MOST_READ}) q WHERE q.matter LIKE ANY(%(catalogues)s::text[])"
    " GROUP BY q.matter ORDER BY count(*) + count(*) FILTER (WHERE"
    " abs(extract(hour FROM q.opened_at AT TIME ZONE 'Asia/Shanghai')"
    " - extract(hour FROM %(at)s::timestamptz AT TIME ZONE 'Asia/Shanghai'))"
    f" <= {_NEARBY_HOURS}) DESC, q.matter LIMIT %(most)s::int"
)


def usual_matters(place: str, since: datetime, at: datetime, most: int) -> list[str]:
    """Codes of events and components open at a place, the most usual first; those of this time of day count twice.

    Args:
        place: code; all below it counts.
        since: opened at or after this, aware UTC.
        at: now.
        most: most codes.
    """
    asked = {
        "place": f"{place}%", "since": since, "at": at, "most": most, "catalogues": ["event.%", "component.%"],
    }  # fmt: skip
    return [row[0] for row in run(_USUAL, asked).fetchall()]
