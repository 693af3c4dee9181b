"""What the load is made from: words of the demo's messages as intake reads them, spots of the ground, people, routes.

Read once, before the processes part; nothing here writes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from linli.cases.relettering import Spot
from linli.demo.messages import own_finds, own_messages
from linli.demo.staff import Staff, staff_at
from linli.intake.drafting import draft_of
from linli.intake.imports import Intake, Single
from linli.intake.reports import report_of
from linli.kernel.actors import Actor
from linli.kernel.codes import Tier
from linli.kernel.errors import SetupError
from linli.matters.selectors import catalogue
from linli.organisations.domain import DutyTable
from linli.organisations.selectors import duty_table
from linli.packs.selectors import snapshot_for
from linli.places.selectors import outline_geojson, places_under
from linli.routing.domain import Route, RoutingTable, facts_at, route
from linli.routing.selectors import routing_table
from linli.rules.resolver import rule_day
from linli.rules.snapshot import Snapshot

_SPOTS_A_GRID = 4


@dataclass(frozen=True, slots=True)
class Base:
    """A matter in words: what a handler reads, and what was said (of a request)."""

    kind: Literal["event", "request"]
    title: str
    text: str
    matter: str
    data: Mapping[str, object]
    why: Mapping[str, object]
    said_title: str = ""
    said: str = ""


@dataclass(slots=True)
class Stock:
    """All that a case is put together from; `spots` by community."""

    snapshot: Snapshot
    messages: list[Base]
    finds: list[Base]
    spots: list[list[Spot]]
    staff: Staff
    at: datetime
    _table: RoutingTable
    _duties: DutyTable
    _routes: dict[tuple[str, str], Route] = field(default_factory=dict)

    def route(self, matter: str, grid: str) -> Route:
        """Who is responsible there; asked once a matter and community, without classes of single grids."""
        key = (matter, grid[:12])
        known = self._routes.get(key)
        if known is None:
            facts = facts_at(matter, grid[:12], self.at)
            known = self._routes[key] = route(facts, self._table, self._duties)
        return known

    def worker(self, grid: str) -> Actor:
        """The worker of a grid."""
        return self._holder("grid_worker", grid)

    def desk(self, grid: str) -> Actor:
        """The street's desk."""
        return self._holder("duty_desk", grid)

    def handler(self, body: int | None) -> Actor | None:
        """Who does a body's work; None where nobody does."""
        account = self.staff.worker_of(body) if body is not None else None
        return self.staff.actor(account) if account is not None else None

    def _holder(self, role: str, place: str) -> Actor:
        account = self.staff.at(role, place)
        if account is None:
            raise SetupError(f"Nobody is {role} at {place}.", code="demo.load_staff", hint="A demo city has them all.")
        return self.staff.actor(account)


def stock_of(seed: int, at: datetime) -> Stock:
    """Read the stock.

    Args:
        seed: of the spots.
        at: now, aware UTC: whose rules, places and people.
    """
    home = _home(at)
    snapshot = snapshot_for(home, at)
    return Stock(
        snapshot,
        _messages(at),
        _finds(snapshot),
        _spots(seed, at),
        staff_at(at),
        at,
        routing_table(snapshot, rule_day(at)),
        duty_table(at),
    )


def _home(at: datetime) -> str:
    """The district where there are grids; its city where several have them."""
    districts = sorted({str(place.code)[:6] for place in places_under("", at, Tier.GRID)})
    if not districts:
        raise SetupError("This installation has no grids.", code="demo.load_ground", hint="`linli grids generate`")
    return districts[0]


def _messages(at: datetime) -> list[Base]:
    """The demo's messages as intake understands them, those that are open, classed and nobody's danger."""
    single = Intake("load", lambda: at).single(at)
    found = [_message(single, message.title, message.text, message.matter) for message in own_messages()]
    return [base for base in found if base is not None]


def _message(single: Single, title: str, text: str, matter: str) -> Base | None:
    case = single.understood(report_of(0, {"title": title, "text": text, "matter": matter}))
    draft = draft_of(case, (), ())
    if draft.compartment != "open" or draft.matter is None or "danger" in draft.flags:
        return None
    why = cast("Mapping[str, object]", draft.why.get("matter", {}))
    return Base("request", draft.title, draft.task_text, draft.matter, draft.data, why, title, text)


def _finds(snapshot: Snapshot) -> list[Base]:
    matters = catalogue(snapshot)
    return [
        Base("event", matter.title_zh, find.text, matter.code, {"found_by": "grid_worker"}, {"by": "given"})
        for find in own_finds()
        if (matter := matters.find(find.matter)) is not None and not matter.protected
    ]


def _spots(seed: int, at: datetime) -> list[list[Spot]]:
    """Some points in every grid, by community."""
    names = {str(place.code): place.name for place in places_under("", at) if place.tier is not Tier.GRID}
    collection = outline_geojson("", Tier.GRID, at)
    features = cast("list[Mapping[str, Mapping[str, str]]]", collection["features"])
    dice = random.Random(repr((seed, "spots")))  # noqa: S311  (a demo's dice, no secrets)
    found: dict[str, list[Spot]] = {}
    for one in features:
        code, ground = one["properties"]["code"], shape(one["geometry"])
        called = f"{names.get(code[:9], '')}{names.get(code[:12], '')}第{int(code[12:])}网格"
        for point in _points(ground, dice):
            found.setdefault(code[:12], []).append(Spot(code, round(point.x, 6), round(point.y, 6), called))
    return list(found.values())


def _points(ground: BaseGeometry, dice: random.Random) -> Iterator[shapely.Point]:
    west, south, east, north = ground.bounds
    for _ in range(_SPOTS_A_GRID):
        point = shapely.Point(dice.uniform(west, east), dice.uniform(south, north))
        yield point if ground.contains(point) else ground.representative_point()
