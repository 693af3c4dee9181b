"""The steps that a person may take now, with their titles and forms: what a page or a machine offers. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linli.cases.relations import standing
from linli.cases.seeing import Seen, see
from linli.kernel.actors import Actor, Denied


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that may be taken.

    Attributes:
        title: `zh`, `en`.
        form: name of its form; None asks for nothing.
    """

    step: str
    title: Mapping[str, str]
    form: str | None


@dataclass(frozen=True, slots=True)
class Offers:
    """A case as it stands, and what may be done with it."""

    no: str
    kind: str
    state: str
    steps: tuple[Offered, ...]


def offers(actor: Actor, case: int) -> Offers:
    """What this person may do now, in the procedure's order.

    Raises:
        NotFoundError: missing or forbidden, one answer.
    """
    seen = see(actor, case)
    facts = seen.bundle.case
    return Offers(facts.no, facts.kind, facts.state, tuple(_offered(seen)))


def _offered(seen: Seen) -> list[Offered]:
    state, titles = seen.bundle.case.state, seen.procedure.titles
    return [
        Offered(step.id, titles[f"step.{step.id}"], step.form)
        for step in seen.procedure.steps.values()
        if state in step.leaves and step.who != ("system",) and not isinstance(standing(seen.bundle, step), Denied)
    ]
