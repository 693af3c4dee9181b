"""A desk takes calls in Debian's Chromium: by keyboard on a wide screen and on a narrow one, in both languages, and without script.

A window fails on a violation of the content policy, a console error, a request to another host, a sideways scroll, or a
finding of axe-core.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from linli.web.tests.test_journeys import CHROMIUM, SIZES, Journey, Served, browser, served, window

__all__ = ["browser", "served"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]

WORDS = "路口垃圾桶满了好几天，垃圾车一直不来，没人清运。"
NUMBER, NAME = "138 6543 4021", "郑晚秋"
BRIBE = "我要举报桂花街道办事处的王主任收了施工队的红包，吃拿卡要。"
HEARD = "#beside [data-take='1']"


def answering(browser: Browser, served: Served, size: tuple[int, int], language: str = "zh") -> Journey:
    """A window of the duty desk, at the form of a call."""
    journey = window(browser, served, size)
    journey.sign_in("duan")
    journey.go(f"/desk/call?lang={language}")
    return journey


def type_call(desk: Journey) -> None:
    """What the caller says is typed, until the likely matter is shown."""
    page = desk.page
    page.fill("#number", NUMBER)
    page.fill("#name", NAME)
    page.focus("#where")
    page.keyboard.type("桂花社区")
    page.focus("#words")
    page.keyboard.type(WORDS)
    page.wait_for_selector(HEARD)


def read_back(journey: Journey) -> str:
    """The number on the page that reads back; the caller's own number and name are masked on it."""
    journey.page.wait_for_selector(".back-no")
    journey.look()
    text = journey.page.inner_text("main")
    assert "138 **** 4021" in text
    assert NUMBER not in text
    assert NAME not in text
    return "".join(re.findall(r"\d{4}", journey.page.inner_text(".back-no strong")))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_call_is_typed_dispatched_by_the_keyboard_and_read_back(
    browser: Browser, served: Served, size: tuple[int, int], language: str
) -> None:
    desk = answering(browser, served, size, language)
    page = desk.page
    type_call(desk)
    assert page.evaluate("document.activeElement.id") == "words"
    assert page.evaluate("document.querySelector('#words').selectionStart") == len(WORDS)
    page.keyboard.press("Alt+1")
    page.wait_for_selector("#beside .lims")
    assert page.is_checked(HEARD)
    assert page.evaluate("document.activeElement.id") == "words"
    assert re.fullmatch(r".*\d\d:\d\d", page.inner_text("[data-elapsed]"))
    desk.look()
    page.focus("#words")
    page.keyboard.press("Control+Enter")
    no = read_back(desk)
    desk.go(f"/desk/case/{no}")
    assert WORDS not in page.content()
    assert desk.wrong == []


def test_a_promise_and_a_second_matter_within_one_call(browser: Browser, served: Served) -> None:
    desk = answering(browser, served, SIZES[0])
    page = desk.page
    page.keyboard.press("Escape")
    page.fill("#words", "楼道里着火了，浓烟往上冒")
    page.wait_for_selector("#beside .notice.late:has-text('先转 119')")
    page.check("[name=service][value='119']")
    page.check("[name=connected]")
    page.fill("#number", NUMBER)
    page.fill("#name", NAME)
    page.click("summary:has-text('答应来电人一件事')")
    page.fill("#until", "2000-01-01")
    page.fill("#promised", "下班前回电")
    page.click("summary:has-text('同一来电人的另一件事')")
    page.fill("#words-1", "桂花社区门口的路灯坏了三天不亮")
    page.wait_for_selector("#beside:has-text('第 2 件')")
    desk.look()
    page.click("button[value=save]")
    page.wait_for_selector("[data-error-summary]")
    desk.look()
    assert page.input_value("#words-1")
    page.fill("#until", page.get_attribute("#until", "min") or "")
    page.click("button[value=save]")
    read_back(desk)
    assert page.locator(".back-no").count() == 2
    desk.go("/desk/promises")
    assert page.locator(".promise-rows li").count() == 1
    page.click(".promise-rows .keep")
    page.check("[name=kept][value=true]")
    page.click(".compose .btn.primary")
    page.wait_for_selector(".notice")
    desk.go("/desk/promises")
    assert page.locator(".promise-rows li").count() == 0
    assert [one for one in desk.wrong if "422" not in one] == []


def test_without_script_the_same_by_a_button(browser: Browser, served: Served) -> None:
    desk = window(browser, served, SIZES[0])
    desk.sign_in("duan")
    plain = window(
        browser, served, SIZES[0], java_script_enabled=False, storage_state=desk.page.context.storage_state()
    )
    page = plain.page
    page.goto(f"{served.address}/desk/call")
    page.fill("#number", NUMBER)
    page.fill("#name", NAME)
    page.fill("#where", "桂花社区")
    page.fill("#words", WORDS)
    page.click(".call-acts button[value=look]")
    assert page.input_value("#words") == WORDS
    page.check(HEARD)
    page.press("#number", "Enter")
    assert page.is_checked(HEARD)
    page.click("button[value=dispatch]")
    assert NUMBER not in page.inner_text("main")
    assert page.locator(".back-no").count() == 1


def test_an_accusation_is_passed_on_and_leaves_no_trace_on_the_screen(browser: Browser, served: Served) -> None:
    desk = answering(browser, served, SIZES[1])
    page = desk.page
    page.fill("#number", NUMBER)
    page.fill("#words", BRIBE)
    page.wait_for_selector("#beside .notice")
    assert page.locator("#beside [data-take]").count() == 0
    page.click("button[value=dispatch]")
    page.wait_for_selector(".back-line")
    desk.look()
    said = page.inner_text("main")
    assert "已转出" in said
    assert not re.search(r"\d{4}", said.partition("已转出")[2])
    assert desk.wrong == []
