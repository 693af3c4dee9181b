"""10,000 cases due at once, taken by two workers; and how fast cases are opened by the batch."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta

from bench._cases import AT, ground, opened

CASES = 10_000
WHEN = AT + timedelta(days=3)


def run() -> dict[str, float]:
    """Measure, print a line a figure, return the figures."""
    made = ground()
    start = time.perf_counter()
    opened(made, CASES, voice=True)
    opening = time.perf_counter() - start
    start = time.perf_counter()
    workers = [
        subprocess.Popen([sys.executable, "-m", "bench.due"], stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(2)
    ]
    taken = sum(int(worker.communicate()[0]) for worker in workers)
    seconds = time.perf_counter() - start
    assert taken >= CASES, taken
    figures = {
        "cases.opened_with_voice_per_second": round(CASES / opening),
        "due.steps_taken": float(taken),
        "due.seconds_for_10000_cases_2_workers": round(seconds, 1),
        "due.steps_per_second_2_workers": round(taken / seconds),
    }
    for name, figure in figures.items():
        print(f"{name:42} {figure:>14,.1f}")
    return figures


def work() -> None:
    """One worker: take due cases until none is left; print how many."""
    import django

    django.setup()
    from linli.cases.due import take_due

    taken = 0
    while got := take_due(WHEN):
        taken += got
    print(taken)


if __name__ == "__main__":
    work()
