"""What a demo shall be: which places, how many reports, which week, which seed. Plain values; nothing is read or written.

The week is a past one, so that every clock of it can be run; days and hours are those of China Standard Time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8))
TICK = timedelta(minutes=30)
WORKDAYS = 5
FOUNDED_BEFORE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Week:
    """Monday 00:00 to Saturday 00:00 of one week, China Standard Time.

    Attributes:
        monday: its first day.
    """

    monday: date

    @property
    def start(self) -> datetime:
        """Monday 00:00, UTC."""
        return datetime.combine(self.monday, time(), CHINA).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """Saturday 00:00, UTC; nothing of the week happens at or after it."""
        return self.start + timedelta(days=WORKDAYS)

    @property
    def last_minute(self) -> datetime:
        """The last minute of the week, UTC."""
        return self.end - timedelta(minutes=1)

    @property
    def founded(self) -> datetime:
        """When the city and its rules are entered, UTC: a fortnight before."""
        return self.start - FOUNDED_BEFORE

    def ticks(self) -> list[datetime]:
        """The instants at which clocks are looked at, UTC: every half-hour, the end included."""
        count = int((self.end - self.start) / TICK)
        return [self.start + TICK * number for number in range(1, count + 1)]

    def at(self, day: int, minute: float) -> datetime:
        """An instant of the week, UTC: `day` 0 is Monday, `minute` of that local day."""
        return self.start + timedelta(days=day, minutes=minute)


def last_week(now: datetime) -> Week:
    """The last week whose Friday is over.

    Args:
        now: aware.
    """
    today = now.astimezone(CHINA).date()
    monday = today - timedelta(days=today.weekday())
    return Week(monday if today.weekday() >= WORKDAYS else monday - timedelta(days=7))


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What is to be built and worked through.

    Attributes:
        week: when.
        district: code of the one district that gets grids, bodies and staff; "" = the whole city.
        reports: how many reports of the demo's own, finds included; a file of messages brings as many as it holds.
        messages: a file of other messages; None = the demo's own.
        pack: rule pack that holds.
        grids: how many grids the ground is divided into.
        seed: the same seed gives the same city and week.
    """

    week: Week
    district: str = "320106"
    reports: int = 3000
    messages: Path | None = None
    pack: str = "nanjing-gulou"
    grids: int = 1150
    seed: int = 12345

    @property
    def whole(self) -> bool:
        """Whether every district is built."""
        return not self.district

    def chance(self, *of: object) -> random.Random:
        """A source of chance of its own for one thing, the same in every run with this seed."""
        return random.Random(repr((self.seed, *of)))  # noqa: S311  (a demo's dice, no secrets)
