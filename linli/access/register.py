"""Accounts page by page, for whoever keeps them: names, since when, until when. Never a password or its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from linli.access.domain import KeyRef
from linli.access.errors import AccountMissingError
from linli.access.models import Account, ApiKey


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as its keeper sees it."""

    id: int
    name: str
    display_name: str
    is_active: bool
    can_sign_in: bool
    created_at: datetime
    closed_at: datetime | None


def accounts_page(words: str, *, after: int = 0, limit: int = 50) -> list[AccountFacts]:
    """Accounts by id, the first ones behind `after`; with words in one of their names."""
    rows = Account.objects.filter(pk__gt=after)
    if words:
        rows = rows.filter(Q(name__contains=words) | Q(display_name__contains=words))
    return [_facts(row) for row in rows.order_by("id")[:limit]]


def account_facts(account: int) -> AccountFacts:
    """One account.

    Raises:
        AccountMissingError: no such account.
    """
    row = Account.objects.filter(pk=account).first()
    if row is None:
        raise AccountMissingError("There is no such account.", data={"account": account})
    return _facts(row)


def keys_page(*, after: int = 0, limit: int = 50) -> list[KeyRef]:
    """Keys of all accounts by id, the first ones behind `after`, without their secrets."""
    rows = ApiKey.objects.filter(pk__gt=after).order_by("id")[:limit]
    return [
        KeyRef(row.pk, row.account_id, row.label, row.prefix, frozenset(row.scopes), row.expires_at, row.revoked_at)
        for row in rows
    ]


def _facts(row: Account) -> AccountFacts:
    return AccountFacts(
        row.pk, row.name, row.display_name, row.is_active, row.has_usable_password(), row.created_at, row.closed_at
    )
