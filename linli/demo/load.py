"""A great many cases for measuring: made up by seed from the demo's own messages and finds, spread over ground and days.

Is: which case, where, when, and what happened to it. Is not: the writing (`cases.courses`), nor a week that is worked
through: nothing is read, compared or sent here. Cases are numbered in the order of time; a batch of numbers is made by
itself, the same in every run with this seed, so that several processes share the work.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from linli.cases.courses import Course, Later
from linli.cases.drafts import CaseDraft, VoiceDraft
from linli.cases.relettering import WHERE, Alike, Case, Spot
from linli.demo.stock import Base, Stock
from linli.kernel.actors import SYSTEM, ActorRef
from linli.places.domain import Located

BATCH = 1_000
ALIKE = 12
"""Cases that run one course: of one matter, in one community, in one minute, each elsewhere and in words of its own."""
DAYS = 120
_OPEN_OF_THE_NEWEST = 0.78
_DAYS_TO_CLOSE = 15.4
_FINDS_A_HUNDRED = 66
_CHANNELS = ("hotline", "hotline", "hotline", "web", "web", "phone", "counter")
_ROADS = (
    "中山路", "解放路", "人民路", "建设路", "文化巷", "学府路", "滨河路", "新村路", "站前街", "公园北路", "工农路", "青年路",
)  # fmt: skip
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_HOUR = timedelta(hours=1)
_UNSURE_A_HUNDRED = 12
_LATE_A_HUNDRED = 12

Reached = Literal["opened", "sent", "signed", "begun", "replied"]


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What is to be made.

    Attributes:
        number: how many cases.
        seed: the same seed gives the same cases.
        until: when the last one is opened, aware UTC.
        recorded_from: what happened before is written down at this instant: days before it are sealed.
        days: over how many days they are spread; of the last fortnight's most are still open, about a tenth of all.
    """

    number: int
    seed: int
    until: datetime
    recorded_from: datetime
    days: int = DAYS

    def batches(self) -> list[range]:
        """The numbers of the cases, a range a batch."""
        return [range(start, min(start + BATCH, self.number)) for start in range(0, self.number, BATCH)]

    def opened_at(self, number: int, dice: random.Random) -> datetime:
        """When a case is opened: in the order of numbers, a minute whole, as clocks count."""
        part = (number + dice.random()) / self.number
        ago = timedelta(days=self.days) * (1 - part)
        return (self.until - ago).replace(second=0, microsecond=0)


@dataclass(slots=True)
class Maker:
    """Makes cases from a stock of words, places and people: a few at a time run one course in one community."""

    plan: LoadPlan
    stock: Stock

    def groups(self, numbers: Sequence[int]) -> list[Alike]:
        """The cases of these numbers."""
        dice = random.Random(repr((self.plan.seed, "load", numbers[0])))  # noqa: S311  (a demo's dice, no secrets)
        return [self._group(numbers[start : start + ALIKE], dice) for start in range(0, len(numbers), ALIKE)]

    def _group(self, numbers: Sequence[int], dice: random.Random) -> Alike:
        at = self.plan.opened_at(numbers[0], dice)
        base = dice.choice(self.stock.finds if dice.randrange(100) < _FINDS_A_HUNDRED else self.stock.messages)
        spots = dice.choice(self.stock.spots)
        first = spots[0]
        age = self.plan.until - at
        draft = self._draft(base, first, at, dice)
        is_open = dice.random() < _OPEN_OF_THE_NEWEST * math.exp(-age.total_seconds() / 86_400 / _DAYS_TO_CLOSE)
        course = self._open(draft, first, at, dice) if is_open else self._closed(draft, first, at, dice)
        return Alike(course, [self._case(number, base, dice.choice(spots), dice) for number in numbers])

    def _case(self, number: int, base: Base, spot: Spot, dice: random.Random) -> Case:
        is_event = base.kind == "event"
        where = f"地点：{spot.words}，{dice.choice(_ROADS)}{dice.randrange(1, 999)}号附近"
        return Case(
            spot._replace(words=where),
            f"load-{self.plan.seed}-{number:08d}",
            self.stock.worker(spot.grid) if is_event else None,
            None if is_event else _voice(base, dice),
        )

    def _draft(self, base: Base, spot: Spot, at: datetime, dice: random.Random) -> CaseDraft:
        is_event = base.kind == "event"
        return CaseDraft(
            kind=base.kind,
            title=base.title,
            task_text=f"{base.text}\n{WHERE}",
            snapshot=self.stock.snapshot,
            received_at=at,
            channel="worker" if is_event else dice.choice(_CHANNELS),
            matter=base.matter,
            matter_by="given" if is_event else "model",
            confidence=None if is_event else 900,
            located=Located(spot.grid, spot.grid[:12], spot.grid[:9], spot.grid[:6], 0),
            lon=spot.lon,
            lat=spot.lat,
            data=base.data,
            voice=None if is_event else VoiceDraft(),
            route=self.stock.route(base.matter, spot.grid),
            why={"place": {"by": "point", "code": spot.grid}, "matter": base.why},
        )

    def _closed(self, draft: CaseDraft, spot: Spot, at: datetime, dice: random.Random) -> Course:
        end = at + timedelta(minutes=dice.randrange(3, 55))
        if draft.kind == "event":
            worker = self.stock.worker(spot.grid)
            return self._told(draft, worker.ref, at, Later("done_on_the_spot", worker, end, {"note": "已现场处理"}))
        said = {"result": dice.choice(("explained", "explained", "solved")), "words": "已向您说明办理依据和结果。"}
        return self._told(draft, SYSTEM, at, Later("answer_at_once", self.stock.desk(spot.grid), end, said))

    def _told(self, draft: CaseDraft, actor: ActorRef, at: datetime, *later: Later) -> Course:
        kept = tuple(one for one in later if one.at <= self.plan.until)
        return Course(draft, actor, at, self.plan.recorded_from, kept)

    def _open(self, draft: CaseDraft, spot: Spot, at: datetime, dice: random.Random) -> Course:
        age = self.plan.until - at
        actor = self.stock.worker(spot.grid).ref if draft.kind == "event" else SYSTEM
        if draft.kind == "request" and age < 4 * _HOUR and dice.randrange(100) < _UNSURE_A_HUNDRED:
            unsure = replace(draft, matter=None, matter_by="none", confidence=None, flags=("to_class",), route=None)
            return self._told(unsure, actor, at)
        return self._told(draft, actor, at, *self._steps(draft, spot, at, _reached(age, dice), dice))

    def _steps(
        self, draft: CaseDraft, spot: Spot, at: datetime, reached: Reached, dice: random.Random
    ) -> Iterator[Later]:
        """What an open case went through: sent by the desk, signed and begun by the body, answered by it."""
        route = draft.route
        body = self.stock.handler(route.organisation) if route is not None else None
        if reached == "opened" or route is None or route.organisation is None or body is None:
            if draft.kind == "event":
                yield Later("ask_to_verify", self.stock.desk(spot.grid), at + _pace(self.plan.until - at, 1))
            return
        times = [at + _pace(self.plan.until - at, number) for number in range(1, 7)]
        desk, is_event = self.stock.desk(spot.grid), draft.kind == "event"
        sent = {"organisation": route.organisation}
        yield Later("file_and_dispatch" if is_event else "dispatch", desk, times[0], sent,
                    {route.organisation: route.place})  # fmt: skip
        if reached == "sent":
            return
        yield Later("sign", body, times[1])
        if reached == "signed":
            return
        if not is_event:
            yield Later("contact", body, times[2], {"way": "phone"})
        yield Later("begin", body, times[3])
        if reached == "replied":
            told = self.plan.until - min((self.plan.until - times[3]) / 8, dice.randrange(1, 20) * _HOUR)
            said = {"result": "solved", "words": "已处理完毕，请核实。"}
            yield Later("feed_back" if is_event else "reply", body, max(told, times[4]), said)


def _pace(age: timedelta, number: int) -> timedelta:
    """How long after the opening the so many-th step is taken: hours apart, never beyond now."""
    return min(_HOUR * number, age * number / 8)


def _reached(age: timedelta, dice: random.Random) -> Reached:
    """How far a case of this age is."""
    if age < 4 * _HOUR:
        return dice.choice(("opened", "opened", "sent"))
    if age < 12 * _HOUR:
        return dice.choice(("sent", "signed", "signed"))
    if age < timedelta(days=4):
        return dice.choice(("signed", "begun", "begun"))
    return "begun" if dice.randrange(100) < _LATE_A_HUNDRED else "replied"


def _voice(base: Base, dice: random.Random) -> VoiceDraft:
    """An invented reporter: no such number can be rung."""
    return VoiceDraft(
        name=f"{dice.choice(_SURNAMES)}某",
        phone=f"1990000{dice.randrange(10_000):04d}",
        original_title=base.said_title,
        original=base.said,
    )


def told(plan: LoadPlan) -> Mapping[str, object]:
    """What tells one load from another, for the log."""
    return {"number": plan.number, "seed": plan.seed, "days": plan.days}
