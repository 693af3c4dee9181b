"""The one place where areas are wired together: protected tables, set-up steps, periodic jobs, reactions.

Everything is named by text (`module:attribute`) and found when it is needed, so that this list can be read at a
glance and imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

APPEND_ONLY = (
    "journal_entry",
    "journal_seal",
    "journal_closing",
    "packs_storedsnapshot",
    "packs_publication",
)
"""Tables whose rows the app role may add and read, never change or remove."""

HIDDEN_FROM_READER = (
    "access",
    "account",
    "auth",
    "cases_casewords",
    "cases_evidence",
    "cases_notice",
    "cases_noticeseen",
    "cases_noticewish",
    "cases_voice",
    "django_session",
    "intake",
    "journal_hold",
    "journal_outbox",
    "journal_personal",
    "journal_receipt",
    "knowledge_report",
    "mfa",
    "organisations_appointment",
    "organisations_handover",
    "organisations_handovernote",
    "organisations_shift",
    "organisations_standin",
    "places_gridnotice",
    "procrastinate",
    "web",
)
"""Tables (with all that begin with the name and `_`) of persons, keys, words and jobs: statistics never see them."""

COLUMNS_HIDDEN_FROM_READER: Mapping[str, tuple[str, ...]] = {
    "cases_case": ("title", "task_text", "data", "why", "lon", "lat", "external_id", "doers"),
    "journal_entry": ("actor_account",),
    "places_gridnotice": ("worker_shown", "worker_phone"),
}
"""Columns that statistics never see, in tables that they do see: words, exact points, who did it."""

SETUP_STEPS: Mapping[str, str] = {
    "key ring": "linli.app.first_steps:make_key_ring",
    "partitions": "linli.app.first_steps:make_partitions",
    "rule pack": "linli.app.first_steps:publish_pack",
    "matter model": "linli.intake.installed:make_models",
}
"""What `linli setup` does after the migrations: functions of (pack, at) that return (changed, a word about it)."""


@dataclass(frozen=True, slots=True)
class Job:
    """A periodic job: `target` takes `at` (now, UTC) and does all that is due; doing it twice does nothing more.

    `cron` is in UTC; China's day begins at 16:00 UTC.
    """

    name: str
    cron: str
    target: str


JOBS: tuple[Job, ...] = (
    Job("cases.provisional", "20 18 * * *", "linli.cases.provisional:recompute_provisional"),
    Job("journal.partitions", "10 16 * * *", "linli.app.jobs:make_partitions"),
    Job("journal.seals", "7 * * * *", "linli.app.jobs:seal_days"),
    Job("journal.erasing", "40 17 * * *", "linli.app.jobs:erase_due"),
    Job("journal.clearing", "50 17 * * *", "linli.app.jobs:clear_journal"),
    Job("access.names", "52 17 * * *", "linli.access.tasks:erase_names_due"),
    Job("cases.photos", "53 17 * * *", "linli.cases.evidence:erase_due"),
    Job("cases.notices", "54 17 * * *", "linli.cases.notices:drop_old"),
    Job("intake.unsent", "25 * * * *", "linli.intake.tasks:drop_unsent"),
    Job("intake.callers", "58 17 * * *", "linli.intake.callers:drop_forgotten"),
    Job("intake.uploads", "35 * * * *", "linli.intake.uploading:drop_uploads"),
    Job("intake.sketches", "57 17 * * *", "linli.intake.tasks:drop_old_sketches"),
    Job("places.notices", "55 17 * * *", "linli.places.tasks:daily_forgetting"),
)
"""Regular work. A day is sealed after 01:00 of the next in China, when it can get no further entry."""

DELIVERIES: Mapping[str, str] = {
    "cases.notice": "linli.app.messages:deliver",
    "cases.photo_erasure": "linli.app.ledger:write",
    "journal.erasure": "linli.app.ledger:write",
}
"""How an outbox row of a kind leaves the database: functions of a `Delivery`. A kind without one ends in dead letters."""

REGISTRATIONS: tuple[str, ...] = (
    "linli.matters.checks:register",
    "linli.routing.checks:register",
    "linli.cases.procedures.checks:register",
    "linli.cases.replychecks:register",
)
"""Functions by which an area hands its checks and compilers to an area below it; called once, when Django starts."""


def connect() -> None:
    """Call every registration."""
    for target in REGISTRATIONS:
        find(target)()


def find(target: str) -> Callable[..., Any]:
    """Return what `module:attribute` names."""
    module, _, attribute = target.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found
