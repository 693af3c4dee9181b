"""Support sessions: somebody from outside (a vendor) looks at how the system runs, for a purpose, for some hours.

A session is an appointment with an end, so it gives what the post of support gives and ends by itself; the post has no case
before it and no page that changes anything. Granted and ended by the security administrator; every look is in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from linli.access.errors import AccessRefusedError, AccountConflictError, AccountError, AccountMissingError
from linli.access.models import Account, SupportSession
from linli.access.policies import SUPPORT, may_keep_accounts
from linli.journal.domain import EntryDraft
from linli.journal.services import append_many
from linli.kernel.actors import Actor, Denied, Holding
from linli.organisations.appointments import AppointmentDraft, appoint, appointment_end
from linli.organisations.selectors import appointments_held, holdings_of, post_at, stand_ins_of
from linli.packs.selectors import installation_rules
from linli.rules.parameters import Integer, Parameter, TextList

HOURS_MOST = Parameter("access.support_hours_most", Integer)
PURPOSES = Parameter("access.support_purposes", TextList)


@dataclass(frozen=True, slots=True)
class SupportRules:
    """What the pack says of support: at most so many hours, for one of these purposes."""

    hours_most: int
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupportDraft:
    """Who is to look, in which post of support, for what, for how many hours from now."""

    account: int
    post: int
    purpose: str
    hours: int


@dataclass(frozen=True, slots=True)
class SupportRef:
    """A session. `running`: the post is held now."""

    id: int
    account: int
    purpose: str
    granted_at: datetime
    until: datetime
    ended_at: datetime | None
    running: bool


def support_rules(at: datetime) -> SupportRules:
    """The rules of support, at an aware instant.

    Raises:
        NoRulesError: nothing is published.
    """
    rules = installation_rules(at)
    return SupportRules(rules[HOURS_MOST], tuple(rules[PURPOSES]))


def support_grant(draft: SupportDraft, actor: Actor, at: datetime) -> int:
    """Let somebody in until the hours are over.

    Args:
        draft: who, in which post, for what, how long.
        actor: the security administrator of the post's place, never the account itself.
        at: the server's clock.

    Returns:
        Id of the session.

    Raises:
        AccountError: no post of support, a purpose that the pack does not know, hours out of its bounds.
        AccountMissingError: no such open account.
        AccessRefusedError: the actor may not, or the account holds a post.
        OrganisationConflictError: the post has another holder until then.
    """
    holding = _allowed(actor)
    with transaction.atomic():
        if not Account.objects.select_for_update(of=("self",)).filter(pk=draft.account, is_active=True).exists():
            raise AccountMissingError("There is no such open account.", data={"account": draft.account})
        _check(draft, at)
        until = at + timedelta(hours=draft.hours)
        appointment = appoint(AppointmentDraft(draft.post, draft.account, at, until), actor, at)
        row = SupportSession.objects.create(
            account_id=draft.account, appointment=appointment, purpose=draft.purpose, granted_at=at, until=until
        )
        facts = {"session": row.pk, "purpose": draft.purpose, "until": until.isoformat()}
        _log(draft.account, "access.support.granted", facts, (actor, holding, at))
    return row.pk


def support_end(session: int, actor: Actor, at: datetime) -> None:
    """End a session now.

    Raises:
        AccountMissingError: no such session.
        AccountConflictError: it is over already.
        AccessRefusedError: the actor may not.
    """
    holding = _allowed(actor)
    with transaction.atomic():
        row = SupportSession.objects.select_for_update(of=("self",)).filter(pk=session).first()
        if row is None:
            raise AccountMissingError("There is no such session.", code="access.support_missing")
        live = row.appointment in {one.id for one in appointments_held(row.account_id, at)}
        if row.ended_at is not None or not live:
            raise AccountConflictError("The session is over already.", code="access.support_over")
        appointment_end(row.appointment, actor, at, at)
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        _log(row.account_id, "access.support.ended", {"session": row.pk}, (actor, holding, at))


def support_looked(actor: Actor, route: str, at: datetime) -> None:
    """Write down that somebody in a session opened a page.

    Args:
        actor: with the post of support.
        route: pattern of the page's address, never the address itself.
        at: the server's clock.
    """
    holding = next((one for one in actor.holdings if one.role == SUPPORT), None)
    if holding is not None and actor.ref.account is not None:
        _log(actor.ref.account, "access.support.looked", {"page": route}, (actor, holding, at))


def support_until(account: int, at: datetime) -> datetime | None:
    """When the session that an account is in ends; None outside of one."""
    rows = SupportSession.objects.filter(account_id=account, ended_at__isnull=True, granted_at__lte=at, until__gt=at)
    return rows.order_by("-id").values_list("until", flat=True).first()


def support_sessions(at: datetime, *, after: int = 0, limit: int = 50) -> list[SupportRef]:
    """Sessions, the latest first.

    Args:
        at: aware UTC.
        after: id of the last one of the page before; 0 = from the beginning.
        limit: at most so many.
    """
    latest = SupportSession.objects.order_by("-id")
    rows = list((latest.filter(pk__lt=after) if after else latest)[:limit])
    open_ones = {row.account_id for row in rows if row.ended_at is None and row.until > at}
    held = {account for account, one in holdings_of(open_ones, at) if one.role == SUPPORT} if open_ones else set()
    return [
        SupportRef(
            row.pk, row.account_id, row.purpose, row.granted_at, row.until, row.ended_at,
            row.ended_at is None and row.until > at and row.account_id in held,
        )
        for row in rows
    ]  # fmt: skip


def _check(draft: SupportDraft, at: datetime) -> None:
    post = post_at(draft.post, at)
    if post.role != SUPPORT:
        raise AccountError("That post is none of support.", code="access.support_post")
    rules = support_rules(at)
    if draft.purpose not in rules.purposes:
        raise AccountError("Say what the session is for.", code="access.support_purpose")
    if not 1 <= draft.hours <= rules.hours_most:
        raise AccountError(
            "A session has whole hours, and no more than the rules allow.",
            code="access.support_hours",
            data={"hours_most": rules.hours_most},
        )
    if appointments_held(draft.account, at) or stand_ins_of(draft.account, at):
        raise AccessRefusedError(
            "Support is given to an account that holds no post: work and support are not mixed.",
            code="access.support_holds_post",
        )


def _allowed(actor: Actor) -> Holding | None:
    verdict = may_keep_accounts(actor)
    if isinstance(verdict, Denied):
        raise AccessRefusedError(verdict.reason, code=verdict.code)
    return verdict.holding


def _log(account: int, verb: str, data: Mapping[str, object], by: tuple[Actor, Holding | None, datetime]) -> None:
    actor, holding, at = by
    entry = EntryDraft(
        subject=f"account:{account}",
        verb=verb,
        actor=actor.ref,
        at=at,
        recorded_at=at,
        data=data,
        post=holding.post if holding else None,
        organisation=holding.organisation if holding else None,
    )
    append_many([entry])
