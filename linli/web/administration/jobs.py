"""Regular work as the queue knows it: when each job last ended well, and what waits or failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: Mapping[str, Promise] = {
    "access.names": _("Erase names of people who left"),
    "cases.photos": _("Delete photos whose period has ended"),
    "cases.provisional": _("Move deadlines when a calendar is published"),
    "intake.sketches": _("Forget sketches of old words"),
    "intake.unsent": _("Drop what was never sent"),
    "journal.clearing": _("Clear what was delivered long ago"),
    "journal.erasing": _("Erase what a period has ended"),
    "journal.partitions": _("Make room in the log a year ahead"),
    "journal.seals": _("Seal the days that are over"),
    "places.notices": _("Take down old notices of grids"),
}

_JOBS = """
SELECT j.task_name, max(e.at) FILTER (WHERE e.type = 'succeeded'), count(DISTINCT j.id) FILTER (WHERE j.status = 'todo'),
       count(DISTINCT j.id) FILTER (WHERE j.status = 'failed')
  FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id
 GROUP BY j.task_name ORDER BY j.task_name
"""


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job: its name, what it does, when it last ended well, how many wait and how many were given up."""

    name: str
    title: str
    last: datetime | None
    waiting: int
    failed: int


def job_rows() -> list[JobRow]:
    """Every job that the queue knows; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        return [JobRow(name, str(TITLES.get(name, name)), *rest) for name, *rest in cursor.fetchall()]
