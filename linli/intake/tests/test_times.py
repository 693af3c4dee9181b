"""Times as systems write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.intake.times import CHINA, believed, read_time

FIVE_PAST_EIGHT = datetime(2026, 11, 3, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03T08:05:00+08:00", "2026-11-03T00:05:00Z", "2026-11-03 08:05", "2026/11/3 8:05", "2026.11.3 8:05:00",
        "2026年11月3日8时5分", "2026年11月3日 上午8点5分", "20261103080500", "202611030805", "２０２６/11/3 8：05",
        "2026-11-02T19:05:00.123-05:00", " 2026/11/3  8:05 ", "2026-11-03 8:05 AM",
    ],
)  # fmt: skip
def test_ways_of_writing_one_instant(text: str) -> None:
    assert read_time(text) == FIVE_PAST_EIGHT


def test_afternoon_and_spreadsheet_days() -> None:
    assert read_time("2026年11月3日 下午3点") == datetime(2026, 11, 3, 7, tzinfo=UTC)
    assert read_time("2026-11-03 12:30 AM") == datetime(2026, 11, 2, 16, 30, tzinfo=UTC)
    assert read_time("46329.5") == datetime(2026, 11, 3, 4, tzinfo=UTC)
    assert read_time("2026-11-03") == datetime(2026, 11, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "11/3/2026",
        "2026-13-01",
        "2026-02-30 8:00",
        "25:99",
        "12345",
        "1e9",
        "0001-01-01",
        "2026-11-03 25:00",
    ],
)
def test_what_names_no_instant(text: str) -> None:
    assert read_time(text) is None


@given(st.text(max_size=40))
def test_any_text_gives_an_instant_or_none(text: str) -> None:
    found = read_time(text)
    assert found is None or found.tzinfo is not None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda t: t.replace(tzinfo=CHINA, microsecond=0)))
def test_iso_goes_round(at: datetime) -> None:
    assert read_time(at.isoformat()) == at
    assert read_time(at.replace(tzinfo=None).isoformat(sep=" ")) == at


@pytest.mark.parametrize(
    ("written", "sure"),
    [
        (AT, True), (AT + timedelta(minutes=10), True), (AT + timedelta(minutes=11), False),
        (AT - timedelta(days=366), True), (AT - timedelta(days=367), False), (None, False),
    ],
)  # fmt: skip
def test_the_future_and_the_distant_past_are_not_believed(written: datetime | None, sure: bool) -> None:
    assert believed(written, AT, future_minutes=10, oldest_days=366) is sure
