"""What a browser sees of a page: everything that must not be there, in words. And an installation to look at.

Is: sideways scrolling, cut words, untranslated sentences, axe-core's findings, script errors, violations of the policy of
content, requests to other hosts. Is not: an opinion on beauty; that is for eyes (`pictures.py`).
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from linli.app.homes import PROJECT
from linli.app.tests.installation import environment, let_loose, linli, new_home
from linli.app.tests.test_serve import fetched, free_port
from linli.web.tests.walk.recipes import Sent

CHROMIUM = shutil.which("chromium") or ""
AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE = (1440, 1000), (360, 780)
WIDTHS = (1440, 720, 360, 320)
"""A desk, the same at 200 %, a phone, and the width that WCAG asks for (1.4.10)."""

_OUTSIDE_WINDOW = """
() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.getClientRects().length)
    .map((one) => `${one.tagName}.${one.className.baseVal ?? one.className}`).slice(0, 4)
"""
"""Elements that reach beyond the window, where the page scrolls sideways."""

_CUT = """
() => [...document.querySelectorAll("main *")]
  .filter((one) => one.children.length === 0 && one.textContent.trim() && one.clientWidth
    && one.scrollWidth > one.clientWidth + 1 && !["visible", "auto", "scroll"].includes(getComputedStyle(one).overflowX)
    && !one.closest(".vh") && !["INPUT", "TEXTAREA", "SELECT", "OPTION"].includes(one.tagName))
  .map((one) => one.textContent.trim().slice(0, 40)).slice(0, 4)
"""
"""Words that are cut off."""

_ENGLISH = """
() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("[lang=en], script, style, code, .mono, .log, textarea") || !parent.getClientRects().length) continue;
    const text = walker.currentNode.textContent.replace(/linli( [a-z-]+)+|\\w+ of the town/g, "").trim();
    if (/[A-Za-z]{2,}[ ][A-Za-z]{2,}[ ][A-Za-z]{2,}/.test(text)) found.push(text.slice(0, 60));
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [title]"))
    for (const name of ["aria-label", "placeholder", "title"]) {
      const text = one.getAttribute(name) || "";
      if (/[A-Za-z]{3,}[ ][A-Za-z]{2,}/.test(text)) found.push(`${name}: ${text.slice(0, 60)}`);
    }
  return found.slice(0, 5);
}
"""
"""English sentences on a Chinese page: words that nobody translated."""

_NO_RING = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  const style = getComputedStyle(at);
  const label = at.closest("label") ? getComputedStyle(at.closest("label")) : style;
  const seen = [style, label].some((one) => one.outlineStyle !== "none" || one.boxShadow !== "none");
  return seen ? "" : at.outerHTML.slice(0, 120);
}
"""
"""What has focus without showing it."""


@dataclass(frozen=True, slots=True)
class Town:
    """A served installation with the town's work in it, and where each page is."""

    address: str
    pages: list[dict[str, Any]]
    sessions: Mapping[str, str]
    tokens: Mapping[str, str]
    cases: Mapping[str, str]
    people: Mapping[str, tuple[str, str]]
    problems: list[str]


@contextmanager
def served_town() -> Iterator[Town]:
    """An installation of its own, filled, walked through once, and served until the end."""
    with new_home() as home:
        made = linli(home, "setup", "--pack", "national")
        assert made.returncode == 0, made.stderr[-2000:]
        command = [sys.executable, "-m", "linli.web.tests.walk.seed"]
        filled = subprocess.run(
            command, env=environment(home), cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert filled.returncode == 0, filled.stderr[-3000:]
        told = json.loads(filled.stdout)
        port = free_port()
        server = let_loose(home, "serve", "--port", str(port), "--workers", "0")
        try:
            address = f"http://127.0.0.1:{port}"
            assert fetched(f"{address}/sign-in")[0] == 200
            yield Town(
                address,
                told["pages"],
                told["sessions"],
                told["tokens"],
                told["cases"],
                {name: (account, password) for name, (account, password) in told["people"].items()},
                [*told["wrong"], *told["missing"]],
            )
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@dataclass
class Window:
    """A browser window that notes everything that must not happen."""

    page: Page
    town: Town
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, browser: Browser, town: Town, who: str = "", size: tuple[int, int] = WIDE, **more: Any) -> Window:
        """A fresh window in which somebody has signed in; "" = nobody.

        Args:
            browser: Chromium.
            town: what is served.
            who: a name of the town.
            size: in CSS pixels.
            more: for playwright's context.
        """
        context: BrowserContext = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", reduced_motion="reduce", **more
        )
        if who:
            context.add_cookies([{"name": "sessionid", "value": town.sessions[who], "url": town.address}])
        window = cls(context.new_page(), town)
        window.page.on("console", window._console)
        window.page.on("pageerror", lambda error: window.wrong.append(f"script: {error}"))
        window.page.on("request", window._request)
        return window

    def _console(self, message: ConsoleMessage) -> None:
        # A form sent with errors answers 422, which the browser tells as an error of its own.
        if message.type == "error" and "status of 422" not in message.text and "status of 404" not in message.text:
            self.wrong.append(f"console: {self.page.url} {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.town.address, "data:", "blob:")):
            self.wrong.append(f"outside: {self.page.url} asks {request.url}")

    def go(self, path: str) -> None:
        """Open a page, and wait until it is quiet."""
        answer = self.page.goto(self.town.address + path)
        if answer is not None and answer.status >= 400:
            self.wrong.append(f"{path}: {answer.status}")
        self.page.wait_for_load_state("networkidle")

    def send(self, sent: Sent) -> None:
        """Send a form as it stands, and wait for what is said of it."""
        self.page.locator(sent.press).first.click()
        self.page.wait_for_selector(sent.told)
        self.page.wait_for_load_state("networkidle")

    def close(self) -> None:
        """Close the window with its cookies."""
        self.page.context.close()

    # what must not be there

    def look_at_widths(self, widths: tuple[int, ...] = WIDTHS, why: str = "") -> None:
        """Find sideways scrolling and cut words at each width."""
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 780})
            where = f"{self.page.url} {width}px {why}".strip()
            if beyond := self.page.evaluate(_OUTSIDE_WINDOW):
                self.wrong.append(f"scrolls sideways: {where} {beyond}")
            if cut := self.page.evaluate(_CUT):
                self.wrong.append(f"cut words: {where} {cut}")

    def look_with_axe(self) -> None:
        """Find what axe-core finds."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run({resultTypes: ['violations']}).then(r => r.violations)")
        width = self.page.evaluate("innerWidth")
        self.wrong += [
            f"axe {one['id']}: {self.page.url} {width}px {[node['target'] for node in one['nodes']][:3]}"
            for one in found
        ]

    def look_at_words(self, language: str) -> None:
        """Find words of the other language."""
        tag = self.page.evaluate("document.documentElement.lang")
        if not tag.startswith(language):
            self.wrong.append(f"language: {self.page.url} says {tag}")
        if language == "zh" and (found := self.page.evaluate(_ENGLISH)):
            self.wrong.append(f"not translated: {self.page.url} {found}")


def with_look(path: str, **look: str) -> str:
    """A path with its display chosen."""
    joint = "&" if "?" in path else "?"
    return path + joint + "&".join(f"{name}={value}" for name, value in look.items())


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until focus is there; each stop on the way shows where focus is."""
    for _ in range(most):
        if page.evaluate("(one) => document.activeElement?.matches(one)", selector):
            return
        page.keyboard.press("Tab")
        lost = page.evaluate(_NO_RING)
        assert not lost, f"focus is not seen on {lost}"
    raise AssertionError(f"no way to {selector} by Tab")
