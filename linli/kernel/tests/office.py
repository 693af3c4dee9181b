"""An office for tests: open 09:00-12:00 and 13:30-17:30 from Monday to Friday, under the state's list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone

from linli.kernel.calendars import Calendar, DayMark, OpeningHours, parse_spans
from linli.kernel.clocks import ClockState, deadline
from linli.kernel.worktime import Limit, Unit, WorkTable, work_table

CHINA = timezone(timedelta(hours=8))
SPANS = parse_spans(["09:00-12:00", "13:30-17:30"])
HOURS = OpeningHours(dict.fromkeys(range(5), SPANS))
CALENDAR = Calendar((HOURS,), key="tests:office")
TABLE = work_table(CALENDAR)


def at(text: str) -> datetime:
    """`2026-02-13 10:00` on a Chinese wall clock; 24:00 is the next day's 00:00."""
    day, time = text.split(" ")
    if time == "24:00":
        return datetime.fromisoformat(f"{day}T00:00+08:00") + timedelta(days=1)
    return datetime.fromisoformat(f"{day}T{time}+08:00")


def limit(text: str) -> Limit:
    """`3 workday`."""
    amount, unit = text.split(" ")
    return Limit(int(amount), Unit(unit))


def shown(moment: datetime | None) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else "-"


def due_of(state: ClockState, table: WorkTable = TABLE) -> str:
    return shown(deadline(table, state).due_at)


def published_2027(marks: Mapping[date, DayMark]) -> WorkTable:
    return work_table(Calendar((HOURS,), marks, published=frozenset({2027})))
