"""Periodic work of intake: sketches go as soon as no search looks back so far, and so do reports that were never sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.cases.evidence import drop_loose, loose_since
from linli.intake.duplicates import drop_sketches
from linli.intake.rules import duplicate_rules
from linli.intake.times import CHINA
from linli.intake.written import drop_drafts
from linli.packs.selectors import live_rules, snapshot_by_hash


def drop_old_sketches(at: datetime) -> int:
    """Delete sketches older than the longest search of any published pack; return how many.

    Args:
        at: now, aware.
    """
    day = at.astimezone(CHINA).date()
    days = [duplicate_rules(snapshot_by_hash(one.hash), day).days for one in live_rules(at).publications]
    return drop_sketches(at - timedelta(days=max(days))) if days else 0


def drop_unsent(at: datetime) -> int:
    """Delete reports that were not sent, and photos that no case took up, after the pack's hours; return how many.

    Args:
        at: now, aware.
    """
    before = [loose_since(snapshot_by_hash(one.hash), at) for one in live_rules(at).publications]
    return drop_drafts(min(before)) + drop_loose(min(before)) if before else 0
