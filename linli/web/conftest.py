"""For tests of pages: the small town with rules live, its clock, and browsers in which somebody has signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from linli.cases.tests.desk import later, published
from linli.web.signin import middleware
from tests.town import Town, town_of

PASSWORD = "eight green lamps in the lane"

SignedIn = Callable[..., Client]


class Clock:
    """The clock that pages read: half past nine of the town's Tuesday, moved by tests."""

    def __init__(self) -> None:
        self.at = later(minutes=30)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The town's time, for every request."""
    made = Clock()

    def now() -> datetime:
        return made.at

    monkeypatch.setattr(middleware, "now", now)
    return made


@pytest.fixture
def town(db: None, clock: Clock) -> Iterator[Town]:
    """The town's bodies, people and posts, and rules; nobody is locked out yet."""
    published()
    yield town_of()
    cache.clear()


@pytest.fixture
def signed_in(town: Town) -> SignedIn:
    """A browser in which somebody of the town has signed in, with a second factor where one is asked for."""

    def browser(name: str, *, factor: bool = True) -> Client:
        from django.contrib.auth import get_user_model

        client = Client()
        # Somebody who could sign in: a password that nobody knows, without the time that hashing one takes.
        known = get_user_model().objects.filter(pk=town.people[name])
        known.filter(password__startswith="!").update(password="pbkdf2_sha256$1$salt$hash")
        client.force_login(get_user_model().objects.get(pk=town.people[name]))
        if factor:
            session = client.session
            session[middleware.ENROLLED] = True
            session.save()
        return client

    return browser
