"""A worker's day in Debian's Chromium, by hand on a phone: inbox, check with photo, near by, an event with and without a network.

Every page is looked at as in `test_journeys`: policy, console, other hosts, sideways scrolling, axe-core.
"""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route

from linli.app.homes import PROJECT
from linli.app.tests.installation import environment, let_loose, linli, new_home
from linli.app.tests.test_serve import fetched, free_port
from linli.web.tests import worker_seed
from linli.web.tests.test_journeys import SIZES, Journey, Served, browser, pytestmark, window
from linli.web.tests.walk.looking import tab_to

__all__ = ["browser", "pytestmark"]

PHONE = (360, 780)
HERE = {"longitude": 101.0052, "latitude": 25.0051}
SAVED = "1 条已存在本机，联网后自动发送。"


@pytest.fixture(scope="module")
def street() -> Iterator[Served]:
    with new_home() as home:
        assert linli(home, "setup", "--pack", "national").returncode == 0
        command = [sys.executable, "-m", worker_seed.__name__]
        filled = subprocess.run(
            command, env=environment(home), cwd=PROJECT, capture_output=True, text=True, check=False
        )
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


def phone(browser: Browser, street: Served, who: str = "fang", size: tuple[int, int] = PHONE) -> Journey:
    """Somebody's phone, signed in, with a position and a Chinese page."""
    journey = window(browser, street, size, geolocation=HERE, permissions=["geolocation"])
    journey.page.goto(f"{street.address}/sign-in?next=/w&lang=zh")
    account, password = street.people[who]
    journey.page.fill("[name=login]", account)
    journey.page.fill("[name=password]", password)
    journey.page.press("[name=password]", "Enter")
    journey.page.wait_for_url("**/w")
    return journey


def photo(name: str = "wide.jpg") -> FilePayload:
    """A photo as a camera gives it."""
    into = io.BytesIO()
    Image.new("RGB", (3200, 2400), (120, 140, 90)).save(into, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": into.getvalue()}


def choose(page: Page) -> None:
    """Photo, matter, here: three of the four taps."""
    page.set_input_files("[name=photos]", [photo()])
    page.wait_for_selector(".photos .ph img")
    page.locator(".pills label").first.click()
    page.click("[data-position=fill]")
    page.wait_for_selector("[data-position-said]:has-text('拿到位置了')")


def sent_by_itself(page: Page, address: str) -> None:
    """Open the inbox, and see that what was saved goes and leaves the phone."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.goto(f"{address}/w")
    assert answered.value.status == 201
    page.wait_for_selector("[data-queue]", state="hidden")


def reported(page: Page, address: str) -> int:
    """How many events one has reported, by one's own list."""
    page.goto(f"{address}/w/me")
    return page.locator(".todo .w > span", has_text=re.compile("^上报$")).count()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_workers_is_clean(browser: Browser, street: Served, size: tuple[int, int], language: str) -> None:
    journey = phone(browser, street, size=size)
    no = street.cases[2]
    for path in (
        "/w",
        "/w/near",
        "/w/new",
        "/w/messages",
        "/w/me",
        "/w/me/hand-over",
        f"/w/{no}",
        f"/w/{no}/check_on_site",
    ):
        journey.go(f"{path}?lang={language}")
    journey.go("/w/near")
    journey.page.click("[data-position] button")
    journey.page.wait_for_selector(".todo")
    journey.look()
    for look in ("theme=dark", "text=xl"):
        for path in ("/w", "/w/new", f"/w/{no}"):
            journey.go(f"{path}?{look}")
    assert journey.wrong == []


def test_a_check_on_the_street_with_a_photo(browser: Browser, street: Served) -> None:
    journey = phone(browser, street)
    page = journey.page
    page.click(".todo a >> text=占道堆物")
    journey.look()
    page.click("text=其他步骤")
    page.click("button:has-text('我到了')")
    page.wait_for_selector(".notice")
    page.click(".thumb .btn.primary")
    page.wait_for_selector("form[data-draft]")
    page.check("[name=done][value=true]")
    page.set_input_files("[name=evidence]", [photo("close.jpg")])
    journey.look()
    page.click(".thumb .btn.primary")
    page.wait_for_selector(".st:has-text('已结案')")
    page.wait_for_selector(".photos img")
    journey.look()
    page.goto(f"{street.address}/w")
    assert page.locator(".todo", has_text="占道堆物").count() == 0
    assert journey.wrong == []


def test_leaving_is_one_tap(browser: Browser, street: Served) -> None:
    journey = phone(browser, street)
    journey.page.click(".todo a >> text=积存渣土")
    journey.page.click("button:has-text('有危险')")
    journey.page.wait_for_selector(".notice:has-text('不用再说明原因')")
    journey.look()
    assert journey.wrong == []


def test_an_event_in_four_taps(browser: Browser, street: Served) -> None:
    journey = phone(browser, street, "gu")
    journey.go("/w/new")
    choose(journey.page)
    journey.look()
    journey.page.click(".thumb .btn.primary")
    journey.page.wait_for_url("**/w/new/sent")
    journey.look()
    assert journey.wrong == []


def test_an_event_waits_on_the_phone_for_a_network_and_is_sent_once(browser: Browser, street: Served) -> None:
    journey = phone(browser, street, "mei")
    page, context = journey.page, journey.page.context
    before = reported(page, street.address)
    page.goto(f"{street.address}/w/new")
    choose(page)
    context.set_offline(True)
    page.click(".thumb .btn.primary")
    page.wait_for_selector(f"[data-queue]:has-text('没有网络。{SAVED}')")
    assert page.locator(".saved li").count() == 1
    assert page.locator(".photos .ph").count() == 0
    page.close()  # the battery is empty; what was saved is still there
    page = context.new_page()
    context.set_offline(False)
    sent_by_itself(page, street.address)
    assert reported(page, street.address) == before + 1
    assert reported(page, street.address) == before + 1
    assert [one for one in journey.wrong if "ERR_INTERNET_DISCONNECTED" not in one] == []


def test_an_answer_that_was_lost_opens_nothing_twice(browser: Browser, street: Served) -> None:
    journey = phone(browser, street, "mei")
    page = journey.page
    lost: list[int] = []
    before = reported(page, street.address)
    page.goto(f"{street.address}/w/new")
    choose(page)

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/w/new", lose)
    page.click(".thumb .btn.primary")
    page.wait_for_selector(f"[data-queue]:has-text('{SAVED}')")
    assert lost == [201]
    sent_by_itself(page, street.address)
    assert reported(page, street.address) == before + 1


def test_a_draft_with_its_photo_outlives_the_page(browser: Browser, street: Served) -> None:
    journey = phone(browser, street)
    context: BrowserContext = journey.page.context
    journey.go("/w/new")
    choose(journey.page)
    journey.page.click("text=别的事，或写几个字")
    journey.page.fill("[name=words]", "靠墙一侧")
    journey.page.wait_for_timeout(300)
    journey.page.close()
    page = context.new_page()
    page.goto(f"{street.address}/w/new")
    page.wait_for_selector(".photos .ph img")
    assert page.input_value("[name=words]") == "靠墙一侧"
    assert page.locator("[name=matter]:checked").count() == 1
    assert journey.wrong == []


def kept(page: Page) -> list[str]:
    """Addresses of everything that the phone keeps for later."""
    found: list[str] = page.evaluate(
        "async () => { const found = []; for (const name of await caches.keys())"
        " for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname); return found; }"
    )
    return found


def test_the_phone_opens_without_a_network_after_one_visit(browser: Browser, street: Served) -> None:
    journey = phone(browser, street, "mei")
    page, context = journey.page, journey.page.context
    before = reported(page, street.address)
    page.goto(f"{street.address}/w")
    page.wait_for_function(
        "async () => Boolean((await caches.match('/w/shell')) && (await caches.match('/w/shell/new')))"
    )
    assert sorted(one for one in kept(page) if not one.startswith("/static/")) == ["/w/shell", "/w/shell/new"]
    page.close()
    context.set_offline(True)
    page = context.new_page()
    page.goto(f"{street.address}/w")
    assert "联网后才看得到待办" in page.inner_text("main")
    assert page.locator(".todo").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.btn.primary')).display") != "inline"
    page.click(".btn.primary")
    page.wait_for_url("**/w/new")
    assert "存在本机的" in page.inner_text("main")
    choose(page)
    page.click(".thumb .btn.primary")
    page.wait_for_selector("[data-saved-now]:not([hidden])")
    page.goto(f"{street.address}/w/new")  # again, from the shell: the second event is one of its own
    choose(page)
    page.click(".thumb .btn.primary")
    page.wait_for_selector("[data-queue]:has-text('2 条已存在本机')")
    context.set_offline(False)
    taken: list[int] = []
    page.on("response", lambda answer: taken.append(answer.status) if answer.request.method == "POST" else None)
    with page.expect_response(lambda answer: answer.request.method == "POST" and len(taken) == 1):
        page.goto(f"{street.address}/w")
    page.wait_for_load_state("networkidle")
    assert taken == [201, 201]
    assert reported(page, street.address) == before + 2


def test_signing_out_takes_the_empty_pages_away_too(browser: Browser, street: Served) -> None:
    journey = phone(browser, street, "gu")
    page = journey.page
    page.wait_for_function("async () => Boolean(await caches.match('/w/shell'))")
    page.goto(f"{street.address}/w/me")
    page.wait_for_function("async () => Boolean(await caches.match('/w/shell'))")
    page.click("form[data-signs-out] button")
    page.wait_for_url("**/sign-in*")
    page.wait_for_function("async () => !(await caches.match('/w/shell'))")


def test_what_was_not_taken_comes_back_with_its_reason(browser: Browser, street: Served) -> None:
    journey = phone(browser, street, "gu")
    page = journey.page
    page.goto(f"{street.address}/w/new")
    choose(page)  # the first grid, which is not theirs
    page.check("[name=done]")
    page.fill("[name=done_words]", "当场清走了")
    page.click(".thumb .btn.primary")
    page.wait_for_selector("[data-saved-now]:has-text('不在您负责的范围内')")
    assert page.input_value("[name=done_words]") == "当场清走了"
    assert page.locator(".photos .ph").count() == 1


def test_the_form_works_without_script(browser: Browser, street: Served) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 780})
    page = context.new_page()
    account, password = street.people["fang"]
    page.goto(f"{street.address}/sign-in?next=/w/new&lang=zh")
    page.fill("[name=login]", account)
    page.fill("[name=password]", password)
    page.click(".btn.primary")
    page.set_input_files("[name=photos]", [photo()])
    page.locator(".pills label").first.click()
    page.click(".thumb .btn.primary")
    page.wait_for_url("**/w/new/sent")
    assert "已上报" in page.content()


def test_a_day_by_keyboard_alone(browser: Browser, street: Served) -> None:
    journey = phone(browser, street, "mei")
    page, keys = journey.page, journey.page.keyboard
    tab_to(page, ".todo a")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/w/\d+$"))
    journey.look()
    tab_to(page, ".thumb .btn.primary")
    keys.press("Enter")
    page.wait_for_selector("main h1")
    page.go_back()
    page.goto(f"{street.address}/w")
    tab_to(page, ".tabs5 a[href='/w/new']")
    keys.press("Enter")
    page.wait_for_url("**/w/new")
    tab_to(page, "[name=matter]")
    keys.press("Space")
    assert page.locator("[name=matter]:checked").count() == 1
    tab_to(page, "[data-position=fill]")
    keys.press("Enter")
    page.wait_for_selector("[data-position-said]:has-text('拿到位置了')")
    tab_to(page, ".thumb .btn.primary")
    keys.press("Enter")
    page.wait_for_url("**/w/new/sent")
    assert journey.wrong == []
