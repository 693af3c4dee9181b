"""Writes of accounts, keys and declared ties; each journals in its own transaction, with ids only."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from linli.access.domain import KeyText, TieKind, is_account_name, key_of, secret_hash
from linli.access.errors import AccessRefusedError, AccountConflictError, AccountError, AccountMissingError
from linli.access.models import Account, ApiKey, DeclaredTie, Enrolment
from linli.access.policies import may_keep_accounts
from linli.journal.domain import EntryDraft
from linli.journal.services import append_many
from linli.kernel.actors import Actor, Denied, Holding
from linli.kernel.errors import NotFoundError
from linli.organisations.appointments import AppointmentDraft, appoint, appointment_end, stand_in_end
from linli.organisations.selectors import appointments_held, stand_ins_of
from linli.packs.selectors import installation_rules
from linli.rules.parameters import Integer, Parameter

KEY_DAYS_MOST = Parameter("access.key_days_most", Integer)
_PASSWORD_BYTES = 15
_KEY_BYTES = 36


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account to be added: the name it signs in with, the name colleagues read, and the post it gets with it.

    Attributes:
        post: id of the post, None for none.
        since, until: the appointment's period, aware UTC; `since` None = from now on, `until` None = open.
    """

    name: str
    display_name: str
    post: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """A key to be made: for which account, called what, for which scopes, until when (aware UTC)."""

    account: int
    label: str
    scopes: Collection[str]
    expires_at: datetime


def account_add(draft: AccountDraft, actor: Actor, at: datetime) -> int:
    """Add an account that cannot sign in yet: it has no password.

    Args:
        draft: its names.
        actor: the security administrator, or the system.
        at: the server's clock.

    Returns:
        Its id.

    Raises:
        AccountError: a name is wrong.
        AccountConflictError: the name is taken.
        AccessRefusedError: the actor may not.
        OrganisationConflictError: the post has a holder; then no account is added either.
    """
    holding = _allowed(actor)
    if not is_account_name(draft.name):
        raise AccountError(
            "An account's name has 2 to 64 small letters, digits, dots, dashes or underscores.", code="access.name"
        )
    if not draft.display_name.strip():
        raise AccountError("An account needs a name that colleagues read.", code="access.display_name")
    row = Account(name=draft.name, display_name=draft.display_name.strip(), created_at=at)
    row.set_unusable_password()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _log(row.pk, "access.account.added", {}, _By(actor, holding, at))
            if draft.post is not None:
                appoint(AppointmentDraft(draft.post, row.pk, draft.since or at, draft.until), actor, at)
    except IntegrityError as error:
        raise AccountConflictError("The name is taken by another account.", code="access.name_taken") from error
    return row.pk


def password_make(account: int, actor: Actor, at: datetime) -> str:
    """Give an account a random password; only its hash is kept, so this is the one time it can be shown.

    Links by which the account could be opened are no good any more.

    Returns:
        The password.

    Raises:
        AccountMissingError: no such open account.
        AccessRefusedError: the actor may not.
    """
    holding = _allowed(actor)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    with transaction.atomic():
        row = _open(account)
        row.set_password(password)
        row.save(update_fields=["password"])
        # A slip that lies about would open what is in use by now.
        Enrolment.objects.filter(account_id=account, used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
        _log(account, "access.account.password_made", {}, _By(actor, holding, at))
    return password


def sessions_end(account: int, actor: Actor, at: datetime) -> None:
    """End every session of an account, as a new password does; whoever asks for it keeps their own by renewing its hash.

    Args:
        account: id of an open account.
        actor: the account's own person.
        at: the server's clock.

    Raises:
        AccountMissingError: no such open account.
        AccessRefusedError: it is somebody else's.
    """
    if actor.ref.account != account:
        raise AccessRefusedError("One ends one's own sessions only.", code="access.not_own")
    with transaction.atomic():
        row = _open(account)
        row.sessions_ended += 1
        row.save(update_fields=["sessions_ended"])
        _log(account, "access.account.sessions_ended", {}, _By(actor, None, at))


def account_close(account: int, actor: Actor, at: datetime) -> None:
    """Close an account: its appointments and stand-ins end now, its keys are revoked, it signs in no more.

    Raises:
        AccountMissingError: no such open account.
        AccessRefusedError: the actor may not.
    """
    holding = _allowed(actor)
    with transaction.atomic():
        row = _open(account)
        for stand_in in stand_ins_of(account, at):
            stand_in_end(stand_in, actor, at, at)
        for appointment in appointments_held(account, at):
            appointment_end(appointment.id, actor, at, at)
        keys = ApiKey.objects.filter(account_id=account, revoked_at__isnull=True)
        revoked = list(keys.order_by("id").values_list("id", flat=True))
        keys.update(revoked_at=at)
        row.is_active, row.closed_at = False, at
        row.set_unusable_password()
        row.save(update_fields=["is_active", "closed_at", "password"])
        _log(account, "access.account.closed", {"keys_revoked": revoked}, _By(actor, holding, at))


def key_days_most(at: datetime) -> int | None:
    """For how many days a key may hold; None while no published rule says so.

    Args:
        at: aware UTC.
    """
    try:
        return installation_rules(at)[KEY_DAYS_MOST]
    except NotFoundError:
        return None


def key_add(draft: KeyDraft, actor: Actor, at: datetime) -> KeyText:
    """Make a key for an account; the text is shown once, only its hash is kept.

    Args:
        draft: account, label, scopes, end.
        actor: the security administrator, or the system.
        at: the server's clock.

    Returns:
        The key.

    Raises:
        AccountError: no scope, or an end that has passed or lies further away than the rules allow.
        AccountMissingError: no such open account.
    """
    holding = _allowed(actor)
    if not draft.scopes:
        raise AccountError("A key needs at least one scope.", code="access.scopes")
    if draft.expires_at <= at:
        raise AccountError("A key must end after today.", code="access.expiry")
    most = key_days_most(at)
    if most is not None and draft.expires_at - at > timedelta(days=most):
        raise AccountError(f"A key holds {most} days at most.", code="access.expiry", data={"days_most": most})
    key = key_of(secrets.token_bytes(_KEY_BYTES))
    scopes = sorted(set(draft.scopes))
    with transaction.atomic():
        _open(draft.account)
        row = ApiKey.objects.create(
            account_id=draft.account,
            label=draft.label,
            prefix=key.prefix,
            secret_hash=secret_hash(key),
            scopes=scopes,
            created_at=at,
            expires_at=draft.expires_at,
        )
        data = {"key": row.pk, "scopes": scopes, "expires_at": draft.expires_at.isoformat()}
        _log(draft.account, "access.key.added", data, _By(actor, holding, at))
    return key


def key_revoke(prefix: str, actor: Actor, at: datetime) -> None:
    """End a key now.

    Args:
        prefix: the part of the key that names it.
        actor: the security administrator, or the system.
        at: the server's clock.

    Raises:
        AccountMissingError: no such key.
        AccountConflictError: it was revoked already.
    """
    holding = _allowed(actor)
    with transaction.atomic():
        row = ApiKey.objects.select_for_update(of=("self",)).filter(prefix=prefix).first()
        if row is None:
            raise AccountMissingError("There is no such key.", code="access.key_missing")
        if row.revoked_at is not None:
            raise AccountConflictError("The key was revoked already.", code="access.key_revoked")
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        _log(row.account_id, "access.key.revoked", {"key": row.pk}, _By(actor, holding, at))


def tie_declare(account: int, other: int, kind: TieKind, actor: Actor, at: datetime) -> None:
    """Two people are relatives or in conflict: neither reads what accuses the other. Told by one of them.

    Raises:
        AccessRefusedError: the actor is neither of the two nor keeps accounts.
        AccountConflictError: it was declared already.
        AccountError: it is one person.
    """
    if account == other:
        raise AccountError("A tie is between two people.", code="access.tie")
    own = actor.ref.kind == "person" and actor.ref.account in (account, other)
    holding = None if own else _allowed(actor)
    try:
        with transaction.atomic():
            row = DeclaredTie.objects.create(
                account_id=account,
                other_id=other,
                kind=kind,
                valid=DateTimeTZRange(at, None),
                recorded=DateTimeTZRange(at, None),
            )
            # who is tied to whom stays out of the log: it would be a list of relatives
            _log(account, "access.tie.declared", {"tie": row.pk}, _By(actor, holding, at))
    except IntegrityError as error:
        raise AccountConflictError("This was declared already.", code="access.tie_known") from error


@dataclass(frozen=True, slots=True)
class _By:
    actor: Actor
    holding: Holding | None
    at: datetime


def _log(account: int, verb: str, data: Mapping[str, object], by: _By) -> None:
    append_many(
        [
            EntryDraft(
                subject=f"account:{account}",
                verb=verb,
                actor=by.actor.ref,
                at=by.at,
                recorded_at=by.at,
                data=data,
                post=by.holding.post if by.holding else None,
                organisation=by.holding.organisation if by.holding else None,
            )
        ]
    )


def _allowed(actor: Actor) -> Holding | None:
    verdict = may_keep_accounts(actor)
    if isinstance(verdict, Denied):
        raise AccessRefusedError(verdict.reason, code=verdict.code)
    return verdict.holding


def _open(account: int) -> Account:
    row = Account.objects.select_for_update(of=("self",)).filter(pk=account, is_active=True).first()
    if row is None:
        raise AccountMissingError("There is no such open account.", data={"account": account})
    return row
