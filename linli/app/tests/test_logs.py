"""Nothing personal reaches a log: no SQL, no parameter, no message of an exception."""

from __future__ import annotations

import io
import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import structlog
from django.db import connection, transaction
from django.db.utils import DataError

from linli.app import databases, homes, logs
from linli.app.server import Server

MARKER = "张某某住在丹凤街12号"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    kept = logging.getLogger().handlers[:]
    level = logging.getLogger().level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure("debug")
    yield stream
    logging.getLogger().handlers[:] = kept
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def test_an_exception_is_its_class_and_place(written: io.StringIO) -> None:
    try:
        raise ValueError(MARKER)
    except ValueError:
        structlog.get_logger().error("worker.failed", case=3, exc_info=True)
        logging.getLogger("library").exception("it failed for %s", MARKER)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["error"] for line in lines] == ["ValueError", "ValueError"]
    assert "test_logs.py" in lines[0]["at_code"][-1]
    assert MARKER not in written.getvalue()


@pytest.mark.django_db
def test_the_driver_and_django_stay_silent(written: io.StringIO) -> None:
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::text, %s::text::int", [MARKER, MARKER])
    assert MARKER not in written.getvalue()


def test_the_embedded_servers_log_has_no_words() -> None:
    with tempfile.TemporaryDirectory(prefix="ll-") as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder) / "home")
        server.start()
        try:
            password = homes.secret(server.home, "database_admin")
            found = databases.Database("postgres", "postgres", password, str(server.socket_folder), server.PORT)
            with found.connect(autocommit=True) as one:
                one.execute("CREATE TABLE t (name text PRIMARY KEY)")
                one.execute("INSERT INTO t VALUES (%s)", [MARKER])
                with pytest.raises(psycopg.errors.UniqueViolation):
                    one.execute("INSERT INTO t VALUES (%s)", [MARKER])
                with pytest.raises(psycopg.errors.DivisionByZero):
                    one.execute("SELECT %s::text, 1 / %s::int", [MARKER, 0])
        finally:
            server.stop()
        said = "".join(path.read_text(encoding="utf-8") for path in (server.data / "log").glob("*"))
        assert "duplicate key" in said
        assert MARKER not in said
        assert "INSERT INTO" not in said
