"""The command itself, in homes of their own with a space in their path; and the page that tells newcomers of it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
PAGE = PROJECT / "docs" / "tutorial" / "first-week.md"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="makes installations with servers of their own"),
]


class Home:
    """An installation of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def linli(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from linli.app.main import main; main()", *words]
        environ = {**os.environ, "LINLI_HOME": str(self.folder)}
        return subprocess.run(command, env=environ, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    found = Home(tmp_path_factory.mktemp("demo") / "a home")
    assert found.linli("setup").returncode == 0
    yield found
    found.linli("db", "stop")


def test_a_week_of_three_thousand_reports_is_verified_and_shown_again(home: Home) -> None:
    done = home.linli("demo", "--once", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    whole = told["summary"]["whole"]
    assert sum(told["course"]["taken in"].values()) == 3000
    assert whole["reports"] + told["summary"]["closed_to_all"] == 3000
    assert whole["joined"] > 0
    assert [history["kind"] for history in told["histories"]] == ["simple", "disputed", "again"]
    assert home.linli("audit", "verify").returncode == 0
    again = home.linli("demo", "--once", "--json")
    assert json.loads(again.stdout)["summary"] == told["summary"]
    other = home.linli("demo", "--once", "--reports", "100")
    assert other.returncode == 1
    assert "--anew" in other.stderr


def test_the_tutorial_runs_as_it_is_written(home: Home) -> None:
    lines = [
        line.strip() for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("    .venv/bin/linli")
    ]
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        done = home.linli(*words)
        assert done.returncode == 0, (line, done.stderr)


def test_a_home_with_a_city_of_its_own_is_not_touched(tmp_path: Path) -> None:
    home = Home(tmp_path / "a home")
    assert home.linli("setup").returncode == 0
    assert home.linli("accounts", "add", "wang", "--display-name", "Wang").returncode in (0, 2)
    lists = PROJECT / "linli" / "demo" / "data"
    words = [f"--{tier}={lists / f'nanjing_{tier}.csv'}" for tier in ("districts", "streets", "communities")]
    assert home.linli("places", "import", *words).returncode == 0
    for options in ((), ("--anew",)):
        refused = home.linli("demo", "--once", *options)
        assert refused.returncode == 1
        assert "nothing was touched" in refused.stderr
    home.linli("db", "stop")
