"""The rules as pages: what holds where and when, with source and doubt, drawn procedures, and what a day will change."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.web.conftest import SignedIn
from linli.web.tests.books import sheets_of
from tests.statements import statements
from tests.town import Town

MOST_STATEMENTS = 8
"""Session, account, posts, own body, rules of signing in, publications; snapshots are kept in the process."""


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:400]
    return response.content.decode()


@pytest.fixture
def duan(signed_in: SignedIn) -> Client:
    return signed_in("duan")


def test_the_catalogue_shows_value_since_and_doubt(duan: Client) -> None:
    shown = text(duan, "/rules?subject=request")
    assert "request.sign_within" in shown
    assert "小时" in shown
    assert "待确认" in shown
    assert "全国" in shown


def test_rules_are_found_by_word_and_by_code(duan: Client) -> None:
    assert "request.sign_within" in text(duan, "/rules?q=sign_with")
    assert "event.01.002" in text(duan, "/rules?q=暴露垃圾")
    assert "没有含这些字的规则" in text(duan, "/rules?q=不存在的规则")


def test_a_rule_shows_its_source_line_and_that_it_binds_nobody_yet(duan: Client) -> None:
    shown = text(duan, "/rules/request.sign_within")
    assert "national/parameters/" in shown
    assert "尚未确认" in shown or "核对过" in shown
    assert "历次规定" in shown
    low = text(duan, "/rules/intake.longest_title")
    assert "在具名机关确认之前" in low or "待确认" in low or "尚未确认" in low


def test_a_table_is_shown_as_one(duan: Client) -> None:
    shown = text(duan, "/rules/calendar.opening")
    assert '<th scope="col" class="mono">intervals</th>' in shown
    assert "08:30-12:00" in shown


def test_the_catalogue_of_matters_is_to_be_had_as_an_excel_file(duan: Client) -> None:
    assert "/rules/matters.xlsx?subject=matters" in text(duan, "/rules?subject=matters")
    told, rows = sheets_of(duan.get("/rules/matters.xlsx"))
    by_code = {row[0]: row for row in rows[1:]}
    assert rows[0][:3] == ["编号", "事项", "英文名"]
    assert by_code["event.01.002"][1] == "暴露垃圾"
    assert by_code["event.01.002"][4]
    assert ["事项和时限", len(by_code)] in told
    told, rows = sheets_of(duan.get("/rules/matters.xlsx?q=暴露垃圾&lang=en"))
    assert ["Words", "暴露垃圾"] in told
    assert next(row[2] for row in rows[1:] if row[0] == "event.01.002") == "暴露垃圾"
    assert len(rows) < len(by_code)


def test_a_matter_has_limits_filing_and_closing(duan: Client) -> None:
    shown = text(duan, "/rules/matters/event.01.002")
    assert "立案条件" in shown
    assert "结案条件" in shown
    assert text(duan, "/rules/matters/event.99.999", 404)


@pytest.mark.parametrize("kind", ["request", "event"])
def test_a_procedure_is_drawn_and_told_in_tables(duan: Client, kind: str) -> None:
    from linli.cases.rules import procedure_for
    from linli.packs.selectors import live_rules
    from tests.town import AT

    shown = text(duan, f"/rules/procedures/{kind}")
    procedure = procedure_for(live_rules(AT.replace(year=2027)).snapshot_for(""), kind)
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in shown
    for name, title in procedure.titles.items():
        assert title["zh"] in shown, name
    assert " style=" not in shown


def test_what_a_coming_day_changes_is_said_in_words(duan: Client) -> None:
    assert "今后没有已知的变化" in text(duan, "/rules/changes") or "处变化" in text(duan, "/rules/changes")
    shown = text(duan, "/rules/changes?on=2023-03-16")
    assert "两新组织党建牵头由组织部门改为社会工作部" in shown
    assert "已开的案卷不变" in shown


def test_a_nonsense_place_or_day_is_refused_in_words(duan: Client) -> None:
    assert "日期要像这样写" in text(duan, "/rules?on=yesterday", 400)
    assert duan.get("/rules?place=12ab").status_code == 400
    assert duan.get("/rules/no.such.rule").status_code == 404


def test_english_is_complete(duan: Client) -> None:
    for path in ("/rules", "/rules/request.sign_within", "/rules/procedures/request", "/rules/changes"):
        shown = text(duan, f"{path}?lang=en")
        assert 'lang="en"' in shown
    assert "Who may" in text(duan, "/rules/procedures/request?lang=en")


@pytest.mark.parametrize(
    "path",
    ["/rules", "/rules?subject=matters", "/rules/request.sign_within", "/rules/procedures/request", "/rules/changes"],
)
def test_a_page_costs_few_statements(duan: Client, path: str) -> None:
    duan.get(path)
    with statements() as counted:
        duan.get(path)
    assert len(counted) <= MOST_STATEMENTS, counted


def test_who_holds_no_post_or_has_not_signed_in_sees_no_rules(town: Town, signed_in: SignedIn) -> None:
    assert Client().get("/rules").status_code == 302
    assert signed_in("mo").get("/rules").status_code == 404
