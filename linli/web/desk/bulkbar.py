"""The bar under the queue while cases are selected: how many, which step most of them can take, why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.kernel.actors import Actor
from linli.web.desk.bulk import Chosen, Option, chosen_cases, options_of, sorted_for


@dataclass(frozen=True, slots=True)
class SelectionBar:
    """What the bar says. `main` is the step that leads; `why` is the first reason of those that cannot take it.

    Attributes:
        cannot: their numbers, apart by blanks.
    """

    count: int
    main: Option | None
    why: str
    cannot: str


def selection_bar(actor: Actor, numbers: Sequence[str]) -> SelectionBar | None:
    """The bar for a selection; None for an empty one."""
    chosen = chosen_cases(actor, numbers)
    if not chosen:
        return None
    main = next((one for one in options_of(chosen) if _is_onward(chosen, one.step)), None)
    left = sorted_for(chosen, main.step).left if main else ()
    return SelectionBar(len(chosen), main, left[0].why if left else "", " ".join(one.no for one in left))


def _is_onward(chosen: Sequence[Chosen], step: str) -> bool:
    """Whether the step moves cases on: a note or a reminder never leads."""
    return any(step in one.steps and one.steps[step].onward for one in chosen)
