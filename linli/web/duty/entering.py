"""Entering and changing shifts, copying the week before, handing on: what was sent, checked at the field, and done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.organisations.errors import OrganisationConflictError
from linli.organisations.handing import Point, write_hand_over
from linli.organisations.roster import ShiftDraft, shift_set
from linli.organisations.selectors import organisation_at
from linli.organisations.shifts import shifts_between
from linli.packs.selectors import snapshot_for
from linli.rules.parameters import Parameter, TextList
from linli.web.base.words import CHINA, clock_time, local
from linli.web.duty.points import open_points
from linli.web.duty.rosterpage import nameable

TURNS = Parameter("roster.turns", TextList)
_WEEK = timedelta(days=7)
_NUMBERS = 5
"""Public numbers that a handed-on point names; the queue shows the rest."""
FIELDS = ("day", "start", "end", "head", "leader", "substitute", "replaces")


@dataclass(frozen=True, slots=True)
class Entry:
    """The form of a shift: what stands in it, what is wrong by field, and the times offered."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    turns: tuple[tuple[str, str], ...] = ()

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For the summary of what is wrong."""
        return [(f"f-{name}", words) for name, words in self.wrong.items()]


def turns_at(body: int, at: datetime) -> tuple[tuple[str, str], ...]:
    """The shifts of a day that the pack of a desk's place offers: begin and end as HH:MM."""
    place = organisation_at(body, at).place
    rules = snapshot_for(place, at)
    found = (one.partition("-") for one in rules.at(place, local(at).date())[TURNS])
    return tuple((start, end) for start, _dash, end in found)


def fresh_entry(body: int, query: QueryDict, at: datetime) -> Entry:
    """An empty form; filled with a shift that is to be changed (`edit`), else with the first time offered (`day`)."""
    offered = turns_at(body, at)
    start, end = offered[0] if offered else ("", "")
    values = {"day": query.get("day", ""), "start": start, "end": end}
    edit = query.get("edit", "")
    for turn in shifts_between(body, at - _WEEK, at + 10 * _WEEK) if edit else ():
        if str(turn.shift.id) == edit:
            shift = turn.shift
            values = {
                "day": local(shift.since).date().isoformat(),
                "start": clock_time(shift.since),
                "end": clock_time(shift.until),
                "head": str(shift.head),
                "leader": str(shift.leader),
                "substitute": str(shift.substitute or ""),
                "replaces": edit,
            }
    return Entry(values, turns=offered)


def shift_enter(body: int, sent: QueryDict, actor: Actor, at: datetime) -> Entry | None:
    """Put a shift on the roster, or change one. None once it is done; the form with its mistakes else.

    Raises:
        OrganisationRefusedError: the person does not keep this roster.
        OrganisationMissingError: the shift to be changed is not there any more.
    """
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    draft, wrong = _draft(body, values, at)
    if draft is not None:
        try:
            shift_set(draft, actor, at)
        except OrganisationConflictError:
            wrong = {"start": _("The desk has another shift at that time.")}
    return Entry(values, wrong, turns_at(body, at)) if wrong else None


def _draft(body: int, values: Mapping[str, str], at: datetime) -> tuple[ShiftDraft | None, dict[str, str]]:
    heads, leaders = nameable(body, at)
    wrong: dict[str, str] = {}
    period = _period(values, wrong)
    head = _one_of(values["head"], heads, "head", _("Choose who heads the shift."), wrong)
    leader = _one_of(values["leader"], leaders, "leader", _("Choose the leader on duty."), wrong)
    substitute = None
    if values["substitute"]:
        substitute = _one_of(values["substitute"], heads, "substitute", _("Choose one of the desk."), wrong)
    if substitute is not None and substitute == head:
        wrong["substitute"] = _("Head and substitute must be two people.")
    if period and period[1] <= at:
        wrong.setdefault("day", _("This shift would be over already."))
    replaces = values["replaces"]
    if replaces and not (replaces.isascii() and replaces.isdigit() and len(replaces) < 19):
        raise NotFoundError("There is no such shift.", code="duty.no_shift")
    if wrong or period is None or head is None or leader is None:
        return None, wrong
    place = organisation_at(body, at).place
    return ShiftDraft(body, place, *period, head, leader, substitute, int(replaces) if replaces else None), wrong


def _period(values: Mapping[str, str], wrong: dict[str, str]) -> tuple[datetime, datetime] | None:
    day, start, end = _day(values["day"]), _time(values["start"]), _time(values["end"])
    if day is None:
        wrong["day"] = _("Say which day, as 2026-11-24.")
    if start is None:
        wrong["start"] = _("Say when it begins, as 08:30.")
    if end is None:
        wrong["end"] = _("Say when it ends, as 17:30.")
    if day is None or start is None or end is None:
        return None
    begin = datetime.combine(day, start, CHINA)
    finish = datetime.combine(day, end, CHINA)
    return begin, finish if finish > begin else finish + timedelta(days=1)


def _one_of(text: str, known: list[int], name: str, words: str, wrong: dict[str, str]) -> int | None:
    found = next((one for one in known if str(one) == text), None)
    if found is None:
        wrong[name] = words
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == len("08:30") else None
    except ValueError:
        return None


def week_copy(body: int, monday: date, actor: Actor, at: datetime) -> int:
    """Enter the shifts of the week before once more, seven days later, where the desk has none then; how many.

    People who hold no post of the desk any more are left out with their shift.

    Raises:
        OrganisationRefusedError: the person does not keep this roster.
    """
    begin = datetime.combine(monday, time(), CHINA)
    there = shifts_between(body, begin, begin + _WEEK)
    heads, leaders = nameable(body, at)
    place, made = organisation_at(body, at).place, 0
    for turn in shifts_between(body, begin - _WEEK, begin):
        old = turn.shift
        since, until = old.since + _WEEK, old.until + _WEEK
        taken = any(one.shift.since < until and since < one.shift.until for one in there)
        fit = old.head in heads and old.leader in leaders
        if taken or not fit or until <= at or since < begin:
            continue
        substitute = old.substitute if old.substitute in heads else None
        shift_set(ShiftDraft(body, place, since, until, old.head, old.leader, substitute), actor, at)
        made += 1
    return made


def desk_hand_on(shift: int, words: str, actor: Actor, at: datetime) -> None:
    """Hand a shift on with what is open now.

    Raises:
        OrganisationError: see `write_hand_over`.
    """
    found = open_points(actor, at, _NUMBERS)
    points = [Point(one.what, one.count, tuple(row.no for row in one.rows)) for one in found.points]
    write_hand_over(shift, points, words, actor, at)
