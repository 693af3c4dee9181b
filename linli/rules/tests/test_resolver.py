"""The resolver against a plain reading of its rule, day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.rules.resolver import Span, conflicts, rule_day, timeline

FIRST = date(2026, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    rows = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.none() | st.integers(1, 10)), max_size=9))
    return [Span(rank, day(start), None if length is None else day(start + length)) for rank, start, length in rows]


def holds(rows: list[Span], index: int, on: date) -> bool:
    """Whether a value holds within its own rank: begun, not ended, and nobody of its rank began since."""
    row = rows[index]
    if row.since > on or (row.to is not None and on >= row.to):
        return False
    later = [o for o in rows if o.rank == row.rank and row.since < o.since <= on]
    return row.to is not None or not later


def claims(rows: list[Span], rank: int, on: date) -> list[int]:
    return [i for i, row in enumerate(rows) if row.rank == rank and holds(rows, i, on)]


@given(spans())
def test_the_deepest_pack_wins_then_the_latest_beginning(rows: list[Span]) -> None:
    if conflicts(rows):
        with pytest.raises(ValueError, match="overlap"):
            timeline(rows)
        return
    line = timeline(rows)
    for number in range(-2, 45):
        on = day(number)
        wanted = next((c[0] for rank in (2, 1, 0) if (c := claims(rows, rank, on))), None)
        assert line.at(on) == wanted


@given(spans())
def test_a_conflict_is_found_exactly_when_two_of_one_rank_claim_a_day(rows: list[Span]) -> None:
    twice = any(len(claims(rows, rank, day(n))) > 1 for rank in (0, 1, 2) for n in range(45))
    assert bool(conflicts(rows)) == twice


@given(spans(), st.randoms())
def test_the_order_in_the_file_does_not_matter(rows: list[Span], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert bool(conflicts(rows)) == bool(conflicts(shuffled))
    if not conflicts(rows):
        first, second = timeline(rows), timeline(shuffled)
        for number in range(45):
            a, b = first.at(day(number)), second.at(day(number))
            assert (a is None) == (b is None)
            assert a is None or b is None or rows[a] == shuffled[b]


@given(spans())
def test_segments_cover_every_day_with_a_value_once(rows: list[Span]) -> None:
    if conflicts(rows):
        return
    line = timeline(rows)
    for number in range(-1, 45):
        covering = [s for s in line.segments() if s.since <= day(number) and (s.until is None or day(number) < s.until)]
        assert [s.index for s in covering] == ([] if line.at(day(number)) is None else [line.at(day(number))])
        assert line.segment(day(number)) == (covering[0] if covering else None)


def test_the_parent_comes_back_when_the_child_ends() -> None:
    line = timeline([Span(0, day(0)), Span(1, day(10), day(20))])
    assert [line.at(day(n)) for n in (0, 9, 10, 19, 20)] == [0, 0, 1, 1, 0]


def test_nothing_holds_before_the_first_and_in_gaps() -> None:
    line = timeline([Span(0, day(5), day(8)), Span(0, day(10))])
    assert [line.at(day(n)) for n in (4, 5, 8, 9, 10)] == [None, 0, None, None, 1]


def test_the_day_of_an_instant_is_the_day_in_china() -> None:
    assert rule_day(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert rule_day(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == date(2027, 1, 1)
