"""`linli demo --load N`: writing a load with several processes, and what it took.

Each process makes and writes whole batches by itself; a batch is one transaction. Indexes of large loads are laid aside
and built at the end, timed apart.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db import connections

from linli.cases.courses import Written
from linli.cases.relettering import open_alike
from linli.demo.aside import Told, laid_aside, put_back
from linli.demo.fresh import commit_lazily
from linli.demo.load import LoadPlan, Maker
from linli.demo.stock import stock_of

ASIDE_FROM = 20_000
"""Cases from which on building the indexes anew is quicker than keeping them."""

Progress = Callable[[Iterable[Written], int], Iterable[Written]]


@dataclass(slots=True)
class Loaded:
    """What was written, and how long it took: the cases, and apart from them their indexes and search."""

    cases: int = 0
    entries: int = 0
    seconds: float = 0.0
    beside: Told = field(default_factory=dict)

    @property
    def per_second(self) -> int:
        """Cases a second, indexes and search apart."""
        return round(self.cases / self.seconds) if self.seconds else 0


def load(plan: LoadPlan, progress: Progress, tell: Callable[[str], None], *, processes: int = 0) -> Loaded:
    """Write a load.

    Args:
        plan: what.
        progress: what the batches are handed through, with their number.
        tell: gets lines for people.
        processes: how many beside this one; 0 = as many as there are cores; 1 = this one alone.
    """
    maker = Maker(plan, stock_of(plan.seed, plan.until))
    loaded = Loaded()
    put_back(tell, loaded.beside)
    with laid_aside(tell, loaded.beside) if plan.number >= ASIDE_FROM else nullcontext():
        begun = time.perf_counter()
        batches = plan.batches()
        for written in progress(_written(maker, batches, processes or os.cpu_count() or 1), len(batches)):
            loaded.cases += written.cases
            loaded.entries += written.entries
        loaded.seconds = time.perf_counter() - begun
    return loaded


def _written(maker: Maker, batches: list[range], processes: int) -> Iterator[Written]:
    if processes == 1:
        yield from (open_alike(maker.groups(numbers)) for numbers in batches)
        return
    connections.close_all()
    _Process.maker = maker
    with multiprocessing.get_context("fork").Pool(processes, _begin) as pool:
        yield from pool.imap_unordered(_batch, batches)


class _Process:
    """What the processes share when they part."""

    maker: Maker | None = None


def _begin() -> None:
    commit_lazily()


def _batch(numbers: range) -> Written:
    maker = _Process.maker
    assert maker is not None
    return open_alike(maker.groups(numbers))
