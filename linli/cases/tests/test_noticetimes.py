"""When a message is told: at once, by the hour, by the day, not at all; held back in quiet hours, red cards excepted."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from linli.cases.noticetimes import NoticeKind, Pace, Quiet, Telling

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet(time(22), time(7))
NOON = Quiet(time(12), time(13))
TITLE = {"zh": "", "en": ""}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=CHINA)


def told(pace: Pace, now: str, *, quiet: Quiet | None = None, held: bool = True) -> str:
    kind = NoticeKind("late", TITLE, (), "now", held)
    until = Telling((kind,), time(8, 30), quiet, {"late": pace}).until(kind, at(now))
    return f"{until:%d %H:%M}" if until else ""


@pytest.mark.parametrize(
    ("pace", "now", "wanted"),
    [
        ("now", "24 09:47", "24 09:47"), ("hourly", "24 09:47", "24 09:00"), ("hourly", "24 09:00", "24 09:00"),
        ("daily", "24 09:47", "24 08:30"), ("daily", "24 08:29", "23 08:30"), ("daily", "24 08:30", "24 08:30"),
        ("off", "24 09:47", ""),
    ],
)  # fmt: skip
def test_each_pace(pace: Pace, now: str, wanted: str) -> None:
    assert told(pace, now) == wanted


@pytest.mark.parametrize(
    ("pace", "now", "quiet", "wanted"),
    [
        ("now", "24 21:59", NIGHT, "24 21:59"), ("now", "24 22:00", NIGHT, "24 22:00"), ("now", "24 23:30", NIGHT, "24 22:00"),
        ("now", "25 03:00", NIGHT, "24 22:00"), ("now", "25 06:59", NIGHT, "24 22:00"), ("now", "25 07:00", NIGHT, "25 07:00"),
        ("hourly", "25 03:10", NIGHT, "24 22:00"), ("hourly", "25 07:10", NIGHT, "25 07:00"),
        ("daily", "25 03:00", NIGHT, "24 08:30"), ("now", "24 12:30", NOON, "24 12:00"), ("now", "24 13:00", NOON, "24 13:00"),
        ("off", "25 03:00", NIGHT, ""),
    ],
)  # fmt: skip
def test_quiet_hours_hold_back_what_came_in_them(pace: Pace, now: str, quiet: Quiet, wanted: str) -> None:
    assert told(pace, now, quiet=quiet) == wanted


def test_what_quiet_hours_let_through() -> None:
    assert told("now", "25 03:00", quiet=NIGHT, held=False) == "25 03:00"


def test_without_a_wish_the_pack_says_the_pace() -> None:
    kind = NoticeKind("work", TITLE, (), "hourly", True)
    assert Telling((kind,), time(8, 30), None).pace(kind) == "hourly"
