"""Who sits in a post and who stands in: appointments are closed, never changed. Not who signs in (`access`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from linli.kernel.actors import Actor
from linli.organisations.changes import Change, change, cut, instant, period
from linli.organisations.errors import OrganisationError, OrganisationMissingError, OrganisationRefusedError
from linli.organisations.models import Appointment, Post, StandIn
from linli.organisations.policies import may_appoint, may_name_stand_in
from linli.organisations.posts import roles_apart
from linli.packs.errors import NoRulesError
from linli.packs.selectors import installation_rules
from linli.rules.snapshot import Rules


@dataclass(frozen=True, slots=True)
class AppointmentDraft:
    """An account is to hold a post, from when to when (aware UTC; None = open)."""

    post: int
    account: int
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandInDraft:
    """An account is to act in an appointment for its holder, between two instants: both are named."""

    appointment: int
    account: int
    since: datetime
    until: datetime


def appoint(draft: AppointmentDraft, actor: Actor, at: datetime) -> int:
    """Give a post to an account.

    Args:
        draft: post, account, period.
        actor: who appoints; never the account itself.
        at: the server's clock.

    Returns:
        Id of the appointment.

    Raises:
        OrganisationConflictError: a single post has another holder then.
        OrganisationMissingError: no such post at that time.
        OrganisationRefusedError: the actor may not, or the account holds a post that is kept apart from this one.
    """
    with change(actor, at) as done:
        post = Post.objects.filter(pk=draft.post, valid__contains=draft.since).first()
        if post is None:
            raise OrganisationMissingError("There is no such post at that time.", data={"post": draft.post})
        done.allow(may_appoint(actor, post.place, draft.account))
        valid = period(draft.since, draft.until)
        _refuse_together(post.role, draft.account, valid, at)
        row = Appointment.objects.create(
            post=post, account_id=draft.account, single=post.single, valid=valid, recorded=done.live()
        )
        data = {"appointment": row.pk, "account": draft.account, "role": post.role, "until": instant(draft.until)}
        done.log(f"post:{post.pk}", "organisations.appointment.opened", data, draft.since)
        return row.pk


def appointment_end(appointment: int, actor: Actor, until: datetime, at: datetime) -> None:
    """An appointment ends at `until`; who stood in for it does so until then at most.

    Args:
        appointment: id of a live appointment.
        actor: who ends it.
        until: its end, aware UTC.
        at: the server's clock.

    Raises:
        OrganisationMissingError: no such live appointment.
    """
    with change(actor, at) as done:
        row = _live(appointment)
        done.allow(may_appoint(actor, row.post.place, row.account_id))
        left = cut(row.valid, until)
        stand_ins = list(row.stand_ins.filter(recorded__upper_inf=True).order_by("pk"))
        done.close(row)
        kept = _again(done, row, left) if left is not None else None
        for stand_in in stand_ins:
            _move_stand_in(done, stand_in, kept, until)
        data = {"appointment": row.pk, "account": row.account_id, "role": row.post.role, "until": instant(until)}
        done.log(f"post:{row.post_id}", "organisations.appointment.ended", data, until)


def stand_in(draft: StandInDraft, actor: Actor, at: datetime) -> int:
    """Somebody acts for a holder between two dates, signed in as themselves; no password changes hands.

    Args:
        draft: appointment, account, period within it.
        actor: the holder, or who may appoint.
        at: the server's clock.

    Returns:
        Id of the stand-in.

    Raises:
        OrganisationConflictError: another one stands in then.
        OrganisationError: the period leaves the appointment's, or holder and stand-in are one.
        OrganisationRefusedError: the actor may not, or it would join posts that are kept apart.
    """
    with change(actor, at) as done:
        row = _live(draft.appointment)
        done.allow(may_name_stand_in(actor, row.account_id, row.post.place))
        if row.account_id == draft.account:
            raise OrganisationError("Nobody stands in for themselves.", code="organisations.own_stand_in")
        valid = period(draft.since, draft.until)
        if not Appointment.objects.filter(pk=row.pk, valid__contains=valid).exists():
            raise OrganisationError("The appointment does not last that long.", code="organisations.stand_in_period")
        _refuse_together(row.post.role, draft.account, valid, at)
        made = StandIn.objects.create(appointment=row, account_id=draft.account, valid=valid, recorded=done.live())
        data = {"stand_in": made.pk, "appointment": row.pk, "account": draft.account, "until": instant(draft.until)}
        done.log(f"post:{row.post_id}", "organisations.stand_in.opened", data, draft.since)
        return made.pk


def stand_in_end(stand_in: int, actor: Actor, until: datetime, at: datetime) -> None:
    """The holder is back: the stand-in ends at `until`.

    Raises:
        OrganisationMissingError: no such live stand-in.
    """
    with change(actor, at) as done:
        row = StandIn.objects.select_related("appointment__post").filter(pk=stand_in, recorded__upper_inf=True).first()
        if row is None:
            raise OrganisationMissingError("There is no such stand-in.", data={"stand_in": stand_in})
        held = row.appointment
        done.allow(may_name_stand_in(actor, held.account_id, held.post.place))
        _move_stand_in(done, row, held, until)


def _live(appointment: int) -> Appointment:
    row = Appointment.objects.select_related("post").filter(pk=appointment, recorded__upper_inf=True).first()
    if row is None:
        raise OrganisationMissingError("There is no such appointment.", data={"appointment": appointment})
    return row


def _again(done: Change, row: Appointment, valid: DateTimeTZRange) -> Appointment:
    return Appointment.objects.create(
        post_id=row.post_id, account_id=row.account_id, single=row.single, valid=valid, recorded=done.live()
    )


def _move_stand_in(done: Change, row: StandIn, appointment: Appointment | None, until: datetime) -> None:
    left = cut(row.valid, min(until, row.valid.upper))
    done.close(row)
    if appointment is not None and left is not None:
        StandIn.objects.create(appointment=appointment, account_id=row.account_id, valid=left, recorded=done.live())
    data = {"stand_in": row.pk, "account": row.account_id, "until": instant(until)}
    done.log(f"post:{row.appointment.post_id}", "organisations.stand_in.ended", data, until)


def _refuse_together(role: str, account: int, valid: DateTimeTZRange, at: datetime) -> None:
    """Refuse a post beside another of those that keep each other in check."""
    apart = roles_apart(_rules(at))
    if role not in apart:
        return
    others = apart - {role}
    live = {"recorded__upper_inf": True, "valid__overlap": valid, "account_id": account}
    held = Appointment.objects.filter(post__role__in=others, **live).exists()
    stood = StandIn.objects.filter(appointment__post__role__in=others, **live).exists()
    if held or stood:
        raise OrganisationRefusedError(
            "One person holds at most one of the posts that keep each other in check.",
            code="organisations.administrations",
            data={"roles": sorted(apart)},
        )


def _rules(at: datetime) -> Rules | None:
    try:
        return installation_rules(at)
    except NoRulesError:
        return None
