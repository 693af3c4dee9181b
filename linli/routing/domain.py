"""Who is responsible for a matter at a place: rows of conditions against facts, with the trace. Pure.

The order of precedence is docs/adr/0010-routing-precedence.md; docs/algorithms/routing.md tells it with worked tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from linli.kernel.actors import Allowed, Verdict
from linli.kernel.errors import NotFoundError, RuleError
from linli.kernel.worktime import OFFSET
from linli.matters.domain import is_admitted
from linli.organisations.domain import DutyTable
from linli.routing.rows import Choice, Fallback, Lost, Row, choose

Reason = Literal["row", "no_row", "no_holder", "nobody"]

_TIER_DIGITS = {"grid": 15, "community": 12, "street": 9, "district": 6, "city": 4}
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a report when its owner is sought. `facts_at` makes them from an instant.

    Attributes:
        matter: code in the catalogue; "" when the report is still to be classed.
        place: code of the deepest place known; "" when the report is still to be located.
        day: day in China Standard Time.
        local_minute: minute of that day, 0 to 1439.
        place_classes: classes of the place from its layers, e.g. `school`, `compound`.
        channel: how it came in, e.g. `hotline`, `grid_worker`.
    """

    matter: str
    place: str
    day: date
    local_minute: int
    place_classes: frozenset[str] = frozenset()
    channel: str = ""


def facts_at(
    matter: str, place: str, at: datetime, place_classes: frozenset[str] = frozenset(), channel: str = ""
) -> Facts:
    """The facts of a report that came in at an instant.

    Args:
        matter: code in the catalogue, or "".
        place: deepest code known, or "".
        at: aware instant.
        place_classes: classes of the place.
        channel: how it came in.
    """
    minutes = int(at.timestamp()) // 60 + OFFSET
    day, minute = divmod(minutes, _MINUTES_A_DAY)
    return Facts(matter, place, date.fromordinal(_EPOCH_DAY + day), minute, place_classes, channel)


_EPOCH_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Route:
    """Who is responsible, and how that was found.

    Attributes:
        organisation: id of the body, None when not even the fallback duty is held by anybody.
        role: duty role that was looked for last.
        place: place whose duty link named the body ("" = everywhere).
        row_id: row that won, "" when none fitted.
        won: the conditions of that row and where it stands, for people to read.
        lost: rows naming the matter that did not win.
        fallback: the body is the pack's fallback owner, not the one the row names.
        reason: `row` (as the row says), `no_row` (none fitted), `no_holder` (nobody holds the row's duty there),
            `nobody` (nor the fallback duty).
        snapshot: hash of the rules.
    """

    organisation: int | None
    role: str
    place: str
    row_id: str
    won: Mapping[str, object]
    lost: tuple[Lost, ...]
    fallback: bool
    reason: Reason
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


@dataclass(slots=True, eq=False)
class RoutingTable:
    """The rows of one snapshot, sorted by matter; made once a process (`selectors.routing_table`).

    Attributes:
        matters: codes of the catalogue -> whether the matter is protected.
        class_order: classes of places, the weightiest first.
        fallbacks: who owns what no row sends anywhere; the second for protected matters.
        snapshot: hash of the rules.
    """

    rows: tuple[Row, ...]
    matters: Mapping[str, bool]
    class_order: tuple[str, ...]
    fallbacks: tuple[Fallback, Fallback]
    snapshot: str = ""
    _by_matter: dict[str, tuple[Row, ...]] = field(default_factory=dict, repr=False)

    def candidates(self, matter: str) -> tuple[Row, ...]:
        """Rows whose pattern names the matter, the weightiest first."""
        known = self._by_matter.get(matter)
        if known is None:
            named = [row for row in self.rows if row.names(matter)]
            known = tuple(sorted(named, key=lambda row: row.weight(matter), reverse=True))
            self._by_matter[matter] = known
        return known

    def choice(self, facts: Facts) -> Choice:
        """The row that wins for these facts, and those that lost; none for a report still to be classed.

        Raises:
            RuleError: two rows of equal rank fit, or a row cannot be judged.
        """
        if not facts.matter:
            return Choice(None, ())
        return choose(self.candidates(facts.matter), facts, self.class_order)

    def fallback_for(self, matter: str) -> Fallback:
        """The pack's fallback owner for a matter; protected ones have their own."""
        return self.fallbacks[1 if self.matters.get(matter, False) else 0]


def route(facts: Facts, table: RoutingTable, duties: DutyTable) -> Route:
    """Who is responsible for a report.

    The row that wins names a duty and a tier; the body is whoever holds that duty at the report's place, cut to
    that tier, or at the nearest place above it. Where no row fits or nobody holds the duty, the pack's fallback
    owner is responsible, and the route says so.

    Args:
        facts: what is known of the report.
        table: rows of the snapshot under which it is routed.
        duties: duty links that hold at that instant.

    Returns:
        The route; its organisation is None only when nobody holds the fallback duty either.

    Raises:
        NotFoundError: the catalogue has no such matter.
        RuleError: two rows of equal rank fit, or a row cannot be judged: never skipped.
    """
    if facts.matter and facts.matter not in table.matters:
        raise NotFoundError(
            f"The catalogue has no matter {facts.matter}.",
            code="matters.unknown",
            data={"matter": facts.matter, "snapshot": table.snapshot},
        )
    choice = table.choice(facts)
    row = choice.row
    if row is not None:
        holder = duties.holder(row.role, cut_to_tier(facts.place, row.tier))
        if holder is not None:
            return Route(
                holder.organisation, row.role, holder.place, row.id, row.told, choice.lost, False, "row", table.snapshot
            )
    return _fallen_back(facts, choice, table, duties)


def _fallen_back(facts: Facts, choice: Choice, table: RoutingTable, duties: DutyTable) -> Route:
    fallback = table.fallback_for(facts.matter)
    holder = duties.holder(fallback.role, cut_to_tier(facts.place, fallback.tier))
    reason: Reason = "no_row" if choice.row is None else "no_holder"
    return Route(
        organisation=holder.organisation if holder else None,
        role=fallback.role,
        place=holder.place if holder else "",
        row_id=choice.row.id if choice.row else "",
        won=choice.row.told if choice.row else {},
        lost=choice.lost,
        fallback=True,
        reason=reason if holder else "nobody",
        snapshot=table.snapshot,
    )


def cut_to_tier(place: str, tier: str) -> str:
    """The code of a place, cut to a tier: `320106003001` at `street` is `320106003`; higher places stay.

    Args:
        place: a code of any tier, or "".
        tier: `grid`, `community`, `street`, `district` or `city`.

    Raises:
        RuleError: there is no such tier.
    """
    digits = _TIER_DIGITS.get(tier)
    if digits is None:
        raise RuleError(f"{tier!r} is no tier", code="routing.tier", data={"tier": tier})
    return place[:digits]


@dataclass(frozen=True, slots=True)
class Party:
    """A body that gives or is given work, and the place it serves."""

    organisation: int
    place: str = ""


def may_assign(matter: str, sender: Party | None, to: Party, role: str, at: datetime) -> Verdict:
    """Whether work on a matter may be given to a body: every step that assigns asks this one function.

    Work sent down to a community needs to be admitted there (`matters.is_admitted`). A resident's own request and
    what a body takes up itself are never asked for admission.

    Args:
        matter: code in the catalogue, "" when still to be classed.
        sender: who sends it; None for a resident's request that the routing itself placed.
        to: who is to get it.
        role: `lead`, `co_owner`, `verifier`.
        at: aware UTC.
    """
    if sender is None or sender.organisation == to.organisation:
        return Allowed()
    return is_admitted(matter, to.place, at)
