"""Addresses of built scripts and styles, by the manifest that Vite writes. Read once a process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.conf import settings

from linli.kernel.errors import SetupError

BUILT = Path(__file__).resolve().parents[1] / "static" / "built"


@cache
def _manifest() -> dict[str, dict[str, object]]:
    try:
        text = (BUILT / "manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SetupError(
            "Scripts and styles are not built.", code="web.not_built", hint="Run `make setup`, which builds them."
        ) from None
    found: dict[str, dict[str, object]] = json.loads(text)
    return found


def asset_url(name: str) -> str:
    """The address of a built file by the name of its source, e.g. `linli.js`.

    Raises:
        SetupError: nothing is built.
        KeyError: no such entry; a mistake in a template.
    """
    return f"{settings.STATIC_URL}built/{_manifest()[name]['file']}"


def asset_styles(name: str) -> list[str]:
    """Addresses of the styles that a built script brings."""
    found = _manifest()[name].get("css", [])
    assert isinstance(found, list)
    return [f"{settings.STATIC_URL}built/{one}" for one in found]


def asset_pieces(name: str) -> list[str]:
    """Addresses of the built scripts that a built script imports, and those import in turn."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        imports = _manifest()[waiting.pop()].get("imports", [])
        assert isinstance(imports, list)
        fresh = [one for one in imports if one not in found]
        found += dict.fromkeys(fresh)
        waiting += fresh
    return [asset_url(one) for one in found]
