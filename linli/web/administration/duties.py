"""Duties in words: by the titles that the packs give them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from linli.packs.selectors import live_rules
from linli.web.base.words import titled


def duty_titles(duties: Sequence[str], at: datetime) -> list[str]:
    """Titles of duties, in the same order; a duty that no pack names is shown by its code.

    Args:
        duties: roles such as `duty.sanitation`.
        at: aware UTC.
    """
    live = live_rules(at)
    known: dict[str, str] = {}
    for published in reversed(live.publications):
        rows = live.snapshot_for(published.place).section("roles")
        known |= {role: titled(cast("dict[str, object]", row["title"])) for role, row in rows.items()}
    return [known.get(duty, duty) for duty in duties]
