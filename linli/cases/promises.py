"""What desks have told callers and not kept yet: by the day it is due, for the desk whose place the case is in.

Is: reads. Is not: a step: a promise is made and kept by the procedure's steps `promise`, `keep_promise` and `reply`. What was
promised stands in the case, not here, and neither does who was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.cases.mechanisms.calling import PROMISE
from linli.cases.reading import run
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, Page, Sort, Stretch, turn_page

BY_DAY = Sort("promise", "k.due_at", "k.id", "time", has_gaps=False)
"""The nearest day first."""

# Index: cases_clock_promise; promises are few beside cases, whatever the place.
_OPEN = (
    f" FROM cases_clock k JOIN cases_case c ON c.id = k.case_id WHERE k.name = '{PROMISE}' AND k.state <> 'stopped'"
    " AND c.compartment = 'open' AND c.closed_at IS NULL AND c.place LIKE ANY(%(places)s::text[])"
)
_COLUMNS = "k.id, k.due_at, c.id, c.no, c.kind, c.state, c.title, c.place, c.owner, c.snapshot"


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise that stands. `due_at`: the end of its day, aware UTC."""

    clock: int
    due_at: datetime
    case: int
    no: str
    kind: str
    state: str
    title: str
    place: str
    owner: int | None
    snapshot: str


def promise_page(actor: Actor, *, after: After | None = None, limit: int = 50) -> Page[PromiseLine]:
    """One page of the promises of the desk's places, the nearest day first.

    Args:
        actor: with the posts held now; only those that run a desk count.
        after: where the page before ended (sort `BY_DAY`).
        limit: most rows.
    """
    places = _prefixes(promise_scope(actor))

    def fetch(stretch: Stretch) -> list[PromiseLine]:
        query = f"SELECT {_COLUMNS}{_OPEN} AND {stretch.where} {stretch.order} LIMIT %(row_limit)s"
        return [PromiseLine(*row) for row in run(query, {**stretch.values, "places": places}).fetchall()]

    return turn_page(BY_DAY, after, limit, fetch, lambda row: After(row.due_at, row.clock))


def promise_scope(actor: Actor) -> tuple[str, ...]:
    """Prefixes of the places whose desk this person is."""
    return tuple(dict.fromkeys(holding.place for holding in actor.holdings if holding.is_desk))


def _prefixes(scope: Sequence[str]) -> list[str]:
    return [f"{place}%" for place in scope]
