"""Daily work on the register: closed notices forget the worker whose period in the pack is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from linli.kernel.actors import SYSTEM, Actor
from linli.packs.selectors import live_rules
from linli.places.models import GridNotice
from linli.places.notices import NOTICE_WORKER, notices_forget


def daily_forgetting(at: datetime) -> int:
    """Erase name and telephone from notices that ended longer ago than the pack keeps them; returns how many.

    Args:
        at: now, aware UTC.
    """
    closed = GridNotice.objects.filter(period__endswith__lte=at).exclude(worker_shown="", worker_phone="")
    rules = live_rules(at)
    due: list[int] = []
    for row in closed.only("id", "code", "period"):
        keep = cast("Mapping[str, int]", rules.snapshot_for(row.code).personal(NOTICE_WORKER.key)["period"])
        if row.period.upper + timedelta(days=keep["amount"]) <= at:
            due.append(row.pk)
    return notices_forget(due, Actor(SYSTEM, "daily job"), at)
