"""The week itself: tick by tick staff act, time takes its steps, reports come in, days are sealed.

Half an hour a tick: what staff did in it comes first, in the order of time, then the clocks that ran out; channels hand
over at the full hour. At night the day before is sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.app import jobs
from linli.cases.due import take_due
from linli.cases.rules import rules_for
from linli.demo.course import next_act
from linli.demo.plan import CHINA, DemoPlan
from linli.demo.receiving import is_hour, receive
from linli.demo.reports import DemoReport
from linli.demo.staff import staff_at
from linli.demo.taking import Taking
from linli.demo.world import World, read_phrases
from linli.matters.selectors import catalogue
from linli.packs.selectors import snapshot_for

BATCH = 500
_SEAL_HOUR = 2

Progress = Callable[[Sequence[datetime]], Iterable[datetime]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a week was.

    Attributes:
        world: everything the simulation knows.
        statuses: rows answered by intake, by status; `found` = events of grid workers.
        system_steps: steps that time took.
        named: cases that named receivers dealt with.
    """

    world: World
    statuses: dict[str, int]
    system_steps: int
    named: int


def week_work(plan: DemoPlan, reports: Sequence[DemoReport], progress: Progress) -> Done:
    """Work the week through.

    Args:
        plan: the demo.
        reports: in the order in which they come in.
        progress: what the ticks are handed through.
    """
    world = world_of(plan)
    taking = Taking(plan, world.staff)
    waiting = iter(_by_tick(plan, reports))
    handled: set[int] = set()
    coming: list[DemoReport] = []
    rung = 0
    for tick in progress(plan.week.ticks()):
        for at, act, job in world.due_acts(tick):
            act(world, job, at)
        rung += _ring(tick)
        local = tick.astimezone(CHINA)
        if is_hour(local):
            receive(world, tick, handled)
        if (local.hour, local.minute) == (_SEAL_HOUR, 0):
            jobs.seal_days(tick)
        if tick >= plan.week.end:
            break
        coming += next(waiting)
        if local.minute == 0:
            for job in taking.take(coming, tick):
                world.jobs[job.no] = job
                world.follow(job, tick)
            coming = []
    return Done(world, taking.statuses, rung, len(handled))


def world_of(plan: DemoPlan) -> World:
    """The city at the beginning of its week, before anything has come in."""
    at = plan.week.start
    place = plan.district or "3201"
    snapshot = snapshot_for(place, at)
    rules = rules_for(snapshot, place, at)
    topics = tuple(m.code for m in catalogue(snapshot) if m.catalogue == "topic" and not m.protected)
    categories = rules.texts("cases.shelf_categories")
    return World(plan, staff_at(at), rules.table, categories, topics, next_act, read_phrases())


def _ring(at: datetime) -> int:
    rung = 0
    while taken := take_due(at, batch=BATCH, worker="demo"):
        rung += taken
    return rung


def _by_tick(plan: DemoPlan, reports: Sequence[DemoReport]) -> Iterator[list[DemoReport]]:
    """Reports handed over until each tick."""
    number = 0
    for tick in plan.week.ticks():
        handed = []
        while number < len(reports) and reports[number].at <= tick:
            handed.append(reports[number])
            number += 1
        yield handed
