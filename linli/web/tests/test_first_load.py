"""The first load of the report page: at most 100 kB, and how long it takes on a slow line with a slow telephone.

Bytes are asserted: the page, scripts and styles, as they travel. Seconds are reported, never asserted: they are
this machine's. The browser has seen nothing before; the server has answered once, and how long that took is told apart.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from linli.app.homes import PROJECT
from linli.app.statics import PREFIX, files_below
from linli.app.tests.test_serve import fetched
from linli.web.tests.walk.looking import CHROMIUM, PHONE, Town, served_town
from tests import town as small

MOST_BYTES = 100_000
SLOW_3G: dict[str, Any] = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s each way, 400 ms to answer."""
SLOWER_CPU = 6

_LINKED = re.compile(r'(?:href|src)="/static/([^"#]+)')


def test_what_the_report_page_loads_stays_under_its_limit(town: small.Town) -> None:
    page = Client(headers={"accept-encoding": "gzip"}).get("/report")
    assert page["Content-Encoding"] == "gzip"
    text = Client().get("/report").content.decode()
    files = files_below(PROJECT / "linli" / "web" / PREFIX.strip("/"))
    linked = set(_LINKED.findall(text))
    assert len(linked) >= 3
    total = len(page.content) + sum(len(files[name].small or files[name].plain) for name in linked)
    assert total <= MOST_BYTES, {name: len(files[name].small) for name in linked}
    assert not any("map" in name or "charts" in name for name in linked)


@pytest.fixture(scope="module")
def served() -> Iterator[Town]:
    with served_town() as town:
        yield town


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium fonts-noto-cjk")
@pytest.mark.parametrize("path", ["/report", "/"])
def test_the_first_load_on_a_slow_line(
    browser: Browser, served: Town, path: str, capsys: pytest.CaptureFixture[str], record_property: Any
) -> None:
    began = time.monotonic()
    fetched(served.address + path)
    first = time.monotonic() - began  # a process that has just started reads its rules and words first
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN")
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    came: list[float] = []
    line.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    page.goto(served.address + path, wait_until="load")
    page.wait_for_load_state("networkidle")
    times = page.evaluate(
        "() => { const [n] = performance.getEntriesByType('navigation');"
        " const paint = performance.getEntriesByName('first-contentful-paint')[0];"
        " return {seen: paint.startTime, typed: n.domInteractive, whole: n.domContentLoadedEventEnd}; }"
    )
    kilobytes = sum(came) / 1000
    said = (
        f"{path}: {kilobytes:.0f} kB in {len(came)} answers; seen after {times['seen'] / 1000:.2f} s, typed into after"
        f" {times['typed'] / 1000:.2f} s, with scripts after {times['whole'] / 1000:.2f} s (400 kbit/s, 400 ms, CPU / {SLOWER_CPU});"
        f" the server's first answer of this page before that: {first:.2f} s"
    )
    record_property("first_load", said)
    with capsys.disabled():
        print(f"\n{said}")
    assert kilobytes * 1000 <= MOST_BYTES
    context.close()
