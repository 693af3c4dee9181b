"""`make screenshots`: a picture of every page, both languages, by desk and phone; each mocked page beside its mock.

Pictures go to `screenshots/` with an `index.html` to look at them one by one. Mocks are no part of this repository:
LINLI_MOCKS names their folder, and without it no page is put beside one. Dark and 30 px text are taken of mocked pages.
"""

from __future__ import annotations

import html
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

from linli.app.homes import PROJECT
from linli.web.tests.walk.looking import CHROMIUM, PHONE, WIDE, Town, Window, served_town, with_look
from linli.web.tests.walk.recipes import EMPTY, MOCKS

FOLDER = PROJECT / "screenshots"
LONGEST = 6000
"""Pixels of the longest page that is pictured whole."""
SIZES = {"1440": WIDE, "360": PHONE}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: of which page, in which language, width and look."""

    name: str
    file: str
    mock: str = ""


def main() -> int:
    """Take all pictures; 1 where an address was not found or answered wrongly."""
    if not CHROMIUM:
        print("Chromium is not there: apt-get install chromium fonts-noto-cjk")
        return 1
    mocks = _mocks()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with served_town() as town, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        pictures = [*_pages(browser, town), *_errors(browser, town), *_mocked(browser, town, mocks)]
        browser.close()
    _index(pictures)
    print(f"{len(pictures)} pictures in {FOLDER}; open {FOLDER / 'index.html'}")
    for one in town.problems:
        print(one, file=sys.stderr)
    return 1 if town.problems else 0


def _mocks() -> Path | None:
    """The folder of mocks, where there is one."""
    named = os.environ.get("LINLI_MOCKS", "")
    if not named:
        print("LINLI_MOCKS is not set: no page is put beside its mock.")
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise SystemExit(f"LINLI_MOCKS names {folder}, which is no folder.")
    return folder


def _pages(browser: Browser, town: Town) -> Iterator[Picture]:
    for who in sorted({page["who"] for page in town.pages}):
        window = Window.of(browser, town, who)
        for page in (one for one in town.pages if one["who"] == who):
            for language in ("zh", "en"):
                window.go(with_look(page["path"], lang=language))
                for width, size in SIZES.items():
                    yield _take(window, _name(page), language, width, size)
        window.close()


def _name(page: dict[str, Any]) -> str:
    """A file's name for a page: face, address, and what varies."""
    tail = "-".join(part for part in page["path"].split("?")[0].split("/")[2:] if len(part) < 30)
    query = page["path"].partition("?")[2].replace("&", ",")
    return f"{page['face']}-{page['route']}-{tail}-{query}".strip("-").replace("/", "-")[:90]


def _take(window: Window, name: str, language: str, width: str, size: tuple[int, int], look: str = "") -> Picture:
    window.page.set_viewport_size({"width": size[0], "height": size[1]})
    window.page.wait_for_timeout(120)
    file = f"{name}-{language}-{width}{look}.png"
    high = min(LONGEST, max(size[1], window.page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": size[0], "height": high}
    window.page.screenshot(path=FOLDER / file, full_page=True, clip=clip)  # type: ignore[arg-type]
    return Picture(f"{name} {language} {width}{look}", file)


def _errors(browser: Browser, town: Town) -> Iterator[Picture]:
    """Forms sent empty."""
    for sent in EMPTY:
        who = next((page["who"] for page in town.pages if page["path"] == sent.path), "")
        window = Window.of(browser, town, who, PHONE)
        for language in ("zh", "en"):
            window.go(with_look(sent.path, lang=language))
            window.send(sent)
            yield _take(window, f"empty{sent.path.replace('/', '-')}", language, "360", PHONE)
        window.close()


# beside the mocks


def _mocked(browser: Browser, town: Town, mocks: Path | None) -> Iterator[Picture]:
    """Each mocked page as its mock shows it, and dark and in 30 px text besides."""
    for mock, route in MOCKS.items():
        page = _page_of(town, route)
        if page is None:
            print(f"{mock}: no page for it")
            continue
        look = {"lang": "en" if mock.endswith("-en") else "zh", "text": "xl" if "large" in mock else "m"}
        look["theme"] = "dark" if "dark" in mock else "light"
        window = Window.of(browser, town, page["who"])
        window.go(with_look(page["path"], **look))
        if route.endswith(":empty"):
            window.send(EMPTY[0])
        yield from _beside(window, mock, mocks)
        for name, change in (("dark", {"theme": "dark", "text": "m"}), ("large", {"theme": "light", "text": "xl"})):
            window.go(with_look(page["path"], lang=look["lang"], **change))
            for width, size in SIZES.items():
                yield _take(window, f"mocked-{mock}", look["lang"], width, size, f"-{name}")
        window.close()


def _page_of(town: Town, route: str) -> dict[str, Any] | None:
    """The page that best shows what a mock shows: a case on its way, the resident's own link."""
    asked = route.removesuffix(":empty")
    wanted = {
        "follow": town.tokens["in_hand"],
        "desk_case": town.cases["in_hand"],
        "why": f"{town.cases['in_hand']}/deadline",
    }
    found = [page for page in town.pages if page["route"] == asked]
    if asked in wanted and found:
        path = {"follow": "/f/", "desk_case": "/desk/case/", "why": "/why/"}[asked] + wanted[asked]
        return {**found[0], "path": path}
    return found[0] if found else None


def _beside(window: Window, mock: str, mocks: Path | None) -> Iterator[Picture]:
    drawn = mocks / f"{mock}.png" if mocks else None
    if drawn is None or not drawn.exists():
        if mocks:
            print(f"{mock}: no such picture in LINLI_MOCKS")
        return
    with Image.open(drawn) as theirs:
        double = theirs.width in (720, 2880)
        wide = theirs.width // 2 if double else theirs.width
        ours = _take(window, f"beside-{mock}", "as", str(wide), (wide, 900))
        with Image.open(FOLDER / ours.file) as real:
            shown = theirs.resize((wide, theirs.height * wide // theirs.width))
            both = Image.new("RGB", (2 * wide + 24, max(real.height, shown.height)), "#888888")
            both.paste(ImageOps.contain(shown, (wide, both.height)).convert("RGB"), (0, 0))
            both.paste(real.convert("RGB"), (wide + 24, 0))
    both.save(FOLDER / ours.file)
    yield Picture(f"{mock}: mock left, page right", ours.file, mock)


def _index(pictures: list[Picture]) -> None:
    rows = "\n".join(
        f'<li id="{n}"><p><a href="#{n + 1}">{html.escape(one.name)}</a></p>'
        f'<a href="{html.escape(one.file)}"><img src="{html.escape(one.file)}" alt="" loading="lazy"></a></li>'
        for n, one in enumerate(pictures)
    )
    head = "<!doctype html><meta charset=utf-8><title>Linli, page by page</title><style>img{max-width:100%;border:1px solid}</style>"
    (FOLDER / "index.html").write_text(f"{head}<ol>\n{rows}\n</ol>\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
