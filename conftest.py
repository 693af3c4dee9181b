"""One fast test server for every pytest on this machine, started when the first test asks for a database.

Tests run as the owner of a database of their own (`test_linli_<process>`); the fixture `as_app` switches to the app
role. `DATABASE_URL` names another server (15 or newer) instead.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from linli.app import databases, homes, roles
from linli.app.server import Server
from linli.journal.keyring import ensure_ring, ring_folder
from linli.journal.tests.town import wipe

# The machine may be busy with another run: a slow example is no failure.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

OWNER, APP, READER = "linli_owner", "linli_app", "linli_reader"


@pytest.fixture(scope="session", autouse=True)
def linli_home() -> Iterator[Path]:
    """Give the whole run a home of its own, so that no test touches the installation's keys."""
    with tempfile.TemporaryDirectory(prefix="linli-home-") as folder:
        home = Path(folder)
        homes.make_home(home)
        settings.LINLI_HOME = home
        ensure_ring(ring_folder(home))
        settings.SECRET_KEY = homes.ensure_secret(home, "django_key")
        before = os.environ.get("LINLI_HOME")
        os.environ["LINLI_HOME"] = folder
        yield home
        if before is None:
            del os.environ["LINLI_HOME"]
        else:
            os.environ["LINLI_HOME"] = before


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Point Django at the test server, with a database name that no other run on this machine has."""
    from django.db import connections

    database = _server_database()
    for alias in ("default", "owner"):
        connections.settings[alias].update(database.settings())
        connections.settings[alias]["TEST"]["NAME"] = f"test_linli_{os.getpid()}"
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """After the migrations, give the app and the reader role what setup would give them."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(roles.RELATIONS_SQL)
        for statement in roles.grants(cursor.fetchall(), APP, READER):
            cursor.execute(statement.as_string(None))


@pytest.fixture(autouse=True)
def _log_left_clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the log after a test that commits: its tables refuse the flush that empties the others."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        wipe()


@pytest.fixture(autouse=True)
def _rules_read_anew() -> None:
    """Let no test read the rules that the one before it published."""
    from linli.packs.selectors import forget_rules_of_minute

    forget_rules_of_minute()


@pytest.fixture
def as_app(db: None) -> Iterator[None]:
    """Run the test as the app role: no DDL, nothing in the journal changed or removed."""
    yield from _as_role(APP)


@pytest.fixture
def as_reader(db: None) -> Iterator[None]:
    """Run the test as the reader role: it may only look, and not into compartments."""
    yield from _as_role(READER)


def _as_role(name: str) -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {name}")
    yield
    with contextlib.suppress(Exception), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _server_database() -> databases.Database:
    """Return the maintenance database as the tests' owner; starts the server and makes the roles once."""
    if url := os.environ.get("DATABASE_URL", ""):
        given = databases.parse_url(url)
        _make_roles(given)
        return given
    home = Path(tempfile.gettempdir()) / f"linli-tests-{os.geteuid()}"
    server = Server(home)
    server.start(fast=True)
    admin = homes.ensure_secret(home, "database_admin")
    found = databases.Database("postgres", "postgres", admin, str(server.socket_folder), server.PORT)
    password = homes.ensure_secret(home, "database_owner")
    _make_roles(found)
    with found.connect(autocommit=True) as connection:
        with _unless_made():
            connection.execute(roles.make_role(OWNER, password=password))
            connection.execute(f"ALTER ROLE {OWNER} CREATEDB")
            connection.execute(f"GRANT {APP}, {READER} TO {OWNER}")
        _drop_leftovers(connection)
    return databases.Database("postgres", OWNER, password, found.host, found.port)


def _make_roles(admin: databases.Database) -> None:
    with admin.connect(autocommit=True) as connection:
        for name in (APP, READER):
            with _unless_made():
                connection.execute(roles.make_role(name))


@contextlib.contextmanager
def _unless_made() -> Iterator[None]:
    """Let it pass when another run made the role meanwhile."""
    with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        yield


def _drop_leftovers(connection: databases.Connection) -> None:
    """Drop databases of test runs that were killed: their process is gone."""
    for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_linli_%'").fetchall():
        pid = name.split("_")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            with contextlib.suppress(psycopg.Error):
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
