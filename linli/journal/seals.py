"""What the seal of a day is: its text, its hash, its file, and which days are due. Pure but for the files.

    hash(day) = sha256( hash(day before) ‖ canonical JSON of {day, entries, root} ),   the first has 32 zero bytes before it

Days are those of China, UTC+8 all year. A day is due an hour after it ended.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from hashlib import sha256
from pathlib import Path

from linli.journal.canonical import canonical, canonical_text
from linli.journal.domain import GENESIS
from linli.kernel.errors import InputError

# A fixed offset: China has kept no summer time since 1991, and a bare machine may lack the zone's file.
CHINA = timezone(timedelta(hours=8))
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seal:
    """One day's seal.

    Attributes:
        day: calendar day in China.
        entries: how many entries were recorded in it.
        root: Merkle root over their hashes, in the order of `recorded_at` and id.
        prev: hash of the seal before it; GENESIS for the first.
    """

    day: date
    entries: int
    root: bytes
    prev: bytes = GENESIS

    @property
    def hash(self) -> bytes:
        """What the next seal continues, and what another body keeps."""
        said = {"day": self.day.isoformat(), "entries": self.entries, "root": self.root.hex()}
        return sha256(self.prev + canonical(said)).digest()

    def text(self) -> str:
        """The content of the seal's file: one line of canonical JSON."""
        return canonical_text({
            "day": self.day.isoformat(), "entries": self.entries, "hash": self.hash.hex(),
            "prev": self.prev.hex(), "root": self.root.hex(), "version": 1,
        })  # fmt: skip


def day_of(at: datetime) -> date:
    """The day in China in which an instant lies."""
    return at.astimezone(CHINA).date()


def bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of a day in China and first instant of the next, in UTC."""
    start = datetime.combine(day, time(), CHINA).astimezone(UTC)
    return start, start + timedelta(days=1)


def last_due(at: datetime) -> date:
    """The latest day that can be sealed at an instant: it ended at least an hour ago."""
    return day_of(at - PATIENCE) - timedelta(days=1)


def write_file(folder: Path, seal: Seal) -> bool:
    """Write a seal's file unless there is one; a file that is there is never changed.

    Returns:
        Whether it was written.
    """
    path = folder / f"{seal.day.isoformat()}.json"
    if path.exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(6)}.part")
    with fresh.open("w", encoding="ascii") as file:
        file.write(seal.text() + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return True


def read_files(folder: Path) -> Iterator[tuple[Seal, bytes]]:
    """The seals kept in a folder, in order of their days, each with the hash that its file states.

    Raises:
        InputError: a file is no seal; names the file.
    """
    for path in sorted(folder.glob("????-??-??.json")):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            seal = Seal(
                date.fromisoformat(said["day"]), int(said["entries"]), bytes.fromhex(said["root"]),
                bytes.fromhex(said["prev"]),
            )  # fmt: skip
            stated = bytes.fromhex(said["hash"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is no seal.", code="journal.seal_file", data={"file": path.name}) from error
        yield seal, stated
