from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.calendars import (
    Calendar,
    DayKind,
    DayMark,
    OpeningHours,
    Origin,
    check_spans,
    parse_spans,
    state_version,
    state_years,
)
from linli.kernel.errors import InputError
from linli.kernel.tests.office import CALENDAR, HOURS, SPANS

SUMMER = OpeningHours(dict.fromkeys(range(5), parse_spans(["09:00-12:00", "14:30-18:00"])), season=((7, 1), (9, 30)))


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_the_state_list_is_followed(day: date) -> None:
    rule = CALENDAR.day(day)
    assert rule.workday == chinese_calendar.is_workday(day)
    assert rule.origin is Origin.STATE
    assert not rule.provisional
    assert bool(rule.spans) == rule.workday


def test_names_come_with_the_list() -> None:
    assert CALENDAR.day(date(2026, 2, 17)).name == "Spring Festival"
    assert CALENDAR.day(date(2026, 2, 14)).kind is DayKind.MAKEUP
    assert CALENDAR.day(date(2026, 2, 14)).spans == SPANS


def test_an_unknown_year_is_provisional_until_a_pack_publishes_it() -> None:
    new_year = date(2027, 1, 1)
    unknown = CALENDAR.day(new_year)
    assert (unknown.provisional, unknown.workday, unknown.origin) == (True, True, Origin.WEEKDAY)
    pack = Calendar((HOURS,), {new_year: DayMark(DayKind.HOLIDAY, "New Year's Day")}, frozenset({2027}))
    known = pack.day(new_year)
    assert (known.provisional, known.workday, known.origin) == (False, False, Origin.PACK)
    assert not pack.day(date(2027, 1, 4)).provisional
    assert pack.day(date(2028, 1, 4)).provisional


def test_the_pack_comes_before_the_state() -> None:
    holiday, weekend, monday = date(2026, 10, 1), date(2026, 3, 7), date(2026, 3, 9)
    half = parse_spans(["09:00-12:00"])
    pack = Calendar(
        (HOURS,),
        {
            holiday: DayMark(DayKind.MAKEUP),
            weekend: DayMark(DayKind.OPEN, "Hall day", half),
            monday: DayMark(DayKind.OPEN, hours=half),
            date(2026, 3, 10): DayMark(DayKind.HOLIDAY, "Flood"),
        },
    )
    assert pack.day(holiday).workday
    hall = pack.day(weekend)
    assert (hall.workday, hall.spans, hall.kind, hall.name) == (False, half, DayKind.OPEN, "Hall day")
    assert (pack.day(monday).workday, pack.day(monday).spans) == (True, half)
    assert not pack.day(date(2026, 3, 10)).workday


def test_other_hours_for_an_unknown_day_leave_it_provisional() -> None:
    pack = Calendar((HOURS,), {date(2027, 1, 1): DayMark(DayKind.OPEN, hours=SPANS)})
    assert pack.day(date(2027, 1, 1)).provisional


def test_hours_by_season_date_and_weekday() -> None:
    later = OpeningHours(dict.fromkeys(range(6), parse_spans(["08:30-17:00"])), since=date(2026, 11, 1))
    calendar = Calendar((HOURS, SUMMER, later))
    assert calendar.day(date(2026, 6, 30)).spans == SPANS
    assert calendar.day(date(2026, 7, 1)).spans[-1] == (870, 1080)
    assert calendar.day(date(2026, 9, 30)).spans[-1] == (870, 1080)
    assert calendar.day(date(2026, 11, 2)).spans == ((510, 1020),)
    saturday = calendar.day(date(2026, 11, 7))
    assert saturday.spans
    assert not saturday.workday


def test_a_season_may_run_over_the_new_year() -> None:
    winter = OpeningHours({}, season=((12, 1), (2, 28)))
    assert [winter.applies(date(2026, month, 15)) for month in (11, 12, 1, 3)] == [False, True, True, False]


def test_makeup_days_may_have_their_own_hours() -> None:
    short = OpeningHours(HOURS.weekdays, makeup=parse_spans(["09:00-12:00"]))
    assert Calendar((short,)).day(date(2026, 2, 14)).spans == ((540, 720),)


@pytest.mark.parametrize("texts", [["9:00-12:00"], ["12:00-09:00"], ["09:00-12:00", "11:00-13:00"], ["00:00-24:01"]])
def test_wrong_spans_are_refused(texts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse_spans(texts)
    assert caught.value.code == "calendar.span"


def test_wrong_calendars_are_refused() -> None:
    with pytest.raises(InputError):
        Calendar(())
    with pytest.raises(InputError):
        Calendar((OpeningHours({0: ((700, 600),)}),))
    with pytest.raises(InputError):
        DayMark(DayKind.HOLIDAY, hours=SPANS)
    with pytest.raises(InputError):
        DayMark(DayKind.REST)
    with pytest.raises(InputError) as caught:
        Calendar((SUMMER,)).day(date(2026, 1, 5))
    assert caught.value.code == "calendar.no_hours"


def test_spans_may_touch_and_fill_the_day() -> None:
    assert check_spans(((0, 720), (720, 1440)))


def test_equal_keys_are_equal_calendars() -> None:
    assert Calendar((HOURS,), key="a") == Calendar((SUMMER, HOURS), key="a")
    assert Calendar((HOURS,)) != Calendar((HOURS,))


def test_the_state_list_says_which_it_is() -> None:
    first, last = state_years()
    assert (first, state_version()) == (2004, f"chinesecalendar:2004-{last}")
    day = date(last, 12, 31) + timedelta(days=1)
    assert CALENDAR.day(day).provisional
