"""Small packs for tests, written into a folder of the test's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PACKS = Path(__file__).resolve().parents[3] / "packs"

SOURCES = (
    'A1: {title: 样例办法, address: "https://example.org/a", grade: A}\nB2: {title: 网页, address: "none", grade: BK}\n'
)

OPENING = """
calendar.opening:
  title: {zh: 办公时间, en: Opening hours}
  type: table
  values:
    - from: 2004-01-01
      value: [{weekdays: [1, 2, 3, 4, 5], intervals: ["09:00-12:00", "13:30-17:30"]}]
      source: A1
      confidence: high
"""


def write_pack(
    root: Path, name: str, *, parent: str = "", place: str = "", files: Mapping[str, str] | None = None
) -> Path:
    """Write a pack; a root pack gets sources and opening hours.

    Args:
        root: folder of packs.
        files: path inside the pack -> text.
    """
    head = f'name: {name}\ntitle: {{zh: 试, en: Trial}}\nplace: "{place}"\nmaintainer: test\n'
    base = {"pack.yaml": head + (f"parent: {parent}\n" if parent else "")}
    if not parent:
        base |= {"sources.yaml": SOURCES, "parameters/calendar.yaml": OPENING}
    for path, text in {**base, **(files or {})}.items():
        target = root / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root / name


def tries(*rows: str) -> str:
    """A parameter `trial.tries` of type integer; each row is `from: …, value: …` without braces."""
    values = "".join(f"    - {{{row}, source: A1, confidence: high}}\n" for row in rows)
    return f"trial.tries:\n  title: {{zh: 次数, en: Tries}}\n  type: integer\n  values:\n{values}"
