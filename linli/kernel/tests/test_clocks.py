from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.calendars import DayKind, DayMark
from linli.kernel.clocks import (
    ClockState,
    change_limit,
    deadline,
    dump,
    extend,
    legs,
    load,
    merged_pauses,
    pause,
    recompute,
    remaining,
    resume,
    runs,
    start_clock,
    stop,
)
from linli.kernel.errors import ConflictError, InputError
from linli.kernel.stretches import StretchRule, explain
from linli.kernel.tests.office import TABLE, at, due_of, limit, published_2027, shown
from linli.kernel.worktime import HOURS, Limit, Unit, instant, minute_of

LOW, HIGH = minute_of(at("2026-01-15 00:00")), minute_of(at("2026-12-20 00:00"))
CAUSES = ("waiting", "arbitration", "shelved")

limits = st.one_of(
    st.builds(Limit, st.integers(1, 60), st.sampled_from(HOURS)),
    st.builds(Limit, st.integers(0, 12), st.sampled_from([Unit.WORKDAY, Unit.DAY])),
)
gaps = st.integers(0, 3 * 1440) | st.sampled_from([0, 1, 60, 1440])


@st.composite
def clocks(draw: st.DrawFn) -> ClockState:
    """A clock after any acts in any order, at any times, refused ones left out."""
    minute = draw(st.integers(LOW, HIGH))
    state = start_clock(instant(minute), draw(limits))
    for act, gap, cause, by in draw(
        st.lists(st.tuples(st.sampled_from("prpreclx"), gaps, st.sampled_from(CAUSES), limits), max_size=8)
    ):
        minute += gap
        try:
            state = step(state, act, minute, cause, by)
        except (ConflictError, InputError):
            continue
    return state


def step(state: ClockState, act: str, minute: int, cause: str, by: Limit) -> ClockState:
    moment = instant(minute)
    match act:
        case "p":
            return pause(state, moment, cause)
        case "r":
            return resume(state, moment, cause)
        case "e":
            return extend(state, moment, by)
        case "x":
            return stop(state, moment)
        case _:
            return change_limit(state, moment, by)


def resumed(state: ClockState) -> ClockState:
    """The same clock with every pause ended, so that it has a deadline."""
    minute = max((to or begun for begun, to, _ in state.pauses), default=state.start) + 77
    for cause in CAUSES:
        if any(to is None and known == cause for _, to, known in state.pauses):
            state = resume(state, instant(minute), cause)
    return state


@settings(max_examples=300)
@given(clocks())
def test_counted_stretches_sum_up_to_the_limit_and_to_each_extension(state: ClockState) -> None:
    state = resumed(state)
    found = explain(TABLE, state)
    for part, wanted in enumerate((state.limit, *state.extensions)):
        assert sum(one.amount for one in found if one.part == part) == wanted.count
    assert all(one.amount >= 0 and (one.counted or one.amount == 0) for one in found)


@given(clocks())
def test_stretches_follow_one_another_from_start_to_deadline(state: ClockState) -> None:
    state = resumed(state)
    found, end = explain(TABLE, state), deadline(TABLE, state)
    assert all(a.end == b.start for a, b in pairwise(found))
    assert all(one.start < one.end for one in found)
    assert (found[0].start, found[-1].end) == (state.started_at, end.due_at)
    assert all(one.day == (one.start + timedelta(hours=8)).date() for one in found)
    days_count = any(one.unit in {Unit.WORKDAY, Unit.WORK_HOUR} for one in (state.limit, *state.extensions))
    assert end.provisional == (days_count and any(one.provisional for one in found))


@given(clocks())
def test_a_counted_minute_is_one_in_which_the_clock_runs(state: ClockState) -> None:
    state = resumed(state)
    running = [(instant(a), instant(b) if b else None) for a, b in runs(state)]
    for one in explain(TABLE, state):
        inside = any(a <= one.start and (b is None or one.end <= b) for a, b in running)
        if one.counted and state.limit.unit in HOURS and not state.extensions:
            assert inside
        if one.rule is StretchRule.PAUSED and one.end - one.start < timedelta(days=1):
            assert not (inside and state.limit.unit in HOURS and not state.extensions)


@given(clocks())
def test_a_state_survives_its_row(state: ClockState) -> None:
    assert load(json.loads(json.dumps(dump(state)))) == load(dump(state)) == state


@given(clocks())
def test_pauses_and_runs_share_the_time_between_them(state: ClockState) -> None:
    edges = sorted([*merged_pauses(state), *runs(state)], key=lambda one: one[0])
    assert edges[0][0] == state.start
    assert all(a[1] == b[0] for a, b in pairwise(edges))
    assert edges[-1][1] is None
    assert (not state.paused) == (runs(state)[-1:] != [] and runs(state)[-1][1] is None)


@given(clocks(), st.integers(0, 40 * 1440))
def test_what_remains_reaches_nothing_at_the_deadline(state: ClockState, later: int) -> None:
    state = resumed(state)
    due = legs(TABLE, state)[-1].due
    assert due is not None
    units = {state.limit.unit, *(one.unit for one in state.extensions)}
    if state.stop is None and len(units) == 1:
        moment = state.start + later
        assert (remaining(TABLE, state, instant(moment)) == 0) == (moment >= due)


@given(clocks(), st.sampled_from(CAUSES), gaps, gaps)
def test_a_pause_never_brings_a_deadline_forward(state: ClockState, cause: str, gap: int, length: int) -> None:
    state = resumed(state)
    if state.stop is not None:
        return
    begun = max((to or 0 for _, to, _ in state.pauses), default=state.start) + gap
    longer = resume(pause(state, instant(begun), cause), instant(begun + length), cause)
    before, after = deadline(TABLE, state).due_at, deadline(TABLE, longer).due_at
    assert before is not None
    assert after is not None
    assert before <= after


def test_a_paused_clock_has_no_deadline_but_can_say_what_it_used() -> None:
    clock = pause(start_clock(at("2026-03-02 09:00"), limit("4 work_hour")), at("2026-03-02 11:00"), "waiting")
    assert deadline(TABLE, clock).due_at is None
    assert not clock.running
    assert remaining(TABLE, clock, at("2026-03-05 09:00")) == 120
    assert sum(one.amount for one in explain(TABLE, clock)) == 120
    shown_until = explain(TABLE, clock, at("2026-03-03 10:00"))
    assert sum(one.amount for one in shown_until) == 120
    assert {one.rule for one in shown_until} == {StretchRule.OPEN, StretchRule.PAUSED}


def test_a_limit_used_up_before_the_pause_stays_due() -> None:
    clock = pause(start_clock(at("2026-03-02 09:00"), limit("1 work_hour")), at("2026-03-02 11:00"), "waiting")
    assert due_of(clock) == "2026-03-02 10:00"


def test_explanation_names_rule_and_day() -> None:
    clock = start_clock(at("2026-02-13 16:30"), limit("2 workday"))
    told = [(one.day.isoformat(), str(one.rule), one.day_name, one.amount) for one in explain(TABLE, clock)]
    assert told[:3] == [
        ("2026-02-13", "start_day", "", 0),
        ("2026-02-14", "makeup_workday", "Spring Festival", 1),
        ("2026-02-15", "holiday", "Spring Festival", 0),
    ]
    assert told[-1] == ("2026-02-24", "workday", "", 1)
    hours = explain(TABLE, start_clock(at("2026-03-06 11:00"), limit("6 work_hour")))
    assert [str(one.rule) for one in hours] == [
        "open", "break", "open", "after_closing", "rest_day", "rest_day", "before_opening", "open",
    ]  # fmt: skip


def test_acts_that_do_not_fit_are_refused() -> None:
    clock = start_clock(at("2026-03-02 09:00"), limit("1 workday"))
    later = at("2026-03-02 10:00")
    held = pause(clock, later, "waiting")
    done = stop(held, later)
    acts: list[tuple[Callable[[], ClockState], str]] = [
        (lambda: pause(held, later, "waiting"), "clock.paused_already"),
        (lambda: resume(held, later, "arbitration"), "clock.not_paused"),
        (lambda: resume(clock, later, "waiting"), "clock.not_paused"),
        (lambda: pause(done, later, "waiting"), "clock.stopped"),
        (lambda: resume(done, later, "waiting"), "clock.stopped"),
        (lambda: extend(done, later, limit("1 day")), "clock.stopped"),
        (lambda: change_limit(done, later, limit("1 day")), "clock.stopped"),
        (lambda: stop(done, later), "clock.stopped"),
    ]
    for act, code in acts:
        with pytest.raises(ConflictError) as caught:
            act()
        assert caught.value.code == code
    with pytest.raises(InputError) as wrong:
        extend(clock, later, limit("0 day"))
    assert wrong.value.code == "clock.extension"


def test_an_act_dated_before_the_last_one_takes_effect_with_it() -> None:
    clock = pause(start_clock(at("2026-03-02 09:00"), limit("2 clock_hour")), at("2026-03-02 10:00"), "waiting")
    assert resume(clock, at("2026-03-02 09:59"), "waiting").pauses == (
        (minute_of(at("2026-03-02 10:00")), minute_of(at("2026-03-02 10:00")), "waiting"),
    )


def test_publishing_a_calendar_moves_provisional_deadlines_only() -> None:
    states = {
        "december": start_clock(at("2026-12-21 10:00"), limit("3 workday")),
        "new year": start_clock(at("2026-12-30 10:00"), limit("3 workday")),
        "by the clock": start_clock(at("2026-12-31 10:00"), limit("48 clock_hour")),
    }
    before = {name: deadline(TABLE, state) for name, state in states.items()}
    assert [one.provisional for one in before.values()] == [False, True, False]
    assert shown(before["new year"].due_at) == "2027-01-04 17:30"

    table = published_2027({date(2027, 1, 1): DayMark(DayKind.HOLIDAY, "New Year's Day")})
    moved = list(recompute(table, [(name, states[name], before[name].due_at) for name in states]))
    assert [one.key for one in moved] == ["new year"]
    assert shown(moved[0].after.due_at) == "2027-01-05 17:30"
    assert not moved[0].after.provisional
