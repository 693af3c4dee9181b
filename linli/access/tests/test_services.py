"""Accounts, keys and ties on a database: nobody gets in by default, and what is kept gives nobody a key."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from linli.access import selectors
from linli.access.domain import TieKind
from linli.access.errors import AccessRefusedError, AccountConflictError, AccountError, AccountMissingError
from linli.access.models import Account, ApiKey
from linli.access.policies import may_read_log, may_use_key
from linli.access.sealing import Accused, SealRules
from linli.access.services import (
    AccountDraft,
    KeyDraft,
    account_add,
    account_close,
    key_add,
    key_revoke,
    password_make,
    tie_declare,
)
from linli.access.tasks import erase_names_due
from linli.journal.selectors import entries_of
from linli.kernel.actors import SYSTEM, Denied, Holding
from linli.organisations.appointments import AppointmentDraft, StandInDraft, appoint, appointment_end, stand_in
from linli.organisations.domain import PostDraft
from linli.organisations.errors import OrganisationConflictError
from linli.organisations.services import post_open
from linli.packs.services import publish
from linli.rules.compiler import compile_pack
from tests.town import AT, DISTRICT, FOUNDED, GRIDS, OSMANTHUS, STREET, Town, town_of

PACKS = Path(__file__).parents[3] / "packs"
DAY = timedelta(days=1)
RULES = SealRules(
    frozenset({"system_administrator", "security_administrator", "audit_administrator"}), "duty.discipline"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return town_of()


def test_new_account_has_no_password_and_cannot_sign_in(town: Town) -> None:
    account = account_add(AccountDraft("xiao.li", "小李"), town.actor("beth"), AT)
    row = Account.objects.get(pk=account)
    assert not row.has_usable_password()
    assert not row.check_password("")
    assert [e.verb for e in entries_of(f"account:{account}")] == ["access.account.added"]
    assert "小李" not in str(entries_of(f"account:{account}"))


def test_password_is_random_shown_once_and_kept_hashed(town: Town) -> None:
    first = password_make(town.mo, town.actor("beth"), AT)
    second = password_make(town.mo, town.actor("beth"), AT)
    row = Account.objects.get(pk=town.mo)
    assert first != second
    assert row.check_password(second)
    assert second not in row.password
    assert second not in str(entries_of(f"account:{town.mo}"))


def test_account_and_post_come_together_or_not_at_all(town: Town) -> None:
    with pytest.raises(OrganisationConflictError):
        account_add(AccountDraft("xiao.li", "小李", town.posts["duan"]), town.actor("beth"), AT)
    assert selectors.account_ids(["xiao.li"]) == {}
    appointment_end(town.appointments["duan"], town.actor("beth"), AT, AT)
    account = account_add(AccountDraft("xiao.li", "小李", town.posts["duan"]), town.actor("beth"), AT)
    assert selectors.holdings(account, AT)[0].role == "duty_desk"


@pytest.mark.parametrize("name", ["", "A", "x y", "王"])
def test_name_must_be_one(town: Town, name: str) -> None:
    with pytest.raises(AccountError):
        account_add(AccountDraft(name, "x"), town.actor("beth"), AT)


def test_name_is_taken_once(town: Town) -> None:
    with pytest.raises(AccountConflictError) as caught:
        account_add(AccountDraft("town.mo", "x"), town.actor("beth"), AT)
    assert "town.mo" not in caught.value.message


@pytest.mark.parametrize("name", ["adam", "carl", "hu", "mo"])
def test_only_the_security_administrator_keeps_accounts(town: Town, name: str) -> None:
    actor = town.actor(name)
    for attempt in (
        lambda: account_add(AccountDraft("xiao.li", "x"), actor, AT),
        lambda: password_make(town.duan, actor, AT),
        lambda: account_close(town.duan, actor, AT),
        lambda: key_add(KeyDraft(town.duan, "x", ["intake"], AT + DAY), actor, AT),
    ):
        with pytest.raises(AccessRefusedError):
            attempt()
    assert Account.objects.filter(name="xiao.li").count() == 0
    assert ApiKey.objects.count() == 0
    assert town.actor("duan").holdings


def test_actor_has_the_posts_of_that_instant(town: Town) -> None:
    fang = town.actor("fang")
    assert fang.holdings == (Holding(town.posts["fang"], "grid_worker", town.osmanthus, GRIDS[0]),)
    assert fang.holds("grid_worker", GRIDS[0])
    assert not fang.holds("grid_worker", GRIDS[1])
    assert not fang.holds("community_worker", OSMANTHUS)
    assert town.actor("fang", FOUNDED - DAY).holdings == ()
    with pytest.raises(AccountMissingError):
        selectors.actor_at(987654321, AT)


def test_city_post_holds_in_all_its_districts(town: Town) -> None:
    post = post_open(PostDraft(town.city_government, "s", "supervisor", "s", FOUNDED), town.actor("adam"), AT)
    appoint(AppointmentDraft(post, town.mo, AT), town.actor("beth"), AT)
    assert (held := town.actor("mo").holds("supervisor", GRIDS[0]))
    assert held.place == "8701"


def test_posts_are_read_by_index_once_there_are_many(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH people AS (INSERT INTO access_account (name, display_name, password, is_active, created_at)"
            " SELECT 'n' || g, 'x', '', true, now() FROM generate_series(1, 5000) g RETURNING id),"
            " seat AS (INSERT INTO organisations_post (organisation_id, key, role, title, place, single, valid)"
            " VALUES (%s, 'many', 'handler', 'x', '', false, tstzrange(NULL, NULL)) RETURNING id)"
            " INSERT INTO organisations_appointment (post_id, account_id, single, valid, recorded)"
            " SELECT seat.id, people.id, false, tstzrange(NULL, NULL), tstzrange(now(), NULL) FROM people, seat",
            [town.lighting],
        )
        cursor.execute("ANALYZE organisations_appointment")
        cursor.execute("EXPLAIN " + selectors.HOLDINGS_SQL, {"account": town.fang, "at": AT})
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "organisations_appointment_held" in plan


def test_one_query_reads_the_posts(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        selectors.holdings(town.fang, AT)


def test_closed_account_holds_nothing_and_its_keys_are_gone(town: Town) -> None:
    stand_in(StandInDraft(town.appointments["han"], town.duan, AT, AT + 5 * DAY), town.actor("han"), AT)
    key = key_add(KeyDraft(town.duan, "x", ["intake"], AT + 9 * DAY), town.actor("beth"), AT)
    account_close(town.duan, town.actor("beth"), AT + DAY)
    assert town.actor("duan", AT + DAY).holdings == ()
    assert selectors.holdings(town.duan, AT + DAY) == ()
    assert selectors.actor_of_key(str(key), AT + DAY) is None
    assert [h.stand_in_for for h in selectors.holdings(town.duan, AT)] == [None, town.appointments["han"]]
    with pytest.raises(AccountMissingError):
        account_close(town.duan, town.actor("beth"), AT + DAY)


def test_key_acts_for_its_account_within_its_scopes(town: Town) -> None:
    key = key_add(KeyDraft(town.duan, "hotline", ["intake", "intake"], AT + DAY), town.actor("beth"), AT)
    found = selectors.actor_of_key(str(key), AT)
    assert found is not None
    actor, ref = found
    assert (actor.ref.kind, actor.ref.account) == ("key", town.duan)
    assert actor.holdings
    assert may_use_key(ref.scopes, "intake")
    assert not may_use_key(ref.scopes, "export")
    assert key.secret.encode() not in bytes(ApiKey.objects.get().secret_hash)
    assert key.secret not in str(entries_of(f"account:{town.duan}"))


def test_wrong_ended_and_revoked_keys_are_alike(town: Town) -> None:
    key = key_add(KeyDraft(town.duan, "x", ["intake"], AT + DAY), town.actor("beth"), AT)
    assert selectors.actor_of_key(str(key) + "0", AT) is None
    assert selectors.actor_of_key(str(key), AT + DAY) is None
    assert selectors.actor_of_key("nonsense", AT) is None
    key_revoke(key.prefix, town.actor("beth"), AT)
    assert selectors.actor_of_key(str(key), AT) is None
    with pytest.raises(AccountConflictError):
        key_revoke(key.prefix, town.actor("beth"), AT)
    with pytest.raises(AccountMissingError):
        key_revoke("00000000", town.actor("beth"), AT)


@pytest.mark.parametrize(("scopes", "until"), [([], AT + DAY), (["intake"], AT)])
def test_key_needs_a_scope_and_an_end_to_come(town: Town, scopes: list[str], until: datetime) -> None:
    with pytest.raises(AccountError):
        key_add(KeyDraft(town.duan, "x", scopes, until), town.actor("beth"), AT)


@pytest.mark.parametrize(
    ("name", "allowed"), [("shen", True), ("carl", True), ("adam", False), ("hu", False), ("mo", False)]
)
def test_who_reads_the_log(town: Town, name: str, allowed: bool) -> None:
    verdict = may_read_log(town.actor(name), STREET)
    assert bool(verdict) is allowed
    assert allowed or (isinstance(verdict, Denied) and verdict.reason)


def accused(town: Town, *names: str) -> Accused:
    return Accused(frozenset(), frozenset(town.people[name] for name in names), OSMANTHUS)


def test_sealed_report_goes_to_the_receivers_of_the_tier_above(town: Town) -> None:
    found = selectors.sealed_receivers(accused(town, "fang"), AT, RULES)
    assert found.accounts == {town.tan}
    assert (found.how, found.place) == ("receiver", DISTRICT)


def test_declared_relative_does_not_receive_and_the_log_does_not_say_who(town: Town) -> None:
    tie_declare(town.tan, town.fang, TieKind.RELATIVE, town.actor("tan"), AT)
    found = selectors.sealed_receivers(accused(town, "fang"), AT, RULES)
    assert found.accounts == {town.ji}
    assert found.how == "discipline"
    entry = entries_of(f"account:{town.tan}")[-1]
    assert set(entry.data) == {"tie"}
    with pytest.raises(AccountConflictError):
        tie_declare(town.tan, town.fang, TieKind.RELATIVE, town.actor("tan"), AT)


def test_strangers_declare_nothing_about_others(town: Town) -> None:
    with pytest.raises(AccessRefusedError):
        tie_declare(town.tan, town.fang, TieKind.RELATIVE, town.actor("mo"), AT)
    with pytest.raises(AccountError):
        tie_declare(town.tan, town.tan, TieKind.CONFLICT, town.actor("tan"), AT)


def test_stand_in_in_an_accused_unit_is_removed_on_that_day_only(town: Town) -> None:
    stand_in(StandInDraft(town.appointments["liang"], town.tan, AT, AT + DAY), town.actor("liang"), AT)
    assert selectors.sealed_receivers(accused(town, "fang"), AT, RULES).accounts == {town.ji}
    assert selectors.sealed_receivers(accused(town, "fang"), AT + DAY, RULES).accounts == {town.tan}


def test_holdings_are_read_as_the_app_role(town: Town, as_app: None) -> None:
    assert selectors.holdings(town.fang, AT)
    account_add(AccountDraft("xiao.li", "小李"), town.actor("beth"), AT)


def test_names_are_erased_when_their_period_ends_and_the_log_stays(town: Town) -> None:
    publish(compile_pack(PACKS, "national"), SYSTEM, FOUNDED)
    account_close(town.mo, town.actor("beth"), AT)
    assert erase_names_due(AT + 1095 * DAY) == 0
    assert erase_names_due(AT + 1096 * DAY) == 1
    assert erase_names_due(AT + 1096 * DAY) == 0
    ref = selectors.accounts([town.mo])[town.mo]
    assert (ref.name, ref.display_name) == (f"erased-{town.mo}", "")
    assert [e.verb.split(".")[-1] for e in entries_of(f"account:{town.mo}")] == ["added", "closed", "names_erased"]
    assert selectors.account_named("town.duan").display_name
