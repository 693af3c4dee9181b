"""Journeys in Debian's Chromium, on a served installation: a desk's work by mouse, by keyboard, and without script.

Every page is looked at as it is met: a violation of the content policy, a console error, a request to another host, a
sideways scroll, or a finding of axe-core fails the journey.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from linli.app.homes import PROJECT
from linli.app.tests.installation import environment, let_loose, linli, new_home
from linli.app.tests.test_serve import fetched, free_port
from linli.web.tests import seed

CHROMIUM = shutil.which("chromium") or ""
AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = ((1440, 1000), (360, 780))

WIDEST = """
[...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
  .map((one) => `${one.tagName}.${one.className.baseVal ?? one.className}`).slice(0, 5)
"""
"""Elements that reach beyond the window: where to look when a page scrolls sideways."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]


@dataclass(slots=True)
class Served:
    """A served installation and who can sign in."""

    address: str
    people: dict[str, tuple[str, str]]
    cases: list[str]
    sanitation: int


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with new_home() as home:
        made = linli(home, "setup", "--pack", "national")
        assert made.returncode == 0, made.stderr[-2000:]
        filled = subprocess.run(
            [sys.executable, "-m", seed.__name__], env=environment(home), cwd=PROJECT, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert filled.returncode == 0, filled.stderr[-2000:]
        told = json.loads(filled.stdout)
        port = free_port()
        server = let_loose(home, "serve", "--port", str(port), "--workers", "0")
        address = f"http://127.0.0.1:{port}"
        try:
            assert fetched(f"{address}/sign-in")[0] == 200
            yield Served(address, {k: tuple(v) for k, v in told["people"].items()}, told["cases"], told["sanitation"])
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Journey:
    """A browser window that notes everything that must not happen."""

    page: Page
    served: Served
    wrong: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Listen for what must not happen."""
        self.page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.served.address, "data:", "blob:")):
            self.wrong.append(f"outside: {request.url}")

    def go(self, path: str) -> None:
        """Open a page and look at it."""
        self.page.goto(self.served.address + path)
        self.look()

    def look(self) -> None:
        """Look at the page as it stands: width, and what axe-core finds."""
        self.page.wait_for_load_state("networkidle")
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if wide:
            self.wrong.append(f"scrolls sideways: {self.page.url} {self.page.evaluate(WIDEST)}")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run({resultTypes: ['violations']}).then(r => r.violations)")
        self.wrong += [
            f"axe {one['id']}: {self.page.url} {[node['target'] for node in one['nodes']][:3]}" for one in found
        ]

    def sign_in(self, name: str) -> None:
        """Sign in by the form."""
        account, password = self.served.people[name]
        self.page.goto(f"{self.served.address}/sign-in?next=/desk/queue")
        self.page.fill("[name=login]", account)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in?" not in url)


def window(browser: Browser, served: Served, size: tuple[int, int], **options: Any) -> Journey:
    """A fresh window."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **options)
    journey = Journey(context.new_page(), served)
    journey.watch()
    return journey


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_the_desk_is_clean(
    browser: Browser, served: Served, size: tuple[int, int], language: str
) -> None:
    journey = window(browser, served, size)
    journey.go(f"/sign-in?lang={language}")
    journey.sign_in("duan")
    no = served.cases[0]
    for path in (
        "/desk/queue",
        "/desk/queue?view=all&state=received&due=today",
        f"/desk/case/{no}",
        f"/desk/case/{no}/dispatch",
        f"/desk/case/{no}/split",
        "/desk/search?q=垃圾",
        f"/desk/queue?view=all&look={no}&cur={no}",
        "/desk/queue?view=all&q=独角兽&due=late",
        f"/desk/case/{no}?view=all",
        f"/desk/case/{no}/print",
        f"/desk/case/{no}/beside/{served.cases[1]}",
        "/desk/views?view=late&channel=hotline",
        "/desk/keys",
        "/desk/me",
        f"/desk/bulk?no={no}",
        f"/desk/bulk?no={no}&no={served.cases[1]}&step=dispatch",
        f"/why/{no}/deadline",
        f"/why/{no}/owner",
        f"/why/{no}/matter",
        "/sign-in/security",
    ):
        journey.go(path)
    for look in ("theme=dark", "text=xl"):
        journey.go(f"/desk/case/{no}?{look}")
    assert journey.wrong == []


def test_a_desk_dispatches_and_a_handler_answers(browser: Browser, served: Served) -> None:
    desk = window(browser, served, SIZES[0])
    desk.sign_in("duan")
    no = served.cases[0]
    desk.go(f"/desk/case/{no}")
    desk.page.click("[data-key=s]")
    desk.page.select_option("[name=organisation]", str(served.sanitation))
    desk.page.click(".compose .btn.primary")
    desk.page.wait_for_selector(".head .st:has-text('已派单')")
    desk.look()

    handler = window(browser, served, SIZES[1])
    handler.sign_in("han")
    handler.go(f"/desk/case/{no}")
    handler.page.click("[data-key=s]")
    handler.page.click(".compose .btn.primary")
    handler.page.wait_for_selector(".head .st:has-text('已签收')")
    handler.go(f"/desk/case/{no}/reply")
    handler.page.check("[name=result][value=solved]")
    handler.page.fill("[name=words]", "今天下午已清完。")
    handler.page.wait_for_selector("#preview:has-text('今天下午已清完。')")
    handler.page.click(".compose .btn.primary")
    handler.page.wait_for_selector(".notice")
    handler.look()
    assert desk.wrong + handler.wrong == []


def test_what_was_typed_comes_back_after_the_page_was_left(browser: Browser, served: Served) -> None:
    journey = window(browser, served, SIZES[0])
    journey.sign_in("duan")
    path = f"/desk/case/{served.cases[1]}/note"
    journey.go(path)
    journey.page.fill("[name=note]", "已请物业核对清运单。")
    journey.go("/desk/queue")
    journey.go(path)
    assert journey.page.input_value("[name=note]") == "已请物业核对清运单。"
    assert journey.wrong == []


def test_the_desk_works_by_keyboard_alone(browser: Browser, served: Served) -> None:
    journey = window(browser, served, SIZES[0])
    journey.sign_in("duan")
    keys = journey.page.keyboard
    keys.press("j")
    keys.press("j")
    assert journey.page.locator(".rows > li.cur").count() == 1
    keys.press("Enter")
    journey.page.wait_for_url("**/desk/case/*")
    keys.press("s")
    journey.page.wait_for_selector(".compose")
    keys.press("g")
    keys.press("q")
    journey.page.wait_for_url("**/desk/queue")
    keys.press("/")
    assert journey.page.evaluate("document.activeElement.name") == "q"
    assert journey.wrong == []


def test_the_queue_is_worked_through_by_keyboard_alone(browser: Browser, served: Served) -> None:
    journey = window(browser, served, SIZES[0])
    journey.sign_in("duan")
    page, keys = journey.page, journey.page.keyboard
    page.goto(f"{served.address}/desk/queue?view=all&channel=hotline")
    first, second = page.locator(".rows > li").nth(0), page.locator(".rows > li").nth(1)
    keys.press("j")
    keys.press("o")
    page.wait_for_selector(f"[data-look-of='{first.get_attribute('data-no')}']")
    keys.press("j")
    page.wait_for_selector(f"[data-look-of='{second.get_attribute('data-no')}']")
    journey.look()
    keys.press("k")
    page.wait_for_selector(f"[data-look-of='{first.get_attribute('data-no')}']")
    wanted = (first.get_attribute("data-no"), second.get_attribute("data-no"))
    keys.press("Enter")
    page.wait_for_url(f"**/desk/case/{wanted[0]}?view=all&channel=hotline")
    keys.press(".")
    page.wait_for_selector(".acts-v details[open]")
    keys.press("Tab")
    page.locator("a[href*='/note?view=all']").focus()
    keys.press("Enter")
    page.wait_for_selector("[name=note]")
    page.locator("[name=note]").focus()
    keys.type("已问过物业 jk]。")
    assert page.input_value("[name=note]") == "已问过物业 jk]。"
    keys.press("Control+Enter")
    page.wait_for_selector(".notice")
    assert "已问过物业 jk]。" in page.content()
    keys.press("]")
    page.wait_for_url(f"**/desk/case/{wanted[1]}?view=all&channel=hotline")
    keys.press("Escape")
    page.wait_for_url(f"**/desk/queue?view=all&channel=hotline&cur={wanted[1]}")
    assert page.locator(".rows > li.cur").get_attribute("data-no") == wanted[1]
    assert journey.wrong == []


def test_selecting_by_keyboard_says_what_can_be_done_and_the_outcome_keeps_what_was_not(
    browser: Browser, served: Served
) -> None:
    journey = window(browser, served, SIZES[0])
    journey.sign_in("duan")
    page, keys = journey.page, journey.page.keyboard
    page.goto(f"{served.address}/desk/queue?view=all")
    for key in ("j", "x", "j", "j"):
        keys.press(key)
    keys.press("Shift+X")
    page.wait_for_selector(".bulk .sum b:has-text('已选 3 件')")
    assert page.locator(".rows > li.sel").count() == 3
    journey.look()
    keys.press("Escape")
    page.wait_for_selector(".bulk .sum:has-text('勾选几件案卷')")
    assert page.locator(".rows > li.sel").count() == 0
    keys.press("x")
    page.wait_for_selector(".bulk .sum b:has-text('已选 1 件')")
    page.click(".bulk .btn:not(.primary):not(.text)")
    page.click(".bulk-steps .btn:has-text('内部记录')")
    page.fill("[name=note]", "一起记一笔。")
    page.click(".compose .btn.primary")
    page.wait_for_url("**/desk/bulk/*")
    assert "1 件已办" in page.content()
    journey.look()
    page.reload()
    assert "1 件已办" in page.content()
    assert journey.wrong == []


def test_a_view_is_saved_found_by_its_key_and_come_back_to(browser: Browser, served: Served) -> None:
    journey = window(browser, served, SIZES[0])
    journey.sign_in("duan")
    page, keys = journey.page, journey.page.keyboard
    page.goto(f"{served.address}/desk/queue?view=all")
    keys.press("f")
    page.check("[name=channel][value=hotline]")
    page.fill("#f-q", "垃圾")
    page.click(".adder .btn.primary")
    page.wait_for_url("**/desk/queue?*channel=hotline*")
    page.click(".filters a:has-text('存为视图')")
    page.fill("#name", "热线新件")
    page.click(".save-view .btn.primary")
    page.wait_for_selector(".notice:has-text('已保存：热线新件')")
    journey.look()
    journey.go("/desk/queue?view=late")
    keys.press("v")
    page.wait_for_selector(".kept-views[open]")
    journey.look()
    keys.press("Enter")
    page.wait_for_url("**/desk/queue?view=all&channel=hotline")
    page.goto(f"{served.address}/desk")
    assert page.url.endswith("/desk/queue?view=all&channel=hotline")
    assert journey.wrong == []


def test_the_list_of_keys_opens_over_the_page_and_keys_can_be_turned_off(browser: Browser, served: Served) -> None:
    journey = window(browser, served, SIZES[0])
    journey.sign_in("duan")
    page, keys = journey.page, journey.page.keyboard
    keys.press("?")
    page.wait_for_selector("dialog[open] kbd:has-text('Ctrl+Enter')")
    journey.look()
    keys.press("j")
    assert page.locator(".rows > li.cur").count() == 0
    keys.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    journey.go("/desk/me")
    page.check("[name=keys][value=off]")
    page.click(".me-form .btn.primary")
    page.wait_for_selector(".notice")
    page.goto(f"{served.address}/desk/queue")
    keys.press("j")
    keys.press("?")
    assert page.locator(".rows > li.cur, dialog").count() == 0
    assert journey.wrong == []


def test_the_desk_works_without_script(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    account, password = served.people["duan"]
    page.goto(f"{served.address}/sign-in?next=/desk/queue")
    page.fill("[name=login]", account)
    page.fill("[name=password]", password)
    page.click(".btn.primary")
    no = served.cases[2]
    page.goto(f"{served.address}/desk/case/{no}/note")
    page.fill("[name=note]", "不用脚本也能写。")
    page.click(".compose .btn.primary")
    assert "不用脚本也能写。" in page.content()


def test_a_guarded_post_gets_no_further_than_its_second_factor(browser: Browser, served: Served) -> None:
    journey = window(browser, served, SIZES[1])
    journey.sign_in("beth")
    journey.page.wait_for_url("**/sign-in/app")
    journey.look()
    journey.page.goto(f"{served.address}/desk/queue")
    assert journey.page.url.endswith("/sign-in/app")
    assert journey.wrong == []


def test_the_tools_are_there() -> None:
    assert AXE.exists(), "run `make pages`"
    assert Path(CHROMIUM).exists()
