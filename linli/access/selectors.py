"""Reads of accounts: an actor with the posts held at an instant, keys, ties. Never a password, never a secret."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from django.db import connection

from linli.access.domain import AccountRef, KeyRef, parse_key, secret_fits
from linli.access.errors import AccountMissingError
from linli.access.models import Account, ApiKey, DeclaredTie
from linli.access.sealing import Accused, Receivers, SealRules, Town, receivers
from linli.kernel.actors import SYSTEM, Actor, ActorRef, Holding
from linli.organisations.policies import ADMINISTRATORS
from linli.organisations.posts import holdings_from
from linli.organisations.selectors import HOLDINGS_SQL, all_holdings, duty_table, organisations_at
from linli.packs.selectors import LIVE_HASH_SQL
from linli.rules.parameters import Parameter, Text
from linli.rules.snapshot import Rules

DISCIPLINE_DUTY = Parameter("access.discipline_duty", Text)

__all__ = [
    "HOLDINGS_SQL",
    "account_ids",
    "account_named",
    "accounts",
    "active_among",
    "actor_at",
    "actor_of_key",
    "keys_of",
    "seal_rules",
    "sealed_receivers",
    "system_actor",
    "tied_to",
    "town_at",
]

# One statement a request by key. Indexes: the unique one of access_apikey.prefix, access_account_pkey.
_KEY_SQL = f"""
SELECT k.secret_hash, k.id, k.account_id, k.label, k.scopes, k.expires_at, k.revoked_at, u.display_name, u.is_active,
       (SELECT jsonb_agg(jsonb_build_array(q.post, q.role, q.organisation, q.place, q.stand_in_for) ORDER BY q.post)
          FROM ({HOLDINGS_SQL.replace("%(account)s", "k.account_id")}) q),
       {LIVE_HASH_SQL}
  FROM access_apikey k JOIN access_account u ON u.id = k.account_id
 WHERE k.prefix = %(prefix)s
"""  # noqa: S608 - put together from constants
_HELD_SQL = f"""
SELECT q.post, q.role, q.organisation, q.place, q.stand_in_for, {LIVE_HASH_SQL} FROM ({HOLDINGS_SQL}) q
"""  # noqa: S608 - put together from constants


def actor_at(account: int, at: datetime, *, kind: str = "person") -> Actor:
    """An account with all posts it holds at an instant, by appointment or standing in.

    Args:
        account: id of the account.
        at: aware UTC.
        kind: `person`, or `key` when a key acts for the account.

    Returns:
        The actor; a closed account holds nothing.

    Raises:
        AccountMissingError: no such account.
    """
    row = Account.objects.filter(pk=account).values_list("display_name", "is_active").first()
    if row is None:
        raise AccountMissingError("There is no such account.", data={"account": account})
    name, is_active = row
    ref = ActorRef(kind="key" if kind == "key" else "person", account=account)
    return Actor(ref, name, holdings(account, at) if is_active else ())


def holdings(account: int, at: datetime) -> tuple[Holding, ...]:
    """The posts an account holds at an instant; one query (see `HOLDINGS_SQL`)."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD_SQL, {"account": account, "at": at})
        rows = cursor.fetchall()
    return holdings_from((row[:5] for row in rows), rows[0][5] if rows else None, at)


def system_actor() -> Actor:
    """The system itself: workers, set-up, the command line of whoever holds the machine."""
    return Actor(SYSTEM)


def account_named(name: str) -> AccountRef:
    """An account by the name it signs in with.

    Raises:
        AccountMissingError: no such account.
    """
    row = Account.objects.filter(name=name).first()
    if row is None:
        raise AccountMissingError(f"There is no account {name!r}.", hint="`linli accounts list` shows them.")
    return _ref(row)


def account_ids(names: Iterable[str]) -> dict[str, int]:
    """Ids of open accounts by name; unknown and closed ones are left out."""
    return dict(Account.objects.filter(name__in=list(names), is_active=True).values_list("name", "id"))


def accounts(ids: Collection[int] | None = None) -> dict[int, AccountRef]:
    """Accounts by id; all when no ids are named."""
    rows = Account.objects.order_by("id")
    return {row.pk: _ref(row) for row in (rows if ids is None else rows.filter(pk__in=ids))}


def active_among(ids: Collection[int]) -> frozenset[int]:
    """Those of the accounts that are open."""
    return frozenset(Account.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True))


def tied_to(ids: Collection[int], at: datetime) -> frozenset[int]:
    """Accounts whose holders declared, on either side, to be relatives of or in conflict with one of `ids`.

    Args:
        ids: accounts.
        at: aware UTC.
    """
    rows = DeclaredTie.objects.filter(recorded__upper_inf=True, valid__contains=at)
    found = set(rows.filter(account_id__in=ids).values_list("other_id", flat=True))
    return frozenset(found | set(rows.filter(other_id__in=ids).values_list("account_id", flat=True)))


def keys_of(account: int) -> list[KeyRef]:
    """The keys of an account, old ones too, without their secrets."""
    return [_key_ref(row) for row in ApiKey.objects.filter(account_id=account).order_by("id")]


def actor_of_key(text: str, at: datetime) -> tuple[Actor, KeyRef] | None:
    """Who acts with a key, and what the key is for; None for a wrong, ended or revoked key, without saying which.

    Args:
        text: the key as it was sent.
        at: aware UTC.
    """
    key = parse_key(text)
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_KEY_SQL, {"prefix": key.prefix, "at": at})
        row = cursor.fetchone()
    if row is None or not secret_fits(key, bytes(row[0])):
        return None
    _, id_, account, label, scopes, expires_at, revoked_at, name, is_active, held, rules = row
    if revoked_at is not None or expires_at <= at or not is_active:
        return None
    # Django leaves jsonb as text.
    holdings_ = holdings_from(json.loads(held or "[]"), rules, at)
    ref = KeyRef(id_, account, label, key.prefix, frozenset(scopes), expires_at, revoked_at)
    return Actor(ActorRef(kind="key", account=account), name, holdings_), ref


def _ref(row: Account) -> AccountRef:
    return AccountRef(row.pk, row.name, row.display_name, row.is_active)


def _key_ref(row: ApiKey) -> KeyRef:
    return KeyRef(row.pk, row.account_id, row.label, row.prefix, frozenset(row.scopes), row.expires_at, row.revoked_at)


def sealed_receivers(accused: Accused, at: datetime, rules: SealRules, town: Town | None = None) -> Receivers:
    """Who may receive a sealed report on the day, computed from appointments (`sealing.receivers`).

    Args:
        accused: whom it accuses, and where.
        at: aware UTC.
        rules: roles from the pack (`seal_rules`).
        town: `town_at` of the same instant, where several reports are asked for; None = read it.
    """
    tied = tied_to(accused.accounts, at) if accused.accounts else frozenset()
    return receivers(accused, replace(town or town_at(at), tied=tied), rules)


def town_at(at: datetime) -> Town:
    """What stands at an instant, nobody tied to anybody: four queries, for as many sealed reports as there are.

    Args:
        at: aware UTC.
    """
    acting = tuple(all_holdings(at))
    people = frozenset(account for account, _ in acting)
    return Town(organisations_at(at), acting, duty_table(at), frozenset(), active_among(people))


def seal_rules(rules: Rules) -> SealRules:
    """What the pack says of sealed reports, for a place and a day."""
    return SealRules(ADMINISTRATORS, rules[DISCIPLINE_DUTY])
