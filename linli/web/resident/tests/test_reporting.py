"""Reporting: complete without a script, every mistake said at its field, nothing typed is lost, sent once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from django.test import Client

from linli.cases.evidence import evidence_of
from linli.cases.models import Case, Evidence, Voice
from linli.cases.mydata import my_data
from linli.cases.residents import link_of
from linli.cases.tests.desk import open_one, rules
from linli.web.conftest import Clock
from linli.web.resident.tests.conftest import LAT, LON, WORDS, case_of, jpeg, reported, send, token_in
from tests.town import Town

SHARED = next(
    c for c, r in rules().matters().items() if r["joinable"] and r["public"] and not r["protected"] and c[:5] == "topic"
)
TITLE = cast("dict[str, str]", rules().matters()[SHARED]["title"])["zh"]
POINT = {"lon": str(LON), "lat": str(LAT)}


def test_the_first_pages_answer_without_an_account(browser: Client) -> None:
    for path, words in (
        ("/", "有事，"),
        ("/report", "什么事"),
        ("/find", "查进度"),
        ("/around", "身边的事"),
        ("/my", "我的信息"),
        ("/privacy", "隐私说明"),
    ):
        response = browser.get(path)
        assert response.status_code == 200
        assert words in response.content.decode(), path
    assert "Report a problem" in browser.get("/report?lang=en").content.decode()


def test_a_report_gives_number_link_and_code_and_lies_where_the_pin_is(browser: Client) -> None:
    token = reported(browser, phone="13900001234")
    case = Case.objects.get(pk=case_of(token))
    assert (case.place[:12], case.channel) == ("870102001001", "web")
    page = browser.get(f"/report/done/{token}")
    text = page.content.decode()
    assert f"{case.no[:4]} {case.no[4:8]} {case.no[8:]}" in text
    assert f"/f/{token}" in text
    assert "<svg" in text
    assert page["Cache-Control"] == "no-store"
    assert browser.get(f"/f/{token}").status_code == 200


def test_what_is_missing_is_said_at_the_field_and_in_the_summary_and_nothing_is_lost(browser: Client) -> None:
    response = send(browser, words="", where="", phone="abc", photos=jpeg())
    text = response.content.decode()
    assert response.status_code == 422
    assert "出错：" in text
    assert "有 3 处需要改" in text
    assert text.count("请写下是什么事。") == 2
    assert 'href="#words"' in text
    assert 'id="words-err"' in text
    assert "请告诉我们在哪里" in text
    assert 'value="abc"' in text
    photo = Evidence.objects.get()
    assert f"/photo/{photo.pk}" in text
    again = token_in(browser)
    again["draft"] = text.split('name="draft" value="')[1].split('"')[0]
    sent = browser.post("/report", {**again, "words": WORDS, "where": "桂花路口"})
    assert sent.status_code == 302
    assert [one.id for one in evidence_of(case_of(sent["Location"].rsplit("/", 1)[1]))] == [photo.pk]


def test_words_without_a_place_on_the_map_are_taken_in_too(browser: Client) -> None:
    token = reported(browser, lon="", lat="", where="桂花社区门口")
    assert Case.objects.get(pk=case_of(token)).place.startswith("870102001001")


def test_a_pin_outside_the_city_is_told_with_its_distance(browser: Client) -> None:
    response = send(browser, words=WORDS, where="", lon=str(LON + 0.5), lat=str(LAT))
    assert response.status_code == 422
    assert "公里" in response.content.decode()
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "point",
    [{"lon": "nan", "lat": "1"}, {"lon": "1e999", "lat": "0"}, {"lon": "999", "lat": "0"}, {"lon": "x'", "lat": ""}],
)
def test_a_point_that_is_none_is_no_point(browser: Client, point: Any) -> None:
    assert send(browser, words=WORDS, where="", **point).status_code == 422


def test_the_same_form_sent_twice_is_one_report(browser: Client) -> None:
    form = {**token_in(browser), "words": WORDS, "where": "桂花路口", **POINT}
    first, second = browser.post("/report", form), browser.post("/report", form)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_a_helper_is_named_with_consent_or_not_at_all(browser: Client) -> None:
    response = send(browser, words=WORDS, where="桂花路口", for_other="yes", helper="", relation="")
    text = response.content.decode()
    assert "请写您的姓名。" in text
    assert "请先问过他" in text
    token = reported(
        browser, for_other="yes", helper="钱帮忙", relation="邻居", consent="yes", phone="13900001234", tell="call"
    )
    assert Voice.objects.get(case=case_of(token)).wishes == ["by_call", "by_helper"]
    assert "钱帮忙" in str(my_data(link_of(token)))


def test_how_one_is_told_is_a_choice_and_needs_a_telephone(browser: Client) -> None:
    assert send(browser, words=WORDS, where="桂花路口", tell="message").status_code == 422
    assert Voice.objects.get(case=case_of(reported(browser))).wishes == ["link_only"]
    assert Voice.objects.get(case=case_of(reported(browser, phone="13900001234"))).wishes == ["by_message"]


def test_without_a_telephone_the_key_is_named_before_sending(browser: Client) -> None:
    assert "没留电话的，只能凭链接或打印的码查，请收好。" in browser.get("/report").content.decode()


# is it this one?


@pytest.fixture
def neighbour(place: Town, clock: Clock) -> Any:
    opened = open_one(
        matter=SHARED, data={"request_type": "help"}, lon=LON, lat=LAT, title="王小二家门口", task_text="秘密任务"
    )
    clock.at += timedelta(hours=3)
    return opened


def test_a_neighbours_public_matter_is_offered_without_a_word_of_theirs(browser: Client, neighbour: Any) -> None:
    sent = send(browser, words=WORDS, where="桂花路口", matter=SHARED, **POINT)
    assert sent["Location"].endswith("/nearby")
    text = browser.get(sent["Location"]).content.decode()
    assert "是这件事吗？" in text
    assert TITLE in text
    assert not [x for x in (neighbour.no, "王小二", "秘密任务", "赵明月", "139", f"{LON}"[:8]) if x in text]
    assert f'value="{neighbour.case}"' not in text


def test_joining_gives_an_own_number_and_says_which_voice_it_is(browser: Client, neighbour: Any) -> None:
    sent = send(browser, words=WORDS, where="桂花路口", matter=SHARED, **POINT)
    text = browser.get(sent["Location"]).content.decode()
    key = text.split('name="choice" value="')[1].split('"')[0]
    csrf = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    done = browser.post(sent["Location"], {**csrf, "choice": key})
    token = done["Location"].rsplit("/", 1)[1]
    assert link_of(token).case == neighbour.case
    shown = browser.get(done["Location"]).content.decode()
    assert "您是第 2 位反映这件事的人" in shown
    assert neighbour.no not in shown
    assert browser.get(sent["Location"])["Location"] == done["Location"]
    left = browser.post(f"/f/{token}/leave", csrf)
    assert left.status_code == 302
    assert not link_of(token).is_joined


def test_reporting_ones_own_leaves_the_neighbours_alone(browser: Client, neighbour: Any) -> None:
    sent = send(browser, words=WORDS, where="桂花路口", matter=SHARED, **POINT)
    csrf = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    token = browser.post(sent["Location"], {**csrf, "choice": "none"})["Location"].rsplit("/", 1)[1]
    assert not link_of(token).is_joined


@pytest.mark.parametrize("choice", ["", "0" * 24, "1", "../x", "<script>"])
def test_a_forged_choice_joins_nothing(browser: Client, neighbour: Any, choice: Any) -> None:
    sent = send(browser, words=WORDS, where="桂花路口", matter=SHARED, **POINT)
    csrf = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    response = browser.post(sent["Location"], {**csrf, "choice": choice})
    assert response.status_code == 200
    assert Case.objects.count() == 1


def test_another_browser_does_not_read_a_draft_by_guessing(browser: Client, neighbour: Any) -> None:
    other = Client()
    assert other.get(f"/report/{'A' * 32}/nearby").status_code == 302
    assert other.get("/report/short/nearby").status_code == 404


# what it seems to be


def test_words_of_danger_bring_the_numbers_first(browser: Client) -> None:
    csrf = token_in(browser)
    text = browser.post("/report/guess", {**csrf, "words": "楼上男人在打老婆，一直在喊救命"}).content.decode()
    assert "110" in text
    assert "data-exit" in text
    token = reported(browser, words="楼上男人在打老婆，一直在喊救命")
    assert Case.objects.get(pk=case_of(token)).compartment == "protected"
    for path in (f"/report/done/{token}", f"/f/{token}"):
        page = browser.get(path).content.decode()
        main = page.split('id="main"')[1]
        assert main.index("tel:110") < main.index("<h1")
    assert browser.post("/report/guess", {**csrf, "words": ""}).content == b""
