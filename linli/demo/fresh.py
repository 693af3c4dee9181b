"""Where a demo may stand: on an installation that holds nothing else. What is there is read from the log itself.

Is: the begin and end marks of a demo, and how its database is made anew. A demo never writes beside another city's
data, and what it clears away is what it has written itself, or a set-up that nobody has used yet.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import connections, transaction

from linli.access.selectors import accounts
from linli.app import databases, homes, setup
from linli.cases.figures import count_cases
from linli.demo.plan import DemoPlan, Week
from linli.journal.domain import EntryDraft
from linli.journal.selectors import entries_of
from linli.journal.services import append_many
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import SetupError
from linli.organisations.selectors import stamp
from linli.places.selectors import register_version

SUBJECT = "demo:city"
BEGUN, DONE = "demo.city.begun", "demo.week.done"
BUILT, LOADED = "demo.city.built", "demo.load.done"
_MESSAGES_OWN = "own"

State = Literal["empty", "other", "begun", "done", "loaded"]


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in this installation.

    Attributes:
        state: `empty` (set up and unused), `other` (a city that is no demo), `begun` (a demo that broke off), `done`, or
            `loaded` (a city built for a load, without a week).
        said: the facts with which a demo was begun.
        loads: the facts of each load that was filled in.
    """

    state: State
    said: dict[str, object]
    loads: tuple[dict[str, object], ...] = ()


def look() -> Found:
    """Say what stands in this installation."""
    entries = entries_of(SUBJECT)
    if entries:
        verbs = {entry.verb for entry in entries}
        state: State = "done" if DONE in verbs else "loaded" if BUILT in verbs else "begun"
        loads = tuple(dict(entry.data) for entry in entries if entry.verb == LOADED)
        return Found(state, dict(entries[0].data), loads)
    used = register_version() or stamp() or accounts() or count_cases()
    return Found("other" if used else "empty", {})


def refuse_other() -> SetupError:
    """The error for an installation that holds a city of its own."""
    return SetupError(
        f"The installation in {homes.home_folder()} holds data that is no demo's; nothing was touched.",
        code="demo.not_a_demo",
        hint="Give the demo a home of its own: LINLI_HOME=/some/other/folder make demo ONCE=1",
    )


def refuse_loaded() -> SetupError:
    """The error for an installation that was filled for measuring."""
    return SetupError(
        "This installation holds a load for measuring, without a week.",
        code="demo.loaded",
        hint="`linli demo --anew` clears it and builds a week; `linli serve` serves it as it is.",
    )


def facts_of(plan: DemoPlan) -> dict[str, object]:
    """What tells one demo from another, for the log."""
    return {
        "district": plan.district,
        "reports": plan.reports,
        "grids": plan.grids,
        "seed": plan.seed,
        "monday": plan.week.monday.isoformat(),
        "messages": plan.messages.name if plan.messages else _MESSAGES_OWN,
    }


def plan_there(found: Found, plan: DemoPlan) -> DemoPlan:
    """The plan of the demo that stands here, as far as its log tells it.

    Args:
        found: what `look` found.
        plan: what was asked for; gives what the log does not hold.
    """
    said = found.said
    messages = str(said["messages"])
    return replace(
        plan,
        week=Week(date.fromisoformat(str(said["monday"]))),
        district=str(said["district"]),
        reports=int(str(said["reports"])),
        grids=int(str(said["grids"])),
        seed=int(str(said["seed"])),
        messages=None if messages == _MESSAGES_OWN else Path(messages),
    )


def mark(verb: str, plan: DemoPlan, at: datetime) -> None:
    """Write into the log that a demo has begun, or that its week is done."""
    note(verb, facts_of(plan), at)


def note(verb: str, facts: Mapping[str, object], at: datetime) -> None:
    """Write something of the demo into its log."""
    append_many([EntryDraft(SUBJECT, verb, SYSTEM, at, at, facts)])


def make_anew(plan: DemoPlan, now: datetime, tell: Callable[[str], None]) -> None:
    """Clear the database of an unused set-up or of a demo, and set it up as of the demo's founding.

    Args:
        plan: whose rule pack and week.
        now: to name what is laid aside.
        tell: gets lines for people.

    Raises:
        SetupError: the installation holds something else.
    """
    if look().state == "other":
        raise refuse_other()
    home = Path(settings.LINLI_HOME)
    for name in ("seals", "outbox"):
        if (home / name).is_dir():
            (home / name).rename(home / f"{name}-before-{now:%Y%m%d%H%M%S}")
    connections.close_all()
    owner = databases.database_for(homes.home_folder(), os.environ, "owner")
    with owner.connect() as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    for _step in setup.run(plan.pack, plan.week.founded, tell=tell):
        pass


def commit_lazily() -> None:
    """Let this process not wait for the disk at each commit: what a crash would lose of a demo is made again."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SET SESSION synchronous_commit = off")
