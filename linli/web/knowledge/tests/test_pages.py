"""Pages of answers: found, read, written, said to be wrong; by whom, by whom not, and what a page costs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.cases.tests.desk import later, open_one, take
from linli.knowledge.models import Report, Version
from linli.knowledge.reporting import report_missing, report_wrong
from linli.knowledge.selectors import entries_for
from linli.knowledge.tests.scene import LAMP_SAID, says, write
from linli.web.conftest import SignedIn
from tests.town import AT, DISTRICT, STREET, Town

MOST_QUERIES = 15
PEOPLE = ("", "mo", "adam", "han", "deng", "duan", "he")
TABLE: Mapping[str, tuple[int, ...]] = {
    "answers": (302, 404, 404, 200, 200, 200, 200),
    "answer": (302, 404, 404, 200, 200, 200, 200),
    "answer_reports": (302, 404, 404, 404, 404, 404, 200),
    "answers_look": (302, 404, 404, 404, 404, 404, 200),
    "answer_new": (302, 404, 404, 404, 404, 404, 200),
    "answer_change": (302, 404, 404, 404, 404, 404, 200),
    "answer_missing": (405,) * 7,
    "answer_wrong": (405,) * 7,
    "answer_checked": (405,) * 7,
    "answer_end": (405,) * 7,
    "answer_report_drop": (405,) * 7,
}
SENT = {"questions": "路灯不亮找谁\n灯坏了", "answer": "打热线。", "place": STREET, "matter": "event.01.002"}


def address(name: str, row: int = 0) -> str:
    kwargs = {"report": row} if name == "answer_report_drop" else {"entry": row}
    takes = name not in ("answers", "answer_reports", "answers_look", "answer_new", "answer_missing")
    return reverse(name, kwargs=kwargs if takes else {})


def text_of(client: Client, where: str, **query: Any) -> str:
    answer = client.get(where, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_address_is_in_the_table() -> None:
    assert {one.name for one in import_module("linli.web.knowledge.urls").urlpatterns} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_person_gets_what_the_table_says(town: Town, signed_in: SignedIn, name: str) -> None:
    entry = write(town)
    found = tuple((signed_in(who) if who else Client()).get(address(name, entry)).status_code for who in PEOPLE)
    assert dict(zip(PEOPLE, found, strict=True)) == dict(zip(PEOPLE, TABLE[name], strict=True))


@pytest.mark.parametrize("who", ["mo", "adam", "han", "deng", "duan"])
def test_a_forged_post_of_others_does_nothing(town: Town, signed_in: SignedIn, who: str) -> None:
    entry = write(town)
    report = report_wrong(entry, "", town.actor("hong"), AT)
    client, sent = signed_in(who), {**SENT, "owner": str(town.street_desk), "until": "2026-12-01", "reason": "不改"}
    for name in ("answer_new", "answer_change", "answer_checked", "answer_end", "answer_report_drop"):
        answer = client.post(address(name, report if name == "answer_report_drop" else entry), sent)
        assert answer.status_code in (403, 404)
    assert Version.objects.count() == 1
    assert Report.objects.get(pk=report).settled_at is None
    assert says(entry, later(hours=1)).checked_at == AT


def test_a_question_finds_its_answer_with_the_words_marked(town: Town, signed_in: SignedIn) -> None:
    entry = write(town)
    shown = text_of(signed_in("hong"), address("answers"), q="路灯")
    assert f'href="/desk/answers/{entry}"' in shown
    assert "<mark>路灯</mark>" in shown
    assert LAMP_SAID in shown
    assert "桂花街道城市运行管理分中心" in shown


def test_an_empty_search_is_told_to_whoever_writes_with_one_press(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("hong")
    answer = client.get(address("answers"), {"q": "电梯年检"})
    assert answer.status_code == 404
    assert 'data-key="b"' in answer.content.decode()
    assert client.post(address("answer_missing"), {"asked": "电梯年检"}).status_code == 302
    assert "电梯年检" in text_of(signed_in("he"), address("answer_reports"))
    assert client.post(address("answer_missing"), {"asked": " "}).status_code == 400
    assert Report.objects.count() == 1


def test_wrong_is_one_press_and_shows_on_the_entry(town: Town, signed_in: SignedIn) -> None:
    entry, client = write(town), signed_in("hong")
    assert client.post(address("answer_wrong", entry), {}).status_code == 302
    assert "有值班台说这条不对" in text_of(client, address("answer", entry))
    long = client.post(address("answer_wrong", entry), {"words": "长" * 501})
    assert long.status_code == 422
    assert "最多 500 字" in long.content.decode()
    assert Report.objects.count() == 1


def test_the_words_of_a_report_are_for_the_writer_alone(town: Town, signed_in: SignedIn) -> None:
    entry = write(town)
    report_wrong(entry, "电话早就换了", town.actor("hong"), AT)
    assert "电话早就换了" in text_of(signed_in("he"), address("answer", entry))
    assert "电话早就换了" not in text_of(signed_in("duan"), address("answer", entry))


def test_an_answer_is_written_for_what_was_missing(town: Town, signed_in: SignedIn) -> None:
    report = report_missing("路灯不亮", "", "", town.actor("hong"), AT)
    client = signed_in("he")
    form = text_of(client, address("answer_new"), report=str(report))
    assert "路灯不亮</textarea>" in form
    sent = {**SENT, "owner": str(town.street_desk), "report": str(report), "until": "2027-12-31"}
    answer = client.post(address("answer_new"), sent)
    assert answer.status_code == 302
    (found,) = entries_for("灯坏了", STREET, later(hours=1), limit=5)
    assert (found.owner, found.matter, found.questions) == (
        town.street_desk,
        "event.01.002",
        ("路灯不亮找谁", "灯坏了"),
    )
    assert str(found.until) == "2027-12-31 16:00:00+00:00"
    assert Report.objects.get(pk=report).how == "changed"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("questions", ""), ("answer", " "), ("owner", ""), ("until", "31.12.2026"), ("until", "9999-12-31"),
     ("since", "x"), ("matter", "event.99.999"), ("until", "2020-01-01")],
)  # fmt: skip
def test_a_wrong_field_is_said_at_the_field_and_nothing_is_lost(
    town: Town, signed_in: SignedIn, field: str, wrong: str
) -> None:
    sent = {**SENT, "owner": str(town.street_desk), "source": "照明条例", field: wrong}
    answer = signed_in("he").post(address("answer_new"), sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in shown
    assert f'href="#f-{field}"' in shown
    assert "照明条例" in shown
    assert Version.objects.count() == 0


def test_a_change_opens_a_version_and_the_old_one_can_be_read(town: Town, signed_in: SignedIn) -> None:
    entry, client = write(town), signed_in("he")
    report = report_wrong(entry, "电话换了", town.actor("hong"), AT)
    form = text_of(client, address("answer_change", entry))
    assert "电话换了" in form
    assert f'name="settles" value="{report}"' in form
    sent = {**SENT, "owner": str(town.street_desk), "answer": "打新电话。", "was": "1", "settles": str(report)}
    assert client.post(address("answer_change", entry), sent).status_code == 302
    assert "打新电话。" in text_of(client, address("answer", entry))
    old = text_of(client, address("answer", entry), version="1")
    assert LAMP_SAID in old
    assert "这是第 1 版" in old
    assert Report.objects.get(pk=report).how == "changed"
    stale = client.post(address("answer_change", entry), {**sent, "answer": "又一版。"})
    assert stale.status_code == 409
    assert "这期间有人改过这条" in stale.content.decode()
    assert "又一版。" in stale.content.decode()


def test_check_drop_and_end(town: Town, signed_in: SignedIn) -> None:
    entry, client = write(town), signed_in("he")
    report = report_wrong(entry, "", town.actor("hong"), AT)
    empty = client.post(address("answer_report_drop", report), {"reason": ""})
    assert empty.status_code == 422
    assert f'id="reason-{report}-e"' in empty.content.decode()
    assert client.post(address("answer_report_drop", report), {"reason": "核实过"}).status_code == 302
    assert client.post(address("answer_checked", entry), {"from": "look"})["Location"] == "/desk/answers/look"
    assert says(entry, later(hours=1)).checked_at == later(minutes=30)
    assert client.post(address("answer_end", entry), {"until": "x"}).status_code == 422
    assert client.post(address("answer_end", entry), {"until": "2026-11-30"}).status_code == 302
    assert str(says(entry, later(hours=1)).until) == "2026-11-30 16:00:00+00:00"


def test_what_is_old_or_ends_stands_in_its_list(town: Town, signed_in: SignedIn) -> None:
    write(town, at=later(days=-200), questions=("很久以前的问题",))
    write(town, until=later(days=9), questions=("快到期的问题",))
    shown = text_of(signed_in("he"), address("answers_look"))
    assert "很久以前的问题" in shown
    assert "快到期的问题" in shown


def test_how_often_it_answered_is_a_sum_of_cases(town: Town, signed_in: SignedIn) -> None:
    entry, opened = write(town), open_one()
    said = {"result": "explained", "words": "打热线。", "entry": entry}
    take(opened.case, "answer_at_once", town.ref("hong"), later(minutes=5), **said)
    assert "<p>1 件</p>" in text_of(signed_in("duan"), address("answer", entry))


def test_an_answer_of_a_wider_place_is_written_again_for_a_narrower(town: Town, signed_in: SignedIn) -> None:
    from linli.access.selectors import system_actor
    from linli.knowledge.services import entry_open
    from linli.knowledge.tests.scene import draft

    wide = entry_open("lamp", DISTRICT, draft(town, owner=town.lighting), system_actor(), AT)
    client = signed_in("he")
    assert client.get(address("answer_change", wide)).status_code == 404
    form = text_of(client, address("answer_new"), like=str(wide))
    assert 'name="key" value="lamp"' in form
    assert (
        client.post(address("answer_new"), {**SENT, "owner": str(town.street_desk), "key": "lamp"}).status_code == 302
    )
    shown = text_of(client, address("answers"), q="路灯不亮")
    assert f"/desk/answers/{wide}" not in shown


@pytest.mark.parametrize("where", ["/desk/answers/987654", "/desk/answers/1234567890123456789012", "/desk/answers/0"])
def test_an_unknown_entry_is_a_wrong_address(town: Town, signed_in: SignedIn, where: str) -> None:
    assert signed_in("he").get(where).status_code == 404


@pytest.mark.parametrize(
    "query", [{"q": "\x00路灯"}, {"place": "\x00"}, {"place": "abc"}, {"q": "路" * 500}, {"q": "%_\\"}]
)
def test_odd_questions_are_answered(town: Town, signed_in: SignedIn, query: dict[str, str]) -> None:
    write(town)
    expected = (400,) if "\x00" in "".join(query.values()) else (200, 404)
    assert signed_in("hong").get("/desk/answers", query).status_code in expected


def test_a_script_in_a_text_is_shown_as_text(town: Town, signed_in: SignedIn) -> None:
    entry = write(town, questions=("<script>alert(1)</script>路灯",), answer="<b>x</b>\x00y")
    shown = text_of(signed_in("hong"), address("answer", entry))
    assert "<script>alert(1)" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;y" in shown


@pytest.mark.parametrize("name", ["answers", "answer", "answer_reports", "answers_look", "answer_new", "answer_change"])
def test_a_page_costs_the_same_however_much_there_is(town: Town, signed_in: SignedIn, name: str) -> None:
    entry, client = write(town, at=later(days=-200)), signed_in("he")
    report_wrong(entry, "一", town.actor("hong"), AT)
    client.get(address(name, entry))
    with CaptureQueriesContext(connection) as few:
        client.get(address(name, entry))
    for number in range(6):
        other = write(town, at=later(days=-200), questions=(f"问题{number}",))
        report_wrong(other, f"第{number}处", town.actor("hong"), AT)
        report_wrong(entry, f"第{number}处", town.actor("hong"), AT)
    with CaptureQueriesContext(connection) as many:
        client.get(address(name, entry))
    assert len(few) == len(many) <= MOST_QUERIES
