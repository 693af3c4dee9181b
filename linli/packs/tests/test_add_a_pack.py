"""The how-to `docs/howto/add-a-pack.md`, run as it stands: its files written, its commands called, in its order."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings

from linli.cli.rules import rules
from linli.rules.tests.folders import PACKS

PAGE = PACKS.parent / "docs" / "howto" / "add-a-pack.md"
_STEP = re.compile(
    r"^```yaml\n# (?P<file>\S+)\n(?P<text>.*?)^```$|^    (?P<command>(?:linli|cp) [^\n]*)$", re.MULTILINE | re.DOTALL
)


def steps() -> Iterator[re.Match[str]]:
    return _STEP.finditer(PAGE.read_text(encoding="utf-8"))


def call(command: str) -> str:
    """Run one line of the page; copying is done here, everything else by the program."""
    words = shlex.split(command)
    if words[0] == "cp":
        shutil.copytree(words[2], words[3])
        return ""
    assert words[:2] == ["linli", "rules"]
    result = CliRunner().invoke(rules, words[2:])
    assert result.exit_code == 0, f"{command}\n{result.output}\n{result.exception}"
    return result.output


@pytest.mark.django_db
def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PACKS, tmp_path / "packs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "PACKS_FOLDER", tmp_path / "packs", raising=False)
    said: dict[str, str] = {}
    for step in steps():
        if step["file"]:
            Path(step["file"]).parent.mkdir(parents=True, exist_ok=True)
            Path(step["file"]).write_text(step["text"], encoding="utf-8")
        else:
            said[step["command"]] = call(step["command"])
    assert len(said) == 8
    first = said["linli rules diff national yantai"].splitlines()[0]
    assert first.startswith("办公时间由 ")
    shown = said["linli rules show calendar.opening --place 370602 --day 2026-06-01"]
    assert "yantai/parameters/calendar.yaml:3" in shown
    assert "某市机关作息时间通知" in shown
    assert "The rules are the same" in said["linli rules diff yantai@live yantai"]
