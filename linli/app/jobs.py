"""The periodic jobs: what `linli.app.wiring` lists, as functions of `at` and as tasks of procrastinate.

Is: the thin ends that call an area's service and say what came of it. Is not: the work itself. Each job does all that
is due at `at` and may run twice, or late, or beside another worker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linli.app import wiring
from linli.journal.delivery import BackOff
from linli.journal.receipts import RECEIPTS_KEPT
from linli.packs.errors import NoRulesError
from linli.packs.selectors import installation_rules, rules_this_minute
from linli.rules.parameters import Integer, Parameter
from linli.rules.snapshot import Rules

DELIVER_FIRST = Parameter("journal.deliver_first_minutes", Integer)
DELIVER_CAP = Parameter("journal.deliver_cap_hours", Integer)
DELIVER_TRIES = Parameter("journal.deliver_tries", Integer)
DELIVER_LEASE = Parameter("journal.deliver_lease_minutes", Integer)
SENT_KEPT = Parameter("journal.sent_kept_days", Integer)

log = structlog.get_logger("jobs")


def run(job: wiring.Job, at: datetime) -> object:
    """Run a job now and return what it says: a number, or a short text without anything personal.

    An installation that has published no rules yet has nothing for a job to do.
    """
    said: object
    try:
        said = wiring.find(job.target)(at)
    except NoRulesError:
        said = "no rules are published yet"
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

    rules = installation_rules(at)
    kept = (timedelta(days=rules[SENT_KEPT]), timedelta(days=rules[RECEIPTS_KEPT]))
    sent, receipts = tasks.daily_clearing(at, *kept)
    return {"outbox": sent, "receipts": receipts}


def deliver(clock: Callable[[], datetime]) -> int:
    """Deliver what waits in the outbox; return how many rows were settled, sent or not; none before rules hold."""
    from linli.journal import tasks

    try:
        back_off = _back_off(rules_this_minute(clock()))
    except NoRulesError:
        return 0
    handlers = {kind: wiring.find(target) for kind, target in wiring.DELIVERIES.items()}
    report = tasks.drain_outbox(handlers, clock, back_off)
    return report.sent + report.again + report.dead


def _back_off(rules: Rules) -> BackOff:
    """When a failed delivery is tried again, as the pack says."""
    return BackOff(
        first=timedelta(minutes=rules[DELIVER_FIRST]),
        cap=timedelta(hours=rules[DELIVER_CAP]),
        attempts=rules[DELIVER_TRIES],
        lease=timedelta(minutes=rules[DELIVER_LEASE]),
    )


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


@app.task(name="intake.upload", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def take_upload(upload: int) -> None:
    """Take in a long table that a desk handed in; done again, what went in before is known."""
    from linli.intake.uploading import upload_work

    try:
        rows = upload_work(upload, lambda: datetime.now(UTC))
        log.info("job.done", job="intake.upload", said=rows)
    finally:
        connections.close_all()
