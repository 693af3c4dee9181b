"""Links by which somebody opens their own account: once, within some days, with a password that nobody else has seen.

Is: a secret of which only a hash is kept. Is not: a right; what the account may do comes from its posts. A new link ends the
ones made before, and a closed account has none.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from linli.access.domain import AccountRef
from linli.access.errors import AccessRefusedError, AccountMissingError
from linli.access.models import Account, Enrolment
from linli.access.policies import may_keep_accounts
from linli.journal.domain import EntryDraft
from linli.journal.services import append_many
from linli.kernel.actors import Actor, ActorRef, Denied, Holding
from linli.packs.selectors import installation_rules
from linli.rules.parameters import Integer, Parameter

DAYS = Parameter("access.enrolment_days", Integer)
_BYTES = 24


def link_make(account: int, actor: Actor, at: datetime) -> str:
    """Make a link for an account; those made before are no good any more.

    Args:
        account: an open account.
        actor: the security administrator, or the system.
        at: the server's clock.

    Returns:
        The secret of the link: shown once, kept nowhere.

    Raises:
        AccountMissingError: no such open account.
        AccessRefusedError: the actor may not.
    """
    verdict = may_keep_accounts(actor)
    if isinstance(verdict, Denied):
        raise AccessRefusedError(verdict.reason, code=verdict.code)
    secret = secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        _locked(account)
        Enrolment.objects.filter(account_id=account, used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
        until = at + timedelta(days=installation_rules(at)[DAYS])
        Enrolment.objects.create(account_id=account, secret_hash=_hash(secret), made_at=at, expires_at=until)
        _log(account, "access.account.link_made", actor.ref, at, verdict.holding)
    return secret


def enrolling(secret: str, at: datetime) -> AccountRef | None:
    """The account that a link opens; None for a wrong, used or old one, and for a closed account."""
    row = Enrolment.objects.select_related("account").filter(secret_hash=_hash(secret)).first()
    if row is None or row.used_at is not None or row.expires_at <= at or not row.account.is_active:
        return None
    return AccountRef(row.account_id, row.account.name, row.account.display_name, is_active=True)


def enrol(secret: str, password: str, at: datetime) -> int:
    """Set the password of the account that a link opens; the link is used up.

    Args:
        secret: of the link.
        password: chosen by the person, already found good enough.
        at: the server's clock.

    Returns:
        The account.

    Raises:
        AccountMissingError: the link opens nothing (any more).
    """
    with transaction.atomic():
        found = enrolling(secret, at)
        used = Enrolment.objects.filter(secret_hash=_hash(secret), used_at__isnull=True).update(used_at=at)
        if found is None or not used:
            raise AccountMissingError("This link opens nothing any more.", code="access.link")
        row = _locked(found.id)
        row.set_password(password)
        row.save(update_fields=["password"])
        _log(row.pk, "access.account.enrolled", ActorRef("person", row.pk), at, None)
    return found.id


def _locked(account: int) -> Account:
    row = Account.objects.select_for_update(of=("self",)).filter(pk=account, is_active=True).first()
    if row is None:
        raise AccountMissingError("There is no such open account.", data={"account": account})
    return row


def _hash(secret: str) -> bytes:
    return hashlib.sha256(f"linli enrolment|{secret}".encode("utf-8", "replace")).digest()


def _log(account: int, verb: str, by: ActorRef, at: datetime, holding: Holding | None) -> None:
    post, organisation = (holding.post, holding.organisation) if holding else (None, None)
    append_many([EntryDraft(f"account:{account}", verb, by, at, at, {}, post, organisation)])
