"""Queues: the open cases of the holder's bodies, of their places, and those they receive by name."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path, Query

from linli.api import shapes
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.cases.queues import BY_LIMIT, queue_page
from linli.kernel.keyset import MOST_ROWS, after_of, cursor_of

router = Router(tags=["queues"])

STATES = Query([], description="Only these states; may be given again.", max_length=40)
CURSOR = Query(None, description="The `next` of the page before.", max_length=600)
LIMIT = Query(50, ge=1, le=MOST_ROWS)


class QueueName(StrEnum):
    """Which queue."""

    BODY = "body"
    PLACE = "place"
    NAMED = "named"


SCOPE = Path(
    description="`body`: what the holder's bodies work on; `place`: of the places they serve; `named`: theirs by name."
)


@offer(router, "GET", "/{queue}", Scope.QUEUES, shapes.QueuePage)
def queue_show(
    request: HttpRequest,
    queue: QueueName = SCOPE,
    state: list[str] = STATES,
    cursor: str | None = CURSOR,
    limit: int = LIMIT,
) -> object:
    """A page of a queue, the nearest limit first."""
    who = asked(request)
    after = after_of(BY_LIMIT, cursor) if cursor else None
    page = queue_page(who.actor, queue.value, states=tuple(state), after=after, limit=limit)
    return {"rows": list(page.rows), "next": cursor_of(BY_LIMIT, page.after) if page.after else None}
