"""Behind a private link: the course in plain words, more words and photos, put right, taken back, judged, and trouble told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.evidence import evidence_of
from linli.cases.models import Case
from linli.cases.residents import link_of
from linli.cases.tests.desk import in_hand, later, open_one, take
from linli.cases.tests.test_residents import ASKED, answered
from linli.cases.voices import PartRequest, voice_open
from linli.web.conftest import Clock
from linli.web.resident.tests.conftest import case_of, jpeg, reported, send, token_in
from tests.statements import statements
from tests.town import Town


def page(browser: Client, token: Any, more: Any = "") -> Any:
    return browser.get(f"/f/{token}{more}").content.decode()


def test_it_says_where_it_is_who_has_it_until_when_and_why(browser: Client, place: Town, clock: Clock) -> None:
    opened = in_hand(place)
    take(opened.case, "say", place.ref("han"), later(minutes=20), words="已安排清运，下午再来一车。")
    text = page(browser, opened.token)
    assert "正在办理，" in text
    assert "前办好" in text
    assert place.bodies
    assert "桂花街道环卫所" in text
    for words in (
        "为什么是这个时间",
        "规定",
        "从那时算起",
        "已安排清运，下午再来一车。",
        "没有人",
        'aria-current="step"',
        "剩 ",
    ):
        assert words in text, words
    assert f"{opened.no[:4]} {opened.no[4:8]} {opened.no[8:]}" in text
    english = page(browser, opened.token, "?lang=en")
    assert "In hand;" in english
    assert "What happened" in english
    assert "left" in english


@pytest.mark.parametrize(
    ("steps", "words"),
    [((), "收到了，"), (("dispatch",), "已交给桂花街道环卫所，"), (("dispatch", "sign", "begin"), "正在办理，")],
)
def test_each_state_is_a_sentence(browser: Client, place: Town, steps: Any, words: Any) -> None:
    opened = open_one()
    for minute, step in enumerate(steps, 1):
        who, form = ("duan", {"organisation": place.sanitation}) if step == "dispatch" else ("han", {})
        take(opened.case, step, place.ref(who), later(minutes=minute), **form)
    assert words in page(browser, opened.token)


def test_a_late_matter_says_so_and_that_the_head_was_told(browser: Client, place: Town, clock: Clock) -> None:
    opened = in_hand(place)
    clock.at = later(days=40)
    text = page(browser, opened.token)
    assert "超过时限了，" in text
    assert "已提醒桂花街道环卫所负责人" in text


def test_who_looked_is_shown_with_the_reason(browser: Client, place: Town, clock: Clock) -> None:
    opened = in_hand(place)
    asked = PartRequest(opened.case, link_of(opened.token).voice, "identity", "约定上门时间")
    voice_open(asked, place.ref("duan"), request_id=uuid4(), at=later(minutes=20))
    text = page(browser, opened.token)
    assert "约定上门时间" in text
    assert "桂花街道城市运行管理分中心" in text


def test_more_words_and_photos_are_added_and_seen_again(browser: Client, clock: Clock) -> None:
    token = reported(browser)
    clock.at += timedelta(minutes=1)
    assert send(browser, f"/f/{token}/add", words="").status_code == 422
    sent = send(browser, f"/f/{token}/add", words="<b>又坏了一盏</b>", photos=jpeg())
    assert sent["Location"].startswith(f"/f/{token}?said=added")
    text = page(browser, token)
    assert "您补充：&lt;b&gt;又坏了一盏&lt;/b&gt;" in text
    (photo,) = evidence_of(case_of(token))
    got = browser.get(f"/f/{token}/photo/{photo.id}")
    assert got["Content-Type"] == "image/jpeg"
    assert got.content[:2] == b"\xff\xd8"
    other = reported(browser, words="另一件事，垃圾没人清。")
    assert browser.get(f"/f/{other}/photo/{photo.id}").status_code == 404
    assert browser.get(f"/f/{'B' * 32}/photo/{photo.id}").status_code == 404


def test_it_is_put_right_for_ten_minutes(browser: Client, clock: Clock) -> None:
    token = reported(browser)
    assert "改一下说法" in page(browser, token)
    text = page(browser, token, "/correct")
    assert "路口的路灯不亮" in text
    assert send(browser, f"/f/{token}/correct", words="是南边路口的路灯不亮。").status_code == 302
    assert Case.objects.get(pk=case_of(token)).counts["corrected"] == 1
    refused = send(browser, f"/f/{token}/correct", words="我要举报街道办主任收受贿赂")
    assert refused.status_code == 422
    assert "重新反映" in refused.content.decode()
    clock.at += timedelta(minutes=11)
    late = send(browser, f"/f/{token}/correct", words="太晚了")
    assert late.status_code == 422
    assert "更正的时间已经过了" in late.content.decode()


def test_it_is_taken_back_and_somebody_will_ask_why(browser: Client) -> None:
    token = reported(browser)
    sent = send(browser, f"/f/{token}/withdraw", words="")
    assert sent.status_code == 302
    assert Case.objects.get(pk=case_of(token)).state == "withdrawn"
    assert "已撤回" in browser.get(sent["Location"]).content.decode()
    assert "可以打 12345 要求复核" in page(browser, token)


def test_a_reminder_is_counted(browser: Client) -> None:
    token = reported(browser)
    csrf = token_in(browser)
    assert browser.post(f"/f/{token}/remind", csrf).status_code == 302
    assert Case.objects.get(pk=case_of(token)).counts["reminders"] == 1
    assert browser.post(f"/f/{token}/leave", csrf).status_code == 409


# solved?


def test_not_solved_goes_back_with_its_new_deadline(browser: Client, place: Town, clock: Clock) -> None:
    opened = answered(place, matter=ASKED)
    clock.at = later(hours=2)
    assert "说说解决了没有" in page(browser, opened.token)
    assert send(browser, f"/f/{opened.token}/rate").status_code == 422
    thanks = send(browser, f"/f/{opened.token}/rate", solved="no", satisfied="no", words="还是有味")
    text = thanks.content.decode()
    assert thanks.status_code == 200
    assert "已退回重办，最晚" in text
    assert Case.objects.get(pk=opened.case).state == "in_hand"


def test_a_closed_matter_is_opened_again_by_not_solved(browser: Client, place: Town, clock: Clock) -> None:
    opened = answered(place, matter=ASKED)
    take(opened.case, "call_back", place.ref("duan"), later(hours=2), solved="no_answer")
    clock.at = later(hours=3)
    assert "办好" in page(browser, opened.token)
    send(browser, f"/f/{opened.token}/rate", solved="no")
    assert Case.objects.get(pk=opened.case).state == "received"
    clock.at = later(hours=4)
    assert "您说没有解决，退回重办。" in page(browser, opened.token)


def test_solved_ends_it_and_is_not_asked_again(browser: Client, place: Town, clock: Clock) -> None:
    opened = answered(place, matter=ASKED)
    clock.at = later(hours=2)
    text = send(browser, f"/f/{opened.token}/rate", solved="yes", satisfied="yes").content.decode()
    assert "这件事就办到这里。" in text
    assert "说说解决了没有" not in page(browser, opened.token)
    again = send(browser, f"/f/{opened.token}/rate", solved="no")
    assert again.status_code == 422
    assert "已经" in again.content.decode()


def test_before_an_answer_there_is_no_form_but_where_it_stands_until_when_and_a_way_back(
    browser: Client, place: Town
) -> None:
    opened = in_hand(place)
    told = {
        "": ("还没办好", "正在办理，", "最晚什么时候", "等有了答复，就可以在这里说解决了没有。"),
        "?lang=en": ("Not done yet", "In hand; due ", "By when", "Once it is answered, you can say here whether"),
    }
    for query, words in told.items():
        text = page(browser, opened.token, f"/rate{query}")
        assert [one for one in words if one not in text] == []
        assert 'name="solved"' not in text
        assert f'href="/f/{opened.token}"' in text


def test_who_has_said_it_and_who_took_it_back_are_asked_no_more(browser: Client, place: Town, clock: Clock) -> None:
    opened, taken_back = answered(place, matter=ASKED), reported(browser)
    clock.at = later(hours=2)
    assert 'name="solved"' in page(browser, opened.token, "/rate")
    send(browser, f"/f/{opened.token}/rate", solved="yes")
    send(browser, f"/f/{taken_back}/withdraw")
    for token, chinese, english in (
        (opened.token, "您已经说过解决了没有", "You have said already whether it is solved"),
        (taken_back, "这件事已经结束", "This matter has ended"),
    ):
        for query, words in (("?lang=zh", chinese), ("?lang=en", english)):
            text = page(browser, token, f"/rate{query}")
            assert (words in text, 'name="solved"' in text) == (True, False), text


def test_being_troubled_goes_to_the_sealed_desk_and_leaves_no_trace_in_the_matter(
    browser: Client, place: Town, clock: Clock
) -> None:
    opened = answered(place, matter=ASKED)
    clock.at = later(hours=2)
    sent = send(browser, f"/f/{opened.token}/rate", solved="yes", troubled="yes", trouble="有人半夜来敲门")
    text = sent.content.decode()
    sealed = Case.objects.exclude(pk=opened.case).get()
    assert (sealed.compartment, sealed.marks["accused"]) == ("sealed", [place.sanitation])
    token = text.split("notice")[1].split("/f/")[1].split('"')[0]
    assert link_of(token).home == sealed.pk
    matter = page(browser, opened.token)
    assert "敲门" not in matter
    assert sealed.no not in matter
    assert "troubled" not in str(vars(Case.objects.get(pk=opened.case)))
    from linli.cases.selectors import desk_view, history

    for seen in (
        desk_view(place.actor("duan"), opened.case, clock.at),
        history(place.actor("duan"), opened.case, clock.at),
    ):
        assert "敲门" not in str(seen)
        assert str(sealed.pk) not in str(getattr(seen, "children", ""))


def test_saying_no_to_trouble_opens_nothing(browser: Client, place: Town, clock: Clock) -> None:
    opened = answered(place, matter=ASKED)
    clock.at = later(hours=2)
    send(browser, f"/f/{opened.token}/rate", solved="yes", troubled="no", trouble="x")
    assert Case.objects.count() == 1


def test_pages_cost_few_statements(browser: Client, place: Town, clock: Clock) -> None:
    opened = answered(place, matter=ASKED)
    clock.at = later(hours=2)
    budgets = {f"/f/{opened.token}": 12, f"/report/done/{opened.token}": 12, f"/f/{opened.token}/rate": 12,
               f"/my/{opened.token}": 9, "/": 4, "/report": 5, "/around": 6, "/find": 5, "/my": 5, "/privacy": 5}  # fmt: skip
    for path in budgets:
        browser.get(path)
    spent = {}
    for path in budgets:
        with statements() as seen:
            assert browser.get(path).status_code == 200
        spent[path] = len(seen)
    assert {path: n for path, n in spent.items() if n > budgets[path]} == {}, spent


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("partly", "解决了一部分"),
        ("explained", "作了解释"),
        ("not_accepted", "不能办"),
        ("referred", "已转给该管的单位"),
    ],
)
def test_what_was_not_put_right_is_not_called_done_and_says_why_and_what_else(
    browser: Client, place: Town, clock: Clock, result: Any, said: Any
) -> None:
    opened = in_hand(place, matter=ASKED)
    reason = "这里是小区里面的灯，由物业负责。"
    take(opened.case, "reply", place.ref("han"), later(hours=1), result=result, words=reason)
    clock.at = later(hours=2)
    head = page(browser, opened.token).partition("<h1")[2].partition("<ol")[0]
    assert "办完了" not in head
    take(opened.case, "call_back", place.ref("duan"), later(hours=2), solved="no_answer")
    clock.at = later(hours=3)
    head = page(browser, opened.token).partition("<h1")[2].partition("<dl")[0]
    assert said in head.partition("</h1>")[0]
    assert "办好了" not in head
    assert reason in head
    assert "不满意" in head or "12345" in head
    assert said not in page(browser, opened.token, "?lang=en")


def test_what_went_elsewhere_says_why_above_everything_else(browser: Client, place: Town, clock: Clock) -> None:
    opened = open_one()
    reason = "这件事由法院处理，可以到诉讼服务中心。"
    take(opened.case, "route_elsewhere", place.ref("duan"), later(minutes=5), route="legal_route", words=reason)
    text = page(browser, opened.token)
    assert text.index(reason) < text.index("<dl")
    assert "12345" in text.partition("<h1")[2].partition("<dl")[0]
