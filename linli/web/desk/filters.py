"""The filter of a queue: read from the address, written back to it, shown as chips. The address *is* the filter.

Names in the address: `view place state matter owner kind channel due from to after`; what cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.deskqueue import Due, QueueFilter, Scope, narrowed
from linli.web.base.words import CHINA, titled
from linli.web.desk.live import Live

NAMES = ("place", "state", "matter", "owner", "kind", "channel", "due", "from", "to")
DUES: Mapping[str, object] = {
    "late": gettext_lazy("late"),
    "soon": gettext_lazy("due soon"),
    "today": gettext_lazy("due today"),
}
CHANNELS: Mapping[str, object] = {
    "web": gettext_lazy("Web page"),
    "hotline": gettext_lazy("Hotline"),
    "phone": gettext_lazy("Phone desk"),
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
    changes: dict[str, object] = {
        "places": tuple(one for one in query.getlist("place") if one.isdigit()) or wanted.places,
        "states": tuple(one for one in query.getlist("state") if one.isidentifier()) or wanted.states,
        "kinds": tuple(one for one in query.getlist("kind") if one.isidentifier()),
        "channels": tuple(one for one in query.getlist("channel") if one.isidentifier()),
        "matter": query.get("matter", "") if _is_code(query.get("matter", "")) else "",
        "since": _day(query.get("from", "")),
        "until": _day(query.get("to", ""), 1),
    }
    owner = query.get("owner", "")
    if owner.isascii() and owner.isdigit():
        changes["owner"] = int(owner)
    due: Due | str = query.get("due", "")
    if due in DUES:
        changes["due"] = due
    return narrowed(wanted, **changes)


def chips_of(query: QueryDict, live: Live, names: Mapping[str, str]) -> list[Chip]:
    """The parts of a filter that are on, in words.

    Args:
        query: of the address.
        live: for the words of states and kinds.
        names: of places by code, and of bodies by id.
    """
    chips = []
    for name in NAMES:
        values = query.getlist(name)
        if not any(values):
            continue
        rest = query.copy()
        for gone in (name, "after", "look"):
            rest.pop(gone, None)
        said = _(", ").join(_value_words(name, value, live, names) for value in values)
        chips.append(Chip(str(TITLES[name]), said, f"?{rest.urlencode()}"))
    return chips


TITLES: Mapping[str, object] = {
    "place": gettext_lazy("Place"),
    "state": gettext_lazy("State"),
    "matter": gettext_lazy("Matter"),
    "owner": gettext_lazy("Owner"),
    "kind": gettext_lazy("Kind"),
    "channel": gettext_lazy("From where"),
    "due": gettext_lazy("Limit"),
    "from": gettext_lazy("Since"),
    "to": gettext_lazy("Until"),
}


def _value_words(name: str, value: str, live: Live, names: Mapping[str, str]) -> str:
    if name == "state":
        return live.state_titles().get(value, value)
    if name == "kind":
        return live.kind_title(value)
    if name == "channel":
        return str(CHANNELS.get(value, value))
    if name == "due":
        return str(DUES.get(value, value))
    if name == "matter":
        matter = live.rules.catalogue.find(value)
        return titled({"zh": matter.title_zh, "en": matter.title_en}) if matter else value
    return names.get(value, value)


def _is_code(text: str) -> bool:
    return bool(text) and all(part.isalnum() for part in text.split("."))


def _day(text: str, plus: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=plus), time(), CHINA)
