"""Periodic work of intake: sketches go as soon as no search for duplicates looks back so far."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.intake.duplicates import drop_sketches
from linli.intake.rules import duplicate_rules
from linli.intake.times import CHINA
from linli.packs.selectors import live_rules, snapshot_by_hash


def drop_old_sketches(at: datetime) -> int:
    """Delete sketches older than the longest search of any published pack; return how many.

    Args:
        at: now, aware.
    """
    day = at.astimezone(CHINA).date()
    days = [duplicate_rules(snapshot_by_hash(one.hash), day).days for one in live_rules(at).publications]
    return drop_sketches(at - timedelta(days=max(days))) if days else 0
