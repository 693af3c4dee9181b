"""`linli setup` on an empty home, twice, and what it refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.app import databases, homes, ready
from linli.app.setup import database_line
from linli.app.tests.installation import linli, new_home
from linli.kernel.errors import SetupError


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with new_home() as made:
        yield made


@pytest.fixture(scope="module")
def first(home: Path) -> subprocess.CompletedProcess[str]:
    return linli(home, "setup", "--pack", "minimal", "--json")


def steps(done: subprocess.CompletedProcess[str]) -> dict[str, bool]:
    assert done.returncode == 0, done.stderr + done.stdout
    return {row["step"]: row["changed"] for row in json.loads(done.stdout)["steps"]}


def test_a_fresh_home_is_made_ready(first: subprocess.CompletedProcess[str]) -> None:
    changed = steps(first)
    assert {name for name, did in changed.items() if did} == set(changed) - {"grants"}


def test_run_again_it_changes_nothing(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    before = {path: path.read_bytes() for path in (home / "secrets").rglob("*") if path.is_file()}
    assert not any(steps(linli(home, "setup", "--json")).values())
    assert {path: path.read_bytes() for path in (home / "secrets").rglob("*") if path.is_file()} == before


def test_secrets_are_closed_and_stay_out_of_what_is_printed(
    home: Path, first: subprocess.CompletedProcess[str]
) -> None:
    files = [path for path in (home / "secrets").rglob("*") if path.is_file()]
    assert len(files) >= 7
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    said = first.stdout + first.stderr
    assert not any(path.read_text().strip() in said for path in files if path.name != "active")


def test_commands_start_a_stopped_server(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    assert linli(home, "db", "stop").returncode == 0
    done = linli(home, "audit", "verify", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(linli(home, "db", "status", "--json").stdout)["running"]


def test_the_app_role_works_and_cannot_bend_the_journal(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    app = databases.database_for(home, {}, "app")
    with app.connect(autocommit=True) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM journal_entry").fetchone() == (True,)
        forbidden = [
            "UPDATE journal_entry SET verb = ''",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
            "DELETE FROM journal_entry_default",
            "UPDATE journal_seal SET root = ''",
            "DELETE FROM journal_seal",
            "CREATE TABLE more (n int)",
            "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
            "DROP TABLE journal_head",
            "CREATE EXTENSION hstore",
            "GRANT linli_owner TO linli_app",
        ]
        for statement in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_the_reader_role_sees_no_compartment(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    reader = databases.database_for(home, {}, "reader")
    with reader.connect(autocommit=True) as connection:
        connection.execute("SELECT count(verb) FROM journal_entry")
        for table in ("journal_personal", "journal_outbox", "journal_receipt", "access_account", "procrastinate_jobs"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT * FROM {table}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM journal_head")


def test_a_password_from_the_environment_replaces_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_SECRET_DATABASE_APP", "from-outside")
    assert databases.database_for(home, {}, "app").password == "from-outside"
    assert homes.ensure_secret(home, "database_app") == "from-outside"


def test_without_setup_a_command_says_what_to_do(tmp_path: Path) -> None:
    done = linli(tmp_path / "empty", "work", "--once")
    assert done.returncode == 1
    assert "linli setup" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_use_ends_with_two(tmp_path: Path) -> None:
    assert linli(tmp_path / "empty", "db", "dance").returncode == 2
    assert linli(tmp_path / "empty", "nothing").returncode == 2


def test_a_database_url_that_cannot_be_read_is_refused_without_repeating_it(tmp_path: Path) -> None:
    done = linli(tmp_path / "x", "setup", environ={"DATABASE_URL": "mysql://u:secret-word@h/d"})
    assert done.returncode == 1
    assert "secret-word" not in done.stderr + done.stdout


def test_an_older_server_is_refused() -> None:
    ready.refuse_old_server(150000)
    with pytest.raises(SetupError, match="15 or newer"):
        ready.refuse_old_server(140012)


def url_of_new_database(home: Path, name: str, more: str = "") -> str:
    """Make a database with an owner who may make roles, as an administrator would, and return its URL."""
    admin = databases.database_for(home, {}, "admin")
    with admin.connect(autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'pw' CREATEROLE".encode())
        connection.execute(f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 {more}".encode())
    return f"postgresql://{name}:pw@/{name}?host={admin.host}&port={admin.port}"


def test_a_deaf_locale_is_refused_with_the_line_to_use(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    url = url_of_new_database(home, "deaf", "LOCALE_PROVIDER libc LC_CTYPE 'C' LC_COLLATE 'C'")
    done = linli(home.parent / "deaf", "setup", environ={"DATABASE_URL": url})
    assert done.returncode == 1
    assert 'CREATE DATABASE "deaf" OWNER "deaf"' in done.stderr


def test_a_server_of_ones_own(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    environ = {"DATABASE_URL": url_of_new_database(home, "theirs")}
    changed = steps(linli(home.parent / "theirs", "setup", "--pack", "minimal", "--json", environ=environ))
    assert "server" not in changed
    assert not any(steps(linli(home.parent / "theirs", "setup", "--json", environ=environ)).values())
    assert linli(home.parent / "theirs", "audit", "verify", environ=environ).returncode == 0
    assert not (home.parent / "theirs" / "postgres").exists()


def test_a_second_home_without_the_passwords_is_told_so(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    url = url_of_new_database(home, "shared")
    assert linli(home.parent / "s1", "setup", "--pack", "minimal", environ={"DATABASE_URL": url}).returncode == 0
    done = linli(home.parent / "s2", "setup", environ={"DATABASE_URL": url})
    assert done.returncode == 1
    assert "secrets/database_app" in done.stderr


def test_the_line_names_database_and_owner() -> None:
    assert database_line("d", "o").startswith('Make one with: CREATE DATABASE "d" OWNER "o" TEMPLATE template0')
