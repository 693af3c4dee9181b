"""Rows of a queue in words: place from just below the street, owner, state, what is left of the nearest limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.cases.deskqueue import QueueLine
from linli.cases.rules import procedure_for
from linli.organisations.selectors import organisation_names
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import place_names
from linli.web.base.marks import Bar, Mark, clock_bar, state_mark
from linli.web.base.words import titled
from linli.web.desk.live import warned_at

_COMMUNITY, _GRID = 12, 15


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the template shows it. `bar` is None while no clock runs; `standing` then says why."""

    no: str
    title: str
    voices: int
    place: str
    owner: str
    mark: Mark
    bar: Bar | None
    clock: str
    standing: bool


def rows_of(lines: Sequence[QueueLine], at: datetime) -> list[Row]:
    """Rows in words; two queries, however many rows."""
    places = place_names({code for line in lines for code in (line.place[:_COMMUNITY], line.place[:_GRID])}, at)
    bodies = organisation_names({line.owner for line in lines if line.owner is not None}, at)
    return [_row(line, places, bodies, at) for line in lines]


def _row(line: QueueLine, places: Mapping[str, str], bodies: Mapping[int, str], at: datetime) -> Row:
    procedure = procedure_for(snapshot_by_hash(line.snapshot), line.kind)
    bar = None
    # A case that rests has no limit of its own, whatever clock was running when it was joined to another.
    if line.limit_at is not None and line.due is not None and line.started is not None:
        warn = warned_at(line.snapshot, line.place, line.opened_at, line.due)
        bar = clock_bar(line.started, line.due, at, warn)
    return Row(
        no=line.no,
        title=line.title,
        voices=line.voices,
        place=place_words((line.place[:_COMMUNITY], line.place[:_GRID]), places),
        owner=bodies.get(line.owner or 0, ""),
        mark=state_mark(procedure, line.state, redone=line.again > 0),
        bar=bar,
        clock=titled(procedure.titles.get(f"clock.{line.clock}", {})) if line.clock and bar else "",
        standing=line.clock is not None and line.due is None,
    )


def place_words(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Names of places, the larger first, each once; a grid that is only numbered is called a grid."""
    return " › ".join(dict.fromkeys(place_name(code, names[code]) for code in codes if code in names))


def place_name(code: str, name: str) -> str:
    """A place's name; of a grid that has but a number, the number with its word."""
    if len(code) == _GRID and name.isdigit():
        return _("Grid {number}").format(number=name)
    return name
