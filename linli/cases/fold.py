"""Folding a case's log back into what its columns say. Pages never do this; it proves that they need not.

Texts are bound by their digest; when the next alarm rings follows from clocks and rules and is not told in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

_OPEN_ENDED = frozenset({"returned", "ended"})


class Told(Protocol):
    """What folding needs of an entry."""

    @property
    def verb(self) -> str:
        """`cases.<kind>.<step>`."""

    @property
    def data(self) -> Mapping[str, object]:
        """What `Work.entry_data` wrote."""

    @property
    def seq(self) -> int:
        """Its place in the chain."""


@dataclass(slots=True)
class Folded:
    """A case as its log tells it.

    Attributes:
        facts: columns by name, as JSON has them.
        bodies: (organisation, role) -> state of the parts that are still open; of receivers the role says who is named.
        clocks: (name, organisation) -> what was last done to that clock, and its deadline then.
    """

    state: str = ""
    seq: int = 0
    text: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    marks: dict[str, object] = field(default_factory=dict)
    bodies: dict[tuple[int, str], str] = field(default_factory=dict)
    clocks: dict[tuple[str, int | None], tuple[str, str | None]] = field(default_factory=dict)

    @property
    def owner(self) -> int | None:
        """The leading body."""
        return next((organisation for organisation, role in self.bodies if role == "lead"), None)


def part_of(role: str, account: object, post: object) -> str:
    """The role under which a part is folded: of a named receiver with the person or the post."""
    return f"{role}:{account or ''}:{post or ''}" if role == "receiver" else role


def fold(entries: Iterable[Told]) -> Folded:
    """What a case's entries, in order, add up to."""
    folded = Folded()
    for entry in entries:
        folded.seq = entry.seq
        if entry.verb.startswith("cases.voice.") or not entry.verb.startswith("cases."):
            continue
        data = entry.data
        folded.state = str(data["to"])
        folded.text = str(data.get("text", folded.text))
        _facts(folded, data)
        for body in cast("list[dict[str, object]]", data.get("bodies", [])):
            _body(folded, body)
        for clock in cast("list[dict[str, object]]", data.get("clocks", [])):
            key = (str(clock["clock"]), cast("int | None", clock.get("organisation")))
            folded.clocks[key] = (str(clock["do"]), cast("str | None", clock.get("due")))
    return folded


def _facts(folded: Folded, data: Mapping[str, object]) -> None:
    folded.facts.update(cast("Mapping[str, object]", data.get("facts", {})))
    for name in cast("list[str]", data.get("counts", [])):
        folded.counts[name] = folded.counts.get(name, 0) + 1
    for name, value in cast("Mapping[str, object]", data.get("marks", {})).items():
        if value is None:
            folded.marks.pop(name, None)
        else:
            folded.marks[name] = value


def _body(folded: Folded, body: Mapping[str, object]) -> None:
    key = (cast("int", body["organisation"]), part_of(str(body["role"]), body.get("account"), body.get("post")))
    if body["state"] in _OPEN_ENDED:
        folded.bodies.pop(key, None)
    else:
        folded.bodies[key] = str(body["state"])
