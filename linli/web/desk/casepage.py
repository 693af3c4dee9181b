"""The page of a case, of every kind: facts, clocks with why, steps with reasons, voices, what happened.

Turns a `CaseFile` into what the template shows. Asks for names only; decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.cases.deskcase import CaseFile, OtherCase, StepStanding, VoiceLine
from linli.cases.domain import ClockFact
from linli.cases.following import RELEASE
from linli.cases.lookedin import LOOK_IN
from linli.cases.relations import NOT_YOURS
from linli.cases.rules import procedure_for, rules_for
from linli.kernel.actors import Denied
from linli.organisations.selectors import organisation_names, post_roles
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import place_names
from linli.web.base.marks import Bar, Mark, clock_bar, state_mark
from linli.web.base.words import limit_words, relation_words, taken_words, titled, when, when_due
from linli.web.desk.happened import Happening, happened
from linli.web.desk.live import warned_at
from linli.web.desk.minimap import MiniMap, minimap
from linli.web.desk.rows import place_name

TAKE_BACK = "take_back_photo"
_TIERS = (6, 9, 12, 15)
_SHOWN_BESIDE = 4
_REFUSED_SHOWN = 2
_ENDED_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Names:
    """Names of places, bodies and posts' roles, asked for once a page."""

    places: Mapping[str, str]
    bodies: Mapping[int, str]
    roles: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock in the rail. `bar` while it runs; `done` says how it ended; `standing` that it does not count."""

    name: str
    whose: str
    bar: Bar | None
    limit: str
    since: str
    due: str
    done: str
    standing: bool
    unsure: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as a button. `why_not` is the reason beside a step that may not be taken."""

    id: str
    title: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """The steps of a page: one leads, a few stand beside it, the rest behind *more*, refused ones with their reasons.

    `others` are steps onward that wait for somebody else and are not the next ones.
    """

    primary: StepLine | None
    beside: tuple[StepLine, ...]
    more: tuple[StepLine, ...]
    refused: tuple[StepLine, ...]
    others: tuple[StepLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """A case beside this one."""

    no: str
    title: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class CasePage:
    """What the template of a case shows."""

    no: str
    case: int
    seq: int
    title: str
    task: str
    kind: str
    mark: Mark
    opened: str
    crumbs: tuple[tuple[str, str], ...]
    voice_count: int
    voices: tuple[VoiceLine, ...]
    clocks: tuple[ClockLine, ...]
    ended: tuple[ClockLine, ...]
    steps: StepRow
    owner: str
    owner_id: int | None
    owner_why: str
    helpers: tuple[str, ...]
    matter: str
    matter_code: str
    sureness: str
    terms: tuple[str, ...]
    edge: str
    map: MiniMap | None
    happened: tuple[Happening, ...]
    alike: tuple[Alike, ...]
    is_desk: bool
    compartment: str


def case_page(file: CaseFile, at: datetime, show: str = "all") -> CasePage:
    """The page of a case.

    Args:
        file: see `case_file`.
        at: aware UTC.
        show: of what happened: `all`, `public`, `internal`.
    """
    facts, procedure = file.facts, file.seen.procedure
    names = _names(file, at)
    redone = facts.counts.get("reworks", 0) + facts.counts.get("redos", 0) > 0
    code, matter = _matter(file)
    clocks = tuple(clock_lines(file, names, at))
    shown = sum(not clock.done for clock in clocks) + _ENDED_SHOWN
    return CasePage(
        no=facts.no,
        case=facts.id,
        seq=facts.seq,
        title=facts.title,
        task=facts.task_text,
        kind=_kind_title(file),
        mark=state_mark(procedure, facts.state, redone=redone),
        opened=when(facts.opened_at, at),
        crumbs=tuple(
            (code, place_name(code, names.places[code])) for code in _codes(facts.place) if code in names.places
        ),
        voice_count=file.voice_count,
        voices=file.voices,
        clocks=clocks[:shown],
        ended=clocks[shown:],
        steps=step_row(file),
        owner=names.bodies.get(facts.owner or 0, ""),
        owner_id=facts.owner,
        owner_why=_owner_why(file),
        helpers=_helpers(file, names),
        matter=matter,
        matter_code=code,
        sureness=_sureness(file),
        terms=_terms(facts.why.get("matter")),
        edge=_edge(facts.why.get("place")),
        map=minimap(facts, at),
        happened=tuple(happened(file, names.bodies, names.roles, at, show)),
        alike=tuple(_alike(one) for one in file.alike),
        is_desk=file.seen.is_desk,
        compartment=facts.compartment,
    )


def _names(file: CaseFile, at: datetime) -> Names:
    bodies = {one.organisation for one in file.bodies} | {m.organisation for m in file.moments if m.organisation}
    bodies |= {clock.organisation for clock in file.clocks if clock.organisation}
    if file.facts.owner:
        bodies.add(file.facts.owner)
    posts = {m.post for m in file.moments if m.post}
    return Names(
        place_names(_codes(file.facts.place), at),
        organisation_names(bodies, at) if bodies else {},
        post_roles(posts) if posts else {},
    )


def _codes(place: str) -> list[str]:
    return [place[:length] for length in _TIERS if len(place) >= length]


def _kind_title(file: CaseFile) -> str:
    title = file.seen.snapshot.procedure(file.facts.kind).get("title")
    return titled(title) if isinstance(title, Mapping) else file.facts.kind


# clocks


def clock_lines(file: CaseFile, names: Names, at: datetime) -> list[ClockLine]:
    """Running clocks first, the nearest limit first; then standing ones; then those that ended, the last first."""
    order = {"running": 0, "paused": 1, "stopped": 2}
    last = datetime.max.replace(tzinfo=at.tzinfo)
    clocks = sorted(file.clocks, key=lambda c: (order[c.state], c.due_at or last, -(c.id or 0)))
    return [_clock(clock, file, names, at) for clock in clocks]


def _clock(clock: ClockFact, file: CaseFile, names: Names, at: datetime) -> ClockLine:
    facts = file.facts
    started, due = clock.work.started_at, clock.due_at
    bar, done = None, ""
    if clock.state == "stopped" and clock.stopped_at:
        done = taken_words(started, clock.stopped_at, clock.outcome == "in_time")
    elif due is not None:
        bar = clock_bar(started, due, at, warned_at(facts.snapshot, facts.place, facts.opened_at, due))
    rules = rules_for(file.seen.snapshot, facts.place, facts.opened_at)
    return ClockLine(
        name=titled(file.seen.procedure.titles.get(f"clock.{clock.name}", {"zh": clock.name})),
        whose=names.bodies.get(clock.organisation or 0, ""),
        bar=bar,
        limit=limit_words(" + ".join(f"{one.amount} {one.unit}" for one in (clock.work.limit, *clock.work.extensions))),
        since=when(started, at),
        due=when_due(due, at) if due else "",
        done=done,
        standing=clock.state == "paused",
        unsure=clock.provisional or not rules.limit_bites(clock.rule, facts.matter),
        anchor=f"c{clock.id}",
    )


# steps


def step_row(file: CaseFile) -> StepRow:
    """Buttons in their order: what ends the most urgent clock leads, then what moves the case on, then the rest."""
    may = [one for one in file.steps if one.denied is None and _is_of_use(one, file)]
    last = datetime.max.replace(tzinfo=file.facts.opened_at.tzinfo)
    kept = sorted((one for one in file.steps if one.denied is not None and one.onward), key=lambda o: o.stops or last)
    refused = tuple(_refused(one, file) for one in kept)
    shown, others = refused[:_REFUSED_SHOWN], refused[_REFUSED_SHOWN:]
    if not may:
        return StepRow(None, (), (), shown, others)
    lead = [one for one in may if one.onward and one.stops is not None]
    onward = [one for one in may if one.onward]
    first = min(lead, key=lambda one: one.stops or last) if lead else (onward[0] if onward else None)
    rest = [one for one in [*onward, *(one for one in may if not one.onward)] if one is not first]
    near = rest[:_SHOWN_BESIDE]
    lines = [_line(one, file) for one in rest]
    beside, more = tuple(lines[: len(near)]), tuple(lines[len(near) :])
    return StepRow(_line(first, file) if first else None, beside, more, shown, others)


def _is_of_use(one: StepStanding, file: CaseFile) -> bool:
    """Whether there is anything for a step to act on: photos to show or to take back; a sealed case is open already here."""
    if one.spec.id == RELEASE:
        return any(voice.photos for voice in file.voices)
    return one.spec.id != LOOK_IN and (one.spec.id != TAKE_BACK or bool(file.released))


def _line(one: StepStanding, file: CaseFile) -> StepLine:
    return StepLine(one.spec.id, step_title(file, one.spec.id))


def step_title(file: CaseFile, step: str) -> str:
    """A step's title in the language of the page."""
    return titled(file.seen.procedure.titles[f"step.{step}"])


def _refused(one: StepStanding, file: CaseFile) -> StepLine:
    return StepLine(one.spec.id, step_title(file, one.spec.id), why_denied(one))


def why_denied(one: StepStanding) -> str:
    """Why a step may not be taken, in words; whose it is, where it is somebody else's."""
    assert isinstance(one.denied, Denied)
    why = _(one.denied.reason)
    if one.denied.code == NOT_YOURS.code:
        who = _(", ").join(dict.fromkeys(relation_words(relation) for relation in one.spec.who if relation != "system"))
        why = _("This is for: {who}.").format(who=who)
    return why


# owner, matter, place


def _owner_why(file: CaseFile) -> str:
    route = file.facts.why.get("route")
    if not isinstance(route, Mapping):
        return ""
    role = str(route.get("role", ""))
    roles = file.seen.snapshot.section("roles")
    title = roles.get(role, {}).get("title")
    words = titled(title) if isinstance(title, Mapping) else role
    if route.get("reason") == "row":
        return _("By rule {row}: {role}").format(row=route.get("row", ""), role=words)
    return _("No rule fitted; it goes to {role}").format(role=words)


def _helpers(file: CaseFile, names: Names) -> tuple[str, ...]:
    return tuple(
        names.bodies.get(one.organisation, "") for one in file.bodies if one.role == "co" and one.ended_at is None
    )


def _matter(file: CaseFile) -> tuple[str, str]:
    facts = file.facts
    if not facts.matter:
        return "", _("Still to be classed")
    found = rules_for(file.seen.snapshot, facts.place, facts.opened_at).matter(facts.matter)
    return facts.matter, titled({"zh": found.title_zh, "en": found.title_en}) if found else facts.matter


def _sureness(file: CaseFile) -> str:
    facts = file.facts
    if facts.matter_by != "machine" or facts.confidence is None:
        return ""
    return _("Suggested by the system, {percent} per cent sure").format(percent=round(facts.confidence / 10))


def _terms(why: object) -> tuple[str, ...]:
    found = why.get("catalogue_words") if isinstance(why, Mapping) else None
    return tuple(str(one) for one in found) if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _edge(why: object) -> str:
    if isinstance(why, Mapping) and why.get("on_edge"):
        return _("{n} m outside; counted to the nearest grid").format(n=why.get("distance_m", 0))
    return ""


def _alike(one: OtherCase) -> Alike:
    procedure = procedure_for(snapshot_by_hash(one.snapshot), one.kind)
    return Alike(one.no, one.title, state_mark(procedure, one.state))
