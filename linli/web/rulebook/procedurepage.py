"""The procedure of a kind of case: its drawing, and the same as tables, which are the accessible text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.procedures.chart import is_everywhere, svg
from linli.cases.procedures.procedure import ClockMoves, ClockSpec, Procedure, StepSpec
from linli.cases.rules import procedure_for
from linli.web.base.words import english, relation_words, titled
from linli.web.rulebook.scope import Scope

_MOVES: Mapping[str, Promise] = {
    "start": gettext_lazy("starts {clocks}"),
    "stop": gettext_lazy("stops {clocks}"),
    "pause": gettext_lazy("pauses {clocks}"),
    "resume": gettext_lazy("resumes {clocks}"),
    "extend": gettext_lazy("extends {clocks}"),
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as a row of the table."""

    title: str
    leaves: str
    to: str
    who: str
    clocks: str
    apart: bool
    needs_sure: bool


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """A procedure's page."""

    kind: str
    title: str
    chart: SafeString
    states: tuple[tuple[str, str, bool], ...]
    clocks: tuple[tuple[str, str], ...]
    steps: tuple[StepRow, ...]


def procedure_page(scope: Scope, kind: str) -> ProcedurePage:
    """Put the page of a procedure together; no query.

    Raises:
        NotFoundError: these rules have no such kind.
    """
    snapshot = scope.rules.snapshot
    title: Mapping[str, object] = snapshot.procedure(kind)["title"]  # type: ignore[assignment]
    procedure = procedure_for(snapshot, kind)
    # The drawing escapes every word of the pack and carries no style.
    chart = mark_safe(svg(procedure, "en" if english() else "zh"))  # noqa: S308
    states = tuple(
        (_title(procedure, "state", name), titled(procedure.public[name]), name in procedure.ends)
        for name in (key.removeprefix("state.") for key in procedure.titles if key.startswith("state."))
    )
    clocks = tuple((_title(procedure, "clock", name), _limits(scope, one)) for name, one in procedure.clocks.items())
    steps = tuple(_step(procedure, one) for one in procedure.steps.values())
    return ProcedurePage(kind, titled(title), chart, states, clocks, steps)


def _title(procedure: Procedure, what: str, name: str) -> str:
    return titled(procedure.titles[f"{what}.{name}"])


def _step(procedure: Procedure, step: StepSpec) -> StepRow:
    leaves = [_title(procedure, "state", name) for name in sorted(step.leaves)]
    ends = [name for name in (step.to, *sorted(step.reach)) if name]
    return StepRow(
        title=_title(procedure, "step", step.id),
        leaves=_("any open state") if is_everywhere(procedure, step) else _join(leaves),
        to=_join([_title(procedure, "state", name) for name in dict.fromkeys(ends)]) or _("stays"),
        who=_join([relation_words(one) for one in step.who]),
        clocks=_join(_moves(procedure, step.clocks)),
        apart=step.apart,
        needs_sure=step.bites,
    )


def _moves(procedure: Procedure, moves: ClockMoves) -> list[str]:
    said = []
    for name, words in _MOVES.items():
        clocks = [_clock(procedure, one) for one in getattr(moves, name)]
        if clocks:
            said.append(str(words).format(clocks=_join(clocks)))
    return said


def _clock(procedure: Procedure, name: str) -> str:
    return _title(procedure, "clock", name.removesuffix("*"))


def _limits(scope: Scope, clock: ClockSpec) -> str:
    parameters = scope.rules.snapshot.section("parameters")
    said = [
        titled(parameters[key]["title"])  # type: ignore[arg-type]
        if key in parameters
        else _("the matter's own limit")
        for key in clock.limit
    ]
    return _(", else ").join(said) or _("until a day that somebody names")


def _join(words: list[str]) -> str:
    return _(", ").join(words)
