"""Every page in Debian's Chromium, both languages, by desk and phone, at 200 %, in 30 px text: clean, or named with what is wrong.

Pages are found by walking (`walk/`); a new one joins by being linked to. Long: run by `make test-slow`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from linli.web.tests.walk.looking import AXE, CHROMIUM, PHONE, Town, Window, served_town, with_look
from linli.web.tests.walk.recipes import EMPTY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    assert AXE.exists(), "run `make pages`"
    with served_town() as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def readers(town: Town) -> dict[str, list[str]]:
    """Paths by who reads them."""
    found: dict[str, list[str]] = {}
    for page in town.pages:
        found.setdefault(page["who"], []).append(page["path"])
    return found


def test_every_address_was_found(town: Town) -> None:
    assert not town.problems, "\n".join(town.problems)
    assert len(town.pages) >= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_clean_at_every_width(browser: Browser, town: Town, language: str) -> None:
    wrong: list[str] = []
    for who, paths in readers(town).items():
        window = Window.of(browser, town, who)
        for path in paths:
            window.go(with_look(path, lang=language))
            window.look_at_words(language)
            window.look_with_axe()
            window.look_at_widths()
            window.page.set_viewport_size({"width": 1440, "height": 1000})
        wrong += window.wrong
        window.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_clean_in_the_largest_text_on_a_phone(browser: Browser, town: Town, language: str) -> None:
    wrong: list[str] = []
    for who, paths in readers(town).items():
        window = Window.of(browser, town, who, PHONE)
        for path in paths:
            window.go(with_look(path, lang=language, text="xl"))
            window.look_with_axe()
            window.look_at_widths((360,), "30 px text")
        wrong += window.wrong
        window.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_sent_empty_say_what_is_wrong(browser: Browser, town: Town, language: str) -> None:
    for sent in EMPTY:
        who = next((page["who"] for page in town.pages if page["path"] == sent.path), "")
        window = Window.of(browser, town, who, PHONE)
        window.go(with_look(sent.path, lang=language))
        window.send(sent)
        window.look_at_words(language)
        window.look_with_axe()
        window.look_at_widths((360, 320))
        assert not window.wrong, "\n".join(window.wrong)
        window.close()
