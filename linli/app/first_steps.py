"""What set-up does after the migrations: key ring, partitions a year ahead, the first published rule pack."""

from __future__ import annotations

from datetime import datetime

from linli.app import homes

FIRST_PACK = "national"

MONTHS_AHEAD = 13


def make_key_ring(*, pack: str, at: datetime) -> tuple[bool, str]:
    """Make the key ring of the journal's personal parts, unless there is one."""
    from linli.journal.keyring import ensure_ring, ring_folder

    folder = ring_folder(homes.home_folder())
    return ensure_ring(folder), str(folder)


def make_partitions(*, pack: str, at: datetime) -> tuple[bool, str]:
    """Make the journal's partitions from this month to a year ahead."""
    from linli.app import jobs

    made = jobs.make_partitions(at)
    return bool(made), f"{made} made"
