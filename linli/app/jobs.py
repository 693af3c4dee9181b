"""The periodic jobs: what `linli.app.wiring` lists, as functions of `at` and as tasks of procrastinate.

Is: the thin ends that call an area's service and say what came of it. Is not: the work itself. Each job does all that
is due at `at` and may run twice, or late, or beside another worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linli.app import wiring

MONTHS_AHEAD = 13
"""Partitions from this month to the same month next year."""

log = structlog.get_logger("jobs")


def all_jobs() -> Sequence[wiring.Job]:
    """Return the periodic jobs in the order of their list."""
    return wiring.JOBS


def run(job: wiring.Job, at: datetime) -> object:
    """Run a job now and return what it says: a number, or a short text without anything personal."""
    said: object = wiring.find(job.target)(at)
    log.info("job.done", job=job.name, said=said)
    return said


def _task(job: wiring.Job) -> None:
    """Register a job with procrastinate; no two of a kind wait, and a failed one is tried again."""

    def scheduled(timestamp: int) -> None:
        run(job, datetime.now(UTC))

    retry = RetryStrategy(max_attempts=5, exponential_wait=4)
    task = app.task(name=job.name, queueing_lock=job.name, lock=job.name, retry=retry)(scheduled)
    app.periodic(cron=job.cron)(task)


for _job in wiring.JOBS:
    _task(_job)
