"""Rules and administration in Debian's Chromium: every page clean in both languages and sizes, and an appointment's day.

`LINLI_SCREENSHOTS=DIR` keeps a picture of each page.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from linli.app.homes import PROJECT
from linli.app.tests.installation import environment, let_loose, linli, new_home
from linli.app.tests.test_serve import fetched, free_port
from linli.web.tests import seed, sessions
from linli.web.tests.test_journeys import CHROMIUM, SIZES, Journey, Served, window

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk"),
]

PAGES = {
    "duan": (
        "/rules", "/rules?subject=matters", "/rules?q=时限", "/rules/request.sign_within", "/rules/calendar.opening",
        "/rules/matters/event.01.002", "/rules/procedures/request", "/rules/changes", "/rules/changes?on=2023-03-16",
    ),
    "adam": (
        "/admin", "/admin/places?under=870102", "/admin/organisations", "/admin/organisations/8", "/admin/gaps?place=870102001",
        "/admin/posts", "/admin/jobs", "/admin/health",
    ),
    "beth": (
        "/admin", "/admin/posts/1", "/admin/accounts", "/admin/accounts/new", "/admin/accounts/1", "/admin/keys",
    ),
    "carl": ("/admin", "/admin/audit?verb=organisations.appointment", "/admin/audit?subject=x", "/admin/seals"),
}  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Served, dict[str, str]]]:
    """A served town, and a session key of each person."""
    with new_home() as home:
        made = linli(home, "setup", "--pack", "national")
        assert made.returncode == 0, made.stderr[-2000:]
        played = [
            subprocess.run(
                [sys.executable, "-m", module, *words], env=environment(home), cwd=PROJECT, capture_output=True, text=True,
                check=True,
            ).stdout
            for module, words in ((seed.__name__, []), (sessions.__name__, list(PAGES)))
        ]  # fmt: skip
        port = free_port()
        server = let_loose(home, "serve", "--port", str(port), "--workers", "0")
        try:
            address = f"http://127.0.0.1:{port}"
            assert fetched(f"{address}/sign-in")[0] == 200
            yield Served(address, {}, json.loads(played[0])["cases"], 0), json.loads(played[1])
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def signed_in(browser: Browser, served: tuple[Served, dict[str, str]], name: str, size: tuple[int, int]) -> Journey:
    """A window in which somebody has signed in."""
    journey = window(browser, served[0], size)
    journey.page.context.add_cookies([{"name": "sessionid", "value": served[1][name], "url": served[0].address}])
    return journey


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_is_clean(
    browser: Browser, served: tuple[Served, dict[str, str]], name: str, size: tuple[int, int], language: str
) -> None:
    journey = signed_in(browser, served, name, size)
    for number, path in enumerate(PAGES[name]):
        journey.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
        if folder := os.environ.get("LINLI_SCREENSHOTS"):
            picture = Path(folder) / f"{name}-{number}-{size[0]}-{language}.png"
            journey.page.screenshot(path=picture, full_page=True)
    wrong = [one for one in journey.wrong if "422" not in one]
    assert wrong == []


def test_somebody_is_appointed_and_the_appointment_ends(
    browser: Browser, served: tuple[Served, dict[str, str]]
) -> None:
    beth = signed_in(browser, served, "beth", SIZES[0])
    beth.go("/admin/posts?q=arbiter&lang=zh")
    beth.page.click("table a")
    beth.page.fill("[name=account]", "town.nobody")
    beth.page.click("form.panel button.primary")
    beth.look()
    assert "没有这个名字的在用账号" in beth.page.inner_text("#main")
    beth.page.click("td button")
    beth.page.fill("[name=account]", "town.mo")
    beth.page.click("form.panel button.primary")
    assert "任命好了" in beth.page.inner_text("#main")
    beth.look()
    assert [one for one in beth.wrong if "422" not in one] == []
