"""Who may sign in to the demo: a person for each kind of post, the three administrators among them, no two in one hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from linli.access.policies import SUPPORT
from linli.access.selectors import account_named, holdings, system_actor
from linli.demo.doors import LIST, doors_open
from linli.demo.plan import DemoPlan
from linli.demo.tests.founded import founded, taken_back
from linli.kernel.errors import RefusedError
from linli.organisations.appointments import AppointmentDraft, appoint
from linli.organisations.known import View, Wanted, seats
from linli.organisations.policies import ADMINISTRATORS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoPlan]:
    with founded(django_db_blocker) as plan:
        yield plan


def test_each_kind_of_post_of_the_list_has_a_door(city: DemoPlan) -> None:
    at = city.week.start
    with taken_back():
        doors = doors_open(at)
        with (files("linli.demo") / LIST).open(encoding="utf-8") as lines:
            assert [door.role for door in doors] == [row["role"] for row in csv.DictReader(lines)]
        for door in doors:
            held = holdings(account_named(door.account).id, at)
            assert door.role in {one.role for one in held}
            assert authenticate(RequestFactory().get("/"), username=door.account, password=door.password) is not None
        assert len({door.password for door in doors}) == len({door.account for door in doors})


def test_the_three_administrators_are_three_people_who_cannot_hold_another_of_the_posts(city: DemoPlan) -> None:
    at = city.week.start
    with taken_back():
        people = {door.role: account_named(door.account).id for door in doors_open(at) if door.role in ADMINISTRATORS}
        assert set(people) == ADMINISTRATORS
        assert len(set(people.values())) == len(ADMINISTRATORS)
        posts = {role: seats(Wanted(role=role), View(at, at))[0].post.id for role in (*ADMINISTRATORS, SUPPORT)}
        for role, account in people.items():
            for other in set(posts) - {role}:
                with pytest.raises(RefusedError) as refused:
                    appoint(AppointmentDraft(posts[other], account, city.week.end), system_actor(), at)
                assert refused.value.code == "organisations.administrations"


def test_nobody_is_support_from_the_beginning(city: DemoPlan) -> None:
    at = city.week.start
    found = seats(Wanted(role=SUPPORT), View(at, at))
    assert found
    assert not [one for one in found if one.held]
