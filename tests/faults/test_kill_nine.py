"""kill -9 of the command and of PostgreSQL, at random moments of `intake import` and of `work`, a hundred times.

What was acknowledged (a line of `--out`) is there; nothing is there twice; every chain verifies.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.app import databases
from linli.app.server import Server
from linli.app.tests.installation import let_loose, linli, new_home
from linli.cli.tables import table_writer

pytestmark = pytest.mark.slow

ROWS = 20_000
KILLS = 100
COLUMNS = ("external_id", "reported_at", "title", "text", "lon", "lat", "crs", "address")
SUBJECTS = ("路灯不亮", "井盖破损", "垃圾未清运", "占道经营", "树枝挡路", "噪声扰民", "积水", "单车乱停")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with new_home() as made:
        assert linli(made, "setup", "--pack", "minimal").returncode == 0
        yield made


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = random.Random(9)
    file = tmp_path_factory.mktemp("reports") / "reports.csv"
    with table_writer(file, COLUMNS) as write:
        for number in range(ROWS):
            subject = chance.choice(SUBJECTS)
            text = f"中山路{number % 400 + 1}号附近{subject}，已经{chance.randint(1, 30)}天了，请尽快处理。"
            at = f"2026-0{chance.randint(1, 6)}-{chance.randint(1, 28):02d}T{chance.randint(7, 21):02d}:15:00+08:00"
            write(dict(zip(COLUMNS, (f"K{number}", at, subject, text, "", "", "", ""), strict=True)))
    return file


def kill_server(server: Server) -> None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int((server.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)


def cut_off(home: Path, chance: random.Random, longest: float, *words: str) -> bool:
    """Start a command, kill it, its server or both after a random moment; return whether it had ended before."""
    server = Server(home)
    command = let_loose(home, *words)
    try:
        command.wait(chance.uniform(0.4, longest))
    except subprocess.TimeoutExpired:
        what = chance.choice(("command", "server", "both"))
        if what != "command":
            kill_server(server)
        if what != "server":
            command.kill()
        command.wait(120)
        return False
    else:
        return command.returncode == 0
    finally:
        server.start()


def acknowledged(out: Path) -> Iterator[str]:
    """Go through the numbers of the rows that a cut-off import had said were taken in."""
    for line in out.read_text(encoding="utf-8").splitlines() if out.exists() else ():
        with contextlib.suppress(ValueError):
            row = json.loads(line)
            if row["status"] in {"accepted", "known", "sealed"}:
                yield row["external_id"]


def numbers_held(home: Path) -> list[str]:
    with databases.database_for(home, {}, "admin").connect() as connection:
        return [number for (number,) in connection.execute("SELECT external_id FROM cases_case").fetchall()]


def verified(home: Path) -> dict[str, object]:
    done = linli(home, "audit", "verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_import_and_work_are_cut_off_a_hundred_times(home: Path, reports: Path, tmp_path: Path) -> None:
    chance = random.Random(20_270_301)
    said: set[str] = set()
    begun = time.monotonic()
    for number in range(KILLS):
        out = tmp_path / f"{number}.jsonl"
        if number % 4 == 3:
            cut_off(home, chance, 1.5, "work", "--once")
        else:
            cut_off(home, chance, 6.0, "intake", "import", str(reports), "--channel", "hotline", "--out", str(out))
        said |= set(acknowledged(out))
        if number % 20 == 19:
            held = numbers_held(home)
            assert len(held) == len(set(held))
            assert said <= set(held), f"{len(said - set(held))} acknowledged rows are lost after kill {number + 1}"
            verified(home)
    last = linli(home, "intake", "import", str(reports), "--channel", "hotline", "--out", str(tmp_path / "last.jsonl"))
    assert last.returncode == 0, last.stderr
    held = numbers_held(home)
    assert sorted(held) == sorted(f"K{number}" for number in range(ROWS))
    verified(home)
    print(f"{KILLS} kills in {time.monotonic() - begun:.0f} s; {len(held)} cases, each once")
