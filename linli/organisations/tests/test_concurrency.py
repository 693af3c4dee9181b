"""Two connections at once: the database, not a look beforehand, decides who holds a post or a duty."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from linli.access.selectors import system_actor
from linli.journal.selectors import entries_of
from linli.organisations import selectors
from linli.organisations.appointments import AppointmentDraft, appoint, appointment_end
from linli.organisations.errors import OrganisationConflictError, OrganisationMissingError
from linli.organisations.services import DutyDraft, duty_open
from tests.town import AT, STREET, Town, town_of

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = system_actor()


@pytest.fixture
def town() -> Town:
    return town_of()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act on a connection of its own, started together; their results or errors, in order."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(10)
            results[number] = act()  # type: ignore[call-overload]
        except Exception as error:
            results[number] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(results)


def kinds(results: list[object]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_one_of_two_gets_a_single_post(town: Town) -> None:
    appointment_end(town.appointments["duan"], SYSTEM, AT, AT)
    post = town.posts["duan"]
    results = at_once(
        *(
            lambda account=account: appoint(AppointmentDraft(post, account, AT), SYSTEM, AT)
            for account in (town.mo, town.an)
        )
    )
    assert kinds(results) == [OrganisationConflictError.__name__, "int"]
    assert len(selectors.appointments_of(post, AT)) == 1
    assert [e.verb.split(".")[-1] for e in entries_of(f"post:{post}")] == ["opened", "opened", "ended", "opened"]


def test_one_of_two_bodies_gets_a_duty(town: Town) -> None:
    bodies = (town.enforcement, town.sanitation)
    results = at_once(
        *(lambda body=body: duty_open(DutyDraft(body, "duty.water", STREET, AT), SYSTEM, AT) for body in bodies)
    )
    assert kinds(results) == [OrganisationConflictError.__name__, "int"]
    holder = selectors.duty_table(AT).holder("duty.water", STREET)
    assert holder is not None
    assert holder.organisation in bodies


def test_appointment_ends_once(town: Town) -> None:
    end = lambda: appointment_end(town.appointments["duan"], SYSTEM, AT, AT + timedelta(minutes=1))  # noqa: E731
    assert kinds(at_once(end, end)) == ["NoneType", OrganisationMissingError.__name__]
    assert selectors.in_charge(town.posts["duan"], AT).how == "nobody"
