"""What can be said of a table's rows before anything is taken in: which cannot be, and what is odd about the others. Pure.

Only an unreadable row, or one without words, is wrong: a citizen's call is never lost. Everything else comes in with a flag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.intake.reports import report_of
from linli.intake.spreadsheets import Line

Note = str
"""Code of something odd: `time`, `no_time`, `point`, `no_place`, `no_number`, `twice`, `cleaned`."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with a row: the column ("" = the row as such), and a code of what."""

    column: str
    what: str


def check_reports(
    rows: Sequence[tuple[Line, Mapping[str, str]]],
) -> tuple[Mapping[int, tuple[Found, ...]], Mapping[Note, int]]:
    """Check rows of reports.

    Args:
        rows: each row with its cells by column.

    Returns:
        Row's number -> why it cannot be taken in; what is odd about the others -> how many.
    """
    wrong: dict[int, tuple[Found, ...]] = {}
    notes: Counter[Note] = Counter()
    numbers: dict[str, Mapping[str, str]] = {}
    for line, values in rows:
        if line.problem == "unreadable":
            wrong[line.number] = (Found("", "unreadable"),)
            continue
        report = report_of(line.number, values, line.problem)
        if not report.has_words:
            wrong[line.number] = (Found("text" if "text" in values else "title", "no_words"),)
            continue
        notes.update(_odd(values, report.reported_at is None, report.point is None))
        notes["cleaned"] += "cleaned" in report.flags
        if report.external_id:
            before = numbers.setdefault(report.external_id, values)
            notes["twice"] += before is not values and dict(before) != dict(values)
    return wrong, {note: count for note, count in notes.items() if count}


def _odd(values: Mapping[str, str], no_time: bool, no_point: bool) -> list[Note]:
    has_point = bool(values.get("lon") or values.get("lat"))
    return [
        *(["time"] if no_time and values.get("reported_at") else []),
        *(["no_time"] if not values.get("reported_at") else []),
        *(["point"] if no_point and has_point else []),
        *(["no_place"] if no_point and not values.get("address") else []),
        *(["no_number"] if not values.get("external_id") else []),
    ]
