"""In Debian's Chromium: a desk makes an order, a body without an account works with it on a phone; a passkey is made and used.

`LINLI_SCREENSHOTS=DIR` keeps pictures.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from linli.app.homes import PROJECT
from linli.app.tests.installation import environment, let_loose, linli, new_home
from linli.app.tests.test_serve import fetched, free_port
from linli.web.tests import seed
from linli.web.tests.test_journeys import CHROMIUM, SIZES, Journey, Served, window

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]

PHONE, WIDE = SIZES[1], SIZES[0]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A served town; by its name, for a passkey belongs to a name and never to an address of digits."""
    with new_home() as home:
        made = linli(home, "setup", "--pack", "national")
        assert made.returncode == 0, made.stderr[-2000:]
        filled = subprocess.run(
            [sys.executable, "-m", seed.__name__], env=environment(home), cwd=PROJECT, capture_output=True, text=True, check=True
        )  # fmt: skip
        told = json.loads(filled.stdout)
        port = free_port()
        server = let_loose(home, "serve", "--port", str(port), "--workers", "0")
        try:
            assert fetched(f"http://127.0.0.1:{port}/sign-in")[0] == 200
            people = {k: tuple(v) for k, v in told["people"].items()}
            yield Served(f"http://localhost:{port}", people, told["cases"], told["sanitation"])
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def shot(page: Page, name: str) -> None:
    """Keep a picture where one was asked for."""
    if folder := os.environ.get("LINLI_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def dispatched(browser: Browser, served: Served, number: int) -> tuple[Journey, str]:
    """A desk's window on a case that it has sent out."""
    desk, no = window(browser, served, WIDE), served.cases[number]
    desk.sign_in("duan")
    desk.go(f"/desk/case/{no}/dispatch")
    desk.page.select_option("[name=organisation]", str(served.sanitation))
    desk.page.click(".compose .btn.primary")
    desk.page.wait_for_selector(".head .st:has-text('已派单')")
    return desk, no


def test_an_order_on_paper_is_made_and_worked_with_on_a_phone(browser: Browser, served: Served) -> None:
    desk, no = dispatched(browser, served, 0)
    desk.go(f"/desk/case/{no}/issue_order")
    shot(desk.page, "issue-zh-1440")
    desk.page.check("[name=made_as][value=paper]")
    desk.page.click(".compose .btn.primary")
    desk.page.wait_for_selector(".sheet")
    desk.look()
    shot(desk.page, "sheet-zh-1440")
    desk.page.emulate_media(media="print")
    shot(desk.page, "sheet-print")
    desk.page.emulate_media(media="screen")
    code = desk.page.inner_text(".sheet .no.mono")
    assert "赵明月" not in desk.page.content()

    body = window(browser, served, PHONE)
    body.go("/o")
    shot(body.page, "enter-zh-360")
    body.page.fill("[name=code]", "7K3M Q2XP 9D4V")
    body.page.click(".btn.primary")
    body.page.wait_for_selector("[data-error-summary]")
    body.look()
    body.page.fill("[name=code]", code.lower())
    body.page.click(".btn.primary")
    body.page.wait_for_url("**/o/*")
    body.look()
    shot(body.page, "order-zh-360")
    body.page.click(".steps-w .btn.primary")
    body.page.wait_for_selector(".notice:has-text('已办：签收')")
    order = body.page.url.partition("?")[0]
    for step in ("reply", "ask_extension", "return"):
        body.page.goto(f"{order}/{step}")
        body.look()
        shot(body.page, f"step-{step}-zh-360")
    body.page.goto(f"{order}?lang=en&text=xl")
    body.look()
    shot(body.page, "order-en-xl-360")
    body.page.goto(f"{order}/reply?lang=en&text=m")
    body.look()
    shot(body.page, "reply-en-360")
    body.page.check("[name=result][value=solved]")
    body.page.fill("[name=words]", "今天下午已清完。")
    body.page.click("form .btn.primary")
    body.page.wait_for_selector(".notice:has-text('Done: Reply')")
    body.look()
    shot(body.page, "replied-en-360")

    desk.go(f"/desk/case/{no}")
    assert "（凭单子）" in desk.page.content()
    shot(desk.page, "case-zh-1440")
    desk.go(f"/desk/case/{no}/withdraw_order")
    desk.page.click(".compose .btn.primary")
    desk.page.wait_for_selector(".notice")
    answer = body.page.goto(order)
    assert answer is not None
    assert answer.status == 404
    shot(body.page, "dead-en-360")
    # what a browser says of an answer of 404 and of 422 is no mistake of the page
    assert [one for one in desk.wrong + body.wrong if "status of 4" not in one] == []


def test_a_link_is_worked_with_without_script_on_a_wide_window(browser: Browser, served: Served) -> None:
    desk, no = dispatched(browser, served, 1)
    desk.go(f"/desk/case/{no}/issue_order?lang=en")
    desk.page.check("[name=made_as][value=link]")
    desk.page.click(".compose .btn.primary")
    desk.page.wait_for_selector(".sheet")
    desk.look()
    shot(desk.page, "link-en-1440")
    link = desk.page.inner_text(".sheet .key .break")

    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(link)
    shot(page, "order-noscript-wide")
    page.click(".steps-w .btn.primary")
    page.click("a:has-text('内部记录')")
    page.fill("[name=note]", "不用脚本也能写。")
    page.click("form .btn.primary")
    page.wait_for_selector(".notice:has-text('已办：内部记录')")
    page.click("a:has-text('退回')")
    page.fill("[name=rule]", "保洁范围")
    page.fill("[name=reason]", "不归我们。")
    page.click("form .btn.primary")
    page.wait_for_selector("main:has-text('这张单子到此为止')")
    assert desk.wrong == []


def test_a_passkey_is_made_and_signs_in_beside_the_code(browser: Browser, served: Served) -> None:
    one = window(browser, served, PHONE)
    control = one.page.context.new_cdp_session(one.page)
    control.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    control.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    one.sign_in("beth")
    one.page.wait_for_url("**/sign-in/app")
    one.page.click("a:has-text('改用通行密钥')")
    one.look()
    shot(one.page, "passkey-new-zh-360")
    one.page.fill("[name=name]", "办公室电脑")
    one.page.click("form[data-passkey] button")
    one.page.wait_for_url("**/sign-in/again**")
    one.page.fill("[name=password]", served.people["beth"][1])
    one.page.press("[name=password]", "Enter")
    one.page.wait_for_url("**/sign-in/codes")
    codes = one.page.locator(".codes li").all_inner_texts()
    one.go("/admin")
    one.go("/sign-in/passkeys")
    assert "办公室电脑" in one.page.content()
    shot(one.page, "passkeys-zh-360")
    _sign_out(one)

    one.sign_in("beth")
    one.page.wait_for_url("**/sign-in/code**")
    one.look()
    shot(one.page, "code-or-passkey-zh-360")
    one.page.click("form[data-passkey] button")
    one.page.wait_for_url(lambda url: "/sign-in" not in url)
    one.go("/admin")
    _sign_out(one)

    one.sign_in("beth")
    one.page.wait_for_url("**/sign-in/code**")
    one.page.fill("[name=code]", codes[0])
    one.page.click("form:has([name=code]) .btn.primary")
    one.page.wait_for_url(lambda url: "/sign-in" not in url)
    one.go("/admin")
    assert [wrong for wrong in one.wrong if "status of 404" not in wrong] == []

    stranger = window(browser, replace(served), PHONE)
    stranger.sign_in("beth")
    stranger.page.wait_for_url("**/sign-in/code**")
    stranger.page.evaluate("document.querySelector('form[data-passkey] [name=credential]').value = '{\"id\": \"x\"}'")
    stranger.page.click("form[data-passkey] button")
    stranger.page.wait_for_load_state()
    assert "/sign-in/code" in stranger.page.url
    stranger.page.goto(f"{served.address}/admin")
    assert "/sign-in" in stranger.page.url


def _sign_out(journey: Journey) -> None:
    journey.page.goto(f"{journey.served.address}/sign-out")
    journey.page.click("form .btn.primary")
