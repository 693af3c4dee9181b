"""The log: chaining and sealing in Python, appending by batches, sealing a day, verifying everything."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench._installation import installation

DAYS, BATCHES, BATCH = 20, 20, 500
ENTRIES = DAYS * BATCHES * BATCH
PARTS = 5_000
DATA = {"body": 12, "clock": "body", "due": "2026-11-24T08:30:00Z", "why": {"row": "r12", "title": "路灯不亮"}}


def run() -> dict[str, float]:
    """Measure, print a line a figure, return the figures."""
    installation()
    figures = _python() | _database()
    for name, figure in figures.items():
        print(f"{name:42} {figure:>14,.1f}")
    return figures


def _python() -> dict[str, float]:
    from linli.journal.domain import EntryDraft, Head, PersonalDraft, chain_one
    from linli.journal.parts import seal_part
    from linli.kernel.actors import ActorRef

    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    draft = EntryDraft("case:12", "cases.case.dispatched", ActorRef("person", account=7), at, at, DATA, 4, 9)
    part = PersonalDraft("case:12", "voice.words", "楼下的路灯又不亮了".encode() * 8)
    return {
        "journal.chain_microseconds": _microseconds(lambda: chain_one(Head(), draft)),
        "journal.seal_part_microseconds": _microseconds(lambda: seal_part(part, at)),
    }


def _microseconds(call: Callable[[], object], times: int = 20_000) -> float:
    call()
    start = time.perf_counter()
    for _ in range(times):
        call()
    return round((time.perf_counter() - start) / times * 1e6, 1)


def _database() -> dict[str, float]:
    from linli.journal.sealing import seal_due
    from linli.journal.tasks import ensure_partitions
    from linli.journal.verifying import verify

    began = datetime(2026, 1, 5, 2, tzinfo=UTC)
    ensure_partitions(began, 12)
    start = time.perf_counter()
    _append(began)
    appending = time.perf_counter() - start
    _parts(began + timedelta(days=DAYS))
    start = time.perf_counter()
    seal_due(began + timedelta(days=DAYS))
    sealing = time.perf_counter() - start
    memory, start, used = _peak_mb(), time.perf_counter(), time.process_time()
    result = verify()
    assert result.found == 0
    return {
        "journal.append_many_per_second": round(ENTRIES / appending),
        "journal.seal_per_second": round(ENTRIES / sealing),
        "journal.verify_per_second": round(result.entries / (time.perf_counter() - start)),
        "journal.verify_per_second_of_its_core": round(result.entries / (time.process_time() - used)),
        "journal.verify_more_memory_mb": round(_peak_mb() - memory, 1),
    }


def _append(began: datetime) -> None:
    from linli.journal.domain import EntryDraft
    from linli.journal.services import append_many
    from linli.kernel.actors import ActorRef

    actor = ActorRef("person", account=7)
    for number in range(DAYS * BATCHES):
        at = began + timedelta(days=number // BATCHES, minutes=number % BATCHES)
        append_many(
            [
                EntryDraft(f"case:{(number * BATCH + n) // 8}", "cases.case.dispatched", actor, at, at, DATA, 4, 9)
                for n in range(BATCH)
            ]
        )


def _parts(at: datetime) -> None:
    from linli.journal.domain import EntryDraft, PersonalDraft
    from linli.journal.services import append_many, write_personal
    from linli.kernel.actors import SYSTEM

    drafts = [PersonalDraft(f"case:{number}", "voice.words", b"x" * 200) for number in range(PARTS)]
    refs = write_personal(drafts, at)
    append_many(
        [
            EntryDraft(draft.subject, "cases.voice.added", SYSTEM, at, at, personal=ref.id, commitment=ref.commitment)
            for draft, ref in zip(drafts, refs, strict=True)
        ]
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
