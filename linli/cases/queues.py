"""Queues: a body's, a place's, and a receiver's cases, page by page, the nearest limit first. Keyset, no offsets."""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from linli.cases.inside import inside
from linli.cases.reading import run, run_once
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


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What more must hold of a case `c`: a condition put together from constants, and its values by name."""

    text: str = "true"
    values: Mapping[str, object] = field(default_factory=dict)


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
    narrowing = Narrowing("c.state = ANY(%(states)s::text[])", {"states": list(states)}) if states else Narrowing()
    return narrowed_page(actor, scope, narrowing, after=after, limit=limit)


def narrowed_page(
    actor: Actor,
    scope: Scope,
    narrowing: Narrowing,
    *,
    sort: Sort = BY_LIMIT,
    after: After | None = None,
    limit: int = 50,
) -> Page[QueueRow]:
    """One page of a queue of open cases of which something more holds; see `queue_page`.

    Args:
        actor: with the posts held today.
        scope: whose cases.
        narrowing: what more must hold.
        sort: `BY_LIMIT` or `BY_NEWEST`.
        after: where the page before ended (`keyset`, of that sort).
        limit: most rows.
    """
    ground, edges = _ground(actor, scope)
    query = f"SELECT {_COLUMNS} FROM cases_case c WHERE c.closed_at IS NULL AND {ground} AND {narrowing.text}"
    working = [h for h in actor.holdings if h.works]
    values: dict[str, object] = {
        "bodies": [h.organisation for h in working],
        "posts": [h.post for h in working],
        "account": actor.ref.account,
        **edges,
        **narrowing.values,
    }
    # What is asked for decides along which index it is read.
    send = run_once if narrowing.values else run

    def fetch(stretch: Stretch) -> list[QueueRow]:
        text = f"{query} AND {stretch.where} {stretch.order} LIMIT %(row_limit)s"
        return [QueueRow(*row) for row in send(text, {**values, **stretch.values}).fetchall()]

    def key_of(row: QueueRow) -> After:
        return After(row.case if sort is BY_NEWEST else row.limit_at, row.case)

    return turn_page(sort, after, limit, fetch, key_of)


def _ground(actor: Actor, scope: Scope) -> tuple[str, dict[str, object]]:
    if scope != "place":
        return SCOPES[scope], {}
    text, edges = inside("ground", [h.place for h in actor.holdings if h.sees_place])
    return f"c.compartment = 'open' AND {text}", edges
