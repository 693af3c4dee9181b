"""The queue as a page: tabs with counts, the filter as chips, rows, and where the next page begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict

from linli.cases.deskqueue import QueueFilter, QueueLine, counted, narrowed, queue_counts, queue_sheet, scopes_of
from linli.cases.queuefilters import is_id
from linli.cases.queues import BY_LIMIT
from linli.kernel.actors import Actor
from linli.kernel.codes import Tier
from linli.kernel.errors import NotFoundError
from linli.kernel.keyset import Sort, after_of, cursor_of
from linli.matters.selectors import major_titles
from linli.organisations.selectors import organisation_names
from linli.places.selectors import place_names, places_under
from linli.web.base.words import titled
from linli.web.desk.filters import (
    CARRIED_NAMES,
    CHANNELS,
    DUES,
    SAVED_NAMES,
    SORT_WORDS,
    TITLES,
    Chip,
    View,
    asked_words,
    chips_of,
    kept,
    sort_of,
    views_of,
    with_query,
)
from linli.web.desk.live import Live, live_for, moments_at
from linli.web.desk.rows import Row, rows_of

_STREET = 9


@dataclass(frozen=True, slots=True)
class Tab:
    """A view above the queue, with its count."""

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
class Less:
    """A part of the filter that might be taken away where nothing matches, and the address without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class QueueView:
    """Everything the template of the queue shows.

    Attributes:
        less: what to take away where no case matches.
        carried: the filter as the end of an address, for links that come back to it.
        kept: the same without what a saved view does not keep.
        cursor: number of the row that has the cursor, "" for none.
        newer: address that tells whether more has come in since.
        is_short: the words asked for are too short to ask anything.
    """

    tabs: tuple[Tab, ...]
    title: str
    chips: list[Chip]
    rows: list[Row]
    next: str
    choices: Mapping[str, list[Choice]] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict)
    view: str = ""
    sort_words: str = ""
    less: Less | None = None
    carried: str = ""
    kept: str = ""
    cursor: str = ""
    newer: str = ""
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A view with the filter of an address: what is wanted, in which order, and the filter in words."""

    live: Live
    views: tuple[View, ...]
    view: View
    wanted: QueueFilter
    chips: list[Chip]
    sort: Sort
    bodies: Mapping[str, str]


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
    wanted = narrowed(with_query(view.wanted, query), words=asked_words(query, live, at))
    places = [one for one in query.getlist("place") if one.isdigit()]
    owners = [int(one) for one in query.getlist("owner") if is_id(one)]
    bodies = {str(body): name for body, name in organisation_names(owners, at).items()} if owners else {}
    chips = chips_of(query, live, {**(place_names(places, at) if places else {}), **bodies})
    return Opened(live, views, view, wanted, chips, sort_of(query), bodies)


def queue_page(actor: Actor, query: QueryDict, at: datetime, *, limit: int) -> QueueView:
    """The queue for a person and an address.

    Args:
        actor: with the posts held at `at`.
        query: of the address.
        at: aware UTC.
        limit: most rows.

    Raises:
        NotFoundError: the person has no queue.
        InputError: the address names a page that is none of this queue.
    """
    opened = opened_view(actor, query, at)
    live, views, view = opened.live, opened.views, opened.view
    cursor = query.get("after", "")
    after = after_of(opened.sort, cursor) if cursor else None
    moments = moments_at(live, at)
    sheet = queue_sheet(actor, opened.wanted, moments, sort=opened.sort, after=after, limit=limit)
    counts = queue_counts(actor, {one.name: one.wanted for one in views}, moments)
    rows = rows_of(sheet.rows, at)
    carried = kept(query, CARRIED_NAMES)
    carried["view"] = view.name
    return QueueView(
        tabs=tuple(_tab(one, counts[one.name], view) for one in views),
        title=view.title,
        chips=opened.chips,
        rows=rows,
        next=_with(carried, after=cursor_of(opened.sort, sheet.after)) if sheet.after else "",
        choices=_choices(query, live, (actor, _owners(sheet.rows, rows, opened.bodies)), at),
        plain={name: query.get(name, "") for name in ("from", "to", "q")},
        view=view.name,
        sort_words=str(SORT_WORDS[opened.sort.name]),
        less=_less(opened.chips, view),
        carried=carried.urlencode(),
        kept=kept(carried, SAVED_NAMES).urlencode(),
        cursor=query.get("cur", ""),
        newer=_with(carried, since=str(int(at.timestamp()))),
        is_short=bool(query.get("q")) and not opened.wanted.words,
    )


def _less(chips: Sequence[Chip], view: View) -> Less | None:
    """The limit first, for that is what most often leaves nothing; else the last part; else the view itself."""
    if chips:
        chip = next((one for one in chips if one.name == str(TITLES["due"])), chips[-1])
        return Less(chip.words, chip.without)
    return Less(view.title, "?view=all") if view.name != "all" else None


def _tab(view: View, count: int, current: View) -> Tab:
    return Tab(view.name, view.title, counted(count), f"?view={view.name}", view is current, view.tone if count else "")


def _owners(lines: Sequence[QueueLine], rows: Sequence[Row], bodies: Mapping[str, str]) -> list[tuple[str, str]]:
    """Bodies that may be filtered by: those of the rows at hand, and those that are asked for."""
    known = {str(line.owner): row.owner for line, row in zip(lines, rows, strict=True) if line.owner and row.owner}
    known |= bodies
    return sorted(known.items(), key=lambda one: one[1])


def _choices(
    query: QueryDict, live: Live, offering: tuple[Actor, Sequence[tuple[str, str]]], at: datetime
) -> dict[str, list[Choice]]:
    """What each filter may be set to; of places those just below one's own."""
    actor, owners = offering
    prefix = min((holding.place for holding in actor.holdings), key=len, default="")
    tier = Tier.COMMUNITY if len(prefix) >= _STREET else Tier.STREET
    offered: dict[str, Sequence[tuple[str, str]]] = {
        "place": [(str(one.code), one.name) for one in places_under(prefix, at, tier)],
        "state": list(live.state_titles().items()),
        "kind": [(kind, live.kind_title(kind)) for kind in live.procedures],
        "channel": [(name, str(words)) for name, words in CHANNELS.items()],
        "due": [(name, str(words)) for name, words in DUES.items()],
        "matter": [(code, titled({"zh": zh, "en": en})) for code, (zh, en) in major_titles(live.snapshot).items()],
        "owner": owners,
        "sort": [("" if name == BY_LIMIT.name else name, str(words)) for name, words in SORT_WORDS.items()],
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
