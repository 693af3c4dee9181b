"""When a message is told to a person: by its kind, at the pace they wish, outside their quiet hours. Pure, and kept nowhere.

A message lies in the message centre from the moment it happened; *told* is from when on it counts as new. So no wish loses one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal, get_args

from linli.kernel.worktime import CHINA

Pace = Literal["now", "hourly", "daily", "off"]
PACES: tuple[Pace, ...] = get_args(Pace)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of message.

    Attributes:
        key: of the pack; `other` takes what stands in no kind.
        title: by language.
        what: steps and counts of procedures.
        pace: how it is told where a person has no wish of their own.
        is_held: whether quiet hours hold it back.
    """

    key: str
    title: Mapping[str, str]
    what: tuple[str, ...]
    pace: Pace
    is_held: bool


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a day, of China, in which nothing is told; over midnight where the end is the smaller."""

    since: time
    until: time

    def began(self, at: datetime) -> datetime | None:
        """When the quiet hours began in which an instant lies; None outside them."""
        here = at.astimezone(CHINA)
        for day in (here.date(), here.date() - timedelta(days=1)):
            start = datetime.combine(day, self.since, CHINA)
            end = datetime.combine(day, self.until, CHINA)
            if start <= here < (end if end > start else end + timedelta(days=1)):
                return start
        return None


@dataclass(frozen=True, slots=True)
class Telling:
    """How a person is told: the kinds of the pack, their own paces, their quiet hours (None = none), the hour of the day's."""

    kinds: Sequence[NoticeKind]
    daily_at: time
    quiet: Quiet | None
    paces: Mapping[str, Pace] = field(default_factory=dict)

    def pace(self, kind: NoticeKind) -> Pace:
        """A person's own pace of a kind, else the pack's."""
        return self.paces.get(kind.key, kind.pace)

    def until(self, kind: NoticeKind, at: datetime) -> datetime | None:
        """Messages of a kind that came by this instant are told by `at`; None = none ever.

        Args:
            kind: of the pack.
            at: aware.
        """
        pace = self.pace(kind)
        if pace == "off":
            return None
        quiet = self.quiet.began(at) if self.quiet and kind.is_held else None
        # What would be told within the quiet hours waits for their end.
        return _told(pace, min(at, quiet) if quiet else at, self.daily_at)


def _told(pace: Pace, at: datetime, daily_at: time) -> datetime:
    here = at.astimezone(CHINA)
    if pace == "hourly":
        return here.replace(minute=0, second=0, microsecond=0)
    if pace == "daily":
        today = datetime.combine(here.date(), daily_at, CHINA)
        return today if today <= here else today - timedelta(days=1)
    return here
