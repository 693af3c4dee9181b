"""The roster of a desk for a week, as a page: days with their shifts, who may change them, what waits to be taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.access.selectors import accounts
from linli.cases.seeing import numbers_open
from linli.kernel.actors import Actor, Denied
from linli.kernel.errors import NotFoundError
from linli.organisations.domain import ShiftRef
from linli.organisations.handing import Handed, handed_on
from linli.organisations.policies import may_keep_roster
from linli.organisations.selectors import all_holdings, organisations_at
from linli.organisations.shifts import Turn, last_begun, shifts_between, waiting_before
from linli.web.base.words import CHINA, clock_time, local, plain_day, weekday, when
from linli.web.duty.points import titles

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be named on the roster."""

    account: int
    name: str


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift as the page shows it."""

    id: int
    time: str
    head: str
    leader: str
    substitute: str
    is_now: bool
    taken: str
    noted: bool
    may_change: bool
    may_drop: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week with its shifts."""

    words: str
    iso: str
    is_today: bool
    shifts: tuple[ShiftLine, ...]


@dataclass(frozen=True, slots=True)
class HandedPoint:
    """A point that the shift before handed on."""

    title: str
    count: int
    nos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A shift that waits to be taken over: what it handed on, and whether this person may take it."""

    shift: int
    head: str
    ended: str
    written: str
    points: tuple[HandedPoint, ...]
    words: str
    may_take: bool


@dataclass(frozen=True, slots=True)
class RosterPage:
    """What the template of the roster shows.

    Attributes:
        mine: id of the shift that this person leads or steps in for, begun and not yet handed on; None for none.
        waiting: see `Waiting`; None where the desk was taken over.
    """

    body: int
    name: str
    bodies: tuple[tuple[int, str], ...]
    week: str
    previous: str
    following: str
    days: tuple[Day, ...]
    may_keep: bool
    heads: tuple[Person, ...]
    leaders: tuple[Person, ...]
    mine: int | None
    waiting: Waiting | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What drawing a shift needs: the instant, the week's Monday, whether this person keeps the roster."""

    at: datetime
    monday: date
    may_keep: bool


def desk_of(actor: Actor, query: QueryDict) -> int:
    """The body whose desk is meant: the one that the address names, of those where the person holds a post of a desk.

    Raises:
        NotFoundError: it is none of theirs.
    """
    own = list(dict.fromkeys(holding.organisation for holding in actor.holdings if holding.is_desk))
    asked = query.get("body", "")
    if not asked and own:
        return own[0]
    found = next((body for body in own if str(body) == asked), None)
    if found is None:
        raise NotFoundError("There is no such desk.", code="duty.no_desk")
    return found


def monday_of(query: QueryDict, at: datetime) -> date:
    """The Monday of the week that the address names; of this week where it names none that can be read."""
    try:
        day = date.fromisoformat(query.get("week", ""))
    except ValueError:
        day = local(at).date()
    day = day if 2000 <= day.year < 2100 else local(at).date()
    return day - timedelta(days=day.weekday())


def roster_page(actor: Actor, query: QueryDict, at: datetime) -> RosterPage:
    """The page of a desk's roster.

    Args:
        actor: with the posts held at `at`.
        query: of the address: `body`, `week`.
        at: aware UTC.

    Raises:
        NotFoundError: the desk is none of theirs.
    """
    body, monday = desk_of(actor, query), monday_of(query, at)
    begin = datetime.combine(monday, time(), CHINA)
    turns = shifts_between(body, begin, begin + timedelta(days=_WEEK))
    last = last_begun(body, at)
    handing = _to_take(body, last, at)
    bodies = organisations_at(at, {holding.organisation for holding in actor.holdings if holding.is_desk})
    may_keep = not isinstance(may_keep_roster(actor, body, ""), Denied)
    heads, leaders = nameable(body, at)
    named = {*heads, *leaders, *_people(turns), *(_people([handing]) if handing else ())}
    names = names_of(named)
    seen = _Seen(at, monday, may_keep)
    return RosterPage(
        body=body,
        name=bodies[body].name if body in bodies else "",
        bodies=tuple((one.id, one.name) for one in bodies.values()) if len(bodies) > 1 else (),
        week=monday.isoformat(),
        previous=(monday - timedelta(days=_WEEK)).isoformat(),
        following=(monday + timedelta(days=_WEEK)).isoformat(),
        days=tuple(_day(monday + timedelta(days=n), turns, names, seen) for n in range(_WEEK)),
        may_keep=may_keep,
        heads=tuple(Person(one, names[one]) for one in heads if one in names) if may_keep else (),
        leaders=tuple(Person(one, names[one]) for one in leaders if one in names) if may_keep else (),
        mine=_mine(last, actor, at),
        waiting=_waiting(handing, actor, names, at) if handing else None,
    )


def nameable(body: int, at: datetime) -> tuple[list[int], list[int]]:
    """Accounts that may head a shift of a desk (its own posts), and who may be its leader on duty (of the body above too)."""
    standing = organisations_at(at, [body]).get(body)
    wide = [body, *([standing.parent] if standing and standing.parent else [])]
    acting = all_holdings(at, wide)
    heads = sorted({account for account, holding in acting if holding.organisation == body and holding.is_desk})
    return heads, sorted({account for account, _holding in acting})


def names_of(people: set[int]) -> dict[int, str]:
    """Names of accounts, closed ones too: who was on duty stays on the roster."""
    return {one: ref.display_name or ref.name for one, ref in accounts(people).items()} if people else {}


def _people(turns: Sequence[Turn]) -> set[int]:
    return {
        one
        for turn in turns
        for one in (turn.shift.head, turn.shift.leader, turn.shift.substitute, turn.shift.taken_by)
        if one is not None
    }


def _day(day: date, turns: Sequence[Turn], names: Mapping[int, str], seen: _Seen) -> Day:
    today = local(seen.at).date()
    # A shift that began in the week before is shown on the week's Monday.
    own = [turn for turn in turns if max(local(turn.shift.since).date(), seen.monday) == day]
    shifts = tuple(_line(turn, names, seen) for turn in own)
    return Day(f"{weekday(day)} {plain_day(day, today)}", day.isoformat(), day == today, shifts)


def _line(turn: Turn, names: Mapping[int, str], seen: _Seen) -> ShiftLine:
    shift, at, may_keep = turn.shift, seen.at, seen.may_keep
    ahead = shift.since > at
    return ShiftLine(
        id=shift.id,
        time=_span(shift, seen.monday),
        head=names.get(shift.head, ""),
        leader=names.get(shift.leader, ""),
        substitute=names.get(shift.substitute or 0, ""),
        is_now=shift.since <= at < shift.until,
        taken=names.get(shift.taken_by or 0, ""),
        noted=turn.noted,
        may_change=may_keep and shift.until > at and turn.taken_at is None and not turn.noted,
        may_drop=may_keep and ahead,
    )


def _span(shift: ShiftRef, monday: date) -> str:
    start, end = local(shift.since), local(shift.until)
    nights = (end.date() - start.date()).days
    until = clock_time(shift.until)
    words = until if nights == 0 else _("{time} next day").format(time=until)
    if nights > 1:
        words = f"{plain_day(end.date(), start.date())} {until}"
    if start.date() < monday:
        # It stands on the Monday, and began the day before.
        return f"{plain_day(start.date(), monday)} {clock_time(shift.since)}–{until}"
    return f"{clock_time(shift.since)}–{words}"


def _to_take(body: int, last: Turn | None, at: datetime) -> Turn | None:
    """The shift that waits: the last one begun once it has handed on or ended, else the one before it."""
    if last is None:
        return None
    if last.noted or last.shift.until <= at:
        return last if last.taken_at is None else None
    before = waiting_before(body, last.shift.since)
    return before if before is not None and before.taken_at is None else None


def _mine(last: Turn | None, actor: Actor, at: datetime) -> int | None:
    if last is None or last.noted or last.taken_at is not None:
        return None
    leads = actor.ref.account in (last.shift.head, last.shift.substitute)
    return last.shift.id if leads else None


def _waiting(turn: Turn, actor: Actor, names: Mapping[int, str], at: datetime) -> Waiting:
    shift, handed = turn.shift, handed_on(turn.shift.id) if turn.noted else None
    giver = handed.by if handed else shift.head
    return Waiting(
        shift=shift.id,
        head=names.get(giver, ""),
        ended=when(shift.until, at),
        written=when(handed.at, at) if handed else "",
        points=tuple(_points(handed)) if handed else (),
        words=handed.words if handed else "",
        may_take=actor.ref.account != giver,
    )


def _points(handed: Handed) -> Iterator[HandedPoint]:
    """What was handed on, without cases that were closed to the desk since."""
    words, still = titles(), numbers_open([no for point in handed.points for no in point.nos])
    for one in handed.points:
        nos = tuple(no for no in one.nos if no in still)
        yield HandedPoint(words.get(one.what, one.what), one.count - len(one.nos) + len(nos), nos)
