"""Who holds which post, from when to when, who stands in, and who acts where nobody holds it: lines for both pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.access.selectors import accounts
from linli.organisations.domain import OrganisationRef
from linli.organisations.known import Instead, Seat, View, Wanted, acting_instead, seats
from linli.organisations.selectors import AppointmentRef, organisations_at
from linli.places.selectors import place_names
from linli.web.base.words import role_title
from linli.web.desk.rows import place_name
from linli.web.register.dayseen import span_of_days
from linli.web.register.reading import Reader


@dataclass(frozen=True, slots=True)
class HolderLine:
    """Somebody in a post, with the days; and who stands in for them, with theirs ("" for nobody)."""

    name: str
    days: str
    stand_in: str
    stand_in_days: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A post: whose, for which place, who holds it.

    Attributes:
        organisation: id of the body; 0 where this person may not open its page.
        instead: who acts where nobody holds it, `instead_post` in which post; "" for nobody.
    """

    title: str
    role: str
    organisation: int
    body: str
    place: str
    place_code: str
    holders: tuple[HolderLine, ...]
    instead: str
    instead_post: str


@dataclass(frozen=True, slots=True)
class _Names:
    people: Mapping[int, str]
    bodies: Mapping[int, OrganisationRef]
    places: Mapping[str, str]


def seat_lines(wanted: Wanted, view: View, reader: Reader, after: int, limit: int) -> tuple[list[SeatLine], int]:
    """One page of posts, and the id behind which the next page begins (0 = this was the last).

    Args:
        wanted: which posts.
        view: of which day.
        reader: whose page it is; bodies that they may not open are named only.
        after: id of the last post of the page before.
        limit: most rows.
    """
    found = seats(wanted, view, after=after, limit=limit + 1)
    more, found = (found[limit - 1].post.id if len(found) > limit else 0), found[:limit]
    empty = [one.post for one in found if not _begun(one, view)]
    instead = acting_instead(empty, view) if empty else {}
    names = _names(found, instead, view)
    return [_line(one, instead.get(one.post.id), names, (view, reader)) for one in found], more


def _begun(seat: Seat, view: View) -> tuple[AppointmentRef, ...]:
    """Those who hold the post by then; who comes later has not begun."""
    return tuple(one for one in seat.held if one.since is None or one.since <= view.at)


def _names(found: Sequence[Seat], instead: Mapping[int, Instead], view: View) -> _Names:
    people = {held.account for one in found for held in _begun(one, view)}
    people |= {stood.account for one in found for stood in one.stood} | {one.account for one in instead.values()}
    known = {key: ref.display_name or ref.name for key, ref in accounts(people).items()} if people else {}
    bodies = {one.post.organisation for one in found}
    places = {one.post.place for one in found if one.post.place}
    return _Names(
        known,
        organisations_at(view.at, bodies) if bodies else {},
        place_names(places, view.at) if places else {},
    )


def _line(seat: Seat, instead: Instead | None, names: _Names, asked: tuple[View, Reader]) -> SeatLine:
    (view, reader), post = asked, seat.post
    body = names.bodies.get(post.organisation)
    stood = {one.appointment: one for one in seat.stood}
    holders = []
    for held in _begun(seat, view):
        other = stood.get(held.id)
        holders.append(
            HolderLine(
                names.people.get(held.account, ""),
                span_of_days(held.since, held.until),
                names.people.get(other.account, "") if other else "",
                span_of_days(other.since, other.until) if other else "",
            )
        )
    return SeatLine(
        title=post.title,
        role=role_title(post.role),
        organisation=body.id if body and reader.may_body(body) else 0,
        body=body.name if body else "",
        place=place_name(post.place, names.places.get(post.place, post.place)),
        place_code=post.place,
        holders=tuple(holders),
        instead=names.people.get(instead.account, "") if instead else "",
        instead_post=instead.post.title if instead else "",
    )
