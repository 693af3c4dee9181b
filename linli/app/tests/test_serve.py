"""`linli serve` as a process: pages, static files, a worker beside, and an end for all of them together."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from linli.app.tests.installation import let_loose, linli, new_home
from linli.web.base.assets import asset_url

PATIENCE_SECONDS = 60

pytestmark = pytest.mark.slow


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fetched(address: str) -> tuple[int, bytes]:
    """Status and body, waiting until somebody answers."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
        except OSError:
            assert time.monotonic() < end, "nobody answers"
            time.sleep(0.2)


def children(pid: int) -> list[int]:
    """Processes started by a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sorted(
        {int(one) for task in threads for one in (task / "children").read_text().split()} | set(map(int, found))
    )


def test_pages_static_files_and_a_worker_come_and_go_together() -> None:
    with new_home() as home:
        assert linli(home, "setup", "--pack", "national").returncode == 0
        port = free_port()
        server = let_loose(home, "serve", "--port", str(port))
        try:
            status, page = fetched(f"http://127.0.0.1:{port}/sign-in")
            assert (status, "登录".encode() in page) == (200, True)
            status, style = fetched(f"http://127.0.0.1:{port}{asset_url('css/linli.css')}")
            assert (status, b"--accent" in style) == (200, True)
            for trick in ("/static/../settings.py", "/static/%2e%2e/apps.py", "/static/built/../../apps.py"):
                assert fetched(f"http://127.0.0.1:{port}{trick}")[0] in (400, 404), trick
            status, numbers = fetched(f"http://127.0.0.1:{port}/metrics")
            assert status == 200
            assert b'linli_requests_total{method="GET",route="sign-in",status="200"}' in numbers
            running = children(server.pid)
            assert len(running) >= 3
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE_SECONDS)
        assert [pid for pid in running if _lives(pid)] == []


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]
