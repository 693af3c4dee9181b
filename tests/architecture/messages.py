"""Words for people in pages: every msgid of templates and code, by face, and the catalogues that translate them."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation import templatize

from tests.architecture.sources import ROOT, product

WEB = ROOT / "linli" / "web"
KEYWORDS: Mapping[str, None] = dict.fromkeys(("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"))

Msgid = str | tuple[str, ...]


def faces() -> list[Path]:
    """Folders of the web that bring pages."""
    return sorted(path.parent for path in WEB.glob("*/__init__.py") if path.parent.name != "migrations")


def used_by(face: Path) -> dict[Msgid, str]:
    """Every msgid of a face, with a file that uses it."""
    found: dict[Msgid, str] = {}
    for path in sorted(face.rglob("*.html")):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found |= dict.fromkeys(_extract(text), path.name)
    for path in sorted(face.rglob("*.py")):
        if "tests" not in path.parts:
            found |= dict.fromkeys(_extract(path.read_text(encoding="utf-8")), path.name)
    return found


def catalogue(face: Path) -> Catalog:
    """The Chinese catalogue of a face; an empty one where there is none."""
    path = face / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def reasons(area: str) -> Iterator[str]:
    """Sentences that an area hands up: reasons of refusals, errors and their hints, as far as they are written whole."""
    for source in product():
        if source.area != area:
            continue
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "Denied":
                yield from _texts(node.args[1:2])
            elif node.func.id in ("RefusedError", "ConflictError", "BusyError"):
                yield from _texts([*node.args[:1], *(k.value for k in node.keywords if k.arg == "hint")])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    yield from (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _extract(text: str) -> Iterator[Msgid]:
    lines = io.BytesIO(text.encode())
    said: Any
    for _line, function, said, _comments in extract_python(lines, KEYWORDS, (), {}):
        if isinstance(said, str):
            yield said
        elif function in ("ngettext", "ngettext_lazy") and said[0]:
            yield (str(said[0]), str(said[1]))
        elif function == "pgettext":
            yield str(said[1])
        elif said and said[0]:
            yield str(said[0])
