"""Sums over cases, by place: demand and how it went in time. Bodies and places only; never a person, never words.

Closed compartments are counted nowhere by place. Numbers here are counts; a share is made by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.cases.reading import run

STREET = 9


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """Cases of one place.

    Attributes:
        place: code cut to the asked tier; "" = not located, or not so deep.
        reports: cases opened, joined ones included; parts of a split case are not counted again.
        joined: of them, those whose voices another case carries.
        cases: of them, those that are worked on or were.
        closed_in_time, closed_late, open_in_time, open_late: the cases; late = a clock of the reporter or of a body
            ran out.
    """

    place: str
    reports: int
    joined: int
    cases: int
    closed_in_time: int
    closed_late: int
    open_in_time: int
    open_late: int


# A clock that was replaced by a fresh one (rework) stays as a row of its own, so that its lateness is not forgotten.
_BY_PLACE = """
WITH c AS (
    SELECT CASE WHEN length(k.place) >= %(digits)s THEN left(k.place, %(digits)s) ELSE '' END AS place,
           k.joined_to IS NOT NULL AS joined, k.closed_at IS NOT NULL AS closed,
           EXISTS (SELECT 1 FROM cases_clock w WHERE w.case_id = k.id AND w.whose IN ('reporter', 'body')
                   AND (w.outcome = 'late' OR (w.state <> 'stopped' AND w.due_at < %(at)s))) AS late
      FROM cases_case k
     WHERE k.compartment = 'open' AND k.parent IS NULL AND k.opened_at >= %(since)s AND k.opened_at < %(at)s
)
SELECT place, count(*), count(*) FILTER (WHERE joined), count(*) FILTER (WHERE NOT joined),
       count(*) FILTER (WHERE NOT joined AND closed AND NOT late), count(*) FILTER (WHERE NOT joined AND closed AND late),
       count(*) FILTER (WHERE NOT joined AND NOT closed AND NOT late),
       count(*) FILTER (WHERE NOT joined AND NOT closed AND late)
  FROM c GROUP BY place ORDER BY place
"""


def figures_by_place(since: datetime, at: datetime, digits: int = STREET) -> Sequence[PlaceFigures]:
    """Sums over the open compartment's cases that were opened in [since, at), as they stand at `at`.

    Args:
        since: aware.
        at: aware; clocks that run are late when they were due before it.
        digits: of the place codes by which is summed, 4 to 12; a grid is one worker, so nothing is summed by grid.
    """
    rows = run(_BY_PLACE, {"since": since, "at": at, "digits": min(digits, 12)}).fetchall()
    return [PlaceFigures(*row) for row in rows]


def count_closed_to_all(since: datetime, at: datetime, least: int = 5) -> int | None:
    """How many cases opened in [since, at) only named receivers see; None when they are fewer than `least`.

    Source: PEOPLE, accusations: a count under five is not shown.
    """
    query = (
        "SELECT count(*) FROM cases_case WHERE compartment <> 'open' AND opened_at >= %(since)s AND opened_at < %(at)s"
    )
    row = run(query, {"since": since, "at": at}).fetchone()
    count = int(row[0]) if row else 0
    return count if count >= least else None


def count_cases() -> int:
    """How many cases there are at all."""
    row = run("SELECT count(*) FROM cases_case", {}).fetchone()
    return int(row[0]) if row else 0
