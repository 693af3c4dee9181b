"""What came of the week, as a table: by street and as a whole. Bodies and places, never a person; nothing of anybody's words.

Numbers are sums over the cases as they stand; what only named receivers see is counted as a whole, and under five not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.cases.figures import PlaceFigures, count_closed_to_all, figures_by_place
from linli.cli import output
from linli.demo.plan import DemoPlan
from linli.demo.working import Done
from linli.places.selectors import place_names

_COLUMNS = ("reports", "cases", "joined", "closed in time", "closed late", "open in time", "open late")
_LEAST = 5
_SHOWN_REFUSALS = 12


def summary_of(plan: DemoPlan) -> dict[str, object]:
    """The figures of the week, as they stand at its end.

    Returns:
        `streets` (rows), `whole` (one row), `closed_to_all` (a number, or None when under five).
    """
    week = plan.week
    found = figures_by_place(week.start, week.end)
    names = place_names([one.place for one in found], week.end)
    rows = [_row(one, names) for one in found]
    whole: dict[str, object] = {"street": "合计 whole"}
    whole |= {name: sum(int(str(row[name])) for row in rows) for name in _COLUMNS}
    return {"streets": rows, "whole": whole, "closed_to_all": count_closed_to_all(week.start, week.end, _LEAST)}


def _row(one: PlaceFigures, names: Mapping[str, str]) -> dict[str, object]:
    numbers = (
        one.reports, one.cases, one.joined, one.closed_in_time, one.closed_late, one.open_in_time, one.open_late,
    )  # fmt: skip
    name = names.get(one.place, one.place) if one.place else "待定位 to locate"
    return {"street": name, **dict(zip(_COLUMNS, numbers, strict=True))}


def course_of(done: Done) -> dict[str, object]:
    """What was done in the week: steps, what the rules refused, what came too late. Counts only."""
    world = done.world
    return {
        "taken in": dict(sorted(done.statuses.items()))
        | ({} if done.statuses.get("sealed", 0) >= _LEAST else {"sealed": None}),
        "steps by people": sum(world.steps.values()),
        "steps by time": done.system_steps,
        "refused by rules": dict(world.refused.most_common(_SHOWN_REFUSALS)),
        "came too late": sum(world.late.values()),
    }


def show_summary(plan: DemoPlan, summary: Mapping[str, object]) -> None:
    """Print the table of streets and what stands beside it."""
    rows = list(_rows(summary))
    days = f"{plan.week.monday:%Y-%m-%d} 起的一周 · the week from that Monday"
    output.table(rows, title=days)
    closed = summary["closed_to_all"]
    output.line(
        "Late: a clock of the reporter or of a body ran out. Joined: their voices are heard in another case. "
        f"Sealed and protected, in no street's figures: {closed if closed is not None else f'fewer than {_LEAST}, not counted'}."
    )


def _rows(summary: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    streets, whole = summary["streets"], summary["whole"]
    if not isinstance(streets, list) or not isinstance(whole, dict):
        return ()
    return [*streets, whole]


def show_course(course: Mapping[str, object]) -> None:
    """Print what was done."""
    taken = course["taken in"]
    if isinstance(taken, dict):
        words = [f"{name} {number if number is not None else f'under {_LEAST}'}" for name, number in taken.items()]
        output.line(f"Taken in: {' · '.join(words)}")
    output.line(f"Steps by people: {course['steps by people']} · by time: {course['steps by time']}")
    refused = course["refused by rules"]
    if isinstance(refused, dict):
        told = " · ".join(f"{code} {number}" for code, number in refused.items())
        output.line(f"Refused by rules: {told or 'nothing'} · came too late: {course['came too late']}")
