"""What a pack must fulfil before it may be published: the runner, the register, and the checks on completeness.

An area adds its own with `register_check`. What no pack may do at all is in `forbidden`. A check that fails
to run raises: it is never passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from linli.kernel.errors import InputError
from linli.rules import forbidden, sourcing
from linli.rules.calendars import opening_hours
from linli.rules.compiler import compile_source
from linli.rules.discovery import declarations
from linli.rules.packfiles import PACK_FILE, PackSource, read_chain
from linli.rules.parameters import Parameter
from linli.rules.problems import Problem, RuleErrors
from linli.rules.resolver import Span, conflicts
from linli.rules.schemas import OpeningRow

Check = Callable[[PackSource], Sequence[Problem]]


def parameters_have_values(source: PackSource, declared: Iterable[Parameter[object]]) -> list[Problem]:
    """Every key that code declares has a value in the pack or a parent, of the type that code reads."""
    rows = source.merged("parameters")
    kinds = {key: e.row.type for pack in source.chain for key, e in pack.parameters.items() if e.row.type}
    problems = []
    for parameter in declared:
        entry = rows.get(parameter.key)
        if entry is None:
            message = f"the parameter {parameter.key} has no value"
            file = f"parameters/{parameter.key.partition('.')[0]}.yaml"
            mend = f"Add it to {file} with type {parameter.type.name}, here or in a parent pack"
            problems.append(source.own.document.problem((), "rules.no_value", message, mend))
        elif kinds[parameter.key] != parameter.type.name:
            message = f"{parameter.key} is a {kinds[parameter.key]}, the code reads a {parameter.type.name}"
            problems.append(entry.problem("rules.type", message, f"Write it as a {parameter.type.name}"))
    return problems


def personal_fields_have_periods(source: PackSource, declared: Iterable[str]) -> list[Problem]:
    """Every personal field that code stores has purpose, basis and period."""
    rows = source.merged("personal")
    return [
        source.own.document.problem(
            (), "rules.no_period", f"the personal field {key} has no period", "Add it to personal.yaml"
        )
        for key in sorted(declared)
        if key not in rows
    ]


def calendar_is_whole(source: PackSource) -> list[Problem]:
    """Opening hours are there for every weekday pattern, in order, and open days say their hours."""
    problems = []
    for pack in source.chain:
        entry = pack.parameters.get("calendar.opening")
        for number, value in enumerate(entry.row.values if entry else []):
            where = ("values", number, "value")
            problems += [entry.problem(*fault, *where) for fault in _opening_faults(value.value)] if entry else []
        for day, row in pack.days.items():
            if row.row.kind == "open" and not row.row.hours:
                message = f"{day} is open but says no hours"
                problems.append(row.problem("rules.hours", message, 'Add hours: ["09:00-12:00"]'))
    if "calendar.opening" not in source.merged("parameters"):
        mend = "Add it to parameters/calendar.yaml, here or in a parent pack"
        message = "there are no opening hours (calendar.opening)"
        problems.append(source.own.document.problem((), "rules.hours", message, mend))
    return problems


def _opening_faults(table: object) -> list[tuple[str, str, str]]:
    rows = table if isinstance(table, list) else []
    mend = 'Write {weekdays: [1, 2, 3, 4, 5], intervals: ["09:00-12:00", "13:30-17:30"]}'
    for row in rows:
        try:
            OpeningRow.model_validate(row)
        except ValueError as error:
            return [("rules.hours", f"opening hours are not readable: {str(error).splitlines()[1]}", mend)]
    try:
        hours = opening_hours(rows, None, None)
    except InputError as error:
        return [("rules.hours", error.message, mend)]
    if all(h.season for h in hours):
        return [("rules.hours", "every row has a season, so other days have no hours", "Add a row without season")]
    return []


def roles_are_dated(source: PackSource) -> list[Problem]:
    """No two offices hold one role on a day."""
    problems = []
    for pack in source.chain:
        for role, entry in pack.roles.items():
            held = entry.row.held_by
            for first, second in conflicts([Span(0, h.since, h.to) for h in held]):
                message = f"two offices hold {role} on {held[second].since}: see held_by {first + 1} and {second + 1}"
                problems.append(
                    entry.problem("rules.two_values", message, "End the first with `to:`", "held_by", second)
                )
    return problems


def duties_are_roles(source: PackSource) -> list[Problem]:
    """Matters and routing rows name roles that the pack lists, matters name majors that there are."""
    roles, majors = source.merged("roles"), source.merged("majors")
    problems = []
    for pack in source.chain:
        for code, matter in pack.matters.items():
            if matter.row.duty not in roles:
                message = f"{code} is the duty of {matter.row.duty}, which is no role"
                problems.append(matter.problem("rules.no_role", message, "Add it to roles.yaml", "duty"))
            if code.rpartition(".")[0] not in majors:
                message = f"{code} stands under the major {code.rpartition('.')[0]}, which is not there"
                problems.append(matter.problem("rules.no_major", message, "Add the major with its title"))
        for row_id, row in pack.routing.items():
            if row.row.to.role not in roles:
                message = f"{row_id} leads to {row.row.to.role}, which is no role"
                problems.append(row.problem("rules.no_role", message, "Add it to roles.yaml", "to", "role"))
    return problems


_CHECKS: dict[str, Check] = {
    "rules.parameters": lambda source: parameters_have_values(source, declarations().parameters.values()),
    "rules.personal": lambda source: personal_fields_have_periods(source, declarations().personal),
    "rules.calendar": calendar_is_whole,
    "rules.roles": roles_are_dated,
    "rules.duties": duties_are_roles,
    "rules.confidence": sourcing.confidence_fits_sources,
    "rules.bites": sourcing.uncertain_values_bite_nobody,
    "rules.matters": forbidden.matters_are_safe,
    "rules.words": forbidden.words_are_allowed,
    "rules.groups": forbidden.groups_are_bodies,
    "rules.inputs": forbidden.inputs_are_allowed,
    "rules.floors": forbidden.floors_hold,
}


def register_check(name: str, check: Check) -> None:
    """Add an area's check; a name registered again replaces the check.

    Args:
        name: `area.what`.
        check: takes a pack with its parents, returns what is wrong; raising means that it could not run.
    """
    _CHECKS[name] = check


def registered_checks() -> Mapping[str, Check]:
    """All checks by name."""
    return dict(_CHECKS)


def check_source(source: PackSource) -> list[Problem]:
    """Everything that is wrong with a pack that could be read, in order of file and line."""
    problems: list[Problem] = []
    try:
        compile_source(source)
    except RuleErrors as error:
        problems += error.problems
    for name in sorted(_CHECKS):
        problems += _CHECKS[name](source)
    return sorted(set(problems))


def check_pack(folder: Path, search: Sequence[Path] = ()) -> list[Problem]:
    """Everything that is wrong with a pack; a pack that cannot be read shows only why.

    Args:
        folder: the pack's folder.
        search: folders in which parents are looked for after those around the pack.
    """
    try:
        source = read_chain(folder, search)
    except RuleErrors as error:
        return list(error.problems)
    return check_source(source)


def packs_in(folder: Path) -> list[Path]:
    """The folder itself when it is a pack, else the packs directly in it.

    Raises:
        InputError: there is no pack.
    """
    found = [folder] if (folder / PACK_FILE).is_file() else sorted(p.parent for p in folder.glob(f"*/{PACK_FILE}"))
    if not found:
        raise InputError(
            f"there is no pack in {folder}",
            code="rules.no_pack",
            hint="Name a folder that holds pack.yaml, or one whose folders do.",
        )
    return found
