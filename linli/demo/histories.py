"""Three cases of the week told from beginning to end, with the why of place, matter, owner and deadline.

Read as the street's desk reads them. The task's text and title, notes and answers are left out: what is told is what
happened, by whom as a body, and on which rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from linli.cases.rules import procedure_for
from linli.cases.selectors import explain, handler_view, history
from linli.cases.views import Moment, Why
from linli.cli import output
from linli.demo.desks import desk_of
from linli.demo.plan import CHINA
from linli.demo.working import Done
from linli.demo.world import Job, World
from linli.kernel.actors import Actor
from linli.matters.selectors import catalogue
from linli.organisations.selectors import organisations_at
from linli.packs.selectors import snapshot_for
from linli.places.selectors import place_names

_BY = {
    "owner": "承办 owner",
    "desk": "值班 desk",
    "system": "系统 system",
    "reporter": "反映人 reporter",
    "arbiter": "裁定 arbiter",
    "place.grid.grid_worker": "网格员 grid worker",
    "place.community": "社区 community",
    "place.street.duty_desk": "街道值班 street desk",
    "place.street.duty_head": "街道值班长 street duty head",
    "place.district.duty_head": "区值班长 district duty head",
    "place.district.duty_desk": "区值班 district desk",
}
_CLOCKS_TOLD = ("answer", "handle")
_STRETCHES = 8


@dataclass(frozen=True, slots=True)
class History:
    """One case told.

    Attributes:
        kind: `simple`, `disputed` or `again`.
        why, course: lines for people.
    """

    kind: str
    no: str
    why: tuple[str, ...]
    course: tuple[str, ...]


def histories_of(done: Done, at: datetime) -> list[History]:
    """Tell a simple case, a disputed one, and one that was done again; those of them that the week has.

    Args:
        done: the week.
        at: its end, aware.
    """
    jobs = sorted(done.world.jobs.values(), key=lambda job: job.report.number)
    told: list[History] = []
    for kind, rank in _CHOICES.items():
        best = max((job for job in jobs if rank(job) > 0), key=rank, default=None)
        if best is not None:
            told.append(_tell(done.world, kind, best, at))
            jobs.remove(best)
    return told


def _simple(job: Job) -> int:
    plain = job.state == "closed" and job.kind == "request" and not ({"return", "again", "reopen"} & job.story)
    mended = len({"locate", "classify"} & job.story)
    looked = "call_back" in job.story or "check_on_site" in job.story
    return int(plain) and 6 + ("contact" in job.story) + 2 * looked - 3 * mended


def _disputed(job: Job) -> int:
    return ("return" in job.story) and 1 + 4 * ("arbitrate" in job.story) + 2 * (job.state == "closed")


def _again(job: Job) -> int:
    done = ("again" in job.story) + 2 * ("reopen" in job.story)
    return done and done + 4 * (job.state == "closed")


_CHOICES: Mapping[str, Callable[[Job], int]] = {"simple": _simple, "disputed": _disputed, "again": _again}


def _tell(world: World, kind: str, job: Job, at: datetime) -> History:
    desk = desk_of(world, job)
    actor = world.staff.actor(desk) if desk is not None else Actor(world.staff.actor(0).ref)
    names = _Names.at(job, at)
    why = [line for one in explain(actor, job.id, at) for line in names.why(one)]
    state = handler_view(actor, job.id, at).state
    course = [names.moment(one) for one in history(actor, job.id, at)]
    return History(kind, job.no, tuple(why), (*course, f"{names.title(f'state.{state}')} at the end of the week"))


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of what the log holds as ids and codes."""

    bodies: Mapping[int, str]
    places: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    matters: Mapping[str, str]

    @classmethod
    def at(cls, job: Job, at: datetime) -> _Names:
        snapshot = snapshot_for(job.place, at)
        codes = [job.place[:digits] for digits in (6, 9, 12, 15) if len(job.place) >= digits]
        matters = {one.code: f"{one.title_zh} {one.title_en}" for one in catalogue(snapshot)}
        bodies = {id_: body.name for id_, body in organisations_at(at).items()}
        return cls(bodies, place_names(codes, at), procedure_for(snapshot, job.kind).titles, matters)

    def title(self, key: str) -> str:
        """A step's, state's or clock's name in both languages."""
        found = self.titles.get(key)
        return f"{found['zh']} {found['en']}" if found else key.partition(".")[2]

    def moment(self, one: Moment) -> str:
        """One line of the course."""
        step = "受理 Opened" if one.step == "open" else self.title(f"step.{one.step}")
        body = self.bodies.get(one.organisation or 0, "")
        late = " · 超时 late" if any("late" in str(c.get("outcome", "")) for c in _notes(one)) else ""
        who = " ".join(part for part in (_BY.get(one.by, one.by), body) if part)
        return f"{_local(one.at)}  {step} → {self.title(f'state.{one.state}')}  ({who}){late}"

    def why(self, one: Why) -> Iterator[str]:
        """The lines of one reason."""
        if one.what == "place":
            yield f"地点 place: {self._place(one.value)}  [{one.rule}{_distance(one.detail)}]"
        elif one.what == "matter":
            yield f"事项 matter: {self.matters.get(one.value, one.value)}  [{one.value}, {_by_whom(one.detail)}; {one.source}]"
        elif one.what == "owner":
            yield f"承办 owner: {self._owner(one)}"
        else:
            yield from self._deadline(one)

    def _place(self, code: str) -> str:
        names = [self.places[c] for c in (code[:6], code[:9], code[:12]) if c in self.places]
        return f"{' '.join(names)} {code}"

    def _owner(self, one: Why) -> str:
        body = self.bodies.get(int(one.value), one.value) if one.value.isdigit() else one.value
        route = dict(one.detail[0]) if one.detail else {}
        won = route.get("won")
        origin = won.get("origin", "") if isinstance(won, Mapping) else ""
        routed = self.bodies.get(int(str(route.get("organisation") or 0)), "-")
        return f"{body}  [row {one.rule or '-'} → {one.source} → {routed}; {origin or 'no row'}; {route.get('reason', '')}]"

    def _deadline(self, one: Why) -> Iterator[str]:
        words = one.what.split()
        if words[1] not in _CLOCKS_TOLD:
            return
        counted = [s for s in one.detail if s["counted"]]
        unit = "d" if any("workday" in str(s["rule"]) or str(s["rule"]) == "day" for s in counted) else "min"
        total = sum(int(str(s["amount"])) for s in counted)
        due = _local(datetime.fromisoformat(one.value)) if one.value != "standing" else "standing"
        yield f"时限 {self.title(f'clock.{words[1]}')}: {due}  [{one.rule}; {one.source}; counted {total} {unit}]"
        yield from _stretches(one.detail, unit)


def _stretches(detail: Sequence[Mapping[str, object]], unit: str) -> Iterator[str]:
    """The stretches in order; neighbours under one rule are told as one."""
    runs = [
        (list(group), counted, rule)
        for (counted, rule, _), group in groupby(detail, key=lambda one: (one["counted"], one["rule"], one["day_name"]))
    ]
    for group, counted, rule in runs[:_STRETCHES]:
        start, end = (_local(datetime.fromisoformat(str(one))) for one in (group[0]["from"], group[-1]["to"]))
        amount = sum(int(str(one["amount"])) for one in group)
        told = f"+{amount} {unit}" if counted else "—"
        yield f"    {start} – {end}  {told}  {rule} {group[0]['day_name']}".rstrip()
    if len(runs) > _STRETCHES:
        yield f"    … {len(runs) - _STRETCHES} more"


def _notes(one: Moment) -> Iterable[Mapping[str, object]]:
    clocks = one.data.get("clocks")
    return [note for note in clocks if isinstance(note, Mapping)] if isinstance(clocks, list) else ()


def _distance(detail: Sequence[Mapping[str, object]]) -> str:
    metres = next((part["distance_m"] for part in detail if "distance_m" in part), None)
    return f", {metres} m from the grid" if metres else ""


def _by_whom(detail: Sequence[Mapping[str, object]]) -> str:
    evidence = detail[0] if detail else {}
    sure = evidence.get("confidence_per_mille")
    return f"by {evidence.get('by', '')}" + (f", sure to {sure} ‰" if sure is not None else "")


def _local(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%m-%d %H:%M")


def show_histories(found: Sequence[History]) -> None:
    """Print the histories."""
    titles = {
        "simple": "一件平常的事 A plain case",
        "disputed": "退回与裁定 Returned and decided",
        "again": "返工与重办 Done again",
    }
    for one in found:
        output.line("")
        output.line(f"{titles[one.kind]}  {one.no[:4]} {one.no[4:8]} {one.no[8:]}")
        for line in (*one.why, *one.course):
            output.line(f"  {line}")
