"""What several operations read alike: the rules of a place and a day, a day in an address."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from linli.kernel.worktime import OFFSET
from linli.packs.selectors import snapshot_for
from linli.rules.resolver import rule_day
from linli.rules.snapshot import Rules

PLACE_PATTERN = r"^(\d{4}|\d{6}|\d{9}|\d{12}|\d{15})?$"


def rules_at(place: str, day: date | None, at: datetime) -> Rules:
    """The rules for a place on a day: those published by the end of it, today's for days to come.

    Args:
        place: code of any tier, "" = what holds everywhere.
        day: China Standard Time; None = today.
        at: now, aware UTC.

    Raises:
        NoRulesError: nothing that was published then serves the place.
    """
    today = rule_day(at)
    on = day or today
    return snapshot_for(place, at if on >= today else _end_of(on)).at(place, on)


def _end_of(day: date) -> datetime:
    """The last moment of a day in China, in UTC."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return midnight - timedelta(minutes=OFFSET, microseconds=1)
