"""What other systems got wrong for years: one test each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.kernel.clocks import ClockState, change_limit, extend, pause, resume, start_clock, stop
from linli.kernel.tests.office import TABLE, at, due_of, limit, shown
from linli.kernel.worktime import due, elapsed


def running(start: str, text: str) -> ClockState:
    return start_clock(at(start), limit(text))


def paused(state: ClockState, begun: str, to: str, cause: str = "waiting") -> ClockState:
    return resume(pause(state, at(begun), cause), at(to), cause)


def ends(start: str, text: str) -> str:
    return shown(due(TABLE, at(start), limit(text)))


def test_limit_changed_during_a_pause() -> None:
    clock = pause(running("2026-03-02 09:00", "4 work_hour"), at("2026-03-02 10:00"), "waiting")
    assert due_of(clock) == "-"
    clock = change_limit(clock, at("2026-03-03 10:00"), limit("7 work_hour"))
    assert due_of(clock) == "-"
    clock = resume(clock, at("2026-03-04 09:00"), "waiting")
    # one hour was used before the pause: six are left of seven
    assert due_of(clock) == "2026-03-04 16:30"


def test_unit_changed_while_running_counts_from_the_start() -> None:
    clock = change_limit(running("2026-03-02 09:00", "4 work_hour"), at("2026-03-02 11:00"), limit("7 workday"))
    assert due_of(clock) == "2026-03-11 17:30"


def test_shorter_limit_may_already_be_used_up() -> None:
    clock = change_limit(running("2026-03-02 09:00", "7 workday"), at("2026-03-04 11:00"), limit("4 work_hour"))
    assert due_of(clock) == "2026-03-02 14:30"


def test_pause_begun_outside_opening_hours() -> None:
    clock = running("2026-03-02 16:30", "2 work_hour")
    # paused at night, resumed at ten: the evening cost nothing, the first hour of the morning did
    assert due_of(paused(clock, "2026-03-02 20:00", "2026-03-03 10:00")) == "2026-03-03 11:00"
    # a pause that begins and ends outside opening hours changes nothing
    assert due_of(paused(clock, "2026-03-02 20:00", "2026-03-03 08:00")) == due_of(clock) == "2026-03-03 10:00"


def test_two_pauses_that_touch_are_one() -> None:
    clock = running("2026-03-02 09:00", "6 work_hour")
    two = paused(paused(clock, "2026-03-02 10:00", "2026-03-02 11:00"), "2026-03-02 11:00", "2026-03-02 15:00")
    assert due_of(two) == due_of(paused(clock, "2026-03-02 10:00", "2026-03-02 15:00")) == "2026-03-03 11:30"


def test_two_pauses_that_overlap_are_counted_once() -> None:
    clock = pause(running("2026-03-02 09:00", "2 clock_hour"), at("2026-03-02 10:00"), "waiting")
    clock = pause(clock, at("2026-03-02 10:30"), "arbitration")
    clock = resume(clock, at("2026-03-02 11:00"), "waiting")
    assert due_of(clock) == "-"
    assert due_of(resume(clock, at("2026-03-02 12:00"), "arbitration")) == "2026-03-02 13:00"


def test_start_in_the_lunch_break() -> None:
    assert ends("2026-03-02 12:40", "1 work_hour") == "2026-03-02 14:30"
    assert ends("2026-03-02 12:40", "1 clock_hour") == "2026-03-02 13:40"


def test_start_on_a_makeup_saturday() -> None:
    assert ends("2026-02-14 16:30", "2 work_hour") == "2026-02-24 10:00"
    assert ends("2026-02-14 10:00", "1 workday") == "2026-02-24 17:30"
    # from the Friday before, the Saturday is the first workday
    assert ends("2026-02-13 10:00", "1 workday") == "2026-02-14 17:30"


def test_start_at_midnight() -> None:
    # 00:00 belongs to the day that begins; that day is the day of the start and does not count
    assert ends("2026-03-03 00:00", "1 workday") == "2026-03-04 17:30"
    assert ends("2026-03-03 00:00", "1 day") == shown(at("2026-03-04 24:00"))
    assert ends("2026-03-03 00:00", "1 work_hour") == "2026-03-03 10:00"


def test_month_end() -> None:
    assert ends("2026-01-31 10:00", "1 day") == shown(at("2026-02-01 24:00"))
    assert ends("2026-04-30 10:00", "1 workday") == "2026-05-06 17:30"
    assert ends("2026-07-31 17:00", "1 work_hour") == "2026-08-03 09:30"


def test_limit_that_ends_exactly_at_closing_time() -> None:
    assert ends("2026-03-02 13:30", "4 work_hour") == "2026-03-02 17:30"
    assert ends("2026-03-06 09:00", "7 work_hour") == "2026-03-06 17:30"
    assert ends("2026-03-06 09:00", "3 work_hour") == "2026-03-06 12:00"


def test_pause_that_begins_as_the_limit_ends() -> None:
    clock = pause(running("2026-03-02 13:30", "4 work_hour"), at("2026-03-02 17:30"), "waiting")
    assert due_of(clock) == "2026-03-02 17:30"


def test_29_february() -> None:
    assert ends("2024-02-28 10:00", "1 workday") == "2024-02-29 17:30"
    assert ends("2024-02-28 10:00", "1 day") == shown(at("2024-02-29 24:00"))
    assert ends("2024-02-29 10:00", "365 day") == shown(at("2025-02-28 24:00"))
    assert ends("2026-02-28 09:00", "7 work_hour") == "2026-02-28 17:30"


def test_half_a_year_across_spring_festival() -> None:
    # December 2025: 22 workdays after the 1st; January 2026: 21, February: 16, March: 22, April: 21, May: 19
    assert ends("2025-12-01 10:00", "121 workday") == "2026-05-29 17:30"
    assert ends("2025-12-01 10:00", "180 day") == shown(at("2026-05-30 24:00"))
    assert elapsed(TABLE, at("2025-12-01 17:30"), at("2026-05-29 17:30")) == 121 * 7 * 60


def test_friday_18_00() -> None:
    # pandas' business hours say Monday 09:00 for a limit that has not even begun to run
    assert ends("2026-03-06 18:00", "1 work_hour") == "2026-03-09 10:00"
    assert ends("2026-03-06 18:00", "7 work_hour") == "2026-03-09 17:30"
    assert ends("2026-03-06 18:00", "1 workday") == "2026-03-09 17:30"


def test_one_second_past_the_minute_waits_for_the_next() -> None:
    begun = at("2026-03-02 10:00") + timedelta(seconds=1)
    assert shown(due(TABLE, begun, limit("1 clock_hour"))) == "2026-03-02 11:01"
    assert shown(due(TABLE, at("2026-03-02 10:00"), limit("1 clock_hour"))) == "2026-03-02 11:00"


def test_nothing_of_days_means_the_same_day() -> None:
    assert ends("2026-03-02 10:00", "0 workday") == "2026-03-02 17:30"
    assert ends("2026-03-02 17:30", "0 workday") == "2026-03-03 17:30"
    assert ends("2026-03-02 10:00", "0 day") == shown(at("2026-03-02 24:00"))


@pytest.mark.parametrize(
    ("begun", "to", "expected"),
    [
        ("2026-03-03 09:10", "2026-03-03 16:00", "2026-03-04 17:30"),  # over before closing: costs nothing
        ("2026-03-03 14:00", "2026-03-05 11:00", "2026-03-06 17:30"),  # stood at two closings
        ("2026-03-03 17:30", "2026-03-05 17:30", "2026-03-06 17:30"),  # the 3rd was over: it counts
        ("2026-03-02 11:00", "2026-03-04 12:00", "2026-03-05 17:30"),  # begun on the day of the start
    ],
)
def test_workdays_with_a_pause(begun: str, to: str, expected: str) -> None:
    assert due_of(paused(running("2026-03-02 10:00", "2 workday"), begun, to)) == expected


def test_extension_continues_where_the_limit_ends() -> None:
    clock = running("2026-03-02 10:00", "2 workday")
    assert due_of(extend(clock, at("2026-03-03 10:00"), limit("3 workday"))) == "2026-03-09 17:30"
    assert due_of(extend(clock, at("2026-03-03 10:00"), limit("2 work_hour"))) == "2026-03-05 11:00"
    days = extend(running("2026-03-02 10:00", "2 day"), at("2026-03-03 10:00"), limit("3 day"))
    assert due_of(days) == due_of(running("2026-03-02 10:00", "5 day")) == shown(at("2026-03-07 24:00"))


def test_stopped_clock_keeps_its_deadline() -> None:
    clock = running("2026-03-02 10:00", "2 workday")
    assert due_of(stop(clock, at("2026-03-02 11:00"))) == due_of(clock)
