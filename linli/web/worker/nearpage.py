"""What is around: one's own places without a position, or cases by bands of distance from a position used once.

The position comes in the body of a request, is read here into two numbers, and goes nowhere else: no row, no log, no session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.cases.around import AroundLine, cases_around
from linli.cases.rules import local_date, procedure_for
from linli.kernel.actors import Actor
from linli.packs.selectors import snapshot_by_hash, snapshot_for
from linli.places.selectors import place_names
from linli.rules.parameters import Integer, Parameter, Table
from linli.web.base.fieldtext import typed_point
from linli.web.base.marks import Mark, state_mark
from linli.web.worker.inboxpage import place_line
from linli.web.worker.shell import codes_of

BANDS = Parameter("worker.near_bands", Table)
ROWS = Parameter("worker.near_rows", Integer)


@dataclass(frozen=True, slots=True)
class NearItem:
    """A case near by."""

    no: str
    title: str
    place: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Band:
    """Cases within one band of distance."""

    title: str
    items: tuple[NearItem, ...]


def point_sent(sent: QueryDict) -> tuple[float, float] | None:
    """The position of a request, WGS 84; None where there is none or it is no point on earth."""
    return typed_point(sent.get("lon", ""), sent.get("lat", ""))


def near_page(actor: Actor, point: tuple[float, float], at: datetime) -> tuple[Band, ...]:
    """Cases around a point that one may read, by bands, the nearest first; two queries.

    Args:
        actor: with the posts held at `at`.
        point: longitude and latitude, WGS 84.
        at: aware UTC.
    """
    place = actor.holdings[0].place if actor.holdings else ""
    snapshot = snapshot_for(place, at)
    rules = snapshot.at(place, local_date(at))
    bands = sorted(int(str(row["metres"])) for row in rules[BANDS])
    lines = cases_around(actor, point, bands, rules[ROWS])
    names = place_names({code for line in lines for code in codes_of(line.place)[2:]}, at)
    return tuple(
        Band(_("Within {n} m").format(n=band), tuple(_item(line, names) for line in found))
        for band in bands
        if (found := _within(lines, band))
    )


def _within(lines: Sequence[AroundLine], band: int) -> list[AroundLine]:
    return [line for line in lines if line.within == band]


def _item(line: AroundLine, names: dict[str, str]) -> NearItem:
    procedure = procedure_for(snapshot_by_hash(line.snapshot), line.kind)
    return NearItem(line.no, line.title, place_line(line.place, names), state_mark(procedure, line.state))
