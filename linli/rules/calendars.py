"""The kernel's work calendar, made of what a snapshot says about opening hours and days. Sums are the kernel's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from linli.kernel.calendars import Calendar, DayKind, DayMark, OpeningHours, Spans, parse_spans

Run = tuple[object, date, date | None]
"""A value of `calendar.opening` with the days `[since, until)` on which it holds."""

_SEASON = re.compile(r"(\d{2})-(\d{2})/(\d{2})-(\d{2})")


def build_calendar(opening: Sequence[Run], content: Mapping[str, object], key: str) -> Calendar:
    """The calendar of a snapshot.

    Args:
        opening: every run of days with its table of opening hours, in order.
        content: compiled content of the snapshot; `days` and `years` are read.
        key: names the calendar in caches of sums.

    Raises:
        InputError: hours that overlap or go backwards.
    """
    hours = [row for table, since, until in opening for row in opening_hours(table, since, until)]
    days = cast("Mapping[str, Mapping[str, object]]", content["days"])
    marks = {date.fromisoformat(day): _mark(row) for day, row in days.items()}
    years = frozenset(int(year) for year in cast("Sequence[str]", content["years"]))
    return Calendar(opening=tuple(hours), marks=marks, published=years, key=key)


def _mark(row: Mapping[str, object]) -> DayMark:
    hours = cast("Sequence[str] | None", row["hours"])
    name = cast("Mapping[str, str]", row["name"])["zh"]
    return DayMark(DayKind(str(row["kind"])), name, parse_spans(hours) if hours is not None else None)


def opening_hours(table: object, since: date | None, until: date | None) -> list[OpeningHours]:
    """Rows of `calendar.opening` as the kernel takes them: one for each season.

    Args:
        table: typed rows `{weekdays, intervals, season?, makeup?}`; weekdays 1 = Monday.
        since: first day on which the table holds; None = always did.
        until: first day on which it no longer holds; None = no end.

    Raises:
        InputError: hours that overlap or go backwards.
    """
    seasons: dict[str, dict[int, Spans]] = {}
    makeups: dict[str, Spans] = {}
    for row in cast("Sequence[Mapping[str, Sequence[str]]]", table):
        season = str(row.get("season", ""))
        spans = parse_spans(row["intervals"])
        seasons.setdefault(season, {}).update({int(weekday) - 1: spans for weekday in row["weekdays"]})
        if "makeup" in row:
            makeups[season] = parse_spans(row["makeup"])
    return [
        OpeningHours(weekdays, since, until, _season(season), makeups.get(season))
        for season, weekdays in seasons.items()
    ]


def _season(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    match = _SEASON.fullmatch(text)
    if match is None:
        return None
    first_month, first_day, last_month, last_day = (int(g) for g in match.groups())
    return (first_month, first_day), (last_month, last_day)
