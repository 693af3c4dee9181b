"""The client programs of PostgreSQL (`pg_dump`, `pg_restore`, `psql`): found, and run so that they say nothing personal.

The wheel's programs are used where they know the server; for a newer server of one's own those on the PATH are. A
program's messages may quote a row: only a code of an error is passed on.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from linli.app import binaries
from linli.app.databases import Database
from linli.kernel.errors import SetupError

LEFT_OUT = ("django_session", "web_cache")
"""Tables whose rows no backup holds: with a session one could go on as somebody else."""

_PREAMBLE = 4096
_UNKNOWN_TO_OLD = re.compile(rb"^SET transaction_timeout = 0;$", re.MULTILINE)
_STATE = re.compile(r"\b[0-9A-Z]{5}\b")


@dataclass(frozen=True, slots=True)
class Tools:
    """Programs that fit a server."""

    dump: str
    restore: str
    psql: str


def tools_for(server_version: int) -> Tools:
    """Find programs for a server.

    Args:
        server_version: the server's number as the protocol gives it, e.g. 150008.

    Raises:
        SetupError: the server is newer than all programs there are.
    """
    major = server_version // 10000
    for folder in _folders():
        names = [folder / name for name in ("pg_dump", "pg_restore", "psql")]
        if all(name.exists() for name in names) and _major(names[0]) >= major:
            return Tools(*map(str, names))
    raise SetupError(
        f"There is no pg_dump for PostgreSQL {major}.",
        code="backup.no_tools",
        hint=f"Install the client programs of PostgreSQL {major} and have them on the PATH, or back the server up by its "
        "own means; `linli keys export` keeps the keys, and evidence/, seals/ and erasures/ of the home belong to it.",
        data={"version": major},
    )


def dump(database: Database, out: Path) -> None:
    """Write all of a database, in one snapshot of it, into a file that `load` reads; sessions are left out.

    Raises:
        SetupError: the program failed.
    """
    tools = _tools_of(database)
    command = [tools.dump, "--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--file={out}"]
    command += [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
    _finish("pg_dump", subprocess.run(command, env=_environment(database), capture_output=True, check=False))


def load(database: Database, source: Path) -> None:
    """Read a file of `dump` into an empty database, all of it or nothing.

    Raises:
        SetupError: a program failed.
    """
    tools = _tools_of(database)
    reading = subprocess.Popen(
        [tools.restore, "--no-owner", "--no-privileges", "--file=-", str(source)],
        env=binaries.bare_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    words = [
        "-X",
        "--quiet",
        "--no-password",
        "--single-transaction",
        "-v",
        "ON_ERROR_STOP=1",
        "-v",
        "VERBOSITY=sqlstate",
    ]
    writing = subprocess.Popen(
        [tools.psql, *words], env=_environment(database), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert reading.stdout is not None
    assert writing.stdin is not None
    try:
        # A server older than 17 does not know this line of a newer program's preamble.
        writing.stdin.write(_UNKNOWN_TO_OLD.sub(b"", reading.stdout.read(_PREAMBLE)))
        shutil.copyfileobj(reading.stdout, writing.stdin, 1 << 20)
        writing.stdin.close()
    except BrokenPipeError:
        pass
    reading.stdout.close()
    for name, process in (("psql", writing), ("pg_restore", reading)):
        assert process.stderr
        said = process.stderr.read()
        _finish(name, subprocess.CompletedProcess([name], process.wait(), b"", said))


def server_version(database: Database) -> int:
    """Return the server's number, e.g. 180006."""
    with database.connect() as connection:
        return connection.info.server_version


def _tools_of(database: Database) -> Tools:
    return tools_for(server_version(database))


def _folders() -> list[Path]:
    folders = []
    with contextlib.suppress(SetupError):
        folders.append(binaries.reachable(None))
    found = shutil.which("pg_dump")
    return [*folders, Path(found).parent] if found else folders


def _major(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\b(\d+)(\.\d+)?\s*", said)
    return int(found.group(1)) if found else 0


def _environment(database: Database) -> Mapping[str, str]:
    given = {
        "PGHOST": database.host,
        "PGPORT": database.port,
        "PGUSER": database.user,
        "PGPASSWORD": database.password,
        "PGDATABASE": database.name,
        "PGCLIENTENCODING": "UTF8",
    }
    options = {f"PG{name.upper()}": value for name, value in database.options if name in {"sslmode", "sslrootcert"}}
    return {**binaries.bare_environment(), **options, **{name: value for name, value in given.items() if value}}


def _finish(name: str, done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode == 0:
        return
    states: Sequence[str] = [
        s for s in _STATE.findall(done.stderr.decode(errors="replace")) if any(c.isdigit() for c in s)
    ]
    raise SetupError(
        f"{name} failed.",
        code="backup.tool",
        hint=f"SQL state {states[0]}." if states else "Look into the log of the database server.",
        data={"program": name, "status": done.returncode},
    )
