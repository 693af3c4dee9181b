"""The open points of a desk: what is late, due, promised, nobody's. Each with a count, its first cases, and its queue.

What the morning's brief shows and what a shift hands on are the same seven questions. Bodies' work and cases, never persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.deskqueue import QueueFilter, counted, narrowed, queue_counts, queue_heads, scopes_of
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.web.base.words import local
from linli.web.desk.live import Live, live_for, moments_at
from linli.web.desk.rows import Row, rows_of

PROMISE = "promise"
OPEN = "open"
_NO_STATE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what is shown, and the address that shows it in the queue."""

    title: str
    wanted: QueueFilter
    query: tuple[tuple[str, str], ...]
    tone: str = ""

    @property
    def address(self) -> str:
        """The queue under the same filter."""
        return f"{reverse('desk_queue')}?{urlencode((('view', 'all'), *self.query))}"


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """The answer to one question: `words` is the count, `999+` where there are more."""

    what: str
    title: str
    count: int
    words: str
    address: str
    tone: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """All that is open on a desk: how many cases, and the points."""

    open_cases: int
    words: str
    points: tuple[OpenPoint, ...]


def titles() -> Mapping[str, str]:
    """The points in words, in their order."""
    return {
        "new": _("New since yesterday"),
        "late": _("Late"),
        "today": _("Due today"),
        "promised": _("Promised"),
        "unowned": _("Returned, and nobody's"),
        "reminded": _("Urged by residents"),
        "unplaced": _("To locate, to class"),
    }


def open_points(actor: Actor, at: datetime, most: int) -> OpenPoints:
    """What is open on a person's desk; two queries and the names.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
        most: rows of each point; 0 = counts only.

    Raises:
        NotFoundError: the person has no queue.
    """
    scopes = scopes_of(actor)
    if not scopes:
        raise NotFoundError("You hold no post with a queue today.", code="desk.no_queue")
    live = live_for(actor, at)
    moments = moments_at(live, at)
    base = QueueFilter(scope=scopes[0])
    asked = _questions(live, base, at)
    views = {what: one.wanted for what, one in asked.items()}
    counts = queue_counts(actor, {OPEN: base, **views}, moments)
    heads = queue_heads(actor, views, moments, most) if most else {}
    lines = [line for what in views for line in heads.get(what, ())]
    rows = dict(zip([line.case for line in lines], rows_of(lines, at), strict=True)) if lines else {}
    points = tuple(
        OpenPoint(
            what=what,
            title=one.title,
            count=counts[what],
            words=counted(counts[what]),
            address=one.address,
            tone=one.tone if counts[what] else "",
            rows=tuple(rows[line.case] for line in heads.get(what, ())),
        )
        for what, one in asked.items()
    )
    return OpenPoints(counts[OPEN], counted(counts[OPEN]), points)


def _questions(live: Live, base: QueueFilter, at: datetime) -> dict[str, Asked]:
    words = titles()
    yesterday = local(at).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    waiting = live.states_opened_by_flag() or (_NO_STATE,)
    # A filter without states asks for nothing: where no case waits so, no state is meant, not every one.
    unowned = tuple(state for state in live.states_to_send() if state not in waiting) or (_NO_STATE,)
    return {
        "new": Asked(words["new"], narrowed(base, since=yesterday), (("from", yesterday.date().isoformat()),)),
        "late": Asked(words["late"], narrowed(base, due="late"), (("due", "late"),), "late"),
        "today": Asked(words["today"], narrowed(base, due="today"), (("due", "today"),), "soon"),
        "promised": Asked(words["promised"], narrowed(base, clock=PROMISE), (("clock", PROMISE),)),
        "unowned": Asked(words["unowned"], narrowed(base, states=unowned), _states(unowned)),
        "reminded": Asked(words["reminded"], narrowed(base, reminded=True), (("reminded", "1"),)),
        "unplaced": Asked(words["unplaced"], narrowed(base, states=waiting), _states(waiting)),
    }


def _states(states: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(("state", state) for state in states)
