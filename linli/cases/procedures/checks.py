"""What makes a procedure wrong: states nobody reaches or leaves, steps nobody can take, names that do not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from linli.cases.procedures.procedure import Procedure, procedure_of
from linli.cases.registry import KindCode
from linli.cases.relations import TIERS
from linli.rules.loader import Loc
from linli.rules.packfiles import PackSource
from linli.rules.problems import Problem

RELATIONS = frozenset({"system", "reporter", "owner", "co_owner", "receiver", "next_line", "desk", "involved"})


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong at a part of a procedure, before it is known in which file that part stands."""

    loc: Loc
    code: str
    message: str
    mend: str


def procedure_problems(data: Mapping[str, object], kind: KindCode, roles: frozenset[str] | None = None) -> list[Found]:
    """Everything wrong with a merged procedure.

    Args:
        data: base and overrides, merged.
        kind: its forms and handlers.
        roles: of posts that see a place, as the pack has them; None: whatever a step names.
    """
    names = list(_names(data))
    if names:
        return names
    procedure = procedure_of(data)
    checks: tuple[Callable[[Procedure, KindCode], Iterator[Found]], ...] = (
        _opens, _reachable, _ends, _forms, _handlers, _alarms, _needs,
    )  # fmt: skip
    return [*_takers(procedure, roles), *(found for check in checks for found in check(procedure, kind))]


def _names(data: Mapping[str, object]) -> Iterator[Found]:
    """States and clocks that a step, an alarm or an opening names and that do not exist."""
    states = set(cast("Mapping[str, object]", data["states"]))
    clocks = set(cast("Mapping[str, object]", data["clocks"]))
    for name, step in cast("Mapping[str, Mapping[str, object]]", data["steps"]).items():
        leaves = cast("list[str]", step["from"])
        reaches = [*cast("list[str]", step.get("may_reach", [])), *([step["to"]] if "to" in step else [])]
        for state in [s for s in (*leaves, *reaches) if s != "*" and s not in states]:
            yield Found(("steps", name), "procedure.no_state", f"the step {name} names the state {state}", _STATE)
        moves = cast("Mapping[str, list[str]]", step.get("clocks", {}))
        for clock in [c for row in moves.values() for c in row if c.rstrip("*") not in clocks]:
            yield Found(("steps", name), "procedure.no_clock", f"the step {name} names the clock {clock}", _CLOCK)
    for number, row in enumerate(cast("list[Mapping[str, object]]", data["opens"])):
        if row["state"] not in states:
            message = f"a case opens in the state {row['state']}"
            yield Found(("opens", number), "procedure.no_state", message, _STATE)
        for clock in cast("list[str]", row.get("start", [])):
            if clock.rstrip("*") not in clocks:
                yield Found(("opens", number), "procedure.no_clock", f"opening starts the clock {clock}", _CLOCK)


_STATE = "Add it under `states`, or correct the name"
_CLOCK = "Add it under `clocks`, or correct the name"


def _opens(procedure: Procedure, kind: KindCode) -> Iterator[Found]:
    flags = [row.flag for row in procedure.opens]
    if flags[-1] is not None or None in flags[:-1]:
        mend = "Give every row but the last a flag"
        yield Found(("opens",), "procedure.opens", "the last row of `opens` is the one without flag", mend)
    if procedure.auto is not None and procedure.auto not in procedure.steps:
        yield Found(("auto",), "procedure.no_step", f"`auto` names the step {procedure.auto}", "Add the step")


def _reachable(procedure: Procedure, kind: KindCode) -> Iterator[Found]:
    reached = _closure({row.state for row in procedure.opens}, _forward(procedure))
    for state in sorted(procedure.states - reached):
        yield Found(("states", state), "procedure.unreachable", f"no step reaches the state {state}", "Add one")


def _ends(procedure: Procedure, kind: KindCode) -> Iterator[Found]:
    if not procedure.ends:
        yield Found(("states",), "procedure.endless", "no state is an end", "Mark one with `end: true`")
        return
    ending = _closure(set(procedure.ends), _backward(procedure))
    for state in sorted(procedure.states - ending):
        yield Found(("states", state), "procedure.endless", f"from the state {state} no end is reached", "Add a step")


def _forward(procedure: Procedure) -> Mapping[str, set[str]]:
    edges: dict[str, set[str]] = {}
    for step in procedure.steps.values():
        targets = set(step.reach) | ({step.to} if step.to else set())
        for state in step.leaves:
            edges.setdefault(state, set()).update(targets)
    return edges


def _backward(procedure: Procedure) -> Mapping[str, set[str]]:
    edges: dict[str, set[str]] = {}
    for state, targets in _forward(procedure).items():
        for target in targets:
            edges.setdefault(target, set()).add(state)
    return edges


def _closure(start: set[str], edges: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for state in edges.get(waiting.pop(), set()) - found:
            found.add(state)
            waiting.append(state)
    return found


def _takers(procedure: Procedure, roles: frozenset[str] | None) -> Iterator[Found]:
    rung = {alarm.step for clock in procedure.clocks.values() for alarm in clock.alarms}
    for step in procedure.steps.values():
        for relation in step.who:
            if not _known_relation(relation, roles):
                mend = "Take one of docs/explanation/engine.md, or a role that the pack lists (posts.desk, posts.of_a_place)"
                yield Found(("steps", step.id, "who"), "procedure.relation", f"{relation} is no relation", mend)
        if step.who == ("system",) and step.id not in rung and step.id != procedure.auto:
            mend = "Let an alarm name it, or let a person take it"
            yield Found(("steps", step.id, "who"), "procedure.nobody", f"nobody can take the step {step.id}", mend)


def _known_relation(relation: str, roles: frozenset[str] | None) -> bool:
    if relation in RELATIONS:
        return True
    *place, role = relation.split(".")
    if not place:
        return roles is None or role in roles
    if place[0] != "place" or (place[1:] or [role])[0] not in TIERS:
        return False
    return len(place) == 1 or roles is None or role in roles


def _forms(procedure: Procedure, kind: KindCode) -> Iterator[Found]:
    for step in procedure.steps.values():
        if step.form is not None and step.form not in kind.forms:
            message = f"the kind {kind.name} has no form {step.form}"
            yield Found(("steps", step.id, "form"), "procedure.no_form", message, "Write it in kind.py")


def _handlers(procedure: Procedure, kind: KindCode) -> Iterator[Found]:
    for step in procedure.steps.values():
        if step.handler is not None and step.handler not in kind.handlers:
            message = f"the kind {kind.name} has no handler {step.handler}"
            yield Found(("steps", step.id, "handler"), "procedure.no_handler", message, "Write it in kind.py")


def _alarms(procedure: Procedure, kind: KindCode) -> Iterator[Found]:
    for clock in procedure.clocks.values():
        for number, alarm in enumerate(clock.alarms):
            loc: Loc = ("clocks", clock.name, "alarms", number)
            step = procedure.steps.get(alarm.step)
            if step is None or "system" not in step.who:
                mend = "Name a step that `system` may take"
                yield Found(loc, "procedure.no_step", f"the alarm names the step {alarm.step}", mend)
            if alarm.before is not None and alarm.after is not None:
                yield Found(loc, "procedure.alarm", "an alarm rings before or after, not both", "Drop one")


def _needs(procedure: Procedure, kind: KindCode) -> Iterator[Found]:
    for step in procedure.steps.values():
        form = kind.forms.get(step.form or "")
        if "other" in step.needs and (form is None or "into" not in form.model_fields):
            mend = "Give its form a field `into` with the other case's number"
            yield Found(("steps", step.id), "procedure.needs", f"the step {step.id} needs another case", mend)


def parameters_of(data: Mapping[str, object]) -> Iterator[tuple[Loc, str, str]]:
    """Parameters that a procedure reads: (place in the file, key, type)."""
    for name, clock in cast("Mapping[str, Mapping[str, object]]", data["clocks"]).items():
        for key in cast("list[str]", clock["limit"]):
            if not key.startswith("matter."):
                yield ("clocks", name, "limit"), key, "limit"
        for alarm in cast("list[Mapping[str, object]]", clock.get("alarms", [])):
            for where in ("before", "after"):
                if alarm.get(where):
                    yield ("clocks", name, "alarms"), str(alarm[where]), "limit"


def parameters_have_values(source: PackSource) -> list[Problem]:
    """Every limit that a procedure names has a value, of the type limit, in this pack or its parents."""
    from linli.cases.procedures.compiler import merge
    from linli.cases.registry import all_kinds

    known = source.merged("parameters")
    types = {key: row.row.type for pack in source.chain for key, row in pack.parameters.items() if row.row.type}
    problems: list[Problem] = []
    for name, kind in all_kinds().items():
        documents = [pack.procedures[name] for pack in source.chain if name in pack.procedures]
        merged = merge(kind, documents)
        for loc, key, wanted in parameters_of(merged.data):
            if key not in known:
                found = Found(loc, "procedure.no_parameter", f"the pack has no parameter {key}", f"Give {key} a value")
                problems.append(merged.problem(loc, found))
            elif types.get(key, wanted) != wanted:
                found = Found(loc, "procedure.no_parameter", f"{key} is a {types[key]}", f"A {wanted} is needed here")
                problems.append(merged.problem(loc, found))
    return problems


def register() -> None:
    """Hand the compiler of procedures and the checks of their parameters to the rule packs."""
    from linli.cases.procedures.compiler import COMPILER
    from linli.rules.checks import register_check
    from linli.rules.compiler import register_procedures

    register_procedures(COMPILER)
    register_check("cases.parameters", parameters_have_values)
