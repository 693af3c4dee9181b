"""The filter of a queue: read from the address, written back to it, shown as chips. The address *is* the filter.

Names in the address: `view place state matter owner kind channel due from to q sort after`; what cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.deskqueue import QueueFilter, Scope, narrowed
from linli.cases.queuefilters import NAMES, SORTS, read_filter, words_asked
from linli.cases.queues import BY_LIMIT, BY_NEWEST
from linli.cases.wordmatch import Word
from linli.kernel.keyset import Sort
from linli.matters.selectors import major_titles
from linli.web.base.words import titled
from linli.web.desk.live import Live

SAVED_NAMES = ("view", *(name for name in NAMES if name != "q"), "sort")
"""Names that a saved view keeps: never the words of a search, for those may name somebody."""
CARRIED_NAMES = ("view", *NAMES, "sort", "after")
"""Names by which a case knows from which queue it was opened."""
DUES: Mapping[str, object] = {
    "late": gettext_lazy("late"),
    "soon": gettext_lazy("due soon"),
    "today": gettext_lazy("due today"),
}
CHANNELS: Mapping[str, object] = {
    "web": gettext_lazy("Web page"),
    "hotline": gettext_lazy("Hotline"),
    "phone": gettext_lazy("Phone"),
    "counter": gettext_lazy("Counter"),
    "grid": gettext_lazy("Grid worker"),
    "patrol": gettext_lazy("Patrol"),
    "import": gettext_lazy("Import"),
    "api": gettext_lazy("Another system"),
}


@dataclass(frozen=True, slots=True)
class View:
    """A tab above the queue: its words and what it shows."""

    name: str
    title: str
    wanted: QueueFilter
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of a filter that is on, and the address without it."""

    name: str
    words: str
    without: str


def views_of(live: Live, scope: Scope) -> tuple[View, ...]:
    """The tabs of a queue."""
    base = QueueFilter(scope=scope)
    return (
        View("mine", _("Mine"), narrowed(base, mine=True)),
        View("all", _("Open"), base),
        View("send", _("To dispatch"), narrowed(base, states=live.states_to_send())),
        View("check", _("To check"), narrowed(base, states=live.states_of("check"))),
        View("soon", _("Due soon"), narrowed(base, due="soon")),
        View("late", _("Late"), narrowed(base, due="late"), "late"),
    )


def with_query(wanted: QueueFilter, query: QueryDict) -> QueueFilter:
    """A view narrowed by what the address asks for."""
    return read_filter(wanted, dict(query.lists())).wanted


def chips_of(query: QueryDict, live: Live, names: Mapping[str, str]) -> list[Chip]:
    """The parts of a filter that are on, in words.

    Args:
        query: of the address.
        live: for the words of states and kinds.
        names: of places by code, and of bodies by id.
    """
    chips = []
    for name in NAMES:
        values = [value for value in query.getlist(name) if value]
        if not values:
            continue
        rest = kept(query, CARRIED_NAMES)
        for gone in (name, "after"):
            rest.pop(gone, None)
        said = _(", ").join(_value_words(name, value, live, names) for value in values)
        chips.append(Chip(str(TITLES[name]), said, f"?{rest.urlencode()}"))
    return chips


def asked_words(query: QueryDict, live: Live, at: datetime) -> tuple[Word, ...]:
    """What `q` asks for."""
    return words_asked(query.get("q", ""), live.rules.catalogue, at)


def sort_of(query: QueryDict) -> Sort:
    """The order that an address asks for: the nearest limit first, unless it says `sort=newest`."""
    return SORTS.get(query.get("sort", ""), BY_LIMIT)


SORT_WORDS: Mapping[str, object] = {
    BY_LIMIT.name: gettext_lazy("Nearest limit first"),
    BY_NEWEST.name: gettext_lazy("Newest first"),
}


def kept(query: QueryDict, names: Sequence[str]) -> QueryDict:
    """An address with these names alone, in their order; what is empty is left out."""
    found = QueryDict(mutable=True)
    for name in names:
        found.setlist(name, [value for value in query.getlist(name) if value])
    return found


TITLES: Mapping[str, object] = {
    "place": gettext_lazy("Place"),
    "state": gettext_lazy("State"),
    "matter": gettext_lazy("Matter"),
    "owner": gettext_lazy("Owner"),
    "kind": gettext_lazy("Kind"),
    "channel": gettext_lazy("From where"),
    "clock": gettext_lazy("Running clock"),
    "reminded": gettext_lazy("Reminders"),
    "due": gettext_lazy("Limit"),
    "from": gettext_lazy("Since"),
    "to": gettext_lazy("Until"),
    "q": gettext_lazy("Search words"),
}


def _value_words(name: str, value: str, live: Live, names: Mapping[str, str]) -> str:
    if name == "kind":
        return live.kind_title(value)
    if name == "matter":
        return _matter_words(value, live)
    if name == "reminded":
        return _("at least one")
    known: Mapping[str, Callable[[], Mapping[str, object]]] = {
        "state": live.state_titles,
        "clock": live.clock_titles,
        "channel": lambda: CHANNELS,
        "due": lambda: DUES,
    }
    return str((known[name]() if name in known else names).get(value, value))


def _matter_words(code: str, live: Live) -> str:
    matter = live.rules.catalogue.find(code)
    zh, en = (matter.title_zh, matter.title_en) if matter else major_titles(live.snapshot).get(code, (code, code))
    return titled({"zh": zh, "en": en})
