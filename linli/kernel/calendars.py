"""Which minutes of a day an office is open, whether the day is a workday, and which rule says so.

A day comes from the rule pack first, then from the State Council's yearly list (package `chinesecalendar`);
a day that neither knows follows the weekday rule and is *provisional*. This module knows single days; sums
over days are `worktime`'s. Days and times of day are China Standard Time.

Open hours and workdays are two things: a service hall that opens on Saturdays has open minutes there, and
the Saturday is still no workday.

Source: Measures for Public Holidays for National Annual Festivals and Memorial Days; the yearly notices of
the General Office of the State Council on holidays and make-up workdays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise

from chinese_calendar.constants import holidays as state_holidays
from chinese_calendar.constants import workdays as state_makeups

from linli.kernel.errors import InputError

MINUTES_A_DAY = 1440

Span = tuple[int, int]
"""Minutes of a local day, half-open, e.g. (540, 720) for 09:00 to 12:00."""

Spans = tuple[Span, ...]

_SPAN = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])")


class DayKind(StrEnum):
    """What a calendar day is."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    REST = "rest"
    HOLIDAY = "holiday"
    OPEN = "open"


class Origin(StrEnum):
    """Which rule made a day what it is, the strongest first."""

    PACK = "pack"
    STATE = "state"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day as a pack or the state's list writes it.

    Attributes:
        kind: `holiday`, `makeup` (a workday whatever the weekday), or `open` (other hours that day; it
            stays the workday or rest day that it would be).
        hours: the day's own open spans; None = those that its weekday or the make-up rule gives.
    """

    kind: DayKind
    name: str = ""
    hours: Spans | None = None

    def __post_init__(self) -> None:
        if self.kind not in (DayKind.HOLIDAY, DayKind.MAKEUP, DayKind.OPEN):
            raise InputError("a marked day is holiday, makeup or open", code="calendar.mark")
        if self.kind == DayKind.HOLIDAY and self.hours:
            raise InputError("a holiday has no hours", code="calendar.mark", hint="Mark the day `open` instead.")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Open spans by weekday, for a range of dates and perhaps a season of each year.

    Attributes:
        weekdays: 0 = Monday … 6 = Sunday; a weekday that is missing is closed.
        since, until: dates of validity, half-open; None = without end.
        season: (first, last) as (month, day), both inclusive; may run over the new year.
        makeup: spans of a make-up workday; None = Monday's.
    """

    weekdays: Mapping[int, Spans]
    since: date | None = None
    until: date | None = None
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    makeup: Spans | None = None

    def applies(self, day: date) -> bool:
        """Whether these hours hold on that day."""
        if (self.since and day < self.since) or (self.until and day >= self.until):
            return False
        if self.season is None:
            return True
        first, last = self.season
        now = (day.month, day.day)
        return first <= now <= last if first <= last else (now >= first or now <= last)

    def on(self, day: date, *, makeup: bool) -> Spans:
        """The spans of that day, were it not a holiday."""
        if not makeup:
            return self.weekdays.get(day.weekday(), ())
        return self.makeup if self.makeup is not None else self.weekdays.get(0, ())


@dataclass(frozen=True, slots=True)
class DayRule:
    """One day, decided.

    Attributes:
        workday: whether a limit in workdays counts it.
        spans: its open minutes.
        provisional: nobody has published this day yet; the weekday rule stands in.
    """

    day: date
    kind: DayKind
    name: str
    workday: bool
    spans: Spans
    origin: Origin
    provisional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Opening hours and marked days of one office's world; `day` decides, and remembers what it decided.

    Attributes:
        opening: hours rows; a seasonal row beats one without season, then the later `since` wins.
        marks: days written in the pack (parents' days already merged below their children's).
        published: years whose list a pack holds in full; the state's own years need not be named.
        key: names this calendar in caches (snapshot hash and place); calendars with the same key are
            equal. Without a key a calendar equals only itself.
    """

    opening: tuple[OpeningHours, ...]
    marks: Mapping[date, DayMark] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    key: str = ""
    _known: dict[date, DayRule] = field(default_factory=dict, init=False, repr=False)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Calendar) and bool(self.key) and self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.key) if self.key else id(self)

    def __post_init__(self) -> None:
        if not self.opening:
            raise InputError("a calendar needs opening hours", code="calendar.no_hours")
        every = [s for row in self.opening for s in (*row.weekdays.values(), row.makeup or ())]
        for spans in (*every, *(m.hours or () for m in self.marks.values())):
            check_spans(spans)

    def day(self, day: date) -> DayRule:
        """What that day is, and by which rule."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._decide(day)
        return known

    def _decide(self, day: date) -> DayRule:
        kind, name, origin = self._base(day)
        mark = self.marks.get(day)
        unknown = origin == Origin.WEEKDAY and day.year not in self.published
        if mark is None:
            return DayRule(day, kind, name, *self._times(day, kind, None), origin, unknown)
        opened = mark.kind == DayKind.OPEN
        if not opened or kind in (DayKind.REST, DayKind.HOLIDAY):
            kind = mark.kind
        times = self._times(day, kind, mark.hours)
        return DayRule(day, kind, mark.name or name, *times, Origin.PACK, unknown and opened)

    def _times(self, day: date, kind: DayKind, hours: Spans | None) -> tuple[bool, Spans]:
        if kind == DayKind.HOLIDAY:
            return False, ()
        if hours is None:
            special = kind in (DayKind.MAKEUP, DayKind.OPEN)
            hours = self._hours(day).on(day, makeup=special)
        return bool(hours) and kind in (DayKind.WORKDAY, DayKind.MAKEUP), hours

    def _base(self, day: date) -> tuple[DayKind, str, Origin]:
        weekday = DayKind.WORKDAY if day.weekday() < 5 else DayKind.REST
        first, last = state_years()
        if not first <= day.year <= last or day.year in self.published:
            return weekday, "", Origin.WEEKDAY
        listed = state_mark(day)
        return (listed.kind, listed.name, Origin.STATE) if listed else (weekday, "", Origin.STATE)

    def _hours(self, day: date) -> OpeningHours:
        rows = [row for row in self.opening if row.applies(day)]
        if not rows:
            raise InputError(
                f"no opening hours hold on {day.isoformat()}",
                code="calendar.no_hours",
                hint="Give one row without dates; others then change it for a time.",
                data={"day": day.isoformat()},
            )
        return max(rows, key=lambda row: (row.season is not None, row.since or date.min))


@cache
def state_years() -> tuple[int, int]:
    """First and last year that the installed state list covers."""
    return min(state_holidays).year, max(state_holidays).year


def state_version() -> str:
    """Which state list is installed, for the record of a computation."""
    first, last = state_years()
    return f"chinesecalendar:{first}-{last}"


@cache
def state_mark(day: date) -> DayMark | None:
    """The state list's entry of a day inside its years; None = the weekday rule holds."""
    if day in state_holidays:
        return DayMark(DayKind.HOLIDAY, state_holidays[day])
    if day in state_makeups:
        return DayMark(DayKind.MAKEUP, state_makeups[day])
    return None


def parse_spans(texts: Iterable[str]) -> Spans:
    """Open spans from texts like `09:00-12:00` (24:00 ends a day).

    Raises:
        InputError: `calendar.span` for a wrong text, or for spans that overlap or go backwards.
    """
    spans = []
    for text in texts:
        match = _SPAN.fullmatch(text)
        if not match:
            raise InputError(f"{text!r} is not a span like 09:00-12:00", code="calendar.span", data={"text": text})
        a, b, c, d = (int(part) for part in match.groups())
        spans.append((a * 60 + b, c * 60 + d))
    return check_spans(tuple(spans))


def check_spans(spans: Spans) -> Spans:
    """The same spans, or an error when they are not in order inside one day."""
    inside = all(0 <= a < b <= MINUTES_A_DAY for a, b in spans)
    if not inside or any(b > c for (_, b), (c, _) in pairwise(spans)):
        raise InputError(f"open spans must follow one another inside a day: {list(spans)}", code="calendar.span")
    return spans
