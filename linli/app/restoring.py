"""`linli restore`: an installation from a backup, in a home that holds none; erasures made since are made again; verified.

Order: keys first (without them nothing personal could be verified), then server and empty database, the dump in one
transaction, migrations, files, the ledger of erasures, the daily erasing, and the recomputing of every chain and seal.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from linli.app import archive, databases, homes, ledger, pgtools, setup, wiring
from linli.journal.keeping import BACKUP_RESTORED, installation_record
from linli.journal.keyfile import import_keys
from linli.journal.keyring import KeyRing, ring_folder
from linli.kernel.errors import ConflictError, SetupError

ERASING_JOBS = ("journal.erasing", "access.names", "cases.photos", "intake.sketches", "places.notices")
"""Jobs that end what a period has ended; they run once before anybody works with the restored state."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to restore, and with what.

    Attributes:
        source: the backup.
        erasures: folder of the ledger of erasures of the installation that was; None = there is none.
        keys: exported key ring; None = the ring lies in the new home already.
        passphrase: gives the ring's passphrase, asked only where `keys` is given.
    """

    source: Path
    erasures: Path | None
    keys: Path | None
    passphrase: Callable[[], str]


@dataclass(slots=True)
class Restored:
    """What a restore came to. `found` counts what does not fit, `first` is the first of it."""

    made_at: str = ""
    release: str = ""
    replayed: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    parts: int = 0
    seals: int = 0
    found: int = 0
    first: str = ""
    photos_missing: int = 0


def run(wish: Wish, at: datetime, done: Restored, *, tell: Callable[[str], None]) -> Iterator[setup.Step]:
    """Restore, step by step.

    Args:
        wish: what.
        at: now, aware UTC.
        done: filled on the way.
        tell: gets lines for people while something takes long.

    Raises:
        InputError: the backup, the ledger or the key file cannot be read.
        ConflictError: this home has an installation already.
        SetupError: keys are missing, or a program failed.
    """
    home = homes.home_folder()
    with archive.open_backup(wish.source) as tar, _Folder(home) as folder:
        manifest = archive.manifest_of(tar)
        done.made_at, done.release = manifest.made_at, manifest.release
        _refuse_used(home)
        yield _keys(home, wish, manifest)
        tell("Reading and comparing the backup…")
        archive.unpack(tar, manifest, folder)
        yield from setup.ground(tell)
        owner = databases.database_for(home, os.environ, "owner")
        _refuse_tables(owner)
        tell("Loading the database…")
        pgtools.load(owner, folder / archive.DUMP)
        yield setup.Step("tables", True, f"{manifest.entries} entries in the journal")
        yield _files(folder / archive.FILES, home)
    yield from setup.build("", at)
    yield _erase_again(wish, at, done)
    tell("Recomputing every chain and seal…")
    yield _verify(home, done)
    data: dict[str, object] = {"made_at": done.made_at, "replayed": done.replayed, "found": done.found}
    installation_record(BACKUP_RESTORED, data, at)


class _Folder:
    """A folder in the home for the time of unpacking: on the same disk, so that files are moved and not copied."""

    def __init__(self, home: Path) -> None:
        homes.make_home(home)
        self.path = Path(tempfile.mkdtemp(prefix="restoring-", dir=home))

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def _refuse_used(home: Path) -> None:
    used = [name for name in archive.FOLDERS if (home / name).is_dir() and any((home / name).iterdir())]
    if used:
        raise ConflictError(
            f"{home} holds an installation already: {', '.join(used)}.",
            code="restore.home_used",
            hint="Restore into a new folder: LINLI_HOME=/some/new/folder linli restore …",
        )


def _refuse_tables(owner: databases.Database) -> None:
    with owner.connect() as connection:
        (tables,) = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchone() or (0,)
    if tables:
        raise ConflictError(
            f"The database {owner.name} has {tables} tables already.",
            code="restore.database_used",
            hint="Restore into a new home, or name an empty database in DATABASE_URL.",
        )


def _keys(home: Path, wish: Wish, manifest: archive.Manifest) -> setup.Step:
    ring = KeyRing(ring_folder(home))
    added = import_keys(ring, wish.passphrase(), wish.keys) if wish.keys else 0
    held = set(ring.key_ids()) if ring.folder.is_dir() else set()
    missing = [key for key in manifest.keys if key not in held]
    mark = archive.fingerprint_mark(ring.fingerprint_bytes()) if (ring.folder / "fingerprint").exists() else ""
    if missing or mark != manifest.fingerprint:
        raise SetupError(
            f"{len(missing)} keys of this backup are missing."
            if missing
            else "The key ring is of another installation.",
            code="restore.keys",
            hint="Give the exported ring: linli restore FILE --keys RING (it was made by `linli keys export`).",
        )
    return setup.Step("keys", bool(added), f"{len(manifest.keys)} keys")


def _files(source: Path, home: Path) -> setup.Step:
    moved = 0
    for name in archive.FOLDERS:
        if (source / name).is_dir():
            moved += sum(path.is_file() for path in (source / name).rglob("*"))
            if (home / name).is_dir():
                (home / name).rmdir()
            (source / name).rename(home / name)
    return setup.Step("files", bool(moved), f"{moved} files")


def _erase_again(wish: Wish, at: datetime, done: Restored) -> setup.Step:
    if wish.erasures is not None:
        done.replayed = ledger.replay(wish.erasures, at)
        _keep_ledger(wish.erasures)
    for job in wiring.JOBS:
        if job.name in ERASING_JOBS:
            wiring.find(job.target)(at)
    again = done.replayed.get("erased", 0) + done.replayed.get("use_ended", 0)
    words = f"{again} of {done.replayed['lines']} made again" if done.replayed else "no ledger was given"
    return setup.Step("erasures", again > 0, words)


def _keep_ledger(given: Path) -> None:
    """Carry the ledger over: an older backup may be restored one day, and needs all of it."""
    own = ledger.ledger_folder()
    if own.exists() and own.samefile(given):
        return
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in sorted(given.glob("*.jsonl")):
        if not (own / file.name).exists():
            shutil.copyfile(file, own / file.name)
            (own / file.name).chmod(0o600)


def _verify(home: Path, done: Restored) -> setup.Step:
    from linli.cases.evidence import photos_missing
    from linli.journal.verifying import verify

    seals = home / "seals"
    result = verify([seals] if seals.is_dir() else [])
    done.entries, done.parts, done.seals, done.found = result.entries, result.parts, result.seals, result.found
    done.first = result.first.message if result.first else ""
    done.photos_missing = photos_missing()
    words = f"{result.entries} entries, {result.parts} parts, {result.seals} seals"
    return setup.Step("verified", False, f"{words}; {result.found} do not fit" if result.found else f"{words}; all fit")
