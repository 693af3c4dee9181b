"""Every address of every face is found by walking, answers without a fault, and answers each kind of person as recorded.

The record is `routes.csv`: an address a row, a person a column, what a look gives and what an empty post gives. A denied
one answers like a wrong address (404) or leads to the sign-in (302). It is reviewed like code; LINLI_SNAPSHOTS=write renews it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from linli.web.conftest import Clock, SignedIn
from linli.web.tests.security.forms import forms_of
from linli.web.tests.walk.crawl import HOST, Walked, missing, named, walk
from linli.web.tests.walk.filling import fill
from linli.web.tests.walk.recipes import EVERYBODY
from tests.town import Town

RECORD = Path(__file__).parent / "routes.csv"
PEOPLE = (*EVERYBODY, "mo", "deng")
"""Everybody of the walk, somebody without a post, and the desk of another street."""

Browser = Callable[[str], Client]


@pytest.fixture
def browser(town: Town, signed_in: SignedIn) -> Browser:
    return lambda who: signed_in(who) if who else Client()


@pytest.fixture
def walked(town: Town, browser: Browser, clock: Clock) -> Walked:
    town.ground()
    return walk(browser, fill(town, clock.at).starts)


def test_every_address_is_found_and_answers_each_person_as_recorded(walked: Walked, browser: Browser) -> None:
    assert walked.wrong == []
    gone = missing(walked)
    assert not gone, "\n".join(gone)
    for (route, _), text in walked.texts.items():
        if "<html" in text:
            assert "<title>" in text, route
            assert 'id="main"' in text, route
    found = recorded(walked, browser)
    if os.environ.get("LINLI_SNAPSHOTS") == "write":
        RECORD.write_text(found, encoding="utf-8")
    before = RECORD.read_text(encoding="utf-8").splitlines()
    changed = [line for line in found.splitlines() if line not in before]
    assert not changed, "answers differently than recorded; read each, then LINLI_SNAPSHOTS=write:\n" + "\n".join(
        changed
    )
    assert len(found.splitlines()) == len(before)


def recorded(walked: Walked, browser: Browser) -> str:
    """The table of addresses and people."""
    into = io.StringIO()
    table = csv.writer(into, lineterminator="\n")
    table.writerow(["address", *(who or "nobody" for who in PEOPLE)])
    paths = _paths(walked)
    for route, path in sorted(paths.items()):
        methods = named()[route]
        table.writerow([route, *(_answers(browser(who), path, methods) for who in PEOPLE)])
    return into.getvalue()


def _paths(walked: Walked) -> dict[str, str]:
    """A path for each address: that of its page, else that to which a form goes."""
    paths: dict[str, str] = {}
    for form in forms_of(walked):
        try:
            route = resolve(urlsplit(form.action).path).url_name
        except Resolver404:
            continue
        if route in named():
            paths.setdefault(str(route), form.action)
    return {**paths, **{route: one.path for (route, _), one in reversed(walked.found.items())}}


def _answers(client: Client, path: str, methods: frozenset[str]) -> str:
    """Statuses of a look and of an empty post; nothing that a post does stays."""
    said = []
    for method in ("GET", "POST"):
        if method not in methods:
            said.append("-")
            continue
        with transaction.atomic():
            answer = client.generic(method, path, HTTP_HOST=HOST, content_type="application/x-www-form-urlencoded")
            said.append(str(answer.status_code))
            transaction.set_rollback(True)
    return " ".join(said)
