"""`linli setup`: makes server, roles, database, tables, grants, keys, partitions and rule pack ready; twice is once.

Is: the order of the steps and what each refuses. Is not: the server itself (`linli.app.server`) or what an area sets
up for itself, which it does in functions named in `linli.app.wiring`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from linli.app import databases, homes, ready, roles, wiring
from linli.app.databases import Connection, Database
from linli.app.server import Server
from linli.kernel.errors import SetupError

TRIGRAM_PROBE = "路灯"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of set-up: its name, whether it changed anything, and a word about it."""

    name: str
    changed: bool
    detail: str = ""


def run(pack: str, at: datetime, *, tell: Callable[[str], None]) -> Iterator[Step]:
    """Make this installation ready, step by step; a step that has nothing to do says so.

    Args:
        pack: name of the rule pack to publish, "" to leave published what is published (`national` at first).
        at: now, UTC.
        tell: gets lines for people while something takes long.

    Raises:
        SetupError: what stands in the way, with the way out.
    """
    yield from ground(tell)
    yield from build(pack, at)


def ground(tell: Callable[[str], None]) -> Iterator[Step]:
    """Make what tables stand on: secrets, server, database, roles.

    Args:
        tell: gets lines for people while something takes long.

    Raises:
        SetupError: what stands in the way, with the way out.
    """
    home = homes.home_folder()
    yield _make_secrets(home)
    if not os.environ.get("DATABASE_URL"):
        yield _start_server(home, tell)
    admin = databases.database_for(home, os.environ, "admin")
    if not os.environ.get("DATABASE_URL"):
        yield _make_database(admin)
    else:
        _refuse_bad_server(admin)
    owner = databases.database_for(home, os.environ, "owner")
    _refuse_deaf_trigrams(owner)
    yield _make_roles(home)


def build(pack: str, at: datetime) -> Iterator[Step]:
    """Make tables and all that lies in them: migrations, grants, and what each area sets up; see `run`."""
    home = homes.home_folder()
    owner = databases.database_for(home, os.environ, "owner")
    ready.django()
    yield _migrate()
    yield _grant(home, owner)
    for name, target in wiring.SETUP_STEPS.items():
        changed, detail = wiring.find(target)(pack=pack, at=at)
        yield Step(name, changed, detail)


def _make_secrets(home: Path) -> Step:
    homes.make_home(home)
    names = ["django_key"]
    if not os.environ.get("DATABASE_URL"):
        names += ["database_admin", "database_owner", "database_app", "database_reader"]
    made = [name for name in names if not homes.secret(home, name) and homes.ensure_secret(home, name)]
    return Step("secrets", bool(made), str(home / "secrets"))


def _start_server(home: Path, tell: Callable[[str], None]) -> Step:
    server = Server(home)
    running = server.is_running()
    server.start(tell=tell)
    return Step("server", not running, f"PostgreSQL {server.status().version} in {server.folder}")


def _make_database(admin: Database) -> Step:
    """Make the embedded server's database and the role that owns it."""
    home = homes.home_folder()
    owner = databases.database_for(home, os.environ, "owner")
    with replace(admin, name="postgres").connect(autocommit=True) as connection:
        made = _ensure_role(connection, owner.user, owner.password)
        held = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (owner.name,)).fetchone()
        if not held:
            text = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(text.format(sql.Identifier(owner.name), sql.Identifier(owner.user)))
        _keep_password(connection, owner)
    return Step("database", made or not held, owner.name)


def _make_roles(home: Path) -> Step:
    """Make the app and the reader role and let the owner act as them."""
    admin = databases.database_for(home, os.environ, "admin")
    owner = databases.database_for(home, os.environ, "owner")
    changed = False
    with admin.connect(autocommit=True) as connection:
        for name in ("app", "reader"):
            role = f"{owner.name}_{name}"
            password = homes.secret(home, f"database_{name}")
            if not password:
                _refuse_unknown_password(connection, role, name)
                password = homes.ensure_secret(home, f"database_{name}")
            changed |= _ensure_role(connection, role, password)
            if changed:
                text = sql.SQL("GRANT {} TO {}")
                connection.execute(text.format(sql.Identifier(role), sql.Identifier(owner.user)))
            _keep_password(connection, databases.database_for(home, os.environ, name))
    return Step("roles", changed, f"{owner.user} · {owner.name}_app · {owner.name}_reader")


def _ensure_role(connection: Connection, name: str, password: str) -> bool:
    """Make a role unless it is there; return whether it was made."""
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
        return False
    try:
        connection.execute(roles.make_role(name, password=password))
    except psycopg.errors.InsufficientPrivilege:
        raise SetupError(
            f"The user of DATABASE_URL may not make the role {name}.",
            code="setup.role",
            hint=f"As an administrator of the server: CREATE ROLE {name} LOGIN PASSWORD '…'; "
            f"then give the password in LINLI_SECRET_DATABASE_{name.rpartition('_')[2].upper()}.",
        ) from None
    return True


def _keep_password(connection: Connection, database: Database) -> None:
    """Give a role the password of this home where it cannot sign in with it; on the embedded server only."""
    if os.environ.get("DATABASE_URL"):
        return
    try:
        database.connect().close()
    except psycopg.OperationalError:
        text = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(text.format(sql.Identifier(database.user), sql.Literal(database.password)))


def _refuse_unknown_password(connection: Connection, role: str, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        raise SetupError(
            f"The role {role} exists on the server, and this home does not know its password.",
            code="setup.password",
            hint=f"Copy secrets/database_{name} from the home that made it, or set LINLI_SECRET_DATABASE_{name.upper()}.",
        )


def _refuse_bad_server(admin: Database) -> None:
    try:
        with admin.connect() as connection:
            ready.refuse_old_server(connection.info.server_version)
    except psycopg.OperationalError as error:
        raise SetupError(
            "The server named in DATABASE_URL does not let us in.",
            code="setup.database_url",
            hint=f"{type(error).__name__}: check host, port, user, password and that the database exists. "
            + database_line(admin.name, admin.user),
        ) from None


def _refuse_deaf_trigrams(owner: Database) -> None:
    """Refuse a database in whose locale Chinese characters are no letters: search in it would find nothing."""
    with owner.connect() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        found = connection.execute("SELECT show_trgm(%s)", (TRIGRAM_PROBE,)).fetchone()
        connection.rollback()
    if not found or not found[0]:
        raise SetupError(
            f"The database {owner.name} has a locale in which Chinese characters are not letters.",
            code="setup.locale",
            hint=database_line(owner.name, owner.user),
        )


def database_line(name: str, owner: str) -> str:
    """Return the words with which an administrator makes a database that fits."""
    return (
        f'Make one with: CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0 ENCODING \'UTF8\' '
        f"LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';"
    )


def _migrate() -> Step:
    """Apply the migrations that are not applied yet, as the owner."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    return Step("migrations", bool(plan), f"{len(plan)} applied")


def _grant(home: Path, owner: Database) -> Step:
    """Give the app and the reader role what is theirs; one transaction, so that nobody meets a gap."""
    with owner.connect() as connection:
        # Two set-ups at once would trip over each other's catalogue rows.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('linli.setup.grants'))")
        relations = connection.execute(roles.RELATIONS_SQL).fetchall()
        for statement in roles.grants(relations, f"{owner.name}_app", f"{owner.name}_reader"):
            connection.execute(statement)
    return Step("grants", False, f"{len(relations)} tables")
