"""What comes next for a case, by the state it has reached: who acts, and when. The shape of the demo's week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from linli.demo import desks, owners
from linli.demo.world import Act, Job, World, chance

Next = tuple[Act, datetime]

_NEVER_SIGNED, _OWN_CHECK, _STRANGER = 55, 25, 20
_DRAWN, _REOPENED, _WITHDRAWN, _REMINDED = 20, 30, 15, 40
_DAY_MINUTES = 24 * 60


def next_act(world: World, job: Job) -> Next | None:
    """The next act for a case, or None when nothing is left to do this week."""
    found = _COURSE.get(job.state)
    return found(world, job) if found else None


def _soon(world: World, job: Job, most: int) -> datetime:
    """A desk that is manned day and night."""
    return world.now + timedelta(minutes=job.dice.randint(2, most))


def _locate(world: World, job: Job) -> Next:
    return desks.locate, _soon(world, job, 150)


def _classify(world: World, job: Job) -> Next:
    return desks.classify, _soon(world, job, 150)


def _decide(world: World, job: Job) -> Next:
    if job.report.on_the_spot and job.turns == 0:
        return owners.settle_on_the_spot, _soon(world, job, 20)
    if job.kind == "request" and chance(job, _WITHDRAWN):
        world.plan_act(world.now + timedelta(hours=job.dice.randint(1, 40)), desks.withdraw, job)
    return desks.decide, _soon(world, job, 90)


def _returned(world: World, job: Job) -> Next:
    return desks.send_again, _soon(world, job, 90)


def _arbitrate(world: World, job: Job) -> Next:
    return desks.arbitrate, world.later(world.now, job.dice.randint(20, 240))


def _sign(world: World, job: Job) -> Next:
    if chance(job, _STRANGER):
        world.plan_act(_soon(world, job, 10), desks.stranger_tries, job)
    if chance(job, _REMINDED):
        world.plan_act(world.now + timedelta(minutes=job.dice.randint(300, 2 * _DAY_MINUTES)), desks.remind, job)
    if chance(job, _NEVER_SIGNED):
        return desks.look_again, world.now + timedelta(hours=26)
    return owners.sign, world.later(world.now, job.dice.randint(3, 100))


def _begin(world: World, job: Job) -> Next:
    return owners.begin, world.later(world.now, job.dice.randint(5, 60))


def _again(world: World, job: Job) -> Next:
    return owners.work_again, world.later(world.now, job.dice.randint(5, 60))


def _call_back(world: World, job: Job) -> Next:
    return desks.call_back, world.later(world.now, job.dice.randint(30, 400))


def _check_site(world: World, job: Job) -> Next:
    if chance(job, _OWN_CHECK):
        world.plan_act(_soon(world, job, 10), owners.own_check, job)
    return desks.check_site, world.later(world.now, job.dice.randint(20, 300))


def _check_evidence(world: World, job: Job) -> Next:
    return desks.check_evidence, world.later(world.now, job.dice.randint(20, 300))


def _closed(world: World, job: Job) -> Next | None:
    if "reopen" not in job.story and job.kind == "request" and chance(job, _REOPENED):
        return desks.reopen, world.later(world.now, job.dice.randint(60, 600))
    if "draw" not in job.story and chance(job, _DRAWN):
        return desks.draw, world.later(world.now, job.dice.randint(60, 600))
    return None


_COURSE: dict[str, Callable[[World, Job], Next | None]] = {
    "to_locate": _locate,
    "to_class": _classify,
    "received": _decide,
    "reported": _decide,
    "dispatched": _sign,
    "returned": _returned,
    "in_arbitration": _arbitrate,
    "signed": _begin,
    "contacted": _begin,
    "in_hand": _again,
    "replied": _call_back,
    "checking": _check_site,
    "reviewing": _check_evidence,
    "closed": _closed,
}
