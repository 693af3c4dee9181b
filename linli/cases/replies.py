"""Reply templates: words of the pack with which whoever writes to a resident may begin, by matter, state and step.

Is: which of them fit, and what they say on a day. Is not: a reply; a person reads, changes and sends it, and a name that is
still in braces is refused by the form. Templates are those that hold now, not those of the day on which a case was opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from linli.rules.parameters import Parameter, Table, Text
from linli.rules.resolver import Span, timeline
from linli.rules.snapshot import Row, Snapshot

HOTLINE = Parameter("replies.hotline", Text)
BODY_PHONES = Parameter("replies.body_phones", Table)

EVERY = "*"
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it holds on a day.

    Attributes:
        fills: further fields of the step's form that go with it.
        sureness: how far its matter is named: 0 = for all, 3 = for this one alone.
        unsure: no named office has confirmed the wording yet.
    """

    key: str
    title: Mapping[str, str]
    words: Mapping[str, str]
    fills: Mapping[str, str]
    sureness: int
    unsure: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """For what templates are wanted. `matter` is "" where it is not known yet."""

    step: str
    state: str
    matter: str = ""


def templates(snapshot: Snapshot, wanted: Situation, day: date) -> tuple[Template, ...]:
    """The templates that fit, those for this very matter first.

    Args:
        snapshot: the rules that hold now.
        wanted: step, state, matter.
        day: in China.
    """
    found = [one for key, row in snapshot.section("replies").items() if (one := _fitting(key, row, wanted, day))]
    return tuple(sorted(found, key=lambda one: (-one.sureness, one.key)))


def template(snapshot: Snapshot, wanted: Situation, key: str, day: date) -> Template | None:
    """One of the templates that fit; None for any other key."""
    row = snapshot.section("replies").get(key)
    return _fitting(key, row, wanted, day) if row else None


def closeness(pattern: str, matter: str) -> int:
    """How far a pattern names a matter: parts that are alike, 0 for all; -1 where it does not fit."""
    if pattern == EVERY:
        return 0
    parts = pattern.split(".")
    for number, (part, own) in enumerate(zip(parts, matter.split("."), strict=False)):
        if part == EVERY:
            return number
        if part != own:
            return -1
    return _PARTS if matter else -1


def _fitting(key: str, row: Row, wanted: Situation, day: date) -> Template | None:
    if wanted.step not in cast("Sequence[str]", row["steps"]):
        return None
    states = cast("Sequence[str]", row["states"])
    if states and wanted.state not in states:
        return None
    matters = cast("Sequence[str]", row["matters"])
    near = max((closeness(one, wanted.matter) for one in matters), default=0)
    text = _text_on(row, day)
    if near < 0 or text is None:
        return None
    return Template(
        key=key,
        title=cast("Mapping[str, str]", row["title"]),
        words=cast("Mapping[str, str]", text["words"]),
        fills=cast("Mapping[str, str]", row["fills"]),
        sureness=near,
        unsure=text["confidence"] == "low",
    )


def _text_on(row: Row, day: date) -> Row | None:
    values = cast("Sequence[Row]", row["values"])
    line = timeline([Span(0, date.fromisoformat(str(v["from"])), _day(v["to"])) for v in values])
    index = line.at(day)
    return None if index is None else values[index]


def _day(text: object) -> date | None:
    return None if text is None else date.fromisoformat(str(text))


def phones(rows: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """Public telephones of bodies, by name."""
    for row in rows:
        yield str(row["body"]), str(row["phone"])
