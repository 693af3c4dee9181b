"""The queue as a page: tabs with counts, the filter as chips, rows, and where the next page begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict

from linli.cases.deskqueue import COUNTED_TO, QueueFilter, queue_counts, queue_sheet, scopes_of
from linli.cases.queues import BY_LIMIT
from linli.kernel.actors import Actor
from linli.kernel.codes import Tier
from linli.kernel.errors import NotFoundError
from linli.kernel.keyset import After, cursor_of
from linli.organisations.selectors import organisation_names
from linli.places.selectors import place_names, places_under
from linli.web.desk.filters import CHANNELS, DUES, Chip, View, chips_of, views_of, with_query
from linli.web.desk.live import Live, live_for, moments_at
from linli.web.desk.rows import Row, rows_of

_STREET = 9


@dataclass(frozen=True, slots=True)
class Tab:
    """A view above the queue, with its count; `999+` where there are more."""

    name: str
    title: str
    count: str
    address: str
    here: bool
    tone: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a filter may take."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class QueueView:
    """Everything the template of the queue shows."""

    tabs: tuple[Tab, ...]
    title: str
    chips: list[Chip]
    rows: list[Row]
    next: str
    choices: Mapping[str, list[Choice]] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    view: str = ""
    is_filtered: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A view with the filter of an address: what is wanted, and the filter in words."""

    live: Live
    views: tuple[View, ...]
    view: View
    wanted: QueueFilter
    chips: list[Chip]


def opened_view(actor: Actor, query: QueryDict, at: datetime) -> Opened:
    """The view that an address names, narrowed by its filter.

    Raises:
        NotFoundError: the person has no queue.
    """
    scopes = scopes_of(actor)
    if not scopes:
        raise NotFoundError("You hold no post with a queue today.", code="desk.no_queue")
    live = live_for(actor, at)
    views = views_of(live, scopes[0])
    view = next((one for one in views if one.name == query.get("view")), views[1])
    return Opened(live, views, view, with_query(view.wanted, query), chips_of(query, live, _names(query, at)))


def queue_page(actor: Actor, query: QueryDict, at: datetime, *, after: After | None, limit: int) -> QueueView:
    """The queue for a person and an address.

    Args:
        actor: with the posts held at `at`.
        query: of the address.
        at: aware UTC.
        after: where the page before ended.
        limit: most rows.

    Raises:
        NotFoundError: the person has no queue.
    """
    opened = opened_view(actor, query, at)
    live, views, view, chips = opened.live, opened.views, opened.view, opened.chips
    moments = moments_at(live, at)
    sheet = queue_sheet(actor, opened.wanted, moments, after=after, limit=limit)
    counts = queue_counts(actor, {one.name: one.wanted for one in views}, moments)
    return QueueView(
        tabs=tuple(_tab(one, counts[one.name], view) for one in views),
        title=view.title,
        chips=chips,
        rows=rows_of(sheet.rows, at),
        next=_with(query, after=cursor_of(BY_LIMIT, sheet.after)) if sheet.after else "",
        choices=_choices(query, live, actor, at),
        dates={name: query.get(name, "") for name in ("from", "to")},
        view=view.name,
        is_filtered=bool(chips),
    )


def _tab(view: View, count: int, current: View) -> Tab:
    words = f"{COUNTED_TO - 1}+" if count >= COUNTED_TO else str(count)
    return Tab(view.name, view.title, words, f"?view={view.name}", view is current, view.tone if count else "")


def _names(query: QueryDict, at: datetime) -> dict[str, str]:
    places = [one for one in query.getlist("place") if one.isdigit()]
    owners = [int(one) for one in query.getlist("owner") if one.isdigit()]
    found = place_names(places, at) if places else {}
    if owners:
        found |= {str(body): name for body, name in organisation_names(owners, at).items()}
    return found


def _choices(query: QueryDict, live: Live, actor: Actor, at: datetime) -> dict[str, list[Choice]]:
    """What each filter may be set to: states, kinds, channels, limits, and the places just below one's own."""
    prefix = min((holding.place for holding in actor.holdings), key=len, default="")
    tier = Tier.COMMUNITY if len(prefix) >= _STREET else Tier.STREET
    offered: dict[str, Sequence[tuple[str, str]]] = {
        "place": [(str(one.code), one.name) for one in places_under(prefix, at, tier)],
        "state": list(live.state_titles().items()),
        "kind": [(kind, live.kind_title(kind)) for kind in live.procedures],
        "channel": [(name, str(words)) for name, words in CHANNELS.items()],
        "due": [(name, str(words)) for name, words in DUES.items()],
    }
    return {
        name: [Choice(value, words, value in query.getlist(name)) for value, words in values]
        for name, values in offered.items()
    }


def _with(query: QueryDict, **changes: str) -> str:
    rest = query.copy()
    for name, value in changes.items():
        rest[name] = value
    return f"?{rest.urlencode()}"
