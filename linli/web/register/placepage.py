"""The page of a place: who is responsible, what is open, what lies in it, as it stood on a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.actors import Actor
from linli.kernel.codes import Tier, place_code
from linli.kernel.errors import InputError, NotFoundError
from linli.organisations.domain import OrganisationRef
from linli.organisations.known import Wanted, bodies
from linli.places.domain import PlaceInfo, PlaceKind
from linli.places.origins import Origin, followed_by, names_once, origins_of, place_once
from linli.places.selectors import notices_missing, place_at, place_names, places_page
from linli.web.base.pages import works_on_cases
from linli.web.desk.rows import place_name
from linli.web.register.dayseen import (
    Seen,
    code_after,
    day_iso,
    day_seen,
    further,
    month_words,
    row_after,
    span_of_days,
)
from linli.web.register.drawing import BELOW, Drawing, drawing_of
from linli.web.register.openwork import OpenCount, open_at
from linli.web.register.reading import reader_of
from linli.web.register.seatlines import SeatLine, seat_lines

ROWS = 20
_NOTICED = (PlaceKind.BASE, PlaceKind.DEDICATED)
"""Kinds of grids whose notice is public. Source: S4 art 6."""

KINDS: Mapping[str, Promise] = {
    "city": gettext_lazy("City"),
    "district": gettext_lazy("District"),
    "subdistrict": gettext_lazy("Sub-district"),
    "town": gettext_lazy("Town"),
    "township": gettext_lazy("Township"),
    "zone": gettext_lazy("Zone"),
    "residents": gettext_lazy("Community"),
    "village": gettext_lazy("Village"),
    "virtual": gettext_lazy("Zone without residents"),
    "base": gettext_lazy("Base grid"),
    "dedicated": gettext_lazy("Dedicated grid"),
    "micro": gettext_lazy("Micro-grid"),
}
FIELDS: Mapping[str, Promise] = {
    "public_name": gettext_lazy("public name"),
    "worker_shown": gettext_lazy("worker"),
    "worker_phone": gettext_lazy("phone of the worker"),
    "supervision_phone": gettext_lazy("supervision phone"),
}


@dataclass(frozen=True, slots=True)
class Crumb:
    """A place above; `code` is "" where this person may not open it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place below: what it came from and what its notice lacks, in words, where it is a grid."""

    code: str
    name: str
    kind: str
    since: str
    origins: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list of places, and the address of the next ("" = this was the last)."""

    title: str
    rows: tuple[PlaceLine, ...]
    more: str


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the template shows.

    Attributes:
        gone: why there is nothing to show for that day, in words; "" where there is. `after` are places that followed.
        own: the place itself as a line, for a grid.
        is_grid: of a grid it is told how much is open, not how much of it is late.
    """

    code: str
    name: str
    kind: str
    since: str
    seen: Seen
    crumbs: tuple[Crumb, ...]
    gone: str = ""
    after: tuple[Crumb, ...] = ()
    drawing: Drawing | None = None
    own: PlaceLine | None = None
    is_grid: bool = False
    seats: tuple[SeatLine, ...] = ()
    seats_more: str = ""
    has_queue: bool = False
    open: tuple[OpenCount, ...] = ()
    bodies: tuple[OrganisationRef, ...] = ()
    bodies_more: str = ""
    lists: tuple[Listed, ...] = ()


def place_page(actor: Actor, code: str, query: QueryDict, at: datetime) -> PlacePage:
    """The page of a place.

    Args:
        actor: with the posts held at `at`.
        code: of the place.
        query: of the address: `on`, and where lists go on: `posts`, `bodies`, `below`, `grids`.
        at: aware UTC.

    Raises:
        NotFoundError: there never was such a place, or it is not this person's to see.
    """
    known = _checked(code)
    reader = reader_of(actor, at)
    may = reader.may_place
    if not may(known):
        raise NotFoundError("There is no such place.", code="register.no_place")
    seen = day_seen(query, at)
    here = place_at(known, seen.view.at)
    if here is None:
        return _gone(known, seen, may, at)
    seats, seats_more = seat_lines(Wanted(known, here_only=True), seen.view, reader, row_after(query, "posts"), ROWS)
    there = bodies(Wanted(known, here_only=True), seen.view, after=row_after(query, "bodies"), limit=ROWS + 1)
    is_grid = here.tier is Tier.GRID
    has_queue = works_on_cases(actor) and not seen.day
    return PlacePage(
        code=known,
        name=place_name(known, here.name),
        kind=str(KINDS[here.kind]),
        since=span_of_days(here.period.start, here.period.end) if here.period.start else "",
        seen=seen,
        crumbs=_crumbs(known, may, seen.view.at),
        drawing=drawing_of(here, seen.view.at),
        own=_lines([here], seen.view.at)[0] if is_grid else None,
        is_grid=is_grid,
        seats=tuple(seats),
        seats_more=further(query, "posts", seats_more) if seats_more else "",
        has_queue=has_queue,
        open=open_at(actor, known, at, by_time=not is_grid) if has_queue else (),
        bodies=tuple(there[:ROWS]),
        bodies_more=further(query, "bodies", there[ROWS - 1].id) if len(there) > ROWS else "",
        lists=tuple(_lists(here, query, seen.view.at)),
    )


def _checked(code: str) -> str:
    try:
        return str(place_code(code))
    except InputError:
        raise NotFoundError("There is no such place.", code="register.no_place") from None


def _gone(code: str, seen: Seen, may: Callable[[str], bool], at: datetime) -> PlacePage:
    """A place that did not stand on that day: it ended, or was not there yet."""
    once = place_once(code, at)
    if once is None:
        raise NotFoundError("There is no such place.", code="register.no_place")
    start, end = once.period.start, once.period.end
    if end is not None and end <= seen.view.at:
        gone = _("It stands no longer since {day}.").format(day=day_iso(end))
        codes = followed_by(code, seen.view.at)
    elif start is not None and start > seen.view.at:
        gone, codes = _("It did not stand yet on {day}.").format(day=seen.day), []
    else:
        gone, codes = _("It did not stand on {day}.").format(day=seen.day or day_iso(at)), []
    names = names_once(codes, at) if codes else {}
    return PlacePage(
        code=code,
        name=place_name(code, once.name),
        kind=str(KINDS[once.kind]),
        since="",
        seen=seen,
        crumbs=_crumbs(code, may, at),
        gone=gone,
        after=tuple(Crumb(one if may(one) else "", place_name(one, names.get(one, one))) for one in codes),
    )


def _crumbs(code: str, may: Callable[[str], bool], at: datetime) -> tuple[Crumb, ...]:
    """The places above, the widest first."""
    above = []
    step = place_code(code).parent
    while step is not None:
        above.append(str(step))
        step = step.parent
    names = place_names(above, at) if above else {}
    return tuple(Crumb(one if may(one) else "", names[one]) for one in reversed(above) if one in names)


def _lists(here: PlaceInfo, query: QueryDict, at: datetime) -> list[Listed]:
    """What lies right below, and the grids of a community or a street."""
    below = BELOW.get(here.tier)
    titles = {
        Tier.DISTRICT: _("Districts"),
        Tier.STREET: _("Sub-districts"),
        Tier.COMMUNITY: _("Communities"),
        Tier.GRID: _("Grids"),
    }
    found = []
    if below is not None and below is not Tier.GRID:
        found.append(_listed(titles[below], "below", (here.code, below), query, at))
    if here.tier in (Tier.STREET, Tier.COMMUNITY):
        found.append(_listed(titles[Tier.GRID], "grids", (here.code, Tier.GRID), query, at))
    return found


def _listed(title: str, name: str, asked: tuple[str, Tier], query: QueryDict, at: datetime) -> Listed:
    prefix, tier = asked
    rows = places_page(prefix, tier, at, after=code_after(query, name), limit=ROWS + 1)
    more = further(query, name, rows[ROWS - 1].code) if len(rows) > ROWS else ""
    return Listed(title, tuple(_lines(rows[:ROWS], at)), more)


def _lines(rows: Sequence[PlaceInfo], at: datetime) -> list[PlaceLine]:
    """Places as lines; of grids with what they came from and what their notices lack: three queries."""
    grids = [row.code for row in rows if row.tier is Tier.GRID]
    origins = origins_of(grids, at) if grids else {}
    others = {code for steps in origins.values() for one in steps for code in one.others}
    names = names_once(others, at) if others else {}
    noticed = [row.code for row in rows if row.kind in _NOTICED]
    missing = notices_missing(noticed, at) if noticed else {}
    return [
        PlaceLine(
            code=row.code,
            name=place_name(row.code, row.name),
            kind=str(KINDS[row.kind]),
            since=span_of_days(row.period.start, row.period.end) if row.period.start else "",
            origins=tuple(_origin_words(one, names) for one in origins.get(row.code, ())),
            missing=_joined([str(FIELDS[name]) for name in missing.get(row.code, ())]),
        )
        for row in rows
    ]


def _origin_words(origin: Origin, names: Mapping[str, str]) -> str:
    said = {
        "merge": _("merged from {grids}, {month}"),
        "split": _("split off from {grids}, {month}"),
        "redraw": _("drawn anew, with ground of {grids}, {month}"),
    }[origin.reason]
    grids = [place_name(code, names.get(code, code)) for code in origin.others]
    return said.format(grids=_joined(grids), month=month_words(origin.at))


def _joined(words: Collection[str]) -> str:
    *first, last = words or ("",)
    return _("{first} and {last}").format(first=_(", ").join(first), last=last) if first else last
