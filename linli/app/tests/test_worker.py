"""The worker's loop: jobs of the queue run as the app role, and each periodic job may run twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from croniter import croniter
from django.db import connection
from procrastinate.contrib.django import app

from linli.app import jobs, wiring, worker

AT = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("job", wiring.JOBS, ids=lambda job: job.name)
def test_every_periodic_job_is_known_to_the_queue(job: wiring.Job) -> None:
    assert jobs.__name__ in app.import_paths
    assert job.name in app.tasks
    assert croniter.is_valid(job.cron)
    assert callable(wiring.find(job.target))


@pytest.mark.parametrize("targets", [wiring.SETUP_STEPS.values(), wiring.DELIVERIES.values(), wiring.REGISTRATIONS])
def test_everything_that_is_wired_is_there(targets: list[str]) -> None:
    assert all(callable(wiring.find(target)) for target in targets)


@pytest.mark.django_db
@pytest.mark.parametrize("job", wiring.JOBS, ids=lambda job: job.name)
def test_a_job_runs_twice_as_the_app_role(job: wiring.Job, as_app: None) -> None:
    jobs.run(job, AT)
    jobs.run(job, AT)


@pytest.mark.django_db(transaction=True)
def test_the_queue_runs_what_was_deferred() -> None:
    app.configure_task("journal.partitions").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs")
        assert cursor.fetchall() == [("todo",)]
        worker.run_queue(wait=False)
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'journal.partitions'")
        assert ("succeeded",) in cursor.fetchall()
