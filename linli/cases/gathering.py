"""What a few steps need beyond the one read: the receivers of a sealed case, the pack's fallback owner, another case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from linli.cases.domain import Bundle, Other, Receiver
from linli.cases.forms import Form
from linli.cases.procedures.procedure import StepSpec
from linli.cases.receivers import Closing, Day, receivers_for
from linli.cases.rules import CaseRules
from linli.organisations.selectors import responsible


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
    if "receivers" in step.needs:
        bundle = replace(bundle, receivers=_receivers(bundle, known))
    if "fallback" in step.needs:
        bundle = replace(bundle, fallback=fallback_owner(bundle.case.place, known.rules, known.at))
    return bundle


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
