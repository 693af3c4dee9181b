"""What a few steps need beyond the one read: receivers of a sealed case, the fallback owner, the route, another case, an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from linli.cases.domain import Bundle, CaseFacts, Other, Receiver
from linli.cases.forms import Form
from linli.cases.procedures.procedure import StepSpec
from linli.cases.receivers import Closing, Day, receivers_for
from linli.cases.receiving import next_line
from linli.cases.released import photos_looked_at
from linli.cases.rules import CaseRules
from linli.knowledge.selectors import entry_at
from linli.organisations.selectors import duty_table, responsible
from linli.places.selectors import place_classes
from linli.routing.domain import facts_at, route
from linli.routing.selectors import routing_table

_GRID = 15


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known before gathering: the form, the other case if one was named, and the rules."""

    form: Form
    other: Other | None
    ends: frozenset[str]
    rules: CaseRules
    at: datetime


def gather(bundle: Bundle, step: StepSpec, known: Gathered) -> Bundle:
    """The bundle with what the step says it needs; unchanged, and without a query, for nearly every step."""
    if not step.needs:
        return bundle
    if "other" in step.needs and known.other is not None:
        other = replace(known.other, ended=known.other.state in known.ends)
        bundle = replace(bundle, other=other)
    bundle = _closed(bundle, step, known)
    if "fallback" in step.needs:
        bundle = replace(bundle, fallback=fallback_owner(bundle.case.place, known.rules, known.at))
    if "route" in step.needs:
        bundle = replace(bundle, route=route_trace(bundle.case, known))
    if "photos" in step.needs:
        bundle = replace(bundle, photos=photos_looked_at(bundle.case.id, bundle.actor.ref.account))
    if "entry" in step.needs:
        bundle = replace(bundle, entry=_entry(known))
    return bundle


def _closed(bundle: Bundle, step: StepSpec, known: Gathered) -> Bundle:
    """Who receives a case that is being closed, or that is closed already."""
    if "receivers" in step.needs:
        return replace(bundle, receivers=_receivers(bundle, known))
    if "next_line" in step.needs and bundle.case.compartment != "open":
        found, orphaned = next_line(bundle, known.rules, Day(known.at))
        return replace(bundle, receivers=found, unreceived=orphaned)
    return bundle


def _entry(known: Gathered) -> tuple[int, int] | None:
    """Id and version of the answer that the form names, as it stands; None where it names none, or one that does not hold."""
    named = getattr(known.form, "entry", None)
    found = entry_at(named, known.at) if named is not None else None
    return (found.id, found.number) if found else None


def route_trace(case: CaseFacts, known: Gathered) -> Mapping[str, object] | None:
    """Who is responsible for the case with the place and the matter of the form, and why, as an opening keeps it.

    Hours and channel are those of the report, duties and classes of the place those of the step.

    Returns:
        The trace (`Route.trace`); None for a sealed case, of which no reason is kept, and for an unknown matter.

    Raises:
        RuleError: two routing rows of equal rank fit, or a row cannot be judged: never skipped.
    """
    matter = getattr(known.form, "matter", None) or case.matter or ""
    if case.compartment == "sealed" or (matter and known.rules.matter(matter) is None):
        return None
    place = str(getattr(known.form, "place", None) or case.place)
    grid = place[:_GRID] if len(place) >= _GRID else ""
    classes = place_classes([grid], known.at).get(grid, frozenset()) if grid else frozenset()
    facts = facts_at(matter, place, case.received_at, classes, case.channel)
    rules = known.rules
    return route(facts, routing_table(rules.snapshot, rules.day), duty_table(known.at)).trace()


def _receivers(bundle: Bundle, known: Gathered) -> tuple[Receiver, ...]:
    named = getattr(known.form, "matter", None)
    if named is not None:
        matter = known.rules.matter(named)
        if matter is None or not matter.protected:
            return ()
        return receivers_for(Closing("protected", bundle.case.place, duty=matter.duty), known.rules, Day(known.at))
    closing = Closing(
        "sealed",
        bundle.case.place,
        tuple(getattr(known.form, "accused", ())),
        tuple(getattr(known.form, "people", ())),
        bundle.actor.ref.account,
    )
    return receivers_for(closing, known.rules, Day(known.at))


def fallback_owner(place: str, rules: CaseRules, at: datetime) -> int | None:
    """The body that has a case when nobody else does: who holds the pack's fallback duty at that place."""
    found = responsible(rules.text("routing.fallback_role"), place, at)
    return found.id if found else None
