"""A resident's whole way in Debian's Chromium: report, join, follow, not solved, opened again, solved; by desk and phone, zh and en.

What staff do in between they do by their own pages, signed in, through the engine. Looked at as in `walk/looking.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from linli.web.tests.walk.filling import SAID, neighbour_point
from linli.web.tests.walk.looking import CHROMIUM, PHONE, WIDE, Town, Window, served_town, tab_to

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]

WORDS = {
    "zh": {
        "same": "是这件，一起反映", "second": "您是第 2 位反映这件事的人", "handed": "已交给", "doing": "正在办理",
        "no": "没有解决", "back": "已退回重办", "again": "收到了", "yes": "解决了", "closed": "这件事就办到这里", "done": "办好了",
        "missing": "有 2 处需要改", "error": "出错：",
    },
    "en": {
        "same": "Yes, add my voice", "second": "You are number 2 to report this", "handed": "Passed to", "doing": "In hand;",
        "no": "Not solved", "back": "It goes back", "again": "Received;", "yes": "Solved", "closed": "this is now closed",
        "done": "Done", "missing": "2 things to put right", "error": "Error:",
    },
}  # fmt: skip
RUNS = list(enumerate(product(("zh", "en"), (WIDE, PHONE))))


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with served_town() as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Staff:
    """Somebody at a desk, whose steps are posts of the forms that their pages show."""

    def __init__(self, browser: Browser, town: Town, who: str) -> None:
        self.window = Window.of(browser, town, who)
        self.town = town

    def take(self, no: str, step: str, **fields: str) -> None:
        """Open a step's form, fill it in, send it."""
        address = f"{self.town.address}/desk/case/{no}/{step}"
        asking = self.window.page.request
        page = asking.get(address)
        assert page.status == 200, (step, page.status)
        text = page.text()
        hidden = {name: _value(text, name) for name in ("csrfmiddlewaretoken", "request_id")}
        sent = asking.post(
            address, form={**hidden, **fields}, headers={"Referer": address, "Origin": self.town.address}
        )
        assert sent.ok, (step, sent.status)
        assert "data-error-summary" not in sent.text(), step

    def offered(self, no: str) -> set[str]:
        """Steps that the case's page offers."""
        text = self.window.page.request.get(f"{self.town.address}/desk/case/{no}").text()
        return set(re.findall(rf"/desk/case/{no}/(\w+)[?#\"]", text))


def _value(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


def work(desk: Staff, team: Staff, no: str, organisation: str) -> None:
    """The desk sends it where rules have not; the team does it; the desk looks."""
    if "dispatch" in desk.offered(no):
        desk.take(no, "dispatch", organisation=organisation)
    team.take(no, "sign")
    team.take(no, "begin")
    team.take(no, "reply", result="solved", words="已经清走，地面冲洗过。")
    for check in ("check_on_site", "check_evidence"):
        if check in desk.offered(no):
            desk.take(no, check, done="true")
            return
    desk.take(no, "call_back", solved="no_answer")


def sanitation(desk: Staff, no: str) -> str:
    """The id of the sanitation team, as the form for sending offers it."""
    text = desk.window.page.request.get(f"{desk.town.address}/desk/case/{no}/dispatch").text()
    found = re.search(r'value="(\d+)"[^>]*>[^<]*桂花街道环卫所', text)
    assert found, text[:2000]
    return found[1]


@pytest.mark.parametrize(("number", "run"), RUNS)
def test_report_join_follow_not_solved_again_solved(
    browser: Browser, town: Town, number: int, run: tuple[str, tuple[int, int]]
) -> None:
    language, size = run
    said = WORDS[language]
    lon, lat = neighbour_point(number)
    here = {"longitude": lon + 0.0002, "latitude": lat}
    window = Window.of(browser, town, "", size, geolocation=here, permissions=["geolocation"])
    page, no = window.page, town.cases[f"neighbour{number}"]
    desk, team = Staff(browser, town, "duan"), Staff(browser, town, "han")
    organisation = sanitation(desk, no) if "dispatch" in desk.offered(no) else ""

    window.go(f"/?lang={language}")
    page.click(".btn.primary")
    _refused_with_what_was_typed(window, said)
    page.fill("[name=words]", SAID)
    page.click("[data-locate]")
    page.wait_for_function("() => document.querySelector('[name=lon]').value !== ''")
    page.wait_for_selector("#guess details")
    if not _is_same_matter(page):
        page.click("#guess summary")
        page.select_option("[name=matter]", _joined_matter(page))
    window.look_with_axe()
    page.click("main form .btn.primary")
    page.wait_for_url("**/nearby")
    window.look_with_axe()
    page.click(f".near button:has-text('{said['same']}')")
    page.wait_for_url("**/report/done/*")
    assert said["second"] in page.inner_text("h1")
    window.look_with_axe()
    page.click(".key a.btn")
    page.wait_for_url("**/f/*")
    link = page.url.removeprefix(town.address)

    work(desk, team, no, organisation)
    window.go(link)
    assert said["done"] in page.inner_text("h1")
    _judge(window, "no", said["back"])
    window.go(link)
    assert said["again"] in page.inner_text("h1") or said["handed"] in page.inner_text("h1")

    work(desk, team, no, organisation or sanitation(desk, no))
    window.go(link)
    _judge(window, "yes", said["closed"])
    window.go(link)
    assert said["done"] in page.inner_text("h1")
    window.look_with_axe()
    window.look_at_widths((size[0], 360, 320))
    assert window.wrong == []


def _refused_with_what_was_typed(window: Window, said: dict[str, str]) -> None:
    """Sent with a telephone alone: both mistakes are said, focus is on the summary, the telephone is still there."""
    page = window.page
    page.fill("[name=phone]", "13900001234")
    page.click("main form .btn.primary")
    page.wait_for_selector("[data-error-summary]")
    assert said["missing"] in page.inner_text("[data-error-summary] h2")
    assert said["error"] in page.title()
    assert page.input_value("[name=phone]") == "13900001234"
    page.wait_for_function("() => document.activeElement.matches('[data-error-summary]')")
    window.look_with_axe()
    page.fill("[name=phone]", "")


def _is_same_matter(page: Page) -> bool:
    return "垃圾" in page.inner_text("#guess") and "渣土" in page.inner_text("#guess")


def _joined_matter(page: Page) -> str:
    """The neighbour's matter, as `filling` chose it: the first of rubbish."""
    found = page.evaluate(
        "() => [...document.querySelectorAll('[name=matter] option')].map((one) => [one.value, one.textContent])"
    )
    return str(min(code for code, title in found if "垃圾" in title or "ubbish" in title or "arbage" in title))


def _judge(window: Window, solved: str, told: str) -> None:
    page = window.page
    page.click("main a.btn.primary")
    page.wait_for_url("**/rate")
    window.look_with_axe()
    page.check(f"[name=solved][value={solved}]")
    page.click("main form .btn.primary")
    page.wait_for_function("() => !document.querySelector('[name=solved]')")
    assert told in page.inner_text("main h1")
    window.look_with_axe()


# by keyboard alone


def test_a_report_by_keyboard_alone(browser: Browser, town: Town) -> None:
    window = Window.of(browser, town)
    page, keys = window.page, window.page.keyboard
    window.go("/?lang=zh")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    tab_to(page, "main .btn.primary")
    keys.press("Enter")
    page.wait_for_url("**/report")
    tab_to(page, "[name=words]")
    keys.type("楼下路灯不亮，已经三天了。")
    tab_to(page, "[name=where]")
    keys.type("桂花社区活动室门口")
    tab_to(page, "[name=phone]")
    tab_to(page, "[name=for_other]")
    keys.press("Space")
    tab_to(page, "[name=helper]")
    keys.type("钱帮忙")
    tab_to(page, "[name=relation]")
    keys.type("邻居")
    tab_to(page, "[name=consent]")
    keys.press("Space")
    tab_to(page, "main form .btn.primary")
    keys.press("Enter")
    page.wait_for_url("**/report/done/*")
    assert "收到了" in page.inner_text("h1")
    assert window.wrong == []


def test_a_judgement_by_keyboard_alone(browser: Browser, town: Town) -> None:
    window = Window.of(browser, town)
    page, keys = window.page, window.page.keyboard
    window.go(f"/f/{town.tokens['replied']}?lang=zh")
    tab_to(page, "main a.btn.primary")
    keys.press("Enter")
    page.wait_for_url("**/rate")
    tab_to(page, "[name=solved]")
    keys.press("Space")
    assert page.is_checked("[name=solved][value=yes]")
    keys.press("ArrowDown")
    assert page.is_checked("[name=solved][value=partly]")
    keys.press("ArrowUp")
    tab_to(page, "main form .btn.primary")
    keys.press("Enter")
    page.wait_for_function("() => !document.querySelector('[name=solved]')")
    assert "谢谢" in page.inner_text("main h1")
    assert window.wrong == []


# quick exit, reading aloud, the pin


def test_a_protected_matter_shows_whom_to_call_first_and_leaves_without_a_trace(browser: Browser, town: Town) -> None:
    window = Window.of(browser, town, "", PHONE)
    page = window.page
    window.go(f"/f/{town.tokens['urgent']}?lang=zh")
    first = page.locator("main a").first
    assert first.get_attribute("href") == "tel:110"
    leave = page.locator("[data-exit]")
    assert leave.get_attribute("rel") == "noreferrer nofollow"
    page.route(leave.get_attribute("href") or "", lambda route: route.fulfill(body="elsewhere"))
    depth = page.evaluate("history.length")
    leave.click()
    page.wait_for_function("() => document.body.innerText === 'elsewhere'")
    assert page.evaluate("history.length") == depth
    page.go_back()
    assert town.tokens["urgent"] not in page.url


def test_the_pin_is_moved_by_keys(browser: Browser, town: Town) -> None:
    window = Window.of(browser, town)
    page = window.page
    window.go("/report?lang=zh")
    page.click("[data-pin]")
    page.wait_for_selector(".pin-map .pin")
    page.focus("#pin-map")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert float(page.input_value("[name=lat]")) > 0
    window.look_with_axe()
    window.look_at_words("zh")
    assert window.wrong == []


def test_large_text_is_read_aloud_by_the_browsers_own_voice(browser: Browser, town: Town) -> None:
    window = Window.of(browser, town, "", PHONE)
    page = window.page
    page.add_init_script(
        "window.spoken = []; window.SpeechSynthesisUtterance = function (words) { this.words = words; };"
        "Object.defineProperty(window, 'speechSynthesis', {value: {speaking: false, speak: (one) => window.spoken.push(one),"
        " cancel: () => {}}});"
    )
    window.go("/report?lang=zh&text=xl")
    page.click("[data-read]")
    assert "我要反映" in page.evaluate("window.spoken[0].words")
    assert page.evaluate("window.spoken[0].lang").startswith("zh")
    assert window.wrong == []
