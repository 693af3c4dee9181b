"""What bodies at work do in the demo: sign or not, return what is not theirs, ring, ask for time, work, answer.

Each function is an act of the agenda. Shares are in thousandths; most work is in time, some is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.demo import desks
from linli.demo.plan import CHINA
from linli.demo.world import Job, World, chance

_NOT_RETURNED = 120
_NOT_REACHED, _SAID_MEANWHILE = 60, 150
_EXTENSION, _SHELF, _LATE = 45, 12, 110
_EXPLAINED, _PARTLY = 180, 80
_SHELVED_DAYS = 30
_AT_LEAST_MINUTES = 12


def sign(world: World, job: Job, at: datetime) -> None:
    """The body signs, or returns what is not its own."""
    worker = _worker(world, job)
    astray = job.right is not None and job.owner != job.right
    if astray and not chance(job, _NOT_RETURNED):
        form = {"rule": world.say(job, "return_rule"), "reason": world.say(job, "return_reason")}
        if world.take(job, "return", worker, form, at):
            world.follow(job, at)
            return
    if not world.take(job, "sign", worker, {}, at):
        world.look(job, worker, at)
    world.follow(job, at)


def _worker(world: World, job: Job) -> int | None:
    return world.staff.worker_of(job.owner) if job.owner is not None else None


def begin(world: World, job: Job, at: datetime) -> None:
    """Ring the reporter, look at the clock, begin; and choose when it will be done."""
    worker = _worker(world, job)
    due = world.look(job, worker, at)
    if job.kind == "request" and job.state == "signed":
        if chance(job, _NOT_REACHED):
            _ring_in_vain(world, job, at)
            return
        world.take(job, "contact", worker, {"way": "phone"}, at)
    if job.state in ("signed", "contacted"):
        world.take(job, "begin", worker, {}, at + timedelta(minutes=1))
    _plan_work(world, job, at + timedelta(minutes=1), due)


def _ring_in_vain(world: World, job: Job, at: datetime) -> None:
    """Nobody answers, at three hours of two days; then the desk may end it."""
    hour = at
    for _ in range(3):
        world.plan_act(hour, _try, job)
        hour = world.later(hour, 190)
    world.plan_act(hour, desks.give_up, job)


def _try(world: World, job: Job, at: datetime) -> None:
    world.take(job, "note_try", _worker(world, job), {"way": "phone"}, at)


def work_again(world: World, job: Job, at: datetime) -> None:
    """What was found not done is done again, on its fresh clock."""
    _plan_work(world, job, at, world.look(job, _worker(world, job), at))


def _plan_work(world: World, job: Job, at: datetime, due: datetime | None) -> None:
    if job.state != "in_hand":
        world.follow(job, at)
        return
    whole = max(world.open_minutes(at, due), _AT_LEAST_MINUTES) if due is not None and due > at else 120
    if chance(job, _LATE):
        done = world.later(max(at, due or at), job.dice.randint(20, 300))
    else:
        done = world.later(at, max(_AT_LEAST_MINUTES, whole * job.dice.betavariate(2, 5)))
    if chance(job, _EXTENSION):
        world.plan_act(at + (done - at) / 2, ask_time, job)
    if chance(job, _SHELF):
        world.plan_act(at + (done - at) / 3, ask_shelf, job)
    if job.kind == "request" and chance(job, _SAID_MEANWHILE):
        world.plan_act(at + (done - at) / 4, say, job)
    world.plan_act(done, answer, job)


def say(world: World, job: Job, at: datetime) -> None:
    """Tell the reporter how it stands."""
    world.take(job, "say", _worker(world, job), {"words": world.say(job, "say")}, at)


def ask_time(world: World, job: Job, at: datetime) -> None:
    """Ask for more time, if the limit is not out yet."""
    form = {"workdays": job.dice.randint(1, 3), "reason": world.say(job, "extension")}
    if world.take(job, "ask_extension", _worker(world, job), form, at):
        world.plan_act(world.later(at, 45), desks.decide_extension, job)


def ask_shelf(world: World, job: Job, at: datetime) -> None:
    """Ask to put it on the list for later."""
    review = (at.astimezone(CHINA) + timedelta(days=_SHELVED_DAYS)).date().isoformat()
    category = job.dice.choice(world.shelf_categories)
    form = {"category": category, "review_on": review, "reason": world.say(job, "shelf")}
    if world.take(job, "ask_shelf", _worker(world, job), form, at):
        world.plan_act(world.later(at, 90), desks.decide_shelf, job)


def answer(world: World, job: Job, at: datetime) -> None:
    """Answer the reporter, or feed back what was done."""
    if job.state == "shelved":
        return
    result, use = "solved", "reply"
    if chance(job, _EXPLAINED):
        result, use = "explained", "explain"
    elif chance(job, _PARTLY):
        result, use = "partly", "partly"
    step = "feed_back" if job.kind == "event" else "reply"
    if not world.take(job, step, _worker(world, job), {"result": result, "words": world.say(job, use)}, at):
        world.look(job, _worker(world, job), at)
        if job.state == "in_hand":
            return
    world.follow(job, at)


def settle_on_the_spot(world: World, job: Job, at: datetime) -> None:
    """The grid worker does it there and then."""
    job.turns += 1
    worker = world.staff.exactly("grid_worker", job.place, 15)
    if not world.take(job, "done_on_the_spot", worker, {"note": world.say(job, "spot")}, at):
        world.look(job, desks.desk_of(world, job), at)
    world.follow(job, at)


def own_check(world: World, job: Job, at: datetime) -> None:
    """A body tries to check its own work: the rule refuses."""
    step = {"replied": "call_back", "checking": "check_on_site", "reviewing": "check_evidence"}.get(job.state, "")
    form = {"solved": "yes"} if step == "call_back" else {"done": True}
    if step:
        world.take(job, step, _worker(world, job), form, at)
