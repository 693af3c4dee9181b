"""Makes the process ready for a command: Django, logs, the embedded server; says plainly what is missing.

Is: called once at the edge. Is not: set-up, which makes things; this only starts what is there.
"""

from __future__ import annotations

import os

from linli.app import databases, homes
from linli.app.server import Server
from linli.kernel.errors import SetupError

OLDEST_SERVER = 15
"""Oldest major version of PostgreSQL that the schema works on."""

RUN_SETUP = "Run `linli setup` (or `make setup`)."


def django() -> None:
    """Set Django up with this project's settings, and logs that keep personal data out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.app.settings")
    import django as framework

    from linli.app import logs

    logs.configure()
    framework.setup()


def server() -> None:
    """Start the embedded server if this installation has one that does not answer.

    Nothing happens where `DATABASE_URL` names a server, where Django was pointed elsewhere (tests), or before set-up:
    a command that needs no database works without one.
    """
    from django.db import connections

    embedded = Server(homes.home_folder())
    host = connections.settings["default"]["HOST"]
    if os.environ.get("DATABASE_URL") or host != str(embedded.socket_folder) or not embedded.data.exists():
        return
    embedded.start()


def refuse_old_server(version: int) -> None:
    """Refuse a server that is too old.

    Args:
        version: the server's number as the protocol gives it, e.g. 150008.

    Raises:
        SetupError: older than `OLDEST_SERVER`.
    """
    if version // 10000 < OLDEST_SERVER:
        raise SetupError(
            f"The database server is PostgreSQL {version // 10000}; Linli needs {OLDEST_SERVER} or newer.",
            code="setup.server_too_old",
            hint="Name a newer server in DATABASE_URL, or unset it and use the embedded one.",
            data={"version": version},
        )


def database() -> None:
    """Check that the database answers, is new enough and has its tables.

    Raises:
        SetupError: one of these is not so.
    """
    import psycopg

    found = databases.database_for(homes.home_folder(), os.environ, "app")
    try:
        with found.connect() as connection:
            refuse_old_server(connection.info.server_version)
    except psycopg.OperationalError:
        raise not_ready() from None


def not_ready() -> SetupError:
    """Return the error for a database that does not answer or has no tables; it repeats nothing the driver said."""
    return SetupError("The database of this installation is not ready.", code="setup.database", hint=RUN_SETUP)


def is_missing_database(error: Exception) -> bool:
    """Return whether an error says that the database does not answer, or has no tables yet."""
    import psycopg

    cause = error.__cause__ or error
    return isinstance(cause, (psycopg.OperationalError, psycopg.errors.UndefinedTable))
