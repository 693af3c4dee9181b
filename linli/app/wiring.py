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
    "journal_personal",
    "journal_outbox",
    "journal_receipt",
    "cases_voice",
    "access_account",
    "access_apikey",
    "procrastinate",
    "django_session",
)
"""Tables (with all that begin with the name and `_`) with personal data, keys or words: statistics never see them."""

SETUP_STEPS: Mapping[str, str] = {
    "key ring": "linli.app.first_steps:make_key_ring",
    "partitions": "linli.app.first_steps:make_partitions",
    "rule pack": "linli.app.first_steps:publish_pack",
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
    Job("journal.partitions", "10 16 * * *", "linli.app.jobs:make_partitions"),
    Job("journal.seal", "15 17 * * *", "linli.app.jobs:seal_days"),
    Job("journal.erase", "40 17 * * *", "linli.app.jobs:erase_due"),
    Job("cases.provisional", "20 18 * * *", "linli.app.jobs:recompute_provisional"),
)
"""Daily work. The seal comes after 01:00 in China, when the day before can get no further entry."""

DELIVERIES: Mapping[str, str] = {}
"""How an outbox row of a kind leaves the database: functions of the row. A kind that is not here goes to dead letters."""


def find(target: str) -> Callable[..., Any]:
    """Return what `module:attribute` names."""
    module, _, attribute = target.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found
