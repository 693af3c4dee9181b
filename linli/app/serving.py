"""`linli serve`: the web server with its static files, and workers of `linli work` beside it, as one command.

Is: starting and stopping processes together. Is not: the pages (`linli.web`) or the work (`linli.app.worker`). For a
server on the internet a proxy with TLS stands in front; LINLI_HTTPS=1 then makes cookies secure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from linli.app import homes

TARGET = "linli.app.wsgi:application"
NUMBERS = "PROMETHEUS_MULTIPROC_DIR"
THREADS = 4
"""Requests that one process answers at a time: each waits mostly for the database."""

_WORK = (sys.executable, "-c", "from linli.app.main import main; main()", "work")
_PATIENCE_SECONDS = 20

log = structlog.get_logger("serve")


@dataclass(frozen=True, slots=True)
class Serving:
    """Where to listen, and how many processes: for pages, and for work."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 2
    workers: int = 1


def serve(what: Serving) -> None:
    """Serve until told to stop (SIGTERM, SIGINT); requests and cases in hand are finished first."""
    _clear_numbers()
    stop = threading.Event()
    watches = [threading.Thread(target=_keep_working, args=(stop,), daemon=True) for _ in range(what.workers)]
    for watch in watches:
        watch.start()
    try:
        _server(what).serve()
    finally:
        stop.set()
        for watch in watches:
            watch.join(_PATIENCE_SECONDS)


def _clear_numbers() -> None:
    """Name an empty folder in which the processes put their counts together; they find it in the environment."""
    folder = Path(os.environ.setdefault(NUMBERS, str(homes.home_folder() / "run" / "metrics")))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def _server(what: Serving) -> MPServer:
    return MPServer(
        TARGET,
        address=what.host,
        port=what.port,
        interface=Interfaces.WSGI,
        workers=what.processes,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    )


def _keep_working(stop: threading.Event) -> None:
    """Run a worker beside the server; start another one where it ends by itself."""
    while not stop.is_set():
        worker = subprocess.Popen(_WORK)
        while worker.poll() is None and not stop.wait(0.5):
            pass
        if stop.is_set():
            worker.terminate()
            _wait_or_kill(worker)
        else:
            log.warning("serve.worker_ended", status=worker.returncode)
            stop.wait(_PATIENCE_SECONDS)


def _wait_or_kill(worker: subprocess.Popen[bytes]) -> None:
    try:
        worker.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
