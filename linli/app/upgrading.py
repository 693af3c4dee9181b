"""`linli upgrade`: after a new release was installed, and with services stopped: back up, migrate, say what was done.

Is: the safe order, and the refusal of a program older than its data. Is not: the installing of a release (pip does it) or
a move to another major version of PostgreSQL, which is a backup by the old release and a restore by the new one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from linli.app import backup, homes, ready, setup
from linli.app.server import Server
from linli.journal.keeping import UPGRADED, installation_record
from linli.kernel.errors import SetupError


def run(out: Path | None, at: datetime, *, tell: Callable[[str], None]) -> Iterator[setup.Step]:
    """Upgrade, step by step.

    Args:
        out: file of the backup made before; None = make none.
        at: now, aware UTC.
        tell: gets lines for people while something takes long.

    Raises:
        SetupError: there is nothing to upgrade, or the data is newer than this program.
    """
    home = homes.home_folder()
    if not os.environ.get("DATABASE_URL") and not Server(home).data.exists():
        raise SetupError("There is no installation to upgrade.", code="upgrade.none", hint=ready.RUN_SETUP)
    ready.django()
    ready.server()
    refuse_newer_data()
    waiting = _waiting()
    if out is not None and waiting:
        made = backup.make(out, at, tell=tell)
        yield setup.Step("backup", True, str(made.file))
    yield from setup.run("", at, tell=tell)
    if waiting:
        installation_record(UPGRADED, {"release": backup.release(), "migrations": waiting}, at)


def refuse_newer_data() -> None:
    """Refuse to work on tables that a newer release has changed.

    Raises:
        SetupError: migrations are applied that this program does not know.
    """
    from django.apps import apps
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("linli.")}
    loader = MigrationLoader(connections["owner"])
    applied = [(app, name) for app, name in loader.applied_migrations if app in ours]
    unknown = sorted(f"{app}.{name}" for app, name in applied if (app, name) not in loader.disk_migrations)
    if unknown:
        raise SetupError(
            f"The database is newer than this program: {len(unknown)} of its migrations are unknown here.",
            code="upgrade.newer_data",
            hint=f"Install the release that made {unknown[-1]}, or restore a backup that this release made.",
        )


def _waiting() -> int:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def default_file(at: datetime) -> Path:
    """Where the backup before an upgrade goes, unless told otherwise."""
    return homes.home_folder() / "backups" / f"before-{backup.release()}-{at:%Y%m%dT%H%M%SZ}.linli"
