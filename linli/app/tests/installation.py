"""An installation of its own for tests that run the command as a process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from linli.app.server import Server

CODE = "from linli.app.main import main; main()"


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command: this one's, without what the tests themselves were given."""
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return {**kept, **(more or {}), "LINLI_HOME": str(home)}


def linli(home: Path, *words: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-c", CODE, *words]
    return subprocess.run(command, env=environment(home, environ), capture_output=True, text=True, check=False)


def started(home: Path, *words: str) -> subprocess.Popen[str]:
    """Start a command and leave it running; its log can be read from `stderr`."""
    command = [sys.executable, "-c", CODE, *words]
    more = {"LINLI_LOG": "info"}
    return subprocess.Popen(command, env=environment(home, more), stderr=subprocess.PIPE, text=True)


def let_loose(home: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a command whose output nobody reads."""
    command = [sys.executable, "-c", CODE, *words]
    return subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def new_home() -> Iterator[Path]:
    """Give a home with a space in its path, and stop its server at the end."""
    with tempfile.TemporaryDirectory(prefix="lt-") as folder:
        Path(folder).chmod(0o755)
        made = Path(folder) / "a home"
        yield made
        Server(made).stop()
