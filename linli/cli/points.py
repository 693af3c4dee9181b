"""`linli places locate`: a CSV of points through the lookup, in chunks, in flat memory.

A row that cannot be read is written with an empty result and reported; it never stops the others.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from linli.cli import output
from linli.cli.tables import Row, read_table, table_writer
from linli.places.coordinates import Crs, crs_named, to_wgs84
from linli.places.errors import CrsError
from linli.places.lookup import CHINA_TIME, Answers, locate_arrays

COLUMNS = ("id", "grid", "community", "street", "district", "distance_m")
CHUNK = 50_000
KEPT_PROBLEMS = 1000

Write = Callable[[Mapping[str, object]], None]


@dataclass(slots=True)
class Summary:
    """What became of the points."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    bad: list[dict[str, object]] = field(default_factory=list)
    bad_count: int = 0

    def document(self) -> dict[str, object]:
        """For `--json`; of very many bad rows only the first are listed, all are counted."""
        return {"rows": self.rows, **self._counts(), "bad_rows": self.bad}

    def show(self) -> None:
        """Print for people."""
        output.table([{"rows": self.rows, **self._counts()}])
        if self.bad:
            output.table(self.bad[:20], title=f"Rows that could not be read: {self.bad_count}")

    def _counts(self) -> dict[str, int]:
        names = ("inside", "on_edge", "far")
        return {**{name: self.counts[name] for name in names}, "bad": self.bad_count}

    def problem(self, line: int, column: str, message: str) -> None:
        """Count a bad row, and keep it while there are not too many."""
        self.bad_count += 1
        if len(self.bad) < KEPT_PROBLEMS:
            self.bad.append({"line": line, "field": column, "why": message})


def locate_file(points: Path, out: Path, day: object = None) -> Summary:
    """Locate the points of a file.

    Args:
        points: CSV with id, lon, lat and perhaps crs.
        out: CSV that is written, a row for each row in, in order.
        day: a `datetime` whose date is meant in China time; None = now.
    """
    at = _instant(day)
    summary = Summary()
    rows = read_table(points, ["id", "lon", "lat"], strict=False)
    with table_writer(out, COLUMNS) as write:
        for chunk in output.progress(_chunks(rows), label=f"Locating, {CHUNK:,} points a step"):
            _locate_chunk(chunk, at, write, summary)
    return summary


def _instant(day: object) -> datetime:
    """The end of the day in question, or now."""
    if not isinstance(day, datetime):
        return output.now()
    end = day.replace(tzinfo=CHINA_TIME) + timedelta(days=1, microseconds=-1)
    return min(end.astimezone(UTC), output.now())


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _locate_chunk(chunk: list[Row], at: datetime, write: Write, summary: Summary) -> None:
    lon, lat = np.full(len(chunk), np.nan), np.full(len(chunk), np.nan)
    systems: dict[Crs, list[int]] = {}
    names: dict[str, Crs] = {}
    for number, row in enumerate(chunk):
        read = _read(row, names, summary)
        if read is not None:
            lon[number], lat[number] = read[0], read[1]
            systems.setdefault(read[2], []).append(number)
    for crs, numbers in systems.items():
        lon[numbers], lat[numbers] = to_wgs84(lon[numbers], lat[numbers], crs)
    good = np.flatnonzero(~np.isnan(lon))
    answers = locate_arrays(lon[good], lat[good], at)
    place = {int(number): position for position, number in enumerate(good)}
    for number, row in enumerate(chunk):
        write({"id": row.values.get("id", ""), **_answer(answers, place.get(number), summary)})
    summary.rows += len(chunk)


def _answer(answers: Answers, position: int | None, summary: Summary) -> dict[str, object]:
    if position is None:
        return dict.fromkeys(COLUMNS[1:], "")
    found = answers.located(position)
    summary.counts["far" if found.grid is None else "on_edge" if found.on_edge else "inside"] += 1
    return {name: _text(getattr(found, name)) for name in COLUMNS[1:]}


def _text(value: object) -> object:
    return "" if value is None else value


def _read(row: Row, names: dict[str, Crs], summary: Summary) -> tuple[float, float, Crs] | None:
    """Longitude, latitude and system of a row; None when it cannot be read, with the reason kept."""
    word = row.values.get("crs", "").strip()
    try:
        crs = names[word] if word in names else names.setdefault(word, crs_named(word))
    except CrsError as error:
        summary.problem(row.line_no, "crs", error.message)
        return None
    found: list[float] = []
    for column, most in (("lon", 180.0), ("lat", 90.0)):
        value = _number(row.values.get(column, ""))
        if value is None or (abs(value) > most and crs is not Crs.MERCATOR):
            summary.problem(row.line_no, column, _why(row, column, most, crs))
            return None
        found.append(value)
    return found[0], found[1], crs


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _why(row: Row, column: str, most: float, crs: Crs) -> str:
    if not row.values.get(column, "").strip():
        return f"{column} is empty"
    if _number(row.values[column]) is None:
        return f"{column} is not a number"
    return f"{column} is not between -{most:.0f} and {most:.0f}; are lon and lat exchanged, or in metres? ({crs})"
