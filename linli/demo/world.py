"""The simulation's core: what it knows of each case, its agenda, and the one function through which anybody acts.

Everything that happens to a case goes through `take_step`; a refusal is counted by its code and changes nothing. The
dice of a case are its own, so the same seed gives the same week.
"""

from __future__ import annotations

import csv
import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import count
from uuid import UUID

from linli.cases.engine import take_step
from linli.cases.selectors import handler_view
from linli.demo.plan import DemoPlan
from linli.demo.reports import DemoReport
from linli.demo.staff import Staff
from linli.kernel.actors import SYSTEM, Actor, ActorRef
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from linli.kernel.worktime import EPOCH, Unit, WorkTable, instant, minute_of, moment
from linli.kernel.worktime import count as counted

_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Job:
    """A case as the simulation knows it.

    Attributes:
        dice: its own source of chance.
        right: the body that the routing names; None = nobody.
        owner: the body that has it.
        near: number of a case that it may repeat, "" = none.
        story: what happened to it, for choosing histories.
    """

    id: int
    no: str
    kind: str
    dice: random.Random
    report: DemoReport
    place: str
    right: int | None
    state: str
    matter: str
    owner: int | None = None
    near: str = ""
    turns: int = 0
    story: set[str] = field(default_factory=set)


Act = Callable[["World", Job, datetime], None]


@dataclass(slots=True)
class World:
    """The city during the week.

    Attributes:
        table: the work calendar.
        steps, refused, conflicts: how often what was done, refused (by code), and came too late (by step).
    """

    plan: DemoPlan
    staff: Staff
    table: WorkTable
    shelf_categories: tuple[str, ...]
    matters: tuple[str, ...]
    next_act: Callable[[World, Job], tuple[Act, datetime] | None]
    phrases: Mapping[str, list[str]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    groups: dict[str, list[Job]] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    now: datetime = EPOCH
    _agenda: list[tuple[datetime, int, Act, Job]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def plan_act(self, when: datetime, act: Act, job: Job) -> None:
        """Put an act on the agenda; what would lie beyond the week is left out."""
        if when < self.plan.week.end:
            heapq.heappush(self._agenda, (when, next(self._numbers), act, job))

    def due_acts(self, until: datetime) -> Iterator[tuple[datetime, Act, Job]]:
        """Acts up to an instant, in the order of time; acts planned meanwhile come with them."""
        while self._agenda and self._agenda[0][0] <= until:
            when, _, act, job = heapq.heappop(self._agenda)
            yield when, act, job

    def follow(self, job: Job, at: datetime) -> None:
        """Plan what comes next in the state that the case has reached."""
        self.now = at
        found = self.next_act(self, job)
        if found is not None:
            act, when = found
            self.plan_act(max(when, at + _MINUTE), act, job)

    def take(self, job: Job, step: str, who: int | ActorRef | None, form: Mapping[str, object], at: datetime) -> bool:
        """Take a step as somebody; True when it was taken, and the job's state has moved."""
        if who is None:
            return False
        actor = who if isinstance(who, ActorRef) else ActorRef("person", who)
        request_id = UUID(int=job.dice.getrandbits(128))
        try:
            result = take_step(job.id, step, actor, form, request_id=request_id, at=at)
        except (RefusedError, NotFoundError, InputError) as error:
            self.refused[error.code] += 1
            return False
        except ConflictError:
            self.late[step] += 1
            return False
        job.state = result.state
        job.story.add(step)
        self.steps[step] += 1
        return True

    def look(self, job: Job, who: int | None, at: datetime) -> datetime | None:
        """Look at the work order: the job's state and owner as they are; when the body's clock is due."""
        actor = self.staff.actor(who) if who is not None else Actor(SYSTEM)
        try:
            view = handler_view(actor, job.id, at)
        except NotFoundError:
            return None
        job.state, job.owner = view.state, view.owner
        return next((clock.due_at for clock in view.clocks if clock.name == "handle"), None)

    def later(self, at: datetime, minutes: float) -> datetime:
        """So many opening minutes after an instant."""
        start = counted(self.table, minute_of(at), Unit.WORK_HOUR)
        return instant(moment(self.table, start + max(1, round(minutes)), Unit.WORK_HOUR))

    def open_minutes(self, a: datetime, b: datetime) -> int:
        """Opening minutes between two instants."""
        return counted(self.table, minute_of(b), Unit.WORK_HOUR) - counted(self.table, minute_of(a), Unit.WORK_HOUR)

    def say(self, job: Job, use: str) -> str:
        """A sentence as staff write it."""
        return job.dice.choice(self.phrases[use])


def read_phrases() -> dict[str, list[str]]:
    """Sentences of staff by use."""
    found: dict[str, list[str]] = {}
    with (files("linli.demo") / "phrases.csv").open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["use"], []).append(row["text"])
    return found


def chance(job: Job, in_a_thousand: int) -> bool:
    """Throw the case's dice."""
    return job.dice.randrange(1000) < in_a_thousand
