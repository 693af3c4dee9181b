"""Signing in: password, tries left, lock, second factor by post, and an idle time-out that loses no text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from linli.journal.selectors import entries_of
from linli.web.conftest import PASSWORD, Clock, SignedIn
from tests.town import Town


def with_password(town: Town, name: str) -> Any:
    """Give somebody a password, as an administrator would."""
    account = get_user_model().objects.get(pk=town.people[name])
    account.set_password(PASSWORD)
    account.save()
    return account


def sign_in(client: Client, name: str, password: str = PASSWORD, to: str = "/desk/queue") -> str:
    """Fill in the form; return where it leads, or the page's words."""
    response = client.post(f"/sign-in?next={to}", {"login": name, "password": password})
    return response["Location"] if response.status_code == 302 else response.content.decode()


def code_of(secret: str) -> str:
    """The code that an app would show now."""
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def test_the_page_says_what_it_wants_in_both_languages(town: Town) -> None:
    chinese = Client().get("/sign-in").content.decode()
    assert "登录" in chinese
    assert 'lang="zh-CN"' in chinese
    english = Client().get("/sign-in?lang=en")
    assert "Sign in" in english.content.decode()
    assert english.cookies["lang"].value == "en"


def test_a_duty_desk_signs_in_with_a_password_alone(town: Town) -> None:
    account = with_password(town, "duan")
    client = Client()
    assert sign_in(client, account.name) == "/desk/queue"
    assert client.session["_auth_user_id"] == str(account.pk)


def test_wrong_tries_are_counted_and_lock_the_name_even_for_the_right_password(town: Town) -> None:
    account = with_password(town, "duan")
    client = Client()
    assert "还可以试 4 次" in sign_in(client, account.name, "wrong")
    for _ in range(4):
        sign_in(client, account.name, "wrong")
    assert "已锁定 15 分钟" in sign_in(client, account.name)
    assert "_auth_user_id" not in client.session


def test_a_name_that_does_not_exist_is_answered_alike(town: Town) -> None:
    assert "账号或密码不对。还可以试 4 次" in sign_in(Client(), "nobody-of-that-name", "wrong")


def test_a_closed_account_is_answered_like_a_wrong_password(town: Town) -> None:
    from linli.access.selectors import system_actor
    from linli.access.services import account_close
    from linli.cases.tests.desk import later

    account = with_password(town, "mo")
    account_close(account.pk, system_actor(), later(minutes=1))
    assert "账号或密码不对" in sign_in(Client(), account.name)


def test_a_post_that_demands_it_reaches_nothing_before_a_second_factor(town: Town) -> None:
    account = with_password(town, "beth")
    client = Client()
    sign_in(client, account.name)
    for path in ("/desk/queue", "/rules", "/no-such-page", "/"):
        assert client.get(path)["Location"] == "/sign-in/app", path
    page = client.get("/sign-in/app")
    assert page.status_code == 200
    assert client.post("/sign-out").status_code == 302


def test_a_second_factor_is_made_and_then_asked_for(town: Town) -> None:
    account = with_password(town, "beth")
    client = Client()
    sign_in(client, account.name)
    secret = client.get("/sign-in/app").context["form"].secret
    made = client.post("/sign-in/app", {"code": code_of(secret)})
    assert made["Location"] == "/sign-in/codes"
    assert "/sign-in/app" not in client.get("/desk/queue").headers.get("Location", "")
    kept = Authenticator.objects.get(user=account, type="totp").data["secret"]
    assert secret not in kept

    again = Client()
    assert sign_in(again, account.name) == "/sign-in/code"
    assert again.get("/sign-in/security")["Location"].startswith("/sign-in?next=")
    Authenticator.objects.filter(user=account).update(last_used_at=None)
    wrong = again.post("/sign-in/code", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()


def test_who_removes_the_second_factor_makes_a_new_one_at_once(town: Town) -> None:
    account = with_password(town, "beth")
    client = Client()
    sign_in(client, account.name)
    made = client.post("/sign-in/app", {"code": code_of(client.get("/sign-in/app").context["form"].secret)})
    assert made.status_code == 302
    assert "/sign-in/app" not in client.get("/admin/accounts").headers.get("Location", "")
    assert client.get("/sign-in/app/remove")["Location"].startswith("/sign-in/again")
    client.post("/sign-in/again?next=/sign-in/app/remove", {"password": PASSWORD})
    assert client.post("/sign-in/app/remove")["Location"] == "/sign-in/security"
    assert not Authenticator.objects.filter(user=account).exists()
    assert client.get("/admin/accounts")["Location"] == "/sign-in/app"


def test_to_remove_the_second_factor_signs_out_every_other_browser(town: Town) -> None:
    account = with_password(town, "beth")
    client, other = Client(), Client()
    sign_in(client, account.name)
    secret = client.get("/sign-in/app").context["form"].secret
    client.post("/sign-in/app", {"code": code_of(secret)})
    sign_in(other, account.name)
    Authenticator.objects.filter(user=account).update(last_used_at=None)
    cache.clear()
    assert other.post("/sign-in/code", {"code": code_of(secret)}).status_code == 302
    assert other.get("/admin/accounts").status_code == 200
    client.post("/sign-in/again?next=/sign-in/app/remove", {"password": PASSWORD})
    assert "在其他浏览器里的登录会一并退出。" in client.get("/sign-in/app/remove").content.decode()
    assert other.get("/admin/accounts").status_code == 200
    client.post("/sign-in/app/remove")
    assert other.get("/admin/accounts")["Location"].startswith("/sign-in?next=")
    assert "_auth_user_id" not in other.session
    assert client.get("/admin/accounts")["Location"] == "/sign-in/app"
    assert entries_of(f"account:{account.pk}")[-1].verb == "access.account.sessions_ended"
    sign_in(other, account.name)
    assert other.get("/sign-in/app").status_code == 200


def test_an_idle_session_ends_and_what_was_typed_is_kept_for_the_same_person(
    town: Town, clock: Clock, signed_in: SignedIn
) -> None:
    account = with_password(town, "duan")
    client = signed_in("duan")
    client.get("/sign-in/security")
    clock.at += timedelta(minutes=26)
    ended = client.post(
        "/sign-in/password",
        {"oldpassword": "x", "words": "清运车下午到。"},
        headers={"referer": "http://testserver/sign-in/security?tab=1"},
    )
    assert ended["Location"] == "/sign-in?next=/sign-in/security%3Ftab%3D1"
    assert "_auth_user_id" not in client.session
    assert "清运车" not in str(dict(client.session))
    assert "25 分钟没有操作" in client.get(ended["Location"]).content.decode()
    assert sign_in(client, account.name, to="/sign-in/security") == "/sign-in/security"

    from django.test import RequestFactory

    from linli.web.signin.keeping import kept_fields

    request = RequestFactory().get("/")
    request.session = client.session
    request.user = account
    assert kept_fields(request, "/elsewhere") == {}
    assert kept_fields(request, "/sign-in/password") == {"words": ["清运车下午到。"]}
    assert kept_fields(request, "/sign-in/password") == {}


def test_nobody_else_gets_what_was_kept(town: Town, clock: Clock, signed_in: SignedIn) -> None:
    from django.test import RequestFactory

    from linli.web.signin.keeping import kept_fields

    client = signed_in("duan")
    client.get("/sign-in/security")
    clock.at += timedelta(minutes=26)
    client.post("/sign-in/password", {"words": "x"}, headers={"referer": "http://testserver/sign-in/security"})
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = get_user_model().objects.get(pk=town.people["hong"])
    assert kept_fields(request, "/sign-in/password") == {}


def test_work_goes_on_while_somebody_works(town: Town, clock: Clock, signed_in: SignedIn) -> None:
    client = signed_in("duan")
    for _ in range(4):
        clock.at += timedelta(minutes=20)
        assert client.get("/sign-in/security").status_code == 200


def test_signing_in_leads_to_no_other_host(town: Town) -> None:
    account = with_password(town, "duan")
    assert sign_in(Client(), account.name, to="https://elsewhere.example/") == "/desk"


@pytest.mark.parametrize(
    ("query", "title", "name", "password"),
    [
        ("", "有 2 处需要改", "请填写账号。", "请填写密码。"),
        ("?lang=en", "2 things to put right", "Enter your account.", "Enter your password."),
    ],
)
def test_an_empty_form_says_what_is_missing_and_keeps_no_password(
    town: Town, query: str, title: str, name: str, password: str
) -> None:
    client = Client()
    page = client.post(f"/sign-in{query}", {"login": "", "password": ""}).content.decode()
    assert all(
        words in page for words in (title, f'<a href="#id_login">{name}</a>', f'<a href="#id_password">{password}')
    )
    assert (page.count(name), page.count(password)) == (2, 2)
    half = client.post(f"/sign-in{query}", {"login": "", "password": "never-said-aloud"}).content.decode()
    assert name in half
    assert password not in half
    assert "never-said-aloud" not in half + str(dict(client.session))
