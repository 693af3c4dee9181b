"""A body, a desk and dispatched cases in a fresh installation, for the measurements of the engine."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench._installation import installation

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

if TYPE_CHECKING:
    # For names only: nothing of the project is imported before its installation is there.
    from linli.rules.snapshot import Snapshot
    from tests.town import Town

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MATTER = "event.01.002"


@dataclass(frozen=True, slots=True)
class Ground:
    """Whom the measurements act as, and under which rules."""

    town: Town
    snapshot: Snapshot


def ground() -> Ground:
    """The town of the tests in an installation of its own, with the national rules stored."""
    installation("national")
    from linli.journal.tasks import ensure_partitions
    from linli.kernel.actors import SYSTEM
    from linli.packs.selectors import packs_folder, snapshot_by_hash
    from linli.packs.services import publish
    from linli.rules.compiler import compile_pack
    from tests.town import town_of

    ensure_partitions(AT, 2)
    snapshot = compile_pack(packs_folder(), "national")
    publish(snapshot, SYSTEM, datetime.now(UTC))
    town = town_of()
    return Ground(town, snapshot_by_hash(snapshot.hash))


def opened(ground: Ground, number: int, *, voice: bool = False) -> list[int]:
    """Ids of so many new requests, received at AT."""
    from linli.cases.drafts import CaseDraft, VoiceDraft
    from linli.cases.opening import open_cases
    from linli.kernel.actors import SYSTEM
    from linli.places.domain import Located
    from tests.town import GRIDS

    said = (
        VoiceDraft(name="一二三", phone="13900000000", original="这里写着原话，长短与平常的一样。" * 4)
        if voice
        else None
    )
    grid = GRIDS[0]
    drafts = [
        CaseDraft(
            kind="request", title="垃圾堆积", task_text="路口垃圾堆积，请清理。", snapshot=ground.snapshot,
            received_at=AT, channel="hotline", matter=MATTER, matter_by="given", voice=said,
            located=Located(grid, grid[:12], grid[:9], grid[:6], 0),
        )
        for _ in range(number)
    ]  # fmt: skip
    ids: list[int] = []
    for start in range(0, number, 500):
        ids += [one.case for one in open_cases(drafts[start : start + 500], SYSTEM, at=AT)]
    return ids
