"""What every page has: policy of content, language, size of text, light and dark, and errors said in words."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.town import Town

HEAD = "Content-Security-Policy"


def page(path: str = "/sign-in", **headers: str) -> str:
    """A page as text."""
    return Client().get(path, headers=headers).content.decode()


def test_every_answer_carries_the_strict_policy(town: Town) -> None:
    for path in ("/sign-in", "/no-such-page"):
        policy = Client().get(path)[HEAD]
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "object-src 'none'" in policy
        assert "unsafe" not in policy


def test_pages_are_chinese_unless_english_is_asked_for(town: Town) -> None:
    assert 'lang="zh-CN"' in page()
    assert 'lang="zh-CN"' in page(**{"accept-language": "zh-CN,en;q=0.8"})
    assert 'lang="en"' in page(**{"accept-language": "en-GB,zh;q=0.5"})
    assert 'lang="en"' in page("/sign-in?lang=en")
    assert 'lang="zh-CN"' in page("/sign-in?lang=fr")


@pytest.mark.parametrize(("asked", "kept"), [("text=xl", 'data-text="xl"'), ("theme=dark", 'data-theme="dark"')])
def test_a_choice_holds_at_once_and_is_kept_in_a_cookie(town: Town, asked: str, kept: str) -> None:
    client = Client()
    first = client.get(f"/sign-in?{asked}")
    assert kept in first.content.decode()
    name = asked.split("=", maxsplit=1)[0]
    assert first.cookies[name]["httponly"]
    assert first.cookies[name]["samesite"] == "Lax"
    assert kept in client.get("/sign-in").content.decode()


def test_a_nonsense_choice_is_ignored(town: Town) -> None:
    response = Client().get('/sign-in?text="><b>&theme=x')
    assert 'data-text="m"' in response.content.decode()
    assert "text" not in response.cookies


def test_a_wrong_address_is_answered_in_words(town: Town) -> None:
    response = Client().get("/no-such-page")
    assert response.status_code == 404
    assert "这里没有内容" in response.content.decode()


def test_a_form_from_elsewhere_is_refused(town: Town) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "请返回" in response.content.decode()


def test_a_crash_has_a_number_and_says_nothing_else(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.web.signin import middleware

    def broken() -> None:
        raise RuntimeError("赵明月 13912345678")

    monkeypatch.setattr(middleware, "now", broken)
    response = Client(raise_request_exception=False).get("/sign-in")
    text = response.content.decode()
    assert response.status_code == 500
    assert "系统出错了" in text
    assert "赵明月" not in text
    assert "RuntimeError" not in text


def test_methods_that_a_page_does_not_know_are_refused(town: Town) -> None:
    assert Client().delete("/sign-in").status_code == 405
