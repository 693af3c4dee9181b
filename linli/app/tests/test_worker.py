"""The worker's loop: jobs of the queue run as the app role, and each periodic job may run twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from croniter import croniter
from django.db import connection
from procrastinate.contrib.django import app

from linli.app import jobs, spool, wiring, worker
from linli.cases.tests.desk import published
from linli.journal.outbox import OutboxDraft, add_outbox

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
        for _ in range(3):  # a periodic job that is due just now may come first and hold the queue's end
            worker.run_queue(wait=False)
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE task_name = 'journal.partitions'")
        assert ("succeeded", 1) in cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_a_notice_leaves_once_as_ids_and_codes() -> None:
    add_outbox([OutboxDraft("cases.notice", {"case": 7, "to": "owner", "what": "case"})], AT)
    assert jobs.deliver(lambda: AT) == 0  # before rules hold
    published()
    assert jobs.deliver(lambda: AT) == 1
    assert jobs.deliver(lambda: AT) == 0
    file = spool.spool_folder() / "2027-03-01.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["kind"], line["case"]) for line in lines] == [("cases.notice", 7)]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_off_is_not_written_on(tmp_path: Path) -> None:
    file = tmp_path / "spool" / "2027-03-01.jsonl"
    spool.append(file, [{"id": 1}, {"id": 2}])
    with file.open("a", encoding="utf-8") as cut:
        cut.write('{"id": 3, "ki')
    spool.append(file, [{"id": 3}])
    assert file.read_text(encoding="utf-8").splitlines() == ['{"id": 1}', '{"id": 2}', '{"id": 3, "ki', '{"id": 3}']
