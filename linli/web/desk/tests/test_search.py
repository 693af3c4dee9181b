"""Search: what is found, by whom, what never is, and what a page costs."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from linli.cases.reading import run
from linli.cases.tests.desk import in_grid, later, open_one, take
from linli.kernel.pairs import pairs_of, runs_of
from linli.web.conftest import SignedIn
from linli.web.desk.searchpage import pieces_of
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page
from linli.web.desk.tests.test_queue import numbers
from tests.town import GRIDS, Town

MOST_QUERIES = 10


def found(client: Client, q: str, **more: str) -> list[str]:
    """The numbers that a question finds, in order."""
    answer = client.get("/desk/search", {"q": q, **more})
    assert answer.status_code in (200, 404)
    return numbers(answer.content.decode())


def test_words_of_title_and_task_are_found_the_newest_first(town: Town, signed_in: SignedIn) -> None:
    lamp = opened_no(title="路灯不亮", task_text="三单元门口路灯坏了三天")
    rubbish = opened_no(title="垃圾堆积", task_text="路口垃圾没人收")
    desk = signed_in("duan")
    for question, wanted in {
        "路灯": [lamp],
        "灯不亮": [lamp],
        "路": [],
        "路口 垃圾": [rubbish],
        "路灯，三单元": [lamp],
        "路灯 垃圾": [],
        "路%": [],
        "": [],
    }.items():
        assert found(desk, question) == wanted, question
    assert found(desk, "三单元") == [lamp]


def test_latin_letters_wide_forms_and_capitals_are_one(town: Town, signed_in: SignedIn) -> None:
    shop = opened_no(title="ＡＢＣ超市占道")
    assert found(signed_in("duan"), "abc超市") == [shop]


def test_a_desk_finds_its_place_a_handler_their_bodys_work_nobody_else_anything(
    town: Town, signed_in: SignedIn
) -> None:
    here, there = opened_no(), opened_no(located=in_grid(GRIDS[4]))
    theirs = in_hand_no(town)
    assert found(signed_in("duan"), "垃圾堆积") == [theirs, here]
    assert found(signed_in("deng"), "垃圾堆积") == [there]
    assert found(signed_in("han"), "垃圾堆积") == [theirs]
    assert signed_in("adam").get("/desk/search", {"q": "垃圾"}).status_code == 404


def test_what_a_reporter_wrote_and_is_finds_nothing(town: Town, signed_in: SignedIn) -> None:
    opened_no()
    desk = signed_in("duan")
    for word in PLANTED:
        assert found(desk, word) == [], word
    kept = {pair for (pairs,) in run("SELECT pairs FROM cases_casewords", {}).fetchall() for pair in pairs}
    assert not kept & {"老鼠", "阳台", "赵明", "明月", "桂花"}


@pytest.mark.parametrize("compartment", ["sealed", "protected"])
def test_closed_compartments_are_in_no_index(town: Town, signed_in: SignedIn, compartment: str) -> None:
    opened_no(compartment=compartment, title="检举某人")
    assert run("SELECT count(*) FROM cases_casewords", {}).fetchone() == (0,)
    for name in ("duan", "han", "su"):
        assert found(signed_in(name), "检举") == []


def test_a_case_that_is_sealed_leaves_the_index_in_the_step_that_seals_it(town: Town, signed_in: SignedIn) -> None:
    opened = open_one(title="占道经营")
    desk = signed_in("duan")
    assert found(desk, "占道") == [str(opened.no)]
    take(opened.case, "seal", town.ref("duan"), later(minutes=1))
    assert run("SELECT count(*) FROM cases_casewords", {}).fetchone() == (0,)
    assert found(desk, "占道") == []


def test_a_matters_code_and_another_systems_number_are_found(town: Town, signed_in: SignedIn) -> None:
    rubbish, lamp = opened_no(external_id="NJ-2026-77"), opened_no(matter="event.04.008")
    desk = signed_in("duan")
    assert found(desk, "event.04.008") == [lamp]
    assert found(desk, "NJ-2026-77") == [rubbish]
    assert found(desk, "NJ-2026-7") == []


def test_a_places_name_finds_what_lies_in_it(town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.web.desk import searchpage

    def called(text: str, at: datetime) -> list[str]:
        return [GRIDS[2][:12]] if text == "颐和路" else []

    monkeypatch.setattr(searchpage, "places_called", called)
    opened_no()
    there = opened_no(located=in_grid(GRIDS[2]))
    named = opened_no(title="颐和路口垃圾")
    desk = signed_in("duan")
    assert found(desk, "颐和路 垃圾") == [named, there]
    assert found(desk, "颐和路 路灯") == []


def test_pages_follow_by_key(town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.web.desk import views

    monkeypatch.setattr(views, "ROWS", 3)
    made = [opened_no(at=later(minutes=n)) for n in range(7)]
    desk, seen, query = signed_in("duan"), [], "?q=垃圾"
    while query:
        text = page(desk, "desk_search", query=query)
        seen += numbers(text)
        more = re.search(r'href="(\?[^"]*after=[^"]+)">下一页', text)
        query = more[1].replace("&amp;", "&") if more else ""
    assert seen == made[::-1]


def test_what_a_page_costs_does_not_grow(
    town: Town, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        opened_no(at=later(minutes=n))
    desk = signed_in("duan")
    desk.get("/desk/search", {"q": "垃圾"})
    with django_assert_max_num_queries(MOST_QUERIES) as counted:
        desk.get("/desk/search", {"q": "垃圾 路口"})
    assert isinstance(counted, CaptureQueriesContext)


def test_a_hit_is_marked_and_markup_stays_text(town: Town, signed_in: SignedIn) -> None:
    opened_no(title="<b>垃圾</b>堆积")
    text = page(signed_in("duan"), "desk_search", query="?q=垃圾")
    assert "&lt;b&gt;<mark>垃圾</mark>&lt;/b&gt;堆积" in text
    english = page(signed_in("duan"), "desk_search", query="?q=垃圾&lang=en")
    assert "Words, a number, a code" in english


@given(st.text(max_size=40), st.data())
def test_whatever_stands_in_a_text_is_found_by_its_pairs(text: str, data: Any) -> None:
    kept = {pair for run_ in runs_of(text) for pair in pairs_of(run_)}
    for whole in runs_of(text):
        begin = data.draw(st.integers(0, len(whole)))
        part = whole[begin : begin + 4]
        assert len(part) < 2 or set(pairs_of(part)) <= kept


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_pieces_are_the_title(title: str, runs: list[str]) -> None:
    assert "".join(piece.text for piece in pieces_of(title, runs)) == title
