"""The file of a backup: a tar with a manifest that names every member with its hash. Holds no key.

    database.dump          all tables, by pg_dump
    files/seals/…          the seals of the journal
    files/evidence/…       photos, encrypted
    files/outbox/…         notices that no gateway has taken yet
    manifest.json          format, release, when, hashes, ids of the keys needed

Is: writing and reading the file. Is not: what it means to restore it (`linli.app.restoring`).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from linli.kernel.errors import ConflictError, InputError

FORMAT = "linli-backup-1"
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
FOLDERS = ("seals", "evidence", "outbox")
"""Folders of the home that belong to an installation. Models are trained anew, secrets never leave the home."""

_CHUNK = 1 << 20


class Member(BaseModel):
    """A file in the backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself.

    `keys` are ids of the keys that open its personal parts; `fingerprint` tells, without giving it away, which secret of the
    ring its sketches were made with.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = FORMAT
    release: str
    made_at: str
    postgresql: int
    entries: int
    last_seal: str
    keys: list[str]
    fingerprint: str
    members: list[Member]


def fingerprint_mark(secret: bytes) -> str:
    """What a manifest holds of the ring's fingerprint secret: enough to know it again, no way back (256 random bits)."""
    return hashlib.sha256(b"linli backup 1|" + secret).hexdigest()[:32]


class Writer:
    """Writes a backup under another name and gives it its own when it is whole and on the disk. Use it by `with`."""

    def __init__(self, out: Path) -> None:
        if out.exists():
            raise ConflictError(f"{out} exists.", code="backup.file_exists", hint="Name a new file.")
        self.out = out
        self.part = out.with_name(out.name + ".part")
        self.members: list[Member] = []

    def __enter__(self) -> Writer:
        self.part.unlink(missing_ok=True)
        handle = os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(handle, "wb")
        self.tar = tarfile.open(fileobj=self.file, mode="w", format=tarfile.PAX_FORMAT)
        return self

    def add(self, path: Path, name: str) -> None:
        """Add a file; one that has vanished since it was listed is left out (a photo may be erased meanwhile)."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source:
            info = _info(name, os.fstat(source.fileno()).st_size)
            hashing = _Hashing(source)
            self.tar.addfile(info, cast("IO[bytes]", hashing))
            self.members.append(Member(name=name, size=info.size, sha256=hashing.hash.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and bring the file to the disk."""
        content = manifest.model_dump_json(indent=1).encode()
        self.tar.addfile(_info(MANIFEST, len(content)), io.BytesIO(content))
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.part.replace(self.out)

    def __exit__(self, *_error: object) -> None:
        self.file.close()
        self.part.unlink(missing_ok=True)


def manifest_of(tar: tarfile.TarFile) -> Manifest:
    """Read the manifest of an open backup.

    Raises:
        InputError: it is no backup of ours, or of a later format.
    """
    try:
        member = tar.extractfile(MANIFEST)
        found = Manifest.model_validate(json.loads(member.read() if member else b""))
    except (KeyError, ValueError, ValidationError, tarfile.TarError):
        raise _no_backup() from None
    if found.format != FORMAT:
        raise InputError("This backup is of another format.", code="backup.format", hint="Restore it with its release.")
    return found


def unpack(tar: tarfile.TarFile, manifest: Manifest, folder: Path) -> None:
    """Write all members of a backup into a folder, each compared with its hash.

    Raises:
        InputError: a member is missing, changed, or has a name that leads elsewhere.
    """
    for member in manifest.members:
        target = folder / _safe(member.name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            source = tar.extractfile(member.name)
        except KeyError:
            source = None
        if source is None:
            raise _torn()
        hashed = hashlib.sha256()
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for chunk in _chunks(source):
                hashed.update(chunk)
                out.write(chunk)
        if hashed.hexdigest() != member.sha256:
            raise _torn()


def open_backup(source: Path) -> tarfile.TarFile:
    """Open a backup for reading.

    Raises:
        InputError: it is none.
    """
    try:
        return tarfile.open(source, mode="r:")
    except (OSError, tarfile.TarError):
        raise _no_backup() from None


class _Hashing:
    """A file whose content is hashed while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.source.read(size)
        self.hash.update(chunk)
        return chunk


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    known = name == DUMP or (len(path.parts) > 2 and path.parts[0] == FILES and path.parts[1] in FOLDERS)
    if path.is_absolute() or ".." in path.parts or not known:
        raise _torn()
    return name


def _no_backup() -> InputError:
    return InputError("The file is no backup, or is not whole.", code="backup.unreadable")


def _torn() -> InputError:
    return InputError(
        "The backup was changed or is not whole.",
        code="backup.torn",
        hint="Take another copy of it, or an earlier one.",
    )
