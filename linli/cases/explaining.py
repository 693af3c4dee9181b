"""Why this place, matter, owner and deadline: each with the rule, its source, and the evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from linli.cases.domain import CaseFacts, ClockFact
from linli.cases.reading import ALL_CLOCKS, clock_from, run
from linli.cases.rules import CaseRules, rules_for
from linli.cases.seeing import see
from linli.cases.views import Why
from linli.kernel.actors import Actor
from linli.kernel.stretches import explain as stretches_of

_HASH_SHOWN = 12


def explain(actor: Actor, case: int, at: datetime) -> Sequence[Why]:
    """The why of a case's place, matter, owner and clocks; each stretch names the rules whose calendar counted it.

    Args:
        actor: with the posts held at `at`.
        case: id.
        at: aware UTC; open clocks are explained as they stand then.

    Raises:
        NotFoundError: missing or forbidden, one answer.
    """
    seen = see(actor, case)
    facts = seen.bundle.case
    rules = rules_for(seen.snapshot, facts.place, facts.opened_at)
    row = run(ALL_CLOCKS, {"case": case}).fetchone()
    clocks = [clock_from(one) for one in json.loads(row[0])] if row and row[0] else []
    return [_place(facts), _matter(facts, rules), _owner(facts), *_deadlines(clocks, facts, rules)]


def _place(facts: CaseFacts) -> Why:
    point = {"lon": facts.lon, "lat": facts.lat} if facts.lon is not None else {}
    found = facts.why.get("place")
    detail = [dict(found)] if isinstance(found, Mapping) else []
    rule = "places.point_in_grid" if point else "places.named"
    return Why("place", facts.place or "to_locate", rule, "", tuple(one for one in (point, *detail) if one))


def _matter(facts: CaseFacts, rules: CaseRules) -> Why:
    matter = rules.matter(facts.matter)
    evidence: dict[str, object] = {"by": facts.matter_by}
    if facts.confidence is not None:
        evidence["confidence_per_mille"] = facts.confidence
    because = facts.why.get("matter")
    if because is not None:
        evidence["because"] = because
    return Why("matter", facts.matter or "to_class", "matters.catalogue", matter.source if matter else "", (evidence,))


def _owner(facts: CaseFacts) -> Why:
    route = cast("Mapping[str, object]", facts.why.get("route") or {})
    value = str(facts.owner) if facts.owner is not None else "none"
    return Why("owner", value, str(route.get("row", "")), str(route.get("role", "")), (dict(route),) if route else ())


def _deadlines(clocks: Sequence[ClockFact], facts: CaseFacts, rules: CaseRules) -> Iterator[Why]:
    for clock in clocks:
        source = _source(clock, facts, rules)
        stretches = tuple(
            {
                "from": one.start.isoformat(),
                "to": one.end.isoformat(),
                "counted": one.counted,
                "amount": one.amount,
                "rule": str(one.rule),
                "day": one.day.isoformat(),
                "day_name": one.day_name,
                "provisional": one.provisional,
                "part": one.part,
                "calendar": (clock.calendar or rules.snapshot.hash)[:_HASH_SHOWN],
            }
            for one in stretches_of(rules.counted_on(clock.calendar), clock.work)
        )
        due = clock.due_at.isoformat() if clock.due_at else "standing"
        whose = clock.whose if clock.organisation is None else f"{clock.whose} {clock.organisation}"
        yield Why(f"deadline {clock.name} ({whose})", due, clock.rule, source, stretches)


def _source(clock: ClockFact, facts: CaseFacts, rules: CaseRules) -> str:
    if not clock.rule:
        return ""
    if clock.rule.startswith("matter."):
        matter = rules.matter(facts.matter)
        return matter.source if matter else ""
    explained = rules.explain(clock.rule)
    return "; ".join(f"{one.key} {one.locator}".strip() for one in explained.sources)
