"""My data: what, why, until when; corrected, taken along, erased; the link is the only key."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from linli.cases.mydata import voice_told
from linli.cases.residents import link_of
from linli.web.resident.tests.conftest import jpeg, reported, send, token_in

PHONE = "13900001234"


def test_the_link_opens_what_is_held_with_purpose_basis_and_end(browser: Client) -> None:
    token = reported(browser, phone=PHONE, photos=jpeg())
    assert send(browser, "/my", link="x").status_code == 404
    sent = send(browser, "/my", link=f"https://example.org/f/{token}?text=xl")
    assert sent["Location"] == f"/my/{token}"
    text = browser.get(f"/my/{token}").content.decode()
    for words in (PHONE, "路口的路灯不亮", "办理中联系反映人", "个人信息保护法", "办结后 730 天", "照片"):
        assert words in text, words
    assert browser.get(f"/my/{'C' * 32}").status_code == 404


def test_telephone_and_wish_are_corrected(browser: Client) -> None:
    token = reported(browser, phone=PHONE)
    csrf = token_in(browser, f"/my/{token}")
    wrong = browser.post(f"/my/{token}/correct", {**csrf, "phone": "abc"})
    assert wrong.status_code == 422
    assert "这不像电话号码" in wrong.content.decode()
    right = browser.post(f"/my/{token}/correct", {**csrf, "name": "李四", "phone": "13800001111", "tell": "call"})
    assert right.status_code == 200
    assert "改好了。" in right.content.decode()
    assert (voice_told(link_of(token)).name, voice_told(link_of(token)).phone) == ("李四", "13800001111")
    assert PHONE not in browser.get(f"/my/{token}").content.decode()


def test_it_is_taken_along_as_a_file(browser: Client) -> None:
    token = reported(browser, phone=PHONE)
    got = browser.get(f"/my/{token}/download")
    assert got["Content-Disposition"].startswith("attachment")
    told = json.loads(got.content)
    assert PHONE in str(told)
    assert {row["what"] for row in told["held"]} >= {"原话"}


def test_it_is_erased_once_one_is_sure_and_the_link_still_shows_the_matter(
    browser: Client, django_capture_on_commit_callbacks: Any
) -> None:
    token = reported(browser, phone=PHONE, photos=jpeg())
    csrf = token_in(browser, f"/my/{token}")
    assert browser.post(f"/my/{token}/erase", csrf).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        gone = browser.post(f"/my/{token}/erase", {**csrf, "sure": "yes"})
    assert "已删除。" in gone.content.decode()
    text = browser.get(f"/my/{token}").content.decode()
    assert PHONE not in text
    assert "路口的路灯不亮" not in text
    assert "已经没有了" in text
    assert browser.get(f"/f/{token}").status_code == 200
