"""One person's work: what their bodies have in hand and what their place waits for, the nearest limit first.

Is: rows for a phone, page by page by key, and how many are late, due today, tomorrow, later. Is not: a measure of anybody:
it counts cases that wait, never what a person did. No reporter and no words beyond the title are in a row.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.cases.nextstep import place_relations, states_waiting_for
from linli.cases.procedures.procedure import Procedure
from linli.cases.reading import run
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, Page, Sort, Stretch, turn_page

BY_LIMIT = Sort("limit", "q.due", "q.id", "time")
"""The nearest limit first; work whose clocks stand comes last."""

# Indexes: cases_assignment_body, cases_case_place, cases_clock_case. Inner reads go along them; the rest is one's own work.
_MINE = (
    "SELECT a.case_id FROM cases_assignment a WHERE a.ended_at IS NULL AND a.role IN ('lead', 'co')"
    " AND a.state IN ('sent', 'signed') AND a.organisation = ANY(%(bodies)s::bigint[])"
    " UNION SELECT w.id FROM unnest(%(places)s::text[], %(states)s::text[]) AS own(place, state)"
    " JOIN cases_case w ON w.place LIKE own.place || '%%' AND w.state = own.state"
    " AND w.closed_at IS NULL AND w.compartment = 'open'"
)
_PART = (
    " LEFT JOIN LATERAL (SELECT a.role FROM cases_assignment a WHERE a.case_id = c.id AND a.ended_at IS NULL"
    " AND a.role IN ('lead', 'co') AND a.organisation = ANY(%(bodies)s::bigint[]) ORDER BY a.role DESC LIMIT 1) p ON true"
)
# Another body's clock is that body's; a desk's clock counts where one works for the desk, at one's place.
_NEAREST = (
    " LEFT JOIN LATERAL (SELECT k.name, k.due_at FROM cases_clock k WHERE k.case_id = c.id AND k.state = 'running'"
    " AND (k.whose = 'reporter' OR k.whose = 'desk' AND p.role IS NULL"
    " OR k.whose = 'body' AND k.organisation = ANY(%(bodies)s::bigint[])) ORDER BY k.due_at, k.id LIMIT 1) n ON true"
)
_WORK = (
    "(SELECT c.id, c.no, c.kind, c.state, c.title, c.place, c.snapshot, c.opened_at,"
    " coalesce((c.counts->>'reworks')::int, 0) + coalesce((c.counts->>'redos')::int, 0) AS again,"
    " coalesce(p.role, '') AS part, n.name AS clock, n.due_at AS due"
    f" FROM cases_case c{_PART}{_NEAREST} WHERE c.id IN ({_MINE}) AND c.closed_at IS NULL AND c.compartment = 'open') q"
)
_COLUMNS = (
    "q.id, q.no, q.kind, q.state, q.title, q.place, q.snapshot, q.opened_at, q.again, q.part, q.clock, q.due,"
    " (SELECT count(*) FROM cases_voice v WHERE v.case_id = q.id)"
)
_COUNTS = (
    "SELECT count(*) FILTER (WHERE q.due < %(at)s), count(*) FILTER (WHERE q.due >= %(at)s AND q.due < %(tonight)s),"
    " count(*) FILTER (WHERE q.due >= %(tonight)s AND q.due < %(next_night)s),"
    " count(*) FILTER (WHERE q.due IS NULL OR q.due >= %(next_night)s)"
    f" FROM {_WORK}"
)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One piece of work.

    Attributes:
        again: how often it was sent back.
        part: `lead` or `co` where one's body has it, "" where one's place waits for it.
        clock: name of the nearest running clock that concerns one, None where none runs; `due` is its limit.
    """

    case: int
    no: str
    kind: str
    state: str
    title: str
    place: str
    snapshot: str
    opened_at: datetime
    again: int
    part: str
    clock: str | None
    due: datetime | None
    voices: int


@dataclass(frozen=True, slots=True)
class Nights:
    """Where today and tomorrow end, aware UTC, in the time of the place; `at` is now."""

    at: datetime
    tonight: datetime
    next_night: datetime


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many cases wait, by when."""

    late: int
    today: int
    tomorrow: int
    later: int


def work_page(
    actor: Actor, procedures: Mapping[str, Procedure], *, after: After | None = None, limit: int = 30
) -> Page[WorkLine]:
    """One page of a person's work.

    Args:
        actor: with the posts held now.
        procedures: those that hold at their place, by kind: they say which states wait for whom.
        after: where the page before ended (sort `BY_LIMIT`).
        limit: most rows.
    """
    own = _own(actor, procedures)

    def fetch(stretch: Stretch) -> list[WorkLine]:
        query = f"SELECT {_COLUMNS} FROM {_WORK} WHERE {stretch.where} {stretch.order} LIMIT %(row_limit)s"
        return [WorkLine(*row) for row in run(query, {**own, **stretch.values}).fetchall()]

    return turn_page(BY_LIMIT, after, limit, fetch, lambda row: After(row.due, row.case))


def work_counts(actor: Actor, procedures: Mapping[str, Procedure], nights: Nights) -> WorkCounts:
    """How much of it is late, due today, tomorrow, later; one query."""
    values = {
        **_own(actor, procedures), "at": nights.at, "tonight": nights.tonight, "next_night": nights.next_night,
    }  # fmt: skip
    row = run(_COUNTS, values).fetchone()
    return WorkCounts(*(row or (0, 0, 0, 0)))


def _own(actor: Actor, procedures: Mapping[str, Procedure]) -> dict[str, Any]:
    """The bodies one works for, and the pairs of place and state in which one's place waits."""
    working = [holding for holding in actor.holdings if holding.works]
    pairs = sorted(
        {
            (holding.place, state)
            for holding in working
            for procedure in procedures.values()
            for state in states_waiting_for(procedure, place_relations(holding))
        }
    )
    return {
        "bodies": sorted({holding.organisation for holding in working}),
        "places": [place for place, _ in pairs],
        "states": [state for _, state in pairs],
    }
