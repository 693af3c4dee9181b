"""`linli backup`: the whole installation in one file, while work goes on. Keys stay behind.

The database is dumped first, in one snapshot; files after it. So each photo that the dump knows is in the file, unless it
was erased meanwhile. Keys are kept apart by `linli keys export`: who finds a backup alone reads nothing of a resident's.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from linli.app import archive, databases, homes, pgtools
from linli.journal.keeping import BACKUP_MADE, installation_record
from linli.journal.keyring import key_ring


@dataclass(frozen=True, slots=True)
class Done:
    """A backup that was made: its size in bytes, its hash, how many files it holds besides the database."""

    file: Path
    size: int
    sha256: str
    files: int


def make(out: Path, at: datetime, *, tell: Callable[[str], None]) -> Done:
    """Write a backup.

    Args:
        out: a file that does not exist yet; gets mode 0600.
        at: now, aware UTC.
        tell: gets lines for people while something takes long.

    Raises:
        ConflictError: the file exists.
        SetupError: there are no programs for this server, or one failed.
    """
    home = homes.home_folder()
    owner = databases.database_for(home, os.environ, "owner")
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    with archive.Writer(out) as writer, tempfile.TemporaryDirectory(prefix=".linli-backup-", dir=out.parent) as folder:
        tell("Dumping the database…")
        dumped = Path(folder) / archive.DUMP
        pgtools.dump(owner, dumped)
        writer.add(dumped, archive.DUMP)
        dumped.unlink()
        tell("Adding files…")
        for name in archive.FOLDERS:
            for path in sorted((home / name).rglob("*")):
                if path.is_file() and path.suffix != ".part":
                    writer.add(path, f"{archive.FILES}/{path.relative_to(home).as_posix()}")
        writer.finish(_manifest(writer, owner, at))
    with out.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    done = Done(out, out.stat().st_size, digest, len(writer.members) - 1)
    installation_record(BACKUP_MADE, {"bytes": done.size, "sha256": done.sha256, "files": done.files}, at)
    return done


def release() -> str:
    """The version of this program."""
    return metadata.version("linli")


def _manifest(writer: archive.Writer, owner: databases.Database, at: datetime) -> archive.Manifest:
    ring = key_ring()
    with owner.connect() as connection:
        (entries,) = connection.execute("SELECT coalesce(sum(seq), 0)::bigint FROM journal_head").fetchone() or (0,)
        (sealed,) = connection.execute("SELECT max(day)::text FROM journal_seal").fetchone() or (None,)
        version = connection.info.server_version
    return archive.Manifest(
        release=release(),
        made_at=at.astimezone(UTC).isoformat(),
        postgresql=version,
        entries=entries,
        last_seal=sealed or "",
        keys=ring.key_ids(),
        fingerprint=archive.fingerprint_mark(ring.fingerprint_bytes()),
        members=writer.members,
    )
