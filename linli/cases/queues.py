"""Queues: a body's, a place's, and a receiver's cases, page by page, the nearest limit first. Keyset, no offsets."""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from typing import Literal

from linli.cases.reading import run
from linli.cases.views import QueueRow
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, Page, Sort, Stretch, turn_page

Scope = Literal["body", "place", "named"]

# Of a sealed case no word is read before it is opened with a reason (`lookedin`).
_COLUMNS = (
    "c.id, c.no, c.kind, c.state, CASE WHEN c.compartment = 'sealed' THEN '' ELSE c.title END,"
    " CASE WHEN c.compartment <> 'sealed' THEN c.matter END, c.place, c.owner, c.next_due_at, c.limit_at,"
    " coalesce((c.counts->>'overdue')::int, 0), coalesce((c.counts->>'reminders')::int, 0)"
)
# Indexes: cases_assignment_body, cases_case_place, cases_assignment_named.
SCOPES: dict[Scope, str] = {
    "body": (
        "c.compartment = 'open' AND EXISTS (SELECT 1 FROM cases_assignment a WHERE a.case_id = c.id"
        " AND a.ended_at IS NULL AND a.role <> 'receiver' AND a.organisation = ANY(%(bodies)s::bigint[]))"
    ),
    "place": "c.compartment = 'open' AND c.place LIKE ANY(%(places)s::text[])",
    "named": (
        "EXISTS (SELECT 1 FROM cases_assignment a WHERE a.case_id = c.id AND a.ended_at IS NULL"
        " AND a.role = 'receiver' AND (a.account = %(account)s::bigint OR a.post = ANY(%(posts)s::bigint[])))"
    ),
}
BY_LIMIT = Sort("limit", "c.limit_at", "c.id", "time")
"""The nearest limit first, so what is late stands above all that is not; what has no limit that counts comes last."""

BY_NEWEST = Sort("newest", "c.id", "c.id", "number", is_descending=True, has_gaps=False)
"""The latest that came in first."""


def queue_page(
    actor: Actor, scope: Scope, *, states: tuple[str, ...] = (), after: After | None = None, limit: int = 50
) -> Page[QueueRow]:
    """One page of a queue of open cases.

    Args:
        actor: with the posts held today.
        scope: `body` = cases that the actor's bodies work on, `place` = of the places their posts serve, `named` = what
            they receive by name; of a sealed one without title and matter.
        states: only these; none = every open state.
        after: where the page before ended.
        limit: most rows.
    """
    query = f"SELECT {_COLUMNS} FROM cases_case c WHERE c.closed_at IS NULL AND {SCOPES[scope]}"
    query += " AND (cardinality(%(states)s::text[]) = 0 OR c.state = ANY(%(states)s::text[]))"
    working = [h for h in actor.holdings if h.works]
    values: dict[str, object] = {
        "bodies": [h.organisation for h in working],
        "places": [f"{h.place}%" for h in actor.holdings if h.sees_place],
        "posts": [h.post for h in working],
        "account": actor.ref.account,
        "states": list(states),
    }

    def fetch(stretch: Stretch) -> list[QueueRow]:
        text = f"{query} AND {stretch.where} {stretch.order} LIMIT %(row_limit)s"
        return [QueueRow(*row) for row in run(text, {**values, **stretch.values}).fetchall()]

    return turn_page(BY_LIMIT, after, limit, fetch, lambda row: After(row.limit_at, row.case))
