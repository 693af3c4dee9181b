"""A queue as an Excel file: the filter, the cases, no reporter, nothing that a spreadsheet would run."""

from __future__ import annotations

from typing import Any

from django.test import Client

from linli.cases.rules import CaseRules
from linli.cases.tests.desk import in_grid, later
from linli.web.conftest import SignedIn
from linli.web.desk.sheets import MOST
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no
from linli.web.tests.books import sheets_of
from tests.town import GRIDS, Town


def sheets(client: Client, query: str = "") -> tuple[list[list[Any]], list[list[Any]]]:
    """The two sheets of a queue's file, as rows of values."""
    return sheets_of(client.get(f"/desk/queue.xlsx{query}"))


def test_the_filter_is_on_the_first_sheet_and_the_cases_on_the_second(town: Town, signed_in: SignedIn) -> None:
    first = opened_no(channel="web")
    opened_no()
    told, cases = sheets(signed_in("duan"), "?view=all&channel=web")
    assert ["视图", "在办"] in told
    assert ["来源", "网页"] in told
    assert ["案卷", 1] in told
    assert ["导出人岗位", "值班台 桂花街道城市运行管理分中心"] in told
    assert [row[0] for row in cases[1:]] == [first]


def test_everybody_gets_what_their_queue_shows_and_no_reporter(town: Town, signed_in: SignedIn) -> None:
    here, there = opened_no(), opened_no(located=in_grid(GRIDS[4]))
    theirs = in_hand_no(town)
    opened_no(compartment="sealed", title="检举")
    for name, wanted in {"duan": {here, theirs}, "deng": {there}, "han": {theirs}}.items():
        told, cases = sheets(signed_in(name))
        assert {row[0] for row in cases[1:]} == wanted, name
        assert not [word for word in (*PLANTED, "检举") if word in str((told, cases))]


def test_nothing_in_it_is_a_formula(town: Town, signed_in: SignedIn) -> None:
    titles = {'=HYPERLINK("http://x")', "+1+1", "-1", "@SUM(A1)", "a\x07b"}
    for title in titles:
        opened_no(title=title)
    _, cases = sheets(signed_in("duan"))
    assert {row[1] for row in cases[1:]} == {title.replace("\x07", "") for title in titles}


def test_more_than_one_page_is_read(town: Town, signed_in: SignedIn, monkeypatch: Any) -> None:
    from linli.web.desk import sheets as module

    monkeypatch.setattr(module, "MOST_ROWS", 2)
    made = {opened_no(at=later(minutes=n)) for n in range(5)}
    _, cases = sheets(signed_in("duan"))
    assert {row[0] for row in cases[1:]} == made
    english, _ = sheets(signed_in("duan"), "?lang=en")
    assert ["View", "Open"] in english


def test_what_lies_beyond_the_packs_bound_is_left_out_and_told(
    town: Town, signed_in: SignedIn, monkeypatch: Any
) -> None:
    written = CaseRules.integer
    monkeypatch.setattr(CaseRules, "integer", lambda rules, key: 3 if key == MOST else written(rules, key))
    for n in range(4):
        opened_no(at=later(minutes=n))
    told, cases = sheets(signed_in("duan"), "?lang=en")
    assert len(cases) == 1 + 3
    assert ["Cases", 3] in told
    assert ["There are more; narrow the filter.", None] in told
