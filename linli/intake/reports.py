"""One row of a hand-over as a report: its cells cleaned, its time and point read, what is odd about it flagged. Pure.

Is: what can be said without rules and places. Is not: a judgement of the words (`findings.py`). Only an unreadable row,
or one without any words, is no report; everything else is taken in. Reasons name columns, never what stood in them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.intake.times import read_time

COLUMNS = (
    "external_id", "reported_at", "title", "text", "lon", "lat", "crs", "address", "contact_name", "contact_phone", "matter",
)  # fmt: skip

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_BROKEN = "\ufffd"
_LONGEST_ID = 200
_MOST_DEGREES = (180.0, 90.0)
_CELL_PROBLEMS = {
    "too_few_cells": "the row has fewer cells than the header",
    "too_many_cells": "the row has more cells than the header; what is beyond was left out",
}


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees as given, in the system that the row names."""

    lon: float
    lat: float
    crs: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report as handed over, cleaned.

    Attributes:
        line: of the file.
        external_id: the channel's own number, "" when it gave none.
        reported_at: aware; None when the cell is empty or no time can be read from it.
        flags: `cleaned` so far.
        errors: what is odd about the row, in words without its contents.
        place: code of the place that somebody who works there named; "" where nobody did. A point wins over it.
    """

    line: int
    external_id: str
    reported_at: datetime | None
    title: str
    text: str
    point: Point | None
    address: str
    contact_name: str
    contact_phone: str
    matter: str
    flags: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    place: str = ""

    @property
    def has_words(self) -> bool:
        """Whether title or text hold a letter or a digit."""
        return any(sign.isalnum() for sign in self.title) or any(sign.isalnum() for sign in self.text)


def report_of(line: int, values: Mapping[str, str], problem: str = "") -> Report:
    """Make a report of a row.

    Args:
        line: where the row begins in its file.
        values: cells by column; missing columns count as empty.
        problem: what the reader found wrong with the row's cells.
    """
    cells = {name: values.get(name) or "" for name in COLUMNS}
    clean = {name: _clean(cell) for name, cell in cells.items()}
    errors = [_CELL_PROBLEMS[problem]] if problem in _CELL_PROBLEMS else []
    point = _point(clean, errors)
    odd = problem or any(_BROKEN in clean[name] or len(clean[name]) < len(cells[name].strip()) for name in COLUMNS)
    return Report(
        line=line,
        external_id=clean["external_id"][:_LONGEST_ID],
        reported_at=read_time(clean["reported_at"]),
        title=clean["title"],
        text=clean["text"],
        point=point,
        address=clean["address"],
        contact_name=clean["contact_name"],
        contact_phone=clean["contact_phone"],
        matter=clean["matter"],
        flags=("cleaned",) if odd else (),
        errors=tuple(errors),
    )


def _clean(cell: str) -> str:
    return _CONTROLS.sub("", cell).strip()


def _point(cells: Mapping[str, str], errors: list[str]) -> Point | None:
    if not cells["lon"] and not cells["lat"]:
        return None
    lon, lat = _degrees(cells["lon"]), _degrees(cells["lat"])
    if lon is None or lat is None:
        errors.append("lon, lat: not two numbers")
        return None
    if abs(lat) > _MOST_DEGREES[1] and abs(lon) <= _MOST_DEGREES[1] and not cells["crs"].lower().endswith("3857"):
        errors.append("lon, lat: taken the other way round")
        lon, lat = lat, lon
    return Point(lon, lat, cells["crs"])


def _degrees(text: str) -> float | None:
    try:
        number = float(text.replace("°", "").replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
