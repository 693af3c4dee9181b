"""What desks do in the demo: find place and matter, send, join, decide wishes, call back, look at evidence.

Each function is an act of the agenda: it takes steps as somebody and plans what follows. Shares are in thousandths.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.demo.sending import route_for
from linli.demo.world import Job, World, chance
from linli.knowledge.selectors import entries_for

_ANSWERED_AT_ONCE, _ELSEWHERE, _TAKEN_UP = 90, 12, 40
_WRONG, _WRONG_AGAIN = 75, 330
_JOINED_OF_GROUP, _JOINED_OTHERWISE = 950, 250
_GRANTED, _SHELF_APPROVED, _ARBITRATED = 800, 800, 750
_SOLVED = ("yes",) * 78 + ("partly",) * 9 + ("no",) * 8 + ("no_answer",) * 5
_EVIDENCE_REFUSED, _SITE_REFUSED = 50, 70
_WITHDRAWN_STILL_WANTED = 120


def desk_of(world: World, job: Job) -> int | None:
    """The duty desk of the street, or of the district for what has no place yet."""
    return world.staff.at("duty_desk", job.place or world.plan.district) or _any_district_desk(world, job)


def _any_district_desk(world: World, job: Job) -> int | None:
    return world.staff.at("duty_desk", job.report.grid[:6])


def locate(world: World, job: Job, at: datetime) -> None:
    """Find out where it is, by asking back."""
    if world.take(job, "locate", desk_of(world, job), {"place": job.report.grid}, at):
        job.place = job.report.grid
        _route(job, at)
    world.follow(job, at)


def classify(world: World, job: Job, at: datetime) -> None:
    """Say what it is."""
    matter = job.matter or job.dice.choice(world.matters)
    if world.take(job, "classify", desk_of(world, job), {"matter": matter}, at):
        job.matter = matter
        _route(job, at)
    world.follow(job, at)


def _route(job: Job, at: datetime) -> None:
    if job.matter and job.place:
        job.right = route_for(job.matter, job.place, job.report.channel, at).organisation


def decide(world: World, job: Job, at: datetime) -> None:
    """Join, answer, point elsewhere, leave it to the community, or send."""
    desk = desk_of(world, job)
    if job.near and _join(world, job, desk, at):
        return
    if job.kind == "event":
        _send(world, job, at, "file_and_dispatch")
    elif chance(job, _ANSWERED_AT_ONCE):
        world.take(job, "answer_at_once", desk, _answer(world, job, at), at)
        world.follow(job, at)
    elif chance(job, _ELSEWHERE):
        world.take(job, "route_elsewhere", desk, {"route": "legal_route", "words": world.say(job, "elsewhere")}, at)
    elif chance(job, _TAKEN_UP):
        community = world.staff.exactly("community_worker", job.place, 12)
        if world.take(job, "take_up", community, {}, at) and community is not None:
            job.owner = world.staff.actor(community).holdings[0].organisation
        world.follow(job, at)
    else:
        _send(world, job, at, "dispatch")


def _answer(world: World, job: Job, at: datetime) -> dict[str, object]:
    """A ready answer of the matter, the one that fits the words best; words of one's own where there is none."""
    form: dict[str, object] = {"result": "explained", "words": world.say(job, "at_once")}
    asked = f"{job.report.row.get('title', '')} {job.report.row.get('text', '')}"
    for found in entries_for(asked, job.place, at, limit=1, matter=job.matter):
        if found.matter == job.matter:
            form |= {"words": found.answer, "entry": found.id, "entry_version": found.number}
    return form


def _join(world: World, job: Job, desk: int | None, at: datetime) -> bool:
    other = world.jobs.get(job.near)
    same = bool(job.report.group) and other is not None and other.report.group == job.report.group
    if not chance(job, _JOINED_OF_GROUP if same else _JOINED_OTHERWISE):
        job.near = ""
        return False
    joined = world.take(job, "join", desk, {"into": job.near}, at)
    job.near = ""
    return joined


def _send(world: World, job: Job, at: datetime, step: str) -> None:
    """Send to the body that the routing names, or by mistake to another of the street."""
    right = job.right or world.staff.actor(_head_desk(world, job)).holdings[0].organisation
    job.right = right
    wrong = world.staff.others_at(job.place, right)
    astray = bool(wrong) and chance(job, _WRONG if job.turns == 0 else _WRONG_AGAIN)
    to = job.dice.choice(wrong) if astray else right
    job.turns += 1
    if world.take(job, step, desk_of(world, job), {"organisation": to}, at):
        job.owner = to
    world.follow(job, at)


def _head_desk(world: World, job: Job) -> int:
    found = desk_of(world, job)
    if found is None:
        raise LookupError("no desk")
    return found


def send_again(world: World, job: Job, at: datetime) -> None:
    """Send what was returned."""
    _send(world, job, at, "dispatch")


def arbitrate(world: World, job: Job, at: datetime) -> None:
    """The arbiter decides; or lets the limit pass, and the pack's owner has it."""
    if not chance(job, _ARBITRATED):
        world.plan_act(at + timedelta(days=1, hours=8), look_again, job)
        return
    right = job.right or job.owner
    form = {"organisation": right, "reason": world.say(job, "arbitrate")}
    if world.take(job, "arbitrate", world.staff.at("arbiter", job.place), form, at):
        job.owner = right
    world.follow(job, at)


def look_again(world: World, job: Job, at: datetime) -> None:
    """See how it stands, after what time has done, and go on from there."""
    world.look(job, desk_of(world, job), at)
    world.follow(job, at)


def decide_extension(world: World, job: Job, at: datetime) -> None:
    """The desk's head grants more time, or refuses; the work has gone on all the while."""
    head = world.staff.at("duty_head", job.place)
    if chance(job, _GRANTED):
        world.take(job, "grant_extension", head, {"note": world.say(job, "grant")}, at)
    else:
        world.take(job, "refuse_extension", head, {"reason": world.say(job, "refuse")}, at)


def decide_shelf(world: World, job: Job, at: datetime) -> None:
    """A street's head tries, which the rules do not allow; the district's decides."""
    note = {"note": world.say(job, "grant")}
    world.take(job, "approve_shelf", world.staff.exactly("duty_head", job.place, 9), note, at)
    head = world.staff.exactly("duty_head", job.place, 6)
    later = at + timedelta(minutes=1)
    if chance(job, _SHELF_APPROVED):
        world.take(job, "approve_shelf", head, note, later)
    else:
        world.take(job, "refuse_shelf", head, {"reason": world.say(job, "refuse")}, later)
        world.follow(job, later)


def call_back(world: World, job: Job, at: datetime) -> None:
    """Ask the reporter whether it is solved."""
    solved = job.dice.choice(_SOLVED)
    form: dict[str, object] = {"solved": solved, "troubled": "no"}
    if solved != "no_answer":
        form["satisfied"] = job.dice.choice(("yes", "yes", "partly", "no"))
    if solved == "no":
        form["words"] = world.say(job, "not_solved")
    _looked(world, job, at, ("call_back", desk_of(world, job), form))


def check_site(world: World, job: Job, at: datetime) -> None:
    """The grid worker looks; where their own unit did it the rule refuses, and the street's desk looks."""
    done = not chance(job, _SITE_REFUSED)
    form = {"done": done, "note": world.say(job, "checked" if done else "rework")}
    worker = world.staff.exactly("grid_worker", job.place, 15)
    if worker is None or not world.take(job, "check_on_site", worker, form, at):
        _looked(
            world,
            job,
            at + timedelta(minutes=20),
            ("check_on_site", world.staff.exactly("duty_desk", job.place, 9), form),
        )
        return
    _after_look(world, job, at)


def check_evidence(world: World, job: Job, at: datetime) -> None:
    """A desk looks at what was handed in: the street's, or the district's where the street's did the work."""
    done = not chance(job, _EVIDENCE_REFUSED)
    form = {"done": done, "note": world.say(job, "checked" if done else "rework")}
    if world.take(job, "check_evidence", desk_of(world, job), form, at):
        _after_look(world, job, at)
        return
    district = world.staff.exactly("duty_desk", job.place or job.report.grid, 6)
    _looked(world, job, at + timedelta(minutes=20), ("check_evidence", district, form))


def _looked(world: World, job: Job, at: datetime, step: tuple[str, int | None, dict[str, object]]) -> None:
    if not world.take(job, *step, at):
        look_again(world, job, at)
        return
    _after_look(world, job, at)


def _after_look(world: World, job: Job, at: datetime) -> None:
    if job.state == "in_hand":
        job.story.add("again")
    world.follow(job, at)


def draw(world: World, job: Job, at: datetime) -> None:
    """Draw a closed case for a second look."""
    world.take(job, "draw", world.staff.at("supervisor", job.place), {}, at)
    world.follow(job, at)


def reopen(world: World, job: Job, at: datetime) -> None:
    """The reporter rings: it is not over."""
    world.take(job, "reopen", desk_of(world, job), {"reason": world.say(job, "reopen")}, at)
    job.owner = None
    world.follow(job, at)


def remind(world: World, job: Job, at: datetime) -> None:
    """The reporter rings and urges."""
    world.take(job, "remind", desk_of(world, job), {"words": world.say(job, "remind")}, at)


def withdraw(world: World, job: Job, at: datetime) -> None:
    """The reporter rings and takes it back; the desk will ring and ask why."""
    world.take(job, "withdraw", desk_of(world, job), {"reason": world.say(job, "withdraw")}, at)
    if job.state == "withdrawn":
        world.plan_act(world.later(at, 60), ask_why_withdrawn, job)


def ask_why_withdrawn(world: World, job: Job, at: datetime) -> None:
    """Every withdrawal is called back; some are still wanted."""
    wanted = chance(job, _WITHDRAWN_STILL_WANTED)
    form = {"solved": "no" if wanted else "yes", "troubled": "no"}
    world.take(job, "call_back_withdrawn", desk_of(world, job), form, at)
    world.follow(job, at)


def stranger_tries(world: World, job: Job, at: datetime) -> None:
    """Somebody with no part in the case tries to sign it: the rules refuse, and tell them nothing of it."""
    strangers = world.staff.others_at(job.place, job.owner or 0)
    who = world.staff.worker_of(job.dice.choice(strangers)) if strangers else None
    world.take(job, "sign", who, {}, at)


def give_up(world: World, job: Job, at: datetime) -> None:
    """The desk ends a case whose reporter could not be reached at different hours."""
    world.take(job, "give_up", desk_of(world, job), {"words": world.say(job, "unreachable")}, at)
    world.follow(job, at)
