"""Where this installation keeps its things: the home folder and the secrets in it.

Is: plain functions over the environment and files, usable before Django is set up. Is not: the key ring of the
journal, which rotates and has a format of its own (`linli.journal.keyring`).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from linli.kernel.errors import SetupError

PROJECT = Path(__file__).resolve().parents[2]
"""The folder of the source tree (or of site-packages, when installed as a wheel)."""


def home_folder() -> Path:
    """Return the folder that holds everything a command keeps: `LINLI_HOME`, default `.linli/` in the project."""
    given = os.environ.get("LINLI_HOME", "")
    if given:
        return Path(given).expanduser().absolute()
    base = PROJECT if (PROJECT / "pyproject.toml").exists() else Path.cwd()
    return base / ".linli"


def make_home(home: Path) -> None:
    """Make the home folder and its `secrets/`, closed to other people.

    As root the home lets others pass (0711), because the database server runs as an ordinary user inside it;
    `secrets/` is closed (0700) in any case.

    Raises:
        SetupError: the folder belongs to somebody else.
    """
    home.mkdir(parents=True, exist_ok=True)
    if home.stat().st_uid != os.geteuid():
        raise SetupError(
            f"{home} belongs to another user.",
            code="setup.home_not_ours",
            hint="Run the command as the folder's owner, or set LINLI_HOME to a folder of your own.",
        )
    home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    folder = home / "secrets"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)


def secret(home: Path, name: str) -> str:
    """Return the secret `name`: from the environment (`LINLI_SECRET_<NAME>`), else from its file, else ""."""
    given = os.environ.get(f"LINLI_SECRET_{name.upper()}", "")
    if given:
        return given
    try:
        return (home / "secrets" / name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def ensure_secret(home: Path, name: str) -> str:
    """Return the secret `name`, and make its file (mode 0600, 64 random characters) if there is none yet."""
    found = secret(home, name)
    if found:
        return found
    make_home(home)
    made = secrets.token_urlsafe(48)
    try:
        handle = os.open(home / "secrets" / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return secret(home, name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(made + "\n")
    return made
