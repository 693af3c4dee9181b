"""A compiled procedure as the engine reads it: tuples and sets made once a process, looked up at every step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from linli.cases.procedures.schema import ProcedureFile

ANY = "*"


@dataclass(frozen=True, slots=True)
class AlarmSpec:
    """An alarm of a clock: the step, and the parameter of its distance from the due moment."""

    step: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A clock of the procedure."""

    name: str
    whose: str
    limit: tuple[str, ...]
    alarms: tuple[AlarmSpec, ...]


@dataclass(frozen=True, slots=True)
class ClockMoves:
    """Names of clocks that a step moves; `handle*` = of every body."""

    start: tuple[str, ...]
    stop: tuple[str, ...]
    pause: tuple[str, ...]
    resume: tuple[str, ...]
    extend: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepSpec:
    """A step of the procedure. `leaves` is already spelled out: no star."""

    id: str
    leaves: frozenset[str]
    to: str | None
    reach: frozenset[str]
    who: tuple[str, ...]
    form: str | None
    clocks: ClockMoves
    handler: str | None
    apart: bool
    bites: bool
    needs: frozenset[str]
    tell: tuple[str, ...]
    by_order: bool = False


@dataclass(frozen=True, slots=True)
class OpeningSpec:
    """How a new case begins."""

    flag: str | None
    state: str
    start: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """The life cycle of one kind of case, as one snapshot has it."""

    kind: str
    opens: tuple[OpeningSpec, ...]
    auto: str | None
    states: frozenset[str]
    ends: frozenset[str]
    rests: frozenset[str]
    clocks: Mapping[str, ClockSpec]
    steps: Mapping[str, StepSpec]
    titles: Mapping[str, Mapping[str, str]]
    public: Mapping[str, Mapping[str, str]]
    stages: Mapping[str, str]

    def opening(self, flags: tuple[str, ...]) -> OpeningSpec:
        """The opening row for a case with these flags."""
        return next(row for row in self.opens if row.flag is None or row.flag in flags)


def procedure_of(compiled: Mapping[str, object]) -> Procedure:
    """The engine's view of a compiled dict (`compiler.compile_procedure`)."""
    file = ProcedureFile.model_validate(compiled)
    ends = frozenset(name for name, state in file.states.items() if state.end)
    alive = frozenset(file.states) - ends
    titles = {f"state.{n}": s.title.model_dump() for n, s in file.states.items()}
    titles |= {f"step.{n}": s.title.model_dump() for n, s in file.steps.items()}
    titles |= {f"clock.{n}": c.title.model_dump() for n, c in file.clocks.items()}
    return Procedure(
        kind=file.kind,
        opens=tuple(OpeningSpec(o.flag, o.state, tuple(o.start)) for o in file.opens),
        auto=file.auto,
        states=frozenset(file.states),
        ends=ends,
        rests=frozenset(name for name, state in file.states.items() if state.rest),
        clocks={
            name: ClockSpec(
                name, c.whose, tuple(c.limit), tuple(AlarmSpec(a.step, a.before, a.after) for a in c.alarms)
            )
            for name, c in file.clocks.items()
        },
        steps={name: _step(file, name, alive) for name in file.steps},
        titles=cast("Mapping[str, Mapping[str, str]]", titles),
        public={n: (s.public or s.title).model_dump() for n, s in file.states.items()},
        stages={n: s.stage or ("done" if s.end else "in_hand") for n, s in file.states.items()},
    )


def _step(file: ProcedureFile, name: str, alive: frozenset[str]) -> StepSpec:
    step = file.steps[name]
    c = step.clocks
    leaves = alive if ANY in step.leaves else frozenset(step.leaves)
    return StepSpec(
        id=name,
        leaves=leaves | (frozenset(step.leaves) - {ANY}),
        to=step.to,
        reach=frozenset(step.may_reach),
        who=tuple(step.who),
        form=step.form,
        clocks=ClockMoves(tuple(c.start), tuple(c.stop), tuple(c.pause), tuple(c.resume), tuple(c.extend)),
        handler=step.handler,
        apart=step.apart,
        bites=step.bites,
        needs=frozenset(step.needs),
        tell=tuple(step.tell),
        by_order=step.by_order,
    )
