"""Who is responsible for a matter at a place: rows of conditions against facts, with the trace. Pure.

The order of precedence is docs/adr/0003-routing-precedence.md and docs/algorithms/routing.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a report when its owner is sought.

    Attributes:
        matter: code in the catalogue.
        place: code of the deepest place known; "" when the report is still to be located.
        local_minute: minute of the day, 0 to 1439, on the clock of the place.
        place_classes: classes of the place from its layers, e.g. `school`, `old_neighbourhood`.
        channel: how it came in, e.g. `hotline`, `grid_worker`.
    """

    matter: str
    place: str
    local_minute: int = 0
    place_classes: frozenset[str] = frozenset()
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that named this matter and did not win, and why (a stable code)."""

    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Route:
    """Who is responsible, and how that was found.

    Attributes:
        organisation: id of the body, None when not even the fallback duty is held by anybody.
        role: duty role that was looked for last.
        place: place whose duty link named the body ("" = everywhere).
        row_id: row that won, "" when none fitted.
        won: the conditions of that row, for people to read.
        lost: rows naming the matter that did not win.
        fallback: the body is the pack's fallback owner, not the one the row names.
        reason: stable code: `row`, `no_row`, `no_holder`, `nobody`.
        snapshot: hash of the rules.
    """

    organisation: int | None
    role: str
    place: str
    row_id: str
    won: Mapping[str, object]
    lost: tuple[Lost, ...]
    fallback: bool
    reason: str
    snapshot: str

    def trace(self) -> dict[str, object]:
        """The route as plain data, fit for a journal entry: codes, ids and names of rows only."""
        return {
            "organisation": self.organisation,
            "role": self.role,
            "place": self.place,
            "row": self.row_id,
            "won": dict(self.won),
            "lost": [{"row": lost.row, "why": lost.why} for lost in self.lost],
            "fallback": self.fallback,
            "reason": self.reason,
            "snapshot": self.snapshot,
        }
