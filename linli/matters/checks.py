"""What `rules check` asks of the catalogue beside the schema: numbering, limits, and what protected matters may be."""

from __future__ import annotations

from itertools import combinations

from linli.matters.domain import FIRST_LOCAL, next_extension_code
from linli.rules.checks import register_check
from linli.rules.packfiles import Entry, PackSource
from linli.rules.problems import Problem
from linli.rules.schemas import MatterRow


def extensions_run_downwards(source: PackSource) -> list[Problem]:
    """A place's own matters are numbered from 999 downwards without gaps, so that they never meet the standard's."""
    entries = source.merged("matters")
    local: dict[str, set[str]] = {}
    for code in entries:
        if int(code[-3:]) >= FIRST_LOCAL:
            local.setdefault(code.rpartition(".")[0], set()).add(code)
    problems = []
    for major, codes in sorted(local.items()):
        due: list[str] = []
        while len(due) < len(codes):
            due.append(next_extension_code(due, major))
        for wrong, right in zip(sorted(codes - set(due)), sorted(set(due) - codes, reverse=True), strict=True):
            message = f"{wrong} leaves a gap: local matters count down from 999"
            problems.append(entries[wrong].problem("matters.numbering", message, f"Number it {right}"))
    return problems


def limits_are_ranked(source: PackSource) -> list[Problem]:
    """No two limits of a matter hold for the same stage, condition, class of area and season."""
    problems = []
    for pack in source.chain:
        for code, entry in pack.matters.items():
            limits = entry.row.limits
            for first, second in combinations(range(len(limits)), 2):
                if _same(entry, first, second):
                    message = f"two limits of {code} for the stage {limits[second].stage} hold at once"
                    mend = "Give one a `when` that the other does not have, or take one away"
                    problems.append(entry.problem("matters.limits", message, mend, "limits", second))
    return problems


def _same(entry: Entry[MatterRow], first: int, second: int) -> bool:
    one, other = entry.row.limits[first], entry.row.limits[second]
    return one.stage == other.stage and (one.when or {}) == (other.when or {})


CHECKS = {
    "matters.numbering": extensions_run_downwards,
    "matters.limits": limits_are_ranked,
}
"""The checks by name."""


def register() -> None:
    """Hand the checks on the catalogue to the runner of `rules check`; called once by the wiring."""
    for name, check in CHECKS.items():
        register_check(name, check)
