"""Who reports what, where and when: messages and finds spread over the ground and the week by seed.

Is: rows as a channel would hand them over, with what only the demo knows (the true matter, the true grid). Is not:
their taking in (`taking`). Reporters' names and numbers are invented; no such number can be rung.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from linli.demo.messages import Find, Message, messages_of, own_finds, own_messages
from linli.demo.plan import CHINA, WORKDAYS, DemoPlan
from linli.kernel.codes import Tier
from linli.places.selectors import outline_geojson

Shapes = Mapping[str, BaseGeometry]

# how many of a hundred reports come in which hour: few at night, a peak in the morning, one after work
_HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 9, 11, 10, 7, 4, 5, 8, 9, 8, 7, 5, 5, 4, 3, 2, 1)
_FINDS_A_HUNDRED = 20
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_METRES_A_DEGREE = 111_000
_GROUP_METRES = 70
_NO_POINT_A_HUNDRED = 5
_LAST_HANDED = timedelta(hours=1, minutes=1)
_GIVEN_CHANNELS = frozenset({"hotline", "counter", "paper"})
_CHANNELS = ("hotline", "hotline", "web", "web", "phone")


@dataclass(frozen=True, slots=True)
class DemoReport:
    """One report of the week.

    Attributes:
        number: in the order of the plan; names the report's own dice.
        at: when it is handed over, UTC.
        kind: `request`, or `event` for a find.
        row: cells as `linli intake import` names them.
        matter: what it is about, "" where the demo does not know either.
        grid: where it is, which the row may not tell.
        group: reports with the same one are about one matter at one place; "" = alone.
        on_the_spot: a find that is settled at once.
    """

    number: int
    at: datetime
    kind: Literal["request", "event"]
    channel: str
    row: Mapping[str, str]
    matter: str
    grid: str
    group: str = ""
    on_the_spot: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the ground, and the grid it was drawn in."""

    grid: str
    lon: float
    lat: float


def reports_of(plan: DemoPlan) -> list[DemoReport]:
    """The week's reports in the order in which they come in."""
    shapes = _grid_shapes(plan)
    grids = sorted(shapes)
    if plan.messages is not None:
        found = [
            _requested(plan, n, m, _where(plan, shapes, grids, m, 0)) for n, m in enumerate(messages_of(plan.messages))
        ]
    else:
        found = list(_own(plan, shapes, grids))
    return sorted(found, key=lambda report: (report.at, report.number))


def _grid_shapes(plan: DemoPlan) -> Shapes:
    collection = outline_geojson(plan.district, Tier.GRID, plan.week.start)
    features = cast("Sequence[Mapping[str, Mapping[str, str]]]", collection["features"])
    return {one["properties"]["code"]: shape(one["geometry"]) for one in features}


def _own(plan: DemoPlan, shapes: Shapes, grids: Sequence[str]) -> Iterator[DemoReport]:
    """The demo's own messages as often as needed, each round elsewhere and at other times; then the finds."""
    messages, finds = own_messages(), own_finds()
    found = plan.reports * _FINDS_A_HUNDRED // 100
    for number in range(plan.reports - found):
        turn, index = divmod(number, len(messages))
        order = plan.chance("order", turn).sample(range(len(messages)), len(messages))
        message = messages[order[index]]
        yield _requested(plan, number, message, _where(plan, shapes, grids, message, turn), turn)
    for number in range(plan.reports - found, plan.reports):
        dice = plan.chance("find", number)
        yield _found(plan, number, dice.choice(finds), _spot(dice, shapes, dice.choice(grids)))


def _where(plan: DemoPlan, shapes: Shapes, grids: Sequence[str], message: Message, turn: int) -> Spot:
    """Where a message is about: messages of a group lie near to each other."""
    if not message.group:
        dice = plan.chance("where", turn, message.key)
        return _spot(dice, shapes, dice.choice(grids))
    dice = plan.chance("group", turn, message.group)
    middle = _spot(dice, shapes, dice.choice(grids))
    own = plan.chance("where", turn, message.key)
    reach = _GROUP_METRES / _METRES_A_DEGREE
    near = shapely.Point(middle.lon + own.uniform(-reach, reach), middle.lat + own.uniform(-reach, reach))
    if not shapes[middle.grid].contains(near):
        return middle
    return Spot(middle.grid, round(near.x, 6), round(near.y, 6))


def _spot(dice: random.Random, shapes: Shapes, grid: str) -> Spot:
    """A point inside a grid."""
    ground = shapes[grid]
    west, south, east, north = ground.bounds
    for _ in range(200):
        point = shapely.Point(dice.uniform(west, east), dice.uniform(south, north))
        if ground.contains(point):
            return Spot(grid, round(point.x, 6), round(point.y, 6))
    inside = ground.representative_point()
    return Spot(grid, round(inside.x, 6), round(inside.y, 6))


def _requested(plan: DemoPlan, number: int, message: Message, spot: Spot, turn: int = 0) -> DemoReport:
    dice = plan.chance("request", number)
    channel = message.channel or dice.choice(_CHANNELS)
    at = min(_when(plan, message, dice, turn), plan.week.end - _LAST_HANDED)
    told = "no_place" not in message.flags and dice.randrange(100) >= _NO_POINT_A_HUNDRED
    row = {
        "external_id": f"demo-{number:06d}",
        "reported_at": at.isoformat(),
        "title": message.title,
        "text": message.text,
        "lon": f"{spot.lon}" if told else "",
        "lat": f"{spot.lat}" if told else "",
        "crs": "wgs84",
        "address": "",
        "contact_name": f"{dice.choice(_SURNAMES)}某",
        "contact_phone": f"1990000{dice.randrange(10_000):04d}",
        # an operator classes what is told at a desk or on the phone; what is typed in is left to the machine
        "matter": message.matter if channel in _GIVEN_CHANNELS else "",
    }
    group = f"{turn}.{message.group}" if message.group else ""
    return DemoReport(number, at, "request", channel, row, message.matter, spot.grid, group)


def _when(plan: DemoPlan, message: Message, dice: random.Random, turn: int) -> datetime:
    """A message of a file keeps its weekday and hour where it has them; messages of a group follow within hours."""
    if message.sent_at is not None:
        local = message.sent_at.astimezone(CHINA)
        return plan.week.at(local.weekday() % WORKDAYS, local.hour * 60 + local.minute)
    if not message.group:
        return plan.week.at(dice.randrange(WORKDAYS), _minute(dice))
    first = plan.chance("group time", turn, message.group)
    start = plan.week.at(first.randrange(WORKDAYS - 1), _minute(first))
    return start + timedelta(minutes=dice.randrange(12 * 60))


def _minute(dice: random.Random) -> int:
    (hour,) = dice.choices(range(24), weights=_HOURS)
    return hour * 60 + dice.randrange(60)


def _found(plan: DemoPlan, number: int, find: Find, spot: Spot) -> DemoReport:
    dice = plan.chance("found", number)
    at = plan.week.at(dice.randrange(WORKDAYS), 8 * 60 + dice.randrange(10 * 60))
    row = {"title": "", "text": find.text, "lon": f"{spot.lon}", "lat": f"{spot.lat}"}
    return DemoReport(number, at, "event", "grid_worker", row, find.matter, spot.grid, "", find.on_the_spot)
