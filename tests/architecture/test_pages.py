"""Pages: every address says who may open it; templates hold no script, no style and no outside host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from linli.web.base.assets import BUILT
from tests.architecture.messages import WEB
from tests.architecture.sources import ROOT

_FORBIDDEN = (
    (re.compile(r"\sstyle\s*="), "an inline style"),
    (re.compile(r"<script(?![^>]*type=\"application/json\")", re.IGNORECASE), "a script: use the tag `script`"),
    (re.compile(r"<style", re.IGNORECASE), "a style element"),
    (re.compile(r"\son[a-z]+\s*=", re.IGNORECASE), "an inline handler"),
    (re.compile(r"hx-on|\bjs:|hx-vals=.js"), "what htmx would have to evaluate"),
    (re.compile(r"https?://"), "an outside address"),
)
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
"""What the template engine takes away before a browser sees it."""
_OUTSIDE = re.compile(r"url\(\s*[\"']?(?:https?:)?//|import\s*\(?\s*[\"']https?://|fetch\(\s*[\"']https?://")


def test_every_address_says_who_may_open_it() -> None:
    # The API has a table of its own: linli/api/tests/table.py.
    pages = [(name, view) for name, view in _views() if not name.startswith("/api/")]
    silent = [name for name, view in pages if not hasattr(view, "policy")]
    assert silent == []


def test_templates_hold_nothing_that_the_policy_of_content_forbids() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in sorted(WEB.glob("*/templates/**/*.html"))
        for rule, what in _FORBIDDEN
        if rule.search(_TAGS.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_built_files_ask_nothing_of_an_outside_host() -> None:
    files = [path for path in BUILT.rglob("*") if path.suffix in {".js", ".css"}]
    assert files, "run `make pages` first"
    found = [path.name for path in files if _OUTSIDE.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_what_every_page_loads_is_small() -> None:
    """A phone of five years on a slow line: script and style together stay under 40 kB compressed."""
    import gzip

    from linli.web.base.assets import asset_url

    total = 0
    for name in ("linli.js", "css/linli.css"):
        path = BUILT.parent.parent / Path(asset_url(name).lstrip("/"))
        total += len(gzip.compress(path.read_bytes(), 9))
    assert total < 40_000


def _views() -> Iterator[tuple[str, object]]:
    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, object]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, prefix + str(one.pattern))
            else:
                yield f"/{prefix}{one.pattern}", one.callback

    yield from walk(get_resolver().url_patterns, "")
