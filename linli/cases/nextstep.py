"""Which step is the next one for somebody: the one that is asked of them first. Pure; said from the procedure alone.

Is: a word for a row of work, and the button at the thumb. Is not: a permission; whether a step may be taken is asked of
`relations.standing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linli.cases.procedures.procedure import Procedure, StepSpec
from linli.cases.relations import TIERS
from linli.kernel.actors import Holding

_NOBODY = ("system", "reporter")
_TIER_OF = {length: tier for tier, length in TIERS.items()}


def onward(procedure: Procedure, state: str) -> Iterator[StepSpec]:
    """Steps of people that move a case on from a state, in the procedure's order; not those that may be taken anywhere."""
    alive = procedure.states - procedure.ends
    for step in procedure.steps.values():
        if (
            state in step.leaves
            and (step.to or step.reach)
            and not step.leaves >= alive
            and set(step.who) - set(_NOBODY)
        ):
            yield step


def place_relations(holding: Holding) -> frozenset[str]:
    """Relations in which a post stands to a case of exactly its place."""
    tier = _TIER_OF.get(len(holding.place))
    if tier is None or not holding.looks_after:
        return frozenset()
    return frozenset({f"place.{tier}", f"place.{tier}.{holding.role}"})


def asked_first(steps: Sequence[StepSpec], relations: frozenset[str], clock: str | None) -> StepSpec | None:
    """The step to take next: the one that ends the nearest clock, else the first with a place to go to, else the first.

    Args:
        steps: of `onward`.
        relations: in which one stands.
        clock: name of the nearest running clock.
    """
    mine = [step for step in steps if relations.intersection(step.who)]
    ending = (step for step in mine if clock is not None and clock in {one.rstrip("*") for one in step.clocks.stop})
    return next(ending, None) or next((step for step in mine if step.to), None) or next(iter(mine), None)


def states_waiting_for(procedure: Procedure, relations: frozenset[str]) -> frozenset[str]:
    """States that wait for one of these relations: it may take the first step that leads onward."""
    waiting = set()
    for state in procedure.states - procedure.ends:
        first = next(onward(procedure, state), None)
        if first is not None and relations.intersection(first.who):
            waiting.add(state)
    return frozenset(waiting)
