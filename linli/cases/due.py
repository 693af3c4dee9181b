"""What time does to cases: workers take due cases in batches and take the procedure's system step."""

from __future__ import annotations

from datetime import datetime


def take_due(at: datetime, *, batch: int = 200, worker: str = "") -> int:
    """Take the system steps of up to `batch` cases that are due at `at`, in one transaction.

    Any number of workers may run at once: a case that another holds is passed over. Call again until it returns 0.

    Args:
        at: aware; clocks that ring at or before this instant are taken.
        batch: most cases in one transaction.
        worker: name for the log of the process.

    Returns:
        How many steps were taken.
    """
    raise NotImplementedError
