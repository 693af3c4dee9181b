"""Bodies, posts and appointments through the services, on a database: closed, never changed, journalled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from pytest_django import DjangoAssertNumQueries

from linli.access.selectors import system_actor
from linli.journal.selectors import entries_of
from linli.kernel.actors import Actor
from linli.kernel.errors import LinliError
from linli.organisations import selectors
from linli.organisations.appointments import (
    AppointmentDraft,
    StandInDraft,
    appoint,
    appointment_end,
    stand_in,
    stand_in_end,
)
from linli.organisations.domain import PostDraft, ShiftRef, StandingDraft
from linli.organisations.errors import (
    OrganisationConflictError,
    OrganisationError,
    OrganisationMissingError,
    OrganisationRefusedError,
)
from linli.organisations.models import Appointment, Standing
from linli.organisations.roster import ShiftDraft, hand_over, shift_set
from linli.organisations.services import (
    DutyDraft,
    duty_end,
    duty_open,
    organisation_change,
    organisation_close,
    organisation_open,
    post_close,
    post_follow,
    post_open,
)
from tests.town import AT, DISTRICT, FOUNDED, GRIDS, OSMANTHUS, STREET, Town, town_of

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return town_of()


def test_body_stands_as_it_stood(town: Town) -> None:
    renamed = StandingDraft("桂花街道环卫中心", "public_institution", STREET, town.street_office)
    assert organisation_change(town.sanitation, renamed, town.actor("adam"), AT, AT)
    assert selectors.organisation_at(town.sanitation, AT - DAY).name == "桂花街道环卫所"
    assert selectors.organisation_at(town.sanitation, AT).name == "桂花街道环卫中心"
    assert not organisation_change(town.sanitation, renamed, town.actor("adam"), AT + DAY, AT + DAY)
    assert Standing.objects.filter(organisation_id=town.sanitation).count() == 3
    verbs = [entry.verb for entry in entries_of(f"organisation:{town.sanitation}")]
    assert verbs == [
        "organisations.organisation.opened",
        "organisations.duty.opened",
        "organisations.organisation.changed",
    ]


def test_only_the_system_administrator_keeps_bodies(town: Town) -> None:
    draft = StandingDraft("x", "department", DISTRICT)
    for name in ("beth", "carl", "hu", "mo"):
        with pytest.raises(OrganisationRefusedError):
            organisation_open("x", draft, town.actor(name), AT, AT)
    assert selectors.organisation_ids(["x"]) == {}
    assert organisation_open("x", draft, town.actor("adam"), AT, AT)


@pytest.mark.parametrize(
    ("kind", "place", "code"), [("castle", DISTRICT, "organisations.kind"), ("department", "87010", "codes.")]
)
def test_wrong_kind_or_place_is_named(town: Town, kind: str, place: str, code: str) -> None:
    with pytest.raises(LinliError) as caught:
        organisation_open("x", StandingDraft("x", kind, place), system_actor(), AT, AT)
    assert caught.value.code.startswith(code)


def test_key_is_taken_once(town: Town) -> None:
    with pytest.raises(OrganisationConflictError) as caught:
        organisation_open("town.lighting", StandingDraft("x", "department", DISTRICT), system_actor(), AT, AT)
    assert caught.value.code == "organisations.organisation_key_key"


def test_single_post_has_one_holder(town: Town) -> None:
    with pytest.raises(OrganisationConflictError) as caught:
        appoint(AppointmentDraft(town.posts["duan"], town.mo, AT), town.actor("beth"), AT)
    assert caught.value.code == "organisations.appointment_one_holder"


def test_holders_follow_each_other_without_a_gap(town: Town) -> None:
    appointment_end(town.appointments["duan"], town.actor("beth"), AT, AT)
    appoint(AppointmentDraft(town.posts["duan"], town.mo, AT), town.actor("beth"), AT)
    assert selectors.in_charge(town.posts["duan"], AT - timedelta(seconds=1)).account == town.duan
    assert selectors.in_charge(town.posts["duan"], AT).account == town.mo


def test_post_of_several_takes_several_but_nobody_twice(town: Town) -> None:
    draft = PostDraft(town.sanitation, "crew", "handler", "crew", FOUNDED, single=False)
    post = post_open(draft, town.actor("adam"), AT)
    for name in ("mo", "an"):
        appoint(AppointmentDraft(post, town.people[name], AT), town.actor("beth"), AT)
    with pytest.raises(OrganisationConflictError) as caught:
        appoint(AppointmentDraft(post, town.mo, AT + DAY), town.actor("beth"), AT)
    assert caught.value.code == "organisations.appointment_not_twice"


def test_database_itself_refuses_a_changed_or_deleted_row(town: Town) -> None:
    row = Appointment.objects.get(pk=town.appointments["duan"])
    for statement in (
        f"UPDATE organisations_appointment SET account_id = {town.mo} WHERE id = {row.pk}",
        f"UPDATE organisations_appointment SET valid = tstzrange(now(), NULL) WHERE id = {row.pk}",
        f"DELETE FROM organisations_appointment WHERE id = {row.pk}",
    ):
        with pytest.raises((IntegrityError, InternalError), match="closed, never"), transaction.atomic():
            connection.cursor().execute(statement)


def test_single_cannot_be_lied_about(town: Town) -> None:
    statement = (
        "INSERT INTO organisations_appointment (post_id, account_id, single, valid, recorded) "
        "VALUES (%s, %s, false, tstzrange(now(), NULL), tstzrange(now(), NULL))"
    )
    with pytest.raises(IntegrityError, match="single_as_post"), transaction.atomic():
        connection.cursor().execute(statement, [town.posts["duan"], town.mo])


def test_nobody_appoints_themselves_and_nobody_unites_two_administrations(town: Town) -> None:
    post = post_open(PostDraft(town.street_office, "x", "member", "x", FOUNDED), town.actor("adam"), AT)
    with pytest.raises(OrganisationRefusedError) as caught:
        appoint(AppointmentDraft(post, town.beth, AT), town.actor("beth"), AT)
    assert caught.value.code == "organisations.own_appointment"
    second = post_open(PostDraft(town.district_desk, "y", "system_administrator", "y", FOUNDED), town.actor("adam"), AT)
    with pytest.raises(OrganisationRefusedError) as caught:
        appoint(AppointmentDraft(second, town.carl, AT), town.actor("beth"), AT)
    assert caught.value.code == "organisations.administrations"


def test_stand_in_acts_between_two_dates_and_is_said(town: Town) -> None:
    draft = StandInDraft(town.appointments["duan"], town.mo, AT, AT + DAY)
    stand_in(draft, town.actor("duan"), AT)
    found = selectors.in_charge(town.posts["duan"], AT)
    assert (found.account, found.how) == (town.mo, "stand_in")
    assert [h.stand_in_for for h in town.actor("mo", AT).holdings] == [town.appointments["duan"]]
    assert town.actor("duan", AT).holdings
    assert selectors.in_charge(town.posts["duan"], AT + DAY).how == "holder"
    assert not town.actor("mo", AT + DAY).holdings


def test_stand_in_is_named_by_the_holder_or_who_appoints_only(town: Town) -> None:
    draft = StandInDraft(town.appointments["duan"], town.mo, AT, AT + DAY)
    for name in ("mo", "hu", "adam"):
        with pytest.raises(OrganisationRefusedError):
            stand_in(draft, town.actor(name), AT)
    stand_in(draft, town.actor("beth"), AT)
    with pytest.raises(OrganisationConflictError):
        stand_in(StandInDraft(town.appointments["duan"], town.an, AT, AT + DAY), town.actor("duan"), AT)


def test_stand_in_ends_early_and_with_the_appointment(town: Town) -> None:
    first = stand_in(StandInDraft(town.appointments["duan"], town.mo, AT, AT + 9 * DAY), town.actor("duan"), AT)
    stand_in_end(first, town.actor("duan"), AT + DAY, AT + DAY)
    assert selectors.in_charge(town.posts["duan"], AT + DAY).how == "holder"
    stand_in(StandInDraft(town.appointments["han"], town.mo, AT, AT + 9 * DAY), town.actor("han"), AT)
    appointment_end(town.appointments["han"], town.actor("beth"), AT + 2 * DAY, AT + DAY)
    assert selectors.in_charge(town.posts["han"], AT + DAY).how == "stand_in"
    assert selectors.in_charge(town.posts["han"], AT + 2 * DAY).how == "nobody"
    assert not town.actor("mo", AT + 2 * DAY).holdings


def test_stand_in_outside_the_appointment_or_for_oneself_is_refused(town: Town) -> None:
    with pytest.raises(OrganisationError):
        stand_in(StandInDraft(town.appointments["duan"], town.mo, FOUNDED - DAY, AT), town.actor("duan"), AT)
    with pytest.raises(OrganisationError):
        stand_in(StandInDraft(town.appointments["duan"], town.duan, AT, AT + DAY), town.actor("duan"), AT)


def test_empty_post_means_the_next_named_one_and_is_said(town: Town) -> None:
    post_follow(town.posts["duan"], town.posts["he"], town.actor("adam"), AT)
    post_follow(town.posts["he"], town.posts["hu"], town.actor("adam"), AT)
    appointment_end(town.appointments["duan"], town.actor("beth"), AT, AT)
    found = selectors.in_charge(town.posts["duan"], AT)
    assert (found.account, found.post, found.how) == (town.he, town.posts["he"], "next_post")
    appointment_end(town.appointments["he"], town.actor("beth"), AT, AT)
    assert selectors.in_charge(town.posts["duan"], AT).account == town.hu
    appointment_end(town.appointments["hu"], town.actor("beth"), AT, AT)
    assert selectors.in_charge(town.posts["duan"], AT).how == "nobody"
    with pytest.raises(OrganisationError) as caught:
        post_follow(town.posts["hu"], town.posts["duan"], town.actor("adam"), AT)
    assert caught.value.code == "organisations.circle"


def test_duty_of_a_place_has_one_holder_at_a_time(town: Town) -> None:
    duties = selectors.duties_of(town.sanitation, AT)
    link = duties["duty.sanitation", STREET]
    with pytest.raises(OrganisationConflictError):
        duty_open(DutyDraft(town.enforcement, "duty.sanitation", STREET, AT), town.actor("adam"), AT)
    duty_end(link, town.actor("adam"), AT, AT)
    duty_open(DutyDraft(town.enforcement, "duty.sanitation", STREET, AT), town.actor("adam"), AT)
    assert responsible("duty.sanitation", GRIDS[0], AT - DAY) == town.sanitation
    assert responsible("duty.sanitation", GRIDS[0], AT) == town.enforcement


def test_table_of_duties_is_kept_until_something_changes(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    table = selectors.duty_table(AT)
    with django_assert_num_queries(1):
        assert selectors.duty_table(AT + timedelta(minutes=1)) is table
    assert table.names[town.lighting] == "青石区路灯管理站"
    duty_open(DutyDraft(town.enforcement, "duty.water", STREET, AT), town.actor("adam"), AT)
    assert responsible("duty.water", STREET, AT) == town.enforcement
    assert selectors.duty_table(AT - DAY).holder("duty.water", STREET) is None


def test_body_closes_when_nobody_sits_there_any_more(town: Town) -> None:
    with pytest.raises(OrganisationError) as caught:
        organisation_close(town.sanitation, town.actor("adam"), AT, AT)
    assert caught.value.code == "organisations.post_held"
    for name in ("han", "wei"):
        appointment_end(town.appointments[name], town.actor("beth"), AT, AT)
    organisation_close(town.sanitation, town.actor("adam"), AT, AT)
    assert responsible("duty.sanitation", STREET, AT) == town.district_sanitation
    with pytest.raises(OrganisationMissingError):
        selectors.organisation_at(town.sanitation, AT)
    assert selectors.organisation_at(town.sanitation, AT - DAY).name
    assert selectors.posts_of(town.sanitation, AT) == {}


def test_post_closes_when_it_is_empty(town: Town) -> None:
    with pytest.raises(OrganisationError):
        post_close(town.posts["bao"], town.actor("adam"), AT, AT)
    appointment_end(town.appointments["bao"], town.actor("beth"), AT, AT)
    assert [post.id for post in selectors.empty_posts(AT)] == [town.posts["bao"]]
    post_close(town.posts["bao"], town.actor("adam"), AT, AT)
    assert selectors.empty_posts(AT) == []
    with pytest.raises(OrganisationMissingError):
        appoint(AppointmentDraft(town.posts["bao"], town.mo, AT), town.actor("beth"), AT)


def shift(town: Town, since: datetime, until: datetime, **more: int) -> ShiftDraft:
    people = {"head": town.he, "leader": town.hu, "substitute": town.duan} | more
    return ShiftDraft(town.street_desk, STREET, since, until, **people)


def on_duty(town: Town, at: datetime) -> ShiftRef:
    found = selectors.on_duty(town.street_desk, at)
    assert found is not None
    return found


def responsible(duty: str, place: str, at: datetime) -> int | None:
    found = selectors.responsible(duty, place, at)
    return found.id if found else None


def test_roster_says_who_is_on_duty_and_who_took_over(town: Town) -> None:
    night = datetime.combine(AT.date(), AT.time(), AT.tzinfo)
    first = shift_set(shift(town, night, night + DAY), town.actor("he"), AT)
    found = on_duty(town, night)
    assert (found.head, found.leader, found.substitute, found.taken_by) == (town.he, town.hu, town.duan, None)
    assert selectors.on_duty(town.street_desk, night + DAY) is None
    hand_over(first, town.hong, 7, town.actor("duan"), night + DAY)
    assert on_duty(town, night).taken_by == town.hong
    with pytest.raises(OrganisationConflictError):
        hand_over(first, town.hong, 7, town.actor("he"), night + DAY)


def test_roster_is_changed_by_replacing_a_shift(town: Town) -> None:
    first = shift_set(shift(town, AT, AT + DAY), town.actor("he"), AT)
    with pytest.raises(OrganisationConflictError):
        shift_set(shift(town, AT, AT + DAY, head=town.hong), town.actor("he"), AT)
    shift_set(shift(town, AT, AT + DAY, head=town.hong, replaces=first), town.actor("he"), AT + timedelta(hours=1))
    assert on_duty(town, AT).head == town.hong


@pytest.mark.parametrize("name", ["mo", "han", "deng", "adam"])
def test_others_keep_no_roster_here(town: Town, name: str) -> None:
    with pytest.raises(OrganisationRefusedError):
        shift_set(shift(town, AT, AT + DAY), town.actor(name), AT)
    assert selectors.on_duty(town.street_desk, AT) is None


def test_entries_name_ids_only(town: Town) -> None:
    stand_in(StandInDraft(town.appointments["duan"], town.mo, AT, AT + DAY), town.actor("duan"), AT)
    entries = entries_of(f"post:{town.posts['duan']}")
    assert [entry.verb for entry in entries] == [
        "organisations.post.opened",
        "organisations.appointment.opened",
        "organisations.stand_in.opened",
    ]
    assert "of the town" not in str([entry.data for entry in entries])
    assert entries[-1].post == town.posts["duan"]


def test_refusal_leaves_no_trace(town: Town) -> None:
    before = Appointment.objects.count()
    stranger: Actor = town.actor("mo")
    with pytest.raises(OrganisationRefusedError):
        appoint(AppointmentDraft(town.posts["duan"], town.an, AT), stranger, AT)
    assert Appointment.objects.count() == before
    assert len(entries_of(f"post:{town.posts['duan']}")) == 2


def test_holders_of_a_role_at_a_place(town: Town) -> None:
    assert [account for account, _ in selectors.holders("grid_worker", GRIDS[0], AT)] == [town.fang]
    assert selectors.holders("grid_worker", OSMANTHUS, AT) == []
    stand_in(StandInDraft(town.appointments["fang"], town.gu, AT, AT + DAY), town.actor("fang"), AT)
    assert [account for account, _ in selectors.holders("grid_worker", GRIDS[0], AT)] == [town.fang, town.gu]
