"""The periodic jobs: what `linli.app.wiring` lists, as functions of `at` and as tasks of procrastinate.

Is: the thin ends that call an area's service and say what came of it. Is not: the work itself. Each job does all that
is due at `at` and may run twice, or late, or beside another worker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from django.db import connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linli.app import wiring

log = structlog.get_logger("jobs")


def run(job: wiring.Job, at: datetime) -> object:
    """Run a job now and return what it says: a number, or a short text without anything personal."""
    said: object = wiring.find(job.target)(at)
    log.info("job.done", job=job.name, said=said)
    return said


def make_partitions(at: datetime) -> int:
    """Make the journal's partitions a year ahead; return how many were missing."""
    from linli.journal import tasks

    return tasks.daily_partitions(at)


def seal_days(at: datetime) -> int:
    """Seal the days that are due; return how many."""
    from linli.journal import tasks

    return len(tasks.hourly_seals(at))


def erase_due(at: datetime) -> dict[str, int]:
    """Erase personal parts whose period has ended; return how many met which fate."""
    from linli.journal import tasks

    return dict(Counter(outcome.outcome for outcome in tasks.daily_erasing(at)))


def clear_journal(at: datetime) -> dict[str, int]:
    """Drop what was delivered long ago, and receipts that nobody will ask for again."""
    from linli.journal import tasks

    sent, receipts = tasks.daily_clearing(at)
    return {"outbox": sent, "receipts": receipts}


def deliver(clock: Callable[[], datetime]) -> int:
    """Deliver what waits in the outbox; return how many rows were settled, sent or not."""
    from linli.journal import tasks

    handlers = {kind: wiring.find(target) for kind, target in wiring.DELIVERIES.items()}
    report = tasks.drain_outbox(handlers, clock)
    return report.sent + report.again + report.dead


def _task(job: wiring.Job) -> None:
    """Register a job with procrastinate; no two of a kind wait, and a failed one is tried again."""

    def scheduled(timestamp: int) -> None:
        try:
            run(job, datetime.now(UTC))
        finally:
            # The queue runs each job in a thread of its own; its connection would outlive it.
            connections.close_all()

    retry = RetryStrategy(max_attempts=5, exponential_wait=4)
    task = app.task(name=job.name, queueing_lock=job.name, lock=job.name, retry=retry)(scheduled)
    app.periodic(cron=job.cron)(task)


for _job in wiring.JOBS:
    _task(_job)
