"""From a kind's base procedure and the packs' overrides to one plain dict, with everything that is wrong with it.

Handed to the rule packs as their `ProcedureCompiler`; a snapshot keeps the dict, the engine reads it by
`procedure.procedure_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from linli.cases.procedures.checks import Found, procedure_problems
from linli.cases.procedures.schema import OverrideFile, ProcedureFile
from linli.cases.registry import KindCode, all_kinds
from linli.organisations.posts import roles_that_see
from linli.rules.compiler import ProcedureCompiler
from linli.rules.loader import Document, Loc, read_file, validate
from linli.rules.packfiles import PackSource
from linli.rules.problems import Problem, RuleErrors

SECTIONS = ("states", "clocks", "steps")
Plain = dict[str, object]
M = TypeVar("M", ProcedureFile, OverrideFile)


@dataclass(frozen=True, slots=True)
class Merged:
    """A procedure after all overrides, and from which document each of its parts came."""

    data: Plain
    origins: Mapping[Loc, tuple[Document, Loc]]

    def problem(self, loc: Loc, found: Found) -> Problem:
        """A problem at a part, in the file that part came from."""
        document, at = self.origins.get(loc[:2]) or self.origins[()]
        inner = (*at, *loc[2:]) if at else loc
        return document.problem(inner, found.code, found.message, found.mend)


def compile_procedures(
    overrides: Mapping[str, Sequence[Document]], roles: frozenset[str] | None = None
) -> tuple[dict[str, Plain], list[Problem]]:
    """Every kind that there is, compiled.

    Args:
        overrides: kind -> documents of `procedures/<kind>.yaml`, the root pack first.
        roles: of posts that see a place, as the pack has them; None: whatever a step names.

    Returns:
        kind -> plain data, and what is wrong, each with file and line.
    """
    compiled: dict[str, Plain] = {}
    problems: list[Problem] = []
    for name, kind in sorted(all_kinds().items()):
        try:
            merged = merge(kind, overrides.get(name, ()))
        except RuleErrors as error:
            problems += error.problems
            continue
        wrong = [merged.problem(found.loc, found) for found in procedure_problems(merged.data, kind, roles)]
        problems += wrong
        if not wrong:
            compiled[name] = merged.data
    for name in sorted(set(overrides) - set(all_kinds())):
        for document in overrides[name]:
            mend = "Name the file after a kind: " + ", ".join(sorted(all_kinds()))
            problems.append(document.problem((), "procedure.no_kind", f"there is no kind of case {name}", mend))
    return compiled, problems


def merge(kind: KindCode, overrides: Sequence[Document]) -> Merged:
    """The base with each override's states, clocks and steps in place of its own, whole.

    Raises:
        RuleErrors: a file has another shape.
    """
    base = base_document(kind.folder)
    file = _valid(base, ProcedureFile)
    data = cast("Plain", file.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    origins: dict[Loc, tuple[Document, Loc]] = {(): (base, ())}
    for document in overrides:
        change = _valid(document, OverrideFile).model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for section in SECTIONS:
            for key, row in cast("Mapping[str, object]", change.get(section, {})).items():
                cast("dict[str, object]", data[section])[key] = row
                origins[section, key] = (document, (section, key))
        for single in ("opens", "auto"):
            if single in change:
                data[single] = change[single]
                origins[single,] = (document, (single,))
    return Merged(data, origins)


def _valid(document: Document, model: type[M]) -> M:
    found = validate(document, model, document.data)
    if isinstance(found, list):
        raise RuleErrors(found)
    return found


def base_document(folder: Path) -> Document:
    """The kind's own `procedure.yaml`. Raises RuleErrors when it is not readable."""
    return read_file(folder / "procedure.yaml", f"{folder.name}/procedure.yaml")


def handlers_of(compiled: Mapping[str, object]) -> frozenset[str]:
    """Names of the handlers that a compiled procedure calls, as `kind.handler`."""
    steps = cast("Mapping[str, Mapping[str, object]]", compiled["steps"])
    kind = str(compiled["kind"])
    return frozenset(f"{kind}.{row['handler']}" for row in steps.values() if row.get("handler"))


def known_handlers() -> frozenset[str]:
    """Names of all handlers that the running code has, as `kind.handler`."""
    return frozenset(f"{kind.name}.{name}" for kind in all_kinds().values() for name in kind.handlers)


def _for_pack(
    overrides: Mapping[str, Sequence[Document]], source: PackSource
) -> tuple[dict[str, Plain], list[Problem]]:
    return compile_procedures(overrides, roles_that_see(source))


COMPILER = ProcedureCompiler(_for_pack, handlers_of, known_handlers)
