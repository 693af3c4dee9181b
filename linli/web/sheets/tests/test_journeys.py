"""In Debian's Chromium: a bad Excel is handed in and mended, accounts are opened from a table, a template fills an answer.

In both languages, on a desk and at 360 px, with and without script. `LINLI_SCREENSHOTS=DIR` keeps pictures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from linli.web.sheets.tests.tables import REPORTS, book, report
from linli.web.tests.test_admin_journeys import browser, served, signed_in
from linli.web.tests.test_journeys import CHROMIUM, SIZES, Journey, Served

__all__ = ["browser", "served"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]
Town = tuple[Served, dict[str, str]]
NUMBERS: Iterator[int] = iter(range(1, 1000))


def picture(journey: Journey, name: str) -> None:
    if folder := os.environ.get("LINLI_SCREENSHOTS"):
        journey.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def clean(journey: Journey) -> None:
    assert [one for one in journey.wrong if "422" not in one and "404" not in one] == []


def press(journey: Journey, button: str) -> None:
    """Press a button that leads to another page, and look at that."""
    with journey.page.expect_navigation():
        journey.page.click(button)
    journey.look()


def choose(journey: Journey, content: bytes, name: str = "table.xlsx") -> None:
    """Choose a file and press the button."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    journey.page.set_input_files("#f-file", {"name": name, "mimeType": kind, "buffer": content})
    press(journey, "form.panel button.primary")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_bad_table_is_checked_taken_in_and_mended(
    browser: Browser, served: Town, size: tuple[int, int], language: str
) -> None:
    desk, tag = signed_in(browser, served, "duan", size), f"{size[0]}-{language}"
    desk.go(f"/desk/import?lang={language}")
    picture(desk, f"import-{tag}")
    choose(desk, b"%PDF-1.7", "report.xlsx")
    assert ("这不是表格" if language == "zh" else "This is no table") in desk.page.inner_text(".errsum")
    picture(desk, f"import-refused-{tag}")
    own = f"J-{next(NUMBERS)}"
    wrong = report(f"{own}-2", "", title="")
    odd = report(f"{own}-3", "楼道灯不亮", time="前天下午", address="")
    choose(desk, book(REPORTS, report(f"{own}-1"), wrong, odd))
    said = "读了 3 行：2 行可以导入，1 行有问题。" if language == "zh" else "3 rows read: 2 can be imported, 1 cannot."
    assert said in desk.page.inner_text("h1")
    picture(desk, f"import-checked-{tag}")
    press(desk, ".acts-row button.primary")
    picture(desk, f"import-done-{tag}")
    assert ("导入了 2 行" if language == "zh" else "2 rows taken in") in desk.page.inner_text("h1")
    with desk.page.expect_download() as waiting:
        desk.page.click(".acts-row a.btn")
    sheet = load_workbook(BytesIO(waiting.value.path().read_bytes())).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-1] == ("哪里不对" if language == "zh" else "What is wrong")
    assert rows[1][0] == f"{own}-2"
    rows[1][3] = "补上内容：井盖松动"
    desk.go(f"/desk/import?lang={language}")
    choose(desk, book(*rows))
    press(desk, ".acts-row button.primary")
    assert ("新建 1 件" if language == "zh" else "1 new case") in desk.page.inner_text("#progress")
    clean(desk)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_accounts_are_opened_from_a_table(browser: Browser, served: Town, size: tuple[int, int], language: str) -> None:
    beth, tag = signed_in(browser, served, "beth", size), f"{size[0]}-{language}"
    number = next(NUMBERS)
    beth.go(f"/admin/accounts/import?lang={language}")
    picture(beth, f"accounts-{tag}")
    head = ("姓名", "账号", "单位", "岗位", "截止日期")
    fit = (f"王芳{number}", f"wang.fang{number}", "桂花街道环卫所", "处置人员", "")
    choose(beth, book(head, fit, ("李明", "", "没有这个单位", "处置人员", "2020-01-01")))
    picture(beth, f"accounts-checked-{tag}")
    assert beth.page.locator("table tbody tr").count() >= 2
    clean(beth)


def test_somebody_opens_their_account_by_the_link_of_a_slip(browser: Browser, served: Town) -> None:
    beth = signed_in(browser, served, "beth", SIZES[0])
    beth.go("/admin/accounts?q=mo&lang=zh")
    press(beth, "table a")
    press(beth, "text=打印开通链接")
    picture(beth, "slip-1440-zh")
    link = beth.page.inner_text(".slips .link")
    person = Journey(browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN").new_page(), served[0])
    person.watch()
    person.go(link.removeprefix(served[0].address))
    picture(person, "enrol-360-zh")
    person.page.fill("#f-password", "short")
    press(person, "main button.primary")
    assert "至少 12 个字符" in person.page.inner_text(".errsum")
    for name in ("password", "again"):
        person.page.fill(f"#f-{name}", "巷子里有八盏绿色的路灯呀")
    press(person, "main button.primary")
    assert "/sign-in" in person.page.url
    assert "账号已开通" in person.page.inner_text("main")
    person.go(link.removeprefix(served[0].address))
    assert "打不开账号" in person.page.inner_text("h1")
    picture(person, "enrol-dead-360-zh")
    clean(beth)
    clean(person)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_a_template_fills_an_answer(browser: Browser, served: Town, size: tuple[int, int], script: bool) -> None:
    desk = signed_in(browser, served, "duan", size)
    if not script:
        plain = browser.new_context(viewport={"width": size[0], "height": size[1]}, java_script_enabled=False)
        plain.add_cookies([{"name": "sessionid", "value": served[1]["duan"], "url": served[0].address}])
        page = plain.new_page()
    else:
        page = desk.page
    page.goto(f"{served[0].address}/desk/case/{served[0].cases[0]}/answer_at_once?lang=zh")
    page.select_option("#f-reply-template", "explained.general:zh")
    with page.expect_navigation():
        page.click(".replies:has(#f-reply-template) [name=use_reply]")
    words = page.input_value("#f-words")
    assert "关于您问的暴露垃圾" in words
    assert "还有没填的内容：{具体原因}、{依据条款}、{单位电话}" in page.inner_text("#compose")
    if script:
        desk.look()
        picture(desk, f"template-{size[0]}-zh")
    with page.expect_navigation():
        page.click("#compose .end button.primary")
    assert "还有没填的内容" in page.inner_text(".errsum")
    if script:
        page.fill("#f-words", words.replace("{具体原因}", "昨天清过，今早又有人倒"))
        page.wait_for_selector("#preview:has-text('昨天清过')")
        assert "{依据条款}、{单位电话}" in page.inner_text("#preview")
        desk.look()
        picture(desk, f"template-refused-{size[0]}-zh")
        clean(desk)
