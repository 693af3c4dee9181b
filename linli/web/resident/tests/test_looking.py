"""Looking without a link: every miss is one answer, five tries a number, and only public things around."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.desk import VOICE, in_hand, open_one
from linli.cases.tests.test_publicly import DATA, PRIVATE, PUBLIC
from linli.web.conftest import Clock
from linli.web.resident.tests import conftest
from linli.web.resident.tests.conftest import send
from tests.town import Town

LON, LAT = conftest.LON + 0.000321, conftest.LAT + 0.000123


def find(browser: Client, number: Any, digits: Any) -> Any:
    response = send(browser, "/find", number=number, digits=digits)
    return response.status_code, response.content.decode()


def test_number_and_digits_tell_the_state_and_who_has_it(browser: Client, place: Town) -> None:
    opened = in_hand(place)
    status, text = find(browser, opened.no, "5678")
    assert status == 200
    assert "办理中" in text
    assert "桂花街道环卫所" in text
    assert not [x for x in (VOICE.name, VOICE.phone, "垃圾", "清理", opened.token) if x in text]


def test_whatever_does_not_fit_is_word_for_word_one_answer(browser: Client, place: Town) -> None:
    opened = in_hand(place)
    sealed = open_one(compartment="sealed")
    protected = open_one(compartment="protected")
    answers = set()
    for number, digits in (
        (opened.no, "0000"),
        ("123456789012", "5678"),
        (sealed.no, "5678"),
        (protected.no, "5678"),
        (opened.no, ""),
    ):
        status, text = find(browser, number, digits)
        csrf = browser.cookies["csrftoken"].value
        import re

        plain = re.sub(
            r'(csrfmiddlewaretoken" value=|X-CSRFToken&quot;: |X-CSRFToken": )"?[^">}]*', "", text.replace(csrf, "")
        )
        answers.add((status, plain.replace(f'value="{number}"', "")))
    assert len(answers) == 1
    assert "没查到。" in answers.pop()[1]


def test_five_tries_lock_a_number_whether_it_is_one_or_not_and_no_other(
    browser: Client, place: Town, clock: Clock
) -> None:
    opened, other = in_hand(place), in_hand(place)
    for number in (opened.no, "999988887777"):
        assert [find(browser, number, "0000")[0] for _ in range(5)] == [404] * 5
        assert find(browser, number, "5678")[0] == 429
    spaced = f"{opened.no[:4]} {opened.no[4:8]} {opened.no[8:]}"
    assert find(browser, spaced, "5678")[0] == 429
    assert find(browser, other.no, "5678")[0] == 200
    clock.at += timedelta(hours=12)
    assert find(browser, opened.no, "5678")[0] == 200


def test_around_shows_public_things_and_nobody(browser: Client, place: Town, clock: Clock) -> None:
    open_one(matter=PUBLIC, data=DATA, lon=LON, lat=LAT, title="秘密标题")
    open_one(matter=PRIVATE, data=DATA, lon=LON, lat=LAT, title="秘密标题")
    assert "这里最近没有公开的事" in browser.get("/around").content.decode()
    clock.at += timedelta(hours=3)
    text = browser.get("/around").content.decode()
    assert text.count("data-lon") == 1
    assert "桂花社区" in text
    assert "已受理" in text
    assert not [x for x in ("秘密标题", VOICE.name, f"{LON}", f"{LAT}", "垃圾堆积") if x in text]
    ground = browser.get("/around/ground")
    assert ground.status_code == 200
    assert ground.json()["type"] == "FeatureCollection"


@pytest.mark.parametrize("number", ["", "x" * 500, "' OR 1=1 --", "<script>alert(1)</script>", "１２３４"])
def test_nonsense_is_a_miss_and_shown_as_text(browser: Client, number: Any) -> None:
    status, text = find(browser, number, "<script>")
    assert status == 404
    assert "<script>alert" not in text
