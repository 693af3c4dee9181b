"""A worker: takes what is due, delivers the outbox, runs jobs; any number may run beside each other.

Is: the loop and its clock. Is not: what a due case does (`linli.cases.due`), how an outbox row leaves
(`linli.journal.delivery`), or when jobs run (`linli.app.wiring`). A server that is away is waited for; nothing that was
taken is lost with a worker, because taking and writing are one transaction.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import procrastinate
import structlog
from django.db import close_old_connections, connections
from django.db.utils import InterfaceError, OperationalError
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from linli.app import jobs, wiring

BATCH = 200
"""Cases in one transaction: large enough to share its cost, small enough that nobody waits long for one."""

PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0

log = structlog.get_logger("worker")


def default_name() -> str:
    """Return a name for this worker: machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def once(name: str, clock: Callable[[], datetime]) -> dict[str, object]:
    """Do all that is due now, then end.

    Args:
        name: of this worker, for logs and locks.
        clock: gives the present moment, UTC.

    Returns:
        How many steps were taken and rows delivered, and what each job said.
    """
    said = {job.name: jobs.run(job, clock()) for job in wiring.JOBS}
    cases, delivered = _drain(name, clock)
    run_queue(wait=False)
    return {"cases": cases, "outbox": delivered, **said}


def run(name: str) -> None:
    """Work until told to stop (SIGTERM, SIGINT); the case in hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    queue = threading.Thread(target=_queue_thread, args=(stop,), name="jobs", daemon=True)
    queue.start()
    log.info("worker.started", worker=name)
    pause = PAUSE_SECONDS
    while not stop.is_set():
        try:
            cases, delivered = _drain(name, _now, stop)
        except (OperationalError, InterfaceError):
            log.warning("worker.database_away", worker=name, seconds=pause)
            connections.close_all()
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        else:
            if pause > PAUSE_SECONDS:
                log.info("worker.database_back", worker=name)
            pause = PAUSE_SECONDS
            if cases or delivered:
                log.info("worker.done", worker=name, cases=cases, outbox=delivered)
        stop.wait(pause)
    log.info("worker.stopped", worker=name)


def _drain(name: str, clock: Callable[[], datetime], stop: threading.Event | None = None) -> tuple[int, int]:
    """Take due cases and deliver the outbox until both are empty; return how many of each."""
    from linli.cases.due import take_due

    close_old_connections()
    cases = delivered = 0
    while not (stop and stop.is_set()):
        taken = take_due(clock(), batch=BATCH, worker=name)
        sent = jobs.deliver(clock)
        cases, delivered = cases + taken, delivered + sent
        if not taken and not sent:
            break
    return cases, delivered


def _queue_thread(stop: threading.Event) -> None:
    """Run procrastinate's worker in a thread of its own; start it again when the server was away."""
    while not stop.is_set():
        try:
            run_queue(wait=True, stop=stop)
        except Exception:
            log.warning("worker.queue_away", exc_info=True)
            stop.wait(LONGEST_PAUSE_SECONDS)


def run_queue(*, wait: bool, stop: threading.Event | None = None) -> None:
    """Run the jobs of procrastinate's queue.

    Args:
        wait: go on and wait for new ones (and defer the periodic ones), else end when none is left.
        stop: ends it when set; the job in hand is finished first.
    """

    async def work(opened: procrastinate.App) -> None:
        async with opened.open_async():
            task = asyncio.ensure_future(opened.run_worker_async(wait=wait, install_signal_handlers=False))
            while stop and not stop.is_set() and not task.done():
                await asyncio.sleep(0.5)
            stopped = stop is not None and stop.is_set()
            if stopped:
                task.cancel()
            await asyncio.gather(task, return_exceptions=stopped)

    connector = PsycopgConnector(kwargs=connector_params())
    with app.replace_connector(connector) as opened:
        asyncio.run(work(opened))


def _now() -> datetime:
    return datetime.now(UTC)
