"""What set-up does after the migrations: key ring, partitions a year ahead, the first published rule pack."""

from __future__ import annotations

from datetime import datetime

from linli.app import homes

FIRST_PACK = "national"


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


def publish_pack(*, pack: str, at: datetime) -> tuple[bool, str]:
    """Publish a pack and the parents it stands on; without a name, the first pack where nothing is published yet.

    Raises:
        RuleErrors: what is wrong with a pack, each with file and line.
        PublishRefused: it may not be published.
    """
    from linli.kernel.actors import SYSTEM
    from linli.packs import selectors, services
    from linli.rules.packfiles import read_chain

    live = selectors.live_rules(at).publications
    if not pack and live:
        return False, " · ".join(f"{one.pack} {one.hash[:12]}" for one in live)
    folder = selectors.packs_folder()
    # A pack that stands on another for the same place takes its seat; the others of its chain hold around it.
    seats = {one.head.place: one.head.name for one in read_chain(folder / (pack or FIRST_PACK)).chain}
    held = {one.place: one.pack for one in live}
    done = [
        services.publish_pack(folder / name, SYSTEM, at, replaces=held.get(place, "")) for place, name in seats.items()
    ]
    return any(one.changed for one in done), " · ".join(f"{one.pack} {one.hash[:12]}" for one in done)
