"""What is open at a place or with a body, as counts that lead to the queue: by time, never by person, up to a bound.

Counted by the queue's own filter: only what the asker's posts may see. A grid is one person's ground, so that of a grid only
how much there is is told, not how much of it is late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.deskqueue import QueueFilter, counted, narrowed, queue_counts, scopes_of
from linli.kernel.actors import Actor
from linli.organisations.domain import place_prefix
from linli.web.desk.live import live_for, moments_at


@dataclass(frozen=True, slots=True)
class OpenCount:
    """How many cases, in words (`300+` where there are more), and the queue that shows them."""

    what: str
    title: str
    count: int
    words: str
    address: str


def open_at(actor: Actor, place: str, at: datetime, *, by_time: bool) -> tuple[OpenCount, ...]:
    """What is open at a place; nothing for somebody without a queue. One query.

    Args:
        actor: with the posts held at `at`.
        place: code of the place.
        at: aware UTC.
        by_time: whether what is late and due soon is counted too.
    """
    return _counts(actor, QueueFilter(places=(place_prefix(place),)), ("place", place), at, by_time)


def open_with(actor: Actor, body: int, at: datetime) -> tuple[OpenCount, ...]:
    """What is open with a body; see `open_at`."""
    return _counts(actor, QueueFilter(owner=body), ("owner", str(body)), at, by_time=True)


def _counts(
    actor: Actor, wanted: QueueFilter, asked: tuple[str, str], at: datetime, by_time: bool
) -> tuple[OpenCount, ...]:
    scopes = scopes_of(actor)
    if not scopes:
        return ()
    base = narrowed(wanted, scope=scopes[0])
    views = {"open": base}
    if by_time:
        views |= {"late": narrowed(base, due="late"), "soon": narrowed(base, due="soon")}
    found = queue_counts(actor, views, moments_at(live_for(actor, at), at))
    titles = {"open": _("All open"), "late": _("Late"), "soon": _("Due soon")}
    return tuple(
        OpenCount(what, titles[what], count, counted(count), _address(asked, what)) for what, count in found.items()
    )


def _address(asked: tuple[str, str], what: str) -> str:
    more = () if what == "open" else (("due", what),)
    return f"{reverse('desk_queue')}?{urlencode((('view', 'all'), asked, *more))}"
