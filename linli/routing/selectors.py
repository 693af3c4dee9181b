"""The routing table of a snapshot, made once a process. Reads no table of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import cast

from linli.kernel.errors import RuleError
from linli.routing.domain import RoutingTable
from linli.routing.rows import Fallback, Row
from linli.rules.parameters import Parameter, Text, TextList
from linli.rules.snapshot import Snapshot

CLASS_ORDER = Parameter("routing.class_order", TextList)
FALLBACK_ROLE = Parameter("routing.fallback_role", Text)
FALLBACK_TIER = Parameter("routing.fallback_tier", Text)
PROTECTED_FALLBACK_ROLE = Parameter("routing.protected_fallback_role", Text)
PROTECTED_FALLBACK_TIER = Parameter("routing.protected_fallback_tier", Text)

_KEPT_TABLES = 64


def routing_table(snapshot: Snapshot, day: date) -> RoutingTable:
    """The rows of a snapshot with its fallback owners of a day; one object for equal rules and day.

    Args:
        snapshot: a compiled pack.
        day: day in China Standard Time.

    Raises:
        RuleError: a row cannot be read, or a value is missing on that day.
    """
    return _routing_table(snapshot, day)


@lru_cache(maxsize=_KEPT_TABLES)
def _routing_table(snapshot: Snapshot, day: date) -> RoutingTable:
    rules = snapshot.at("", day)
    return RoutingTable(
        rows=tuple(row_of(key, row) for key, row in snapshot.routing().items()),
        matters={code: bool(row["protected"]) for code, row in snapshot.matters().items()},
        class_order=rules[CLASS_ORDER],
        fallbacks=(
            Fallback(rules[FALLBACK_ROLE], rules[FALLBACK_TIER]),
            Fallback(rules[PROTECTED_FALLBACK_ROLE], rules[PROTECTED_FALLBACK_TIER]),
        ),
        snapshot=snapshot.hash,
    )


_ASKED = frozenset({"matter", "place", "place_class", "hours", "channel"})


def row_of(key: str, row: Mapping[str, object]) -> Row:
    """A row from its plain data in a snapshot.

    Args:
        key: id of the row.
        row: as `snapshot.routing()` holds it.

    Raises:
        RuleError: it asks for something that this version cannot judge.
    """
    when = cast("Mapping[str, object]", row["when"])
    to = cast("Mapping[str, str]", row["to"])
    origin = str(row.get("origin", ""))
    unknown = sorted(set(when) - _ASKED)
    if unknown:
        raise RuleError(
            f"{origin}: the row {key} asks for {', '.join(unknown)}, which cannot be judged here",
            code="routing.unknown_condition",
            data={"row": key, "conditions": unknown},
        )
    hours = when.get("hours")
    asked = {name: value for name, value in when.items() if value}
    return Row(
        id=key,
        patterns=_texts(when["matter"]),
        role=to["role"],
        tier=to["tier"],
        places=_texts(when.get("place")),
        classes=_texts(when.get("place_class")),
        hours=minutes_of(str(hours)) if hours else None,
        channels=_texts(when.get("channel")),
        since=_day(row.get("from")),
        until=_day(row.get("until")),
        pack=cast("int", row.get("rank", 0)),
        origin=origin,
        told={"when": asked, "to": dict(to), "origin": origin, "source": row["source"]},
    )


def minutes_of(hours: str) -> tuple[int, int]:
    """`22:00-06:00` as minutes of the day."""
    start, _, end = hours.partition("-")
    return _minute(start), _minute(end)


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(cast("Sequence[str]", value))


def _day(text: object) -> date | None:
    return None if text is None else date.fromisoformat(str(text))
