"""`linli work` as a process: once, until told to stop, and through the death of its server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.app import wiring
from linli.app.server import Server
from linli.app.tests.installation import linli, new_home, started

PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with new_home() as made:
        assert linli(made, "setup", "--pack", "minimal").returncode == 0
        yield made


def wait_for(worker: subprocess.Popen[str], event: str) -> None:
    """Read the worker's log until the event comes."""
    assert worker.stderr is not None
    end = time.monotonic() + PATIENCE_SECONDS
    seen = []
    while time.monotonic() < end:
        line = worker.stderr.readline()
        seen.append(line)
        if event in line:
            return
        assert line, f"the worker ended: {seen}"
    pytest.fail(f"no {event} within a minute: {seen}")


def test_once_does_all_and_says_what(home: Path) -> None:
    done = linli(home, "work", "--once", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["cases"] == 0
    assert set(said) == {"cases", "outbox", *(job.name for job in wiring.JOBS)}


def test_a_worker_ends_when_told(home: Path) -> None:
    worker = started(home, "work", "--name", "w1")
    wait_for(worker, "worker.started")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE_SECONDS) == 0


def test_a_worker_outlives_its_server(home: Path) -> None:
    server = Server(home)
    worker = started(home, "work", "--name", "w2")
    try:
        wait_for(worker, "worker.started")
        os.kill(int((server.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        wait_for(worker, "worker.database_away")
        server.start()
        wait_for(worker, "worker.database_back")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0


def test_two_workers_at_once(home: Path) -> None:
    workers = [started(home, "work", "--once") for _ in range(2)]
    assert [worker.wait(PATIENCE_SECONDS) for worker in workers] == [0, 0]
