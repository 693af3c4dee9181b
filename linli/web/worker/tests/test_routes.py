"""Who may open which of the worker's pages: each address against each kind of person; nothing happens by looking."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.seeing import numbered
from linli.journal.selectors import entries_of
from linli.web.conftest import SignedIn
from linli.web.worker.policies import WORKER
from linli.web.worker.tests.scene import to_check
from linli.web.worker.urls import urlpatterns
from tests.town import Town

# nobody, stranger, grid worker of the grid and of the next one, community worker, handler of the body, of another, desk, administrator
PEOPLE = ("", "mo", "fang", "gu", "mei", "han", "bao", "duan", "adam")
WHO = (
    "fang",
    "mei",
    "han",
    "hu",
    "ji",
    "duan",
    "hong",
    "he",
    "zhong",
    "su",
    "tan",
    "shen",
    "adam",
    "beth",
    "carl",
    "mo",
)
"""One holder of each role, and a stranger."""
Row = tuple[int, int, int, int, int, int, int, int, int]

TABLE: Mapping[str, Row] = {
    "work": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_near": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_new": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_sent": (302, 404, 302, 302, 302, 302, 302, 404, 404),
    "work_service": (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "work_shell": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_new_shell": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_messages": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_me": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_hand_over": (302, 404, 200, 200, 200, 200, 200, 404, 404),
    "work_case": (302, 404, 200, 404, 200, 200, 404, 404, 404),
    "work_photo": (302, 404, 404, 404, 404, 404, 404, 404, 404),
    "work_step": (302, 404, 200, 404, 200, 302, 404, 404, 404),
}


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_person_gets_what_the_table_says(town: Town, signed_in: SignedIn, name: str) -> None:
    no = to_check(town)
    case = numbered(no)
    more: dict[str, list[object]] = {"work_case": [no], "work_photo": [no, 1], "work_step": [no, "check_on_site"]}
    address = reverse(name, args=more.get(name, []))
    before = len(entries_of(f"case:{case}"))
    found = tuple((signed_in(who) if who else Client()).get(address).status_code for who in PEOPLE)
    assert dict(zip(PEOPLE, found, strict=True)) == dict(zip(PEOPLE, TABLE[name], strict=True))
    assert len(entries_of(f"case:{case}")) == before


def test_the_pages_are_for_whoever_works_off_a_desk_as_the_pack_says(town: Town) -> None:
    admitted = {name for name in WHO if WORKER.admits(town.actor(name))}
    assert admitted == {"fang", "mei", "han", "hu", "ji"}
