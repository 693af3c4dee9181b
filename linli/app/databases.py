"""Which database this installation speaks to, and as which role; no connection is made here.

Three roles: `owner` makes tables, `app` works (no DDL, no change of the journal), `reader` reads for statistics.
`DATABASE_URL` names a server of one's own; its user is then the owner. Without it the embedded server is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.conninfo import make_conninfo

from linli.app import homes
from linli.app.server import Server
from linli.kernel.errors import SetupError

EMBEDDED_NAME = "linli"

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Database:
    """Where a database is and who asks. `host` may be the folder of a socket."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: tuple[tuple[str, str], ...] = ()

    def connect(self, *, autocommit: bool = False) -> Connection:
        """Open a connection of its own, outside Django.

        Raises:
            psycopg.OperationalError: the server does not answer, or does not let us in.
        """
        given = {"dbname": self.name, "user": self.user, "password": self.password, "host": self.host}
        info = make_conninfo("", **given, port=self.port, connect_timeout="10", **dict(self.options))
        return psycopg.connect(info, autocommit=autocommit)

    def settings(self) -> dict[str, Any]:
        """Return the entry of Django's `DATABASES`.

        Connections are kept (a new one costs about 11 ms), parameters are bound by the server and statements are
        prepared at their third use.
        """
        return {
            "ENGINE": "linli.app.postgres",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, **dict(self.options)},
        }


def parse_url(url: str) -> Database:
    """Return what a `postgresql://user:password@host:port/name?option=value` says.

    Raises:
        SetupError: another scheme, or no database name. The message never repeats the URL: it holds a password.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise SetupError(
            "DATABASE_URL cannot be read.",
            code="setup.database_url",
            hint="It looks like postgresql://user:password@host:5432/name, or …/name?host=/folder/of/socket.",
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", unquote(parts.hostname or ""))
    port = options.pop("port", str(parts.port or 5432))
    user = options.pop("user", unquote(parts.username or ""))
    password = options.pop("password", unquote(parts.password or ""))
    return Database(name, user, password, host, port, tuple(sorted(options.items())))


def database_for(home: Path, environ: Mapping[str, str], role: str) -> Database:
    """Return the database as `role`: "owner", "app", "reader", or "admin" (who makes roles and the database)."""
    url = environ.get("DATABASE_URL", "")
    if not url:
        server = Server(home)
        user = "postgres" if role == "admin" else f"{EMBEDDED_NAME}_{role}"
        password = homes.secret(home, f"database_{role}")
        return Database(EMBEDDED_NAME, user, password, str(server.socket_folder), Server.PORT)
    given = parse_url(url)
    if role in {"admin", "owner"}:
        return given
    return replace(given, user=f"{given.name}_{role}", password=homes.secret(home, f"database_{role}"))


def settings_for(home: Path, environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return Django's `DATABASES`: `default` works as the app role, `owner` is for migrations."""
    app = database_for(home, environ, "app").settings()
    owner = database_for(home, environ, "owner").settings()
    return {"default": app, "owner": {**owner, "TEST": {"MIRROR": "default"}}}
