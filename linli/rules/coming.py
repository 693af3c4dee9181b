"""What will change on a day to come, by rules that are compiled already: values that begin, end or give way then.

Is: comparing a snapshot with itself, the day before and the day. Is not: comparing two snapshots (`diff`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast

from linli.rules.diff import Change, Difference, sentence
from linli.rules.snapshot import Row, Snapshot


def coming_days(snapshot: Snapshot, after: date) -> list[date]:
    """The days after a day on which a parameter's value or the holder of a role changes, in order.

    Args:
        snapshot: the rules.
        after: a day in China Standard Time.
    """
    days = {day for key in snapshot.section("parameters") for day in snapshot.resolved(key).line.starts}
    for row in snapshot.section("roles").values():
        held = cast("list[Row]", row["held_by"])
        days |= {date.fromisoformat(str(one[end])) for one in held for end in ("from", "to") if one.get(end)}
    return sorted(day for day in days if day > after)


def changes_on(snapshot: Snapshot, day: date) -> list[Difference]:
    """What holds from a day on and did not hold the day before: parameters by key, then roles.

    Args:
        snapshot: the rules.
        day: in China Standard Time.
    """
    return [*_parameters(snapshot, day), *_roles(snapshot, day)]


def _parameters(snapshot: Snapshot, day: date) -> list[Difference]:
    found = []
    for key in sorted(snapshot.section("parameters")):
        old, new = _value(snapshot, key, day - timedelta(days=1)), _value(snapshot, key, day)
        if old[0] != new[0]:
            words = sentence(snapshot.resolved(key).title, old[0], new[0])
            change = _change(old[0], new[0])
            found.append(
                Difference("parameters", key, change, day, None, old[0], new[0], *words, where=new[1] or old[1])
            )
    return found


def _roles(snapshot: Snapshot, day: date) -> list[Difference]:
    found = []
    for key, row in sorted(snapshot.section("roles").items()):
        old, new = (_office(snapshot, key, one) for one in (day - timedelta(days=1), day))
        if old != new:
            words = sentence(cast("Mapping[str, str]", row["title"]), old, new)
            change = _change(old, new)
            found.append(Difference("roles", key, change, day, None, old, new, *words, where=str(row["origin"])))
    return found


def _change(old: object, new: object) -> Change:
    if old is None:
        return "added"
    return "dropped" if new is None else "changed"


def _value(snapshot: Snapshot, key: str, day: date) -> tuple[object, str]:
    resolved = snapshot.resolved(key)
    index = resolved.line.at(day)
    if index is None:
        return None, ""
    row = resolved.values[index].row
    return row["value"], str(row["origin"])


def _office(snapshot: Snapshot, role: str, day: date) -> object:
    row = snapshot.office(role, day)
    return row["office"] if row else None
