"""A desk's day in Debian's Chromium, beside a handler and the head on duty: what comes of three calls, to the last file.

On a desk and at 360 px, in both languages. Taking a call by keyboard and a bad Excel have journeys of their own.
"""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from linli.web.tests.test_call_journeys import NAME, NUMBER, answering, browser, read_back, served, type_call
from linli.web.tests.test_journeys import CHROMIUM, SIZES, Journey, Served, window

__all__ = ["browser", "served"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]

STATES = {
    "zh": {"dispatched": "已派单", "returned": "退回待派", "signed": "已签收", "closed": "已办结"},
    "en": {"dispatched": "Dispatched", "returned": "Returned", "signed": "Signed", "closed": "Closed"},
}
SEND = ".compose .btn.primary"


def called(desk: Journey) -> str:
    """A call is taken and kept without being dispatched; its number."""
    page = desk.page
    desk.go("/desk/call")
    type_call(desk)
    page.keyboard.press("Alt+1")
    page.wait_for_selector("#beside .lims")
    page.click("button[value=save]")
    return read_back(desk)


def take(who: Journey, no: str, step: str, **fields: str) -> None:
    """A step of a case by its form."""
    who.go(f"/desk/case/{no}/{step}")
    for name, value in fields.items():
        who.page.fill(f"[name={name}]", value)
    who.page.click(SEND)
    who.page.wait_for_selector(".notice")
    who.look()


def dispatch(desk: Journey, no: str, served: Served) -> None:
    desk.go(f"/desk/case/{no}/dispatch")
    desk.page.select_option("[name=organisation]", str(served.sanitation))
    desk.page.click(SEND)
    desk.page.wait_for_selector(".notice")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_case_comes_back_gets_more_time_and_others_are_closed_together(
    browser: Browser, served: Served, size: tuple[int, int], language: str
) -> None:
    states = STATES[language]
    desk = answering(browser, served, size, language)
    people = {"duan": desk}
    for name in ("han", "he"):
        people[name] = window(browser, served, size)
        people[name].sign_in(name)
        people[name].go(f"/desk/queue?lang={language}")
    han = people["han"]

    def stands(which: str, state: str) -> None:
        desk.go(f"/desk/case/{which}")
        assert states[state] in desk.page.inner_text(".head .st")

    no, *others = (called(desk) for _ in range(3))
    dispatch(desk, no, served)
    stands(no, "dispatched")
    take(han, no, "return", rule="街道权责清单第 12 项", reason="道路清扫归市容站，不归我们。")
    stands(no, "returned")
    dispatch(desk, no, served)
    take(han, no, "sign")
    stands(no, "signed")
    before = desk.page.inner_text("main")
    take(han, no, "ask_extension", workdays="2", reason="清运车在修，后天到位。")
    take(people["he"], no, "grant_extension")
    stands(no, "signed")
    assert desk.page.inner_text("main") != before

    desk.go(f"/desk/bulk?no={others[0]}&no={others[1]}&step=answer_at_once")
    desk.page.check("[name=result][value=explained]")
    desk.page.fill("[name=words]", "清运时间已向来电人说明。")
    desk.page.click(SEND)
    desk.page.wait_for_url("**/desk/bulk/*")
    desk.look()
    for other in others:
        stands(other, "closed")

    desk.go("/desk/queue?view=all")
    with desk.page.expect_download() as waiting:
        desk.page.click("[data-key=e]")
    book = load_workbook(BytesIO(waiting.value.path().read_bytes()))
    cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert len(book.worksheets[-1]["A"]) > 1
    assert not [cell for cell in cells if NAME in cell or NUMBER.replace(" ", "") in cell.replace(" ", "")]
    assert [wrong for who in people.values() for wrong in who.wrong] == []
