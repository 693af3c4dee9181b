"""The page of a body: who holds its posts, what it may handle and where, what is open with it, as it stood on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.organisations.domain import OrganisationRef
from linli.organisations.known import DutyRef, Wanted, body_history, duties_in
from linli.organisations.selectors import organisations_at
from linli.places.selectors import place_names
from linli.web.administration.duties import duty_titles
from linli.web.base.pages import works_on_cases
from linli.web.desk.rows import place_name
from linli.web.register.dayseen import Seen, day_seen, further, row_after, span_of_days
from linli.web.register.openwork import OpenCount, open_with
from linli.web.register.reading import reader_of
from linli.web.register.seatlines import SeatLine, seat_lines

ROWS = 20


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty, the place for which the body holds it ("" = everywhere), since when."""

    title: str
    place: str
    code: str
    days: str


@dataclass(frozen=True, slots=True)
class BodyPage:
    """What the template shows.

    Attributes:
        stood: whether the body stood on that day; `days` says when it did.
        place_code: "" where this person may not open the place.
        above: the body above; None for none, or where this person may not open it.
    """

    id: int
    name: str
    days: str
    seen: Seen
    stood: bool
    place: str = ""
    place_code: str = ""
    above: OrganisationRef | None = None
    seats: tuple[SeatLine, ...] = ()
    seats_more: str = ""
    has_queue: bool = False
    open: tuple[OpenCount, ...] = ()
    duties: tuple[DutyLine, ...] = ()
    duties_more: str = ""


def body_page(actor: Actor, organisation: int, query: QueryDict, at: datetime) -> BodyPage:
    """The page of a body.

    Args:
        actor: with the posts held at `at`.
        organisation: id of the body.
        query: of the address: `on`, and where lists go on: `posts`, `duties`.
        at: aware UTC.

    Raises:
        NotFoundError: there never was such a body, or it is not this person's to see.
    """
    seen = day_seen(query, at)
    history = body_history(organisation, seen.view.known) or body_history(organisation, at)
    held = next((row for row in history if _holds(row, seen.view.at)), None)
    body, since, until = held or (history[0] if history else _missing())
    reader = reader_of(actor, at)
    if not reader.may_body(body):
        _missing()
    if held is None:
        return BodyPage(body.id, body.name, span_of_days(since, until), seen, stood=False)
    seats, seats_more = seat_lines(Wanted(organisation=body.id), seen.view, reader, row_after(query, "posts"), ROWS)
    duties = duties_in(body.id, seen.view, after=row_after(query, "duties"), limit=ROWS + 1)
    has_queue = works_on_cases(actor) and not seen.day
    above = organisations_at(seen.view.at, [body.parent]).get(body.parent) if body.parent else None
    names = place_names({one.place for one in duties} | {body.place}, seen.view.at)
    return BodyPage(
        id=body.id,
        name=body.name,
        days=span_of_days(since, until),
        seen=seen,
        stood=True,
        place=place_name(body.place, names.get(body.place, body.place)),
        place_code=body.place if body.place in names and reader.may_place(body.place) else "",
        above=above if above and reader.may_body(above) else None,
        seats=tuple(seats),
        seats_more=further(query, "posts", seats_more) if seats_more else "",
        has_queue=has_queue,
        open=open_with(actor, body.id, at) if has_queue else (),
        duties=tuple(_duty_lines(duties[:ROWS], names, at)),
        duties_more=further(query, "duties", duties[ROWS - 1].id) if len(duties) > ROWS else "",
    )


def _missing() -> tuple[OrganisationRef, datetime | None, datetime | None]:
    raise NotFoundError("There is no such body.", code="register.no_body")


def _holds(row: tuple[OrganisationRef, datetime | None, datetime | None], at: datetime) -> bool:
    _body, since, until = row
    return (since is None or since <= at) and (until is None or at < until)


def _duty_lines(duties: Sequence[DutyRef], names: dict[str, str], at: datetime) -> list[DutyLine]:
    titles = duty_titles([one.role for one in duties], at) if duties else []
    return [
        DutyLine(
            title, place_name(one.place, names.get(one.place, one.place)), one.place, span_of_days(one.since, None)
        )
        for title, one in zip(titles, duties, strict=True)
    ]
