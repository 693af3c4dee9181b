"""When a report was made, read from however a system writes it. Pure.

Is: dates of ISO 8601, of offices (`2026/11/3 8:05`, `2026年11月3日 下午3点`) and of spreadsheets (days since 1899-12-30).
Is not: a judgement whether the time can be true; `believed` compares it with the receipt.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

CHINA = timezone(timedelta(hours=8))
"""Zone of a time that names none."""

_SHEET_EPOCH = datetime(1899, 12, 30, tzinfo=CHINA)
_SHEET_DAYS = (20_000, 80_000)
_SECONDS_A_DAY = 86_400
_NOON = 12

_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?P<half>上午|下午|晚上|中午|凌晨|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*分?"
    r"(?:\s*[:]?\s*(?P<second>\d{1,2})(?:[.,]\d+)?)?\s*秒?\s*(?P<after>AM|PM)?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T\s]?(\d{2})(\d{2})(\d{2})?)?")
_SHEET = re.compile(r"\d{5}(?:\.\d+)?")
_LATER_HALF = frozenset({"下午", "晚上", "PM"})


def read_time(text: str) -> datetime | None:
    """The instant that a text names, UTC; None when it names none.

    Args:
        text: as written; without a zone it is China Standard Time, without an hour the day's beginning.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    try:
        return _written(plain) or _run(plain) or _sheet(plain)
    except (ValueError, OverflowError):
        return None


def _written(plain: str) -> datetime | None:
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        return None
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    half = (found["half"] or found["after"] or "").upper()
    hour = _hour(int(found["hour"] or 0), half)
    local = datetime(
        year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0), tzinfo=_zone(found["zone"])
    )
    return local.astimezone(UTC)


def _hour(hour: int, half: str) -> int:
    if half in _LATER_HALF and hour < _NOON:
        return hour + _NOON
    return 0 if half == "AM" and hour == _NOON else hour


def _zone(text: str | None) -> timezone:
    if not text:
        return CHINA
    if text.upper() in ("Z", "UTC"):
        return UTC
    sign = -1 if text.startswith("-") else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _run(plain: str) -> datetime | None:
    found = _RUN.fullmatch(plain)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=CHINA).astimezone(UTC)


def _sheet(plain: str) -> datetime | None:
    if not _SHEET.fullmatch(plain):
        return None
    days = Decimal(plain)
    if not _SHEET_DAYS[0] <= days <= _SHEET_DAYS[1]:
        return None
    return (_SHEET_EPOCH + timedelta(seconds=round(days * _SECONDS_A_DAY))).astimezone(UTC)


def believed(written: datetime | None, at: datetime, *, future_minutes: int, oldest_days: int) -> bool:
    """Whether a report can have been made then, seen from its receipt `at`."""
    if written is None:
        return False
    return at - timedelta(days=oldest_days) <= written <= at + timedelta(minutes=future_minutes)
