"""Handing over: a shift of one's desk to the next, or one's own post to a colleague for a while. Nothing is lost between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.access.selectors import accounts
from linli.cases.inbox import work_counts
from linli.kernel.actors import Actor
from linli.organisations.appointments import StandInDraft, stand_in
from linli.organisations.domain import ShiftRef
from linli.organisations.roster import hand_over
from linli.organisations.selectors import all_holdings, appointments_held, on_duty, shift_after
from linli.web.base.words import CHINA, local, when
from linli.web.desk.live import live_for
from linli.web.worker.inboxpage import nights_of
from linli.web.worker.policies import is_off_desk

STAND_IN_DAYS = "worker.stand_in_days_most"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of one's own bodies who may take over."""

    account: int
    name: str


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One's shift as the page shows it. `mine`: one leads it, or steps in for who does, and it is not handed over yet."""

    id: int
    until: str
    head: str
    mine: bool
    taken: str
    next: str


@dataclass(frozen=True, slots=True)
class HandOverView:
    """What the template shows: open work, the shift where there is one, who may take over, and until when."""

    open_cases: int
    shift: ShiftLine | None
    colleagues: tuple[Colleague, ...]
    earliest: str
    latest: str
    errors: tuple[tuple[str, str], ...] = ()


def hand_over_page(actor: Actor, at: datetime, wrong: Mapping[str, str] | None = None) -> HandOverView:
    """The page for a person at an instant.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
        wrong: what was wrong with what was sent.
    """
    bodies = sorted({holding.organisation for holding in actor.holdings})
    others = sorted({account for account, _ in all_holdings(at, bodies)} - {actor.ref.account})
    shift = next((found for body in bodies if (found := on_duty(body, at))), None)
    after = shift_after(shift.organisation, shift.until) if shift else None
    named = {*others, *(_people(shift) if shift else ()), *(_people(after) if after else ())}
    names = (
        {one: ref.display_name or ref.name for one, ref in accounts(named).items() if ref.is_active} if named else {}
    )
    today, most = local(at).date(), live_for(actor, at).rules.integer(STAND_IN_DAYS)
    return HandOverView(
        open_cases=_open(actor, at),
        shift=_shift(shift, after, actor, names, at) if shift else None,
        colleagues=tuple(Colleague(one, names[one]) for one in others if one in names),
        earliest=today.isoformat(),
        latest=(today + timedelta(days=most)).isoformat(),
        errors=tuple((wrong or {}).items()),
    )


def shift_hand_over(sent: QueryDict, actor: Actor, at: datetime) -> dict[str, str]:
    """Hand a shift to whoever takes it. Returns what is wrong, by field; nothing once it is done.

    Raises:
        OrganisationConflictError: it was handed over already.
        OrganisationRefusedError: it is another's shift.
    """
    taker, shift = _number(sent.get("taken_by", "")), _number(sent.get("shift", ""))
    if taker is None or shift is None or taker not in _colleagues(actor, at):
        return {"taken_by": _("Say who takes over.")}
    hand_over(shift, taker, _open(actor, at), actor, at)
    return {}


def post_hand_over(sent: QueryDict, actor: Actor, at: datetime) -> dict[str, str]:
    """Let a colleague act in one's post until the end of a day. Returns what is wrong, by field; nothing once it is done.

    Raises:
        OrganisationConflictError: somebody stands in already.
        OrganisationError: the appointment does not last that long.
    """
    taker, until = _number(sent.get("account", "")), _end_of(sent.get("until", ""))
    most = live_for(actor, at).rules.integer(STAND_IN_DAYS)
    wrong = {}
    if taker is None or taker not in _colleagues(actor, at):
        wrong["account"] = _("Say who takes over.")
    if until is None or not at < until <= at + timedelta(days=most + 1):
        wrong["until"] = _("Say until which day, {days} days from today at most.").format(days=most)
    if taker is None or until is None or wrong or actor.ref.account is None:
        return wrong
    # Only what is done on the street is handed on: other posts of the same person are not a colleague's to hold.
    handed = {h.post for h in actor.holdings if is_off_desk(h) and h.stand_in_for is None}
    for held in appointments_held(actor.ref.account, at):
        if held.post in handed and (held.since is None or held.since <= at):
            stand_in(StandInDraft(held.id, taker, at, until), actor, at)
    return {}


def _colleagues(actor: Actor, at: datetime) -> set[int]:
    bodies = sorted({holding.organisation for holding in actor.holdings})
    return {account for account, _ in all_holdings(at, bodies)} - {actor.ref.account or 0}


def _open(actor: Actor, at: datetime) -> int:
    counts = work_counts(actor, live_for(actor, at).procedures, nights_of(at))
    return counts.late + counts.today + counts.tomorrow + counts.later


def _people(shift: ShiftRef) -> set[int]:
    return {one for one in (shift.head, shift.substitute, shift.taken_by) if one is not None}


def _shift(shift: ShiftRef, after: ShiftRef | None, actor: Actor, names: Mapping[int, str], at: datetime) -> ShiftLine:
    leads = actor.ref.account in (shift.head, shift.substitute)
    return ShiftLine(
        id=shift.id,
        until=when(shift.until, at),
        head=names.get(shift.head, ""),
        mine=leads and shift.taken_by is None,
        taken=names.get(shift.taken_by or 0, ""),
        next=names.get(after.head, "") if after else "",
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _end_of(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), CHINA)
    except (ValueError, OverflowError):
        return None
