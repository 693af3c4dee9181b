"""What a private link shows of its matter: how far it is, who has it, until when and why, what happened, who opened the identity.

A joined reporter reads the public course of the case they were joined to beside their own. Nothing of another reporter,
no internal word, no person's name is in it; of other voices only their number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from linli.cases.decide import denial
from linli.cases.domain import Bundle, CaseFacts, ClockFact
from linli.cases.evidence import evidence_of
from linli.cases.procedures.procedure import Procedure
from linli.cases.reading import ALL_CLOCKS, clock_from, read_unlocked, run
from linli.cases.relations import NOT_SEEN, standing
from linli.cases.released import VoicePhoto, released_photos
from linli.cases.residents import Link
from linli.cases.rules import CaseRules, procedure_for, rules_for
from linli.journal.selectors import EntryRow, entries_of, open_parts
from linli.kernel.actors import Actor, Denied
from linli.kernel.stretches import Stretch
from linli.kernel.stretches import explain as stretches_of
from linli.packs.selectors import snapshot_by_hash

_COUNT = (
    "SELECT (SELECT count(*) FROM cases_voice v WHERE v.case_id = %(case)s),"
    " (SELECT a.signed_at FROM cases_assignment a WHERE a.case_id = %(case)s AND a.role = 'lead'"
    " ORDER BY a.ended_at DESC NULLS FIRST, a.id DESC LIMIT 1), (SELECT v.since FROM cases_voice v WHERE v.id = %(voice)s)"
)
_TOLD_STEPS = frozenset({"open", "add", "correct", "withdraw", "reopen", "remind", "unjoin"})
RELEASE = "release_photo"
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of what happened, for the reporter.

    Attributes:
        step: its id in the procedure; `open` for the receipt.
        state_title: what the matter was called from then on, by language; empty where nothing changed for the reporter.
        words: public words, field -> text; what is erased is not there.
        photos: ids, to be had through the case.
        case: through which the photos are to be had.
        mine: the reporter did it.
        organisation, sent_to: the body that acted, and the one it was sent to.
    """

    at: datetime
    step: str
    mine: bool
    by_machine: bool
    organisation: int | None
    sent_to: int | None
    state_title: Mapping[str, str]
    words: Mapping[str, str]
    photos: tuple[int, ...]
    case: int


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody opened the reporter's identity, words or photos: when, of which body, and the reason given."""

    at: datetime
    organisation: int | None
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """The reporter's clock.

    Attributes:
        due_at: None while it stands.
        used: share of the time used, in thousandths.
        limit: as `5 workday`, extensions added as `+ 3 workday`.
        source: law or standard behind the limit, "" where none is named.
        unsure: the rule is waiting for a named office to confirm it, or a day's calendar is not published.
        stretches: counted and uncounted time.
    """

    started_at: datetime
    due_at: datetime | None
    state: str
    used: int
    late: bool
    limit: str
    source: str
    unsure: bool
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Follow:
    """A matter as its reporter follows it.

    Attributes:
        stage: of the procedure: received, sent, in_hand, on_hold, check, done, over.
        steps: what this reporter may do now, by id; those of the own case while it is joined.
        rated: this voice has said whether it is solved.
    """

    no: str
    home: int
    kind: str
    matter: str | None
    title: str
    place: str
    compartment: str
    flags: tuple[str, ...]
    snapshot: str
    state: str
    stage: str
    state_title: Mapping[str, str]
    owner: int | None
    signed_at: datetime | None
    due: Due | None
    voices: int
    joined: bool
    happened: tuple[Happened, ...]
    openings: tuple[Opening, ...]
    steps: frozenset[str]
    rated: bool
    result: str
    opened_at: datetime
    closed_at: datetime | None
    since: datetime
    reminders: int


def follow(link: Link, at: datetime) -> Follow:
    """A matter as the holder of a private link sees it. At most ten queries.

    Args:
        link: see `link_of`.
        at: aware UTC.

    Raises:
        NotFoundError: the case is gone.
    """
    actor = Actor(link.actor)
    home = _read(link.home, actor)
    there = _read(link.case, actor) if link.is_joined else home
    facts = there.case
    procedure = procedure_for(snapshot_by_hash(facts.snapshot), facts.kind)
    logs = {case: entries_of(f"case:{case}") for case in {link.home, link.case}}
    words = _words([entry for entries in logs.values() for entry in entries])
    voices, signed, since = run(_COUNT, {"case": link.case, "voice": link.voice}).fetchone() or (0, None, at)
    course = _course(logs, link, (procedure, words))
    if any(one.step == RELEASE for one in course):
        course = _still_shown(course, released_photos(link.case))
    return Follow(
        no=home.case.no,
        home=link.home,
        kind=facts.kind,
        matter=facts.matter,
        title=home.case.title,
        place=home.case.place,
        compartment=home.case.compartment,
        flags=home.case.flags,
        snapshot=facts.snapshot,
        state=facts.state,
        stage=procedure.stages[facts.state],
        state_title=procedure.public[facts.state],
        owner=facts.owner,
        signed_at=signed,
        due=_due(home.case, at),
        voices=voices,
        joined=link.is_joined,
        happened=tuple(sorted(course, key=lambda one: one.at)),
        openings=tuple(_openings(logs[link.home], link.voice, words)),
        steps=_steps(home) | (_steps(there) & {"rate", "reopen"}),
        rated=link.voice in cast("list[object]", facts.marks.get("rated", [])),
        result=facts.result,
        opened_at=home.case.opened_at,
        closed_at=facts.closed_at,
        since=since,
        reminders=home.case.counts.get("reminders", 0),
    )


def _read(case: int, actor: Actor) -> Bundle:
    found = read_unlocked(case, actor)
    if found is None or not found.is_reporter:
        raise denial(NOT_SEEN)
    return found


def _steps(bundle: Bundle) -> frozenset[str]:
    procedure = procedure_for(snapshot_by_hash(bundle.case.snapshot), bundle.case.kind)
    return frozenset(
        step.id
        for step in procedure.steps.values()
        if "reporter" in step.who
        and bundle.case.state in step.leaves
        and not isinstance(standing(bundle, step), Denied)
    )


# what happened


def _step(entry: EntryRow) -> str:
    return entry.verb.rpartition(".")[2]


def _words(entries: Sequence[EntryRow]) -> Mapping[int, Mapping[str, Mapping[str, str]]]:
    """Readers -> field -> text of each part; the reporter's own first words are not read here."""
    wanted = [e.personal for e in entries if e.personal is not None and _step(e) not in ("open", "heard", "corrected")]
    parts = open_parts(wanted)
    return {part: json.loads(content) for part, content in parts.items() if content}


def _course(
    logs: Mapping[int, Sequence[EntryRow]],
    link: Link,
    told: tuple[Procedure, Mapping[int, Mapping[str, Mapping[str, str]]]],
) -> list[Happened]:
    procedure, words = told
    found: list[Happened] = []
    for case, entries in logs.items():
        title: Mapping[str, str] = {}
        for entry in entries:
            state = str(entry.data.get("to", ""))
            now = procedure.public.get(state, {})
            line = _line(entry, link, (case, now if now != title else {}, words.get(entry.personal or 0, {})))
            title = now or title
            if line is not None and (case == link.home or not line.mine):
                found.append(line)
    return found


def _line(
    entry: EntryRow, link: Link, seen: tuple[int, Mapping[str, str], Mapping[str, Mapping[str, str]]]
) -> Happened | None:
    case, title, said = seen
    step = _step(entry)
    if not entry.verb.startswith("cases.") or entry.verb.startswith("cases.voice.") or step == "open_part":
        return None
    from_reporter = entry.actor.kind == "reporter" or step == "open"
    if from_reporter and step != "open" and entry.actor.voice != link.voice:
        return None
    public = said.get("public", {})
    if step == RELEASE:
        return _released(entry, case)
    if not (public or title or (from_reporter and step in _TOLD_STEPS)):
        return None
    form = entry.data.get("form")
    photos = form.get("evidence", ()) if isinstance(form, Mapping) else ()
    return Happened(
        at=entry.at,
        step=step,
        mine=from_reporter,
        by_machine=entry.actor.kind == "system",
        organisation=entry.organisation,
        sent_to=_sent_to(entry),
        state_title=title,
        words={**public, **(said.get("desk", {}) if from_reporter else {})},
        photos=tuple(photos) if public or from_reporter else (),
        case=case,
    )


def _released(entry: EntryRow, case: int) -> Happened | None:
    """Photos that the desk lets those who follow the case see; whose they are is not told."""
    form = entry.data.get("form")
    if not isinstance(form, Mapping) or not form.get("public"):
        return None
    photos = tuple(form["photos"])
    return Happened(entry.at, RELEASE, False, False, entry.organisation, None, {}, {}, photos, case)


def _still_shown(course: Sequence[Happened], released: Mapping[int, VoicePhoto]) -> list[Happened]:
    """The course without photos that were taken back, erased, or left with their voice."""
    shown = {one.id for one in released.values() if one.public}
    cut = [
        replace(one, photos=tuple(p for p in one.photos if p in shown)) if one.step == RELEASE else one
        for one in course
    ]
    return [one for one in cut if one.photos or one.step != RELEASE]


def _sent_to(entry: EntryRow) -> int | None:
    bodies = entry.data.get("bodies")
    leads = (
        [b for b in bodies if b.get("role") == "lead" and b.get("state") == "sent"] if isinstance(bodies, list) else []
    )
    lead = [b["organisation"] for b in leads]
    return lead[-1] if lead else None


def _openings(
    entries: Sequence[EntryRow], voice: int, words: Mapping[int, Mapping[str, Mapping[str, str]]]
) -> list[Opening]:
    found = []
    for entry in entries:
        form = entry.data.get("form")
        if _step(entry) == "open_part" and isinstance(form, Mapping) and form.get("voice") == voice:
            reason = words.get(entry.personal or 0, {}).get("desk", {}).get("reason", "")
            found.append(Opening(entry.at, entry.organisation, str(form.get("what", "")), reason))
    return found


# until when


def _due(case: CaseFacts, at: datetime) -> Due | None:
    """The latest clock that is the reporter's, in the case they came with."""
    row = run(ALL_CLOCKS, {"case": case.id}).fetchone()
    clocks = [clock_from(one) for one in json.loads(row[0])] if row and row[0] else []
    own = [clock for clock in clocks if clock.whose == "reporter"]
    if not own:
        return None
    clock = own[-1]
    rules = rules_for(snapshot_by_hash(case.snapshot), case.place, case.opened_at)
    return Due(
        started_at=clock.work.started_at,
        due_at=clock.due_at,
        state=clock.state,
        used=_used(clock, rules, at),
        late=clock.due_at is not None and (clock.stopped_at or at) > clock.due_at,
        limit=" + ".join(f"{one.amount} {one.unit}" for one in (clock.work.limit, *clock.work.extensions)),
        source=_source(clock, rules),
        unsure=clock.provisional or not rules.limit_bites(clock.rule, case.matter),
        stretches=tuple(stretches_of(rules.counted_on(clock.calendar), clock.work)),
    )


def _used(clock: ClockFact, rules: CaseRules, at: datetime) -> int:
    """Share of the way from start to deadline, in thousandths of real time; the words beside it say the rest."""
    if clock.due_at is None:
        return 0
    whole = (clock.due_at - clock.work.started_at).total_seconds()
    gone = ((clock.stopped_at or at) - clock.work.started_at).total_seconds()
    return max(0, min(THOUSAND, int(THOUSAND * gone / whole))) if whole > 0 else THOUSAND


def _source(clock: ClockFact, rules: CaseRules) -> str:
    if not clock.rule or clock.rule.startswith("matter."):
        return ""
    explained = rules.explain(clock.rule)
    return "; ".join(f"{one.key} {one.locator}".strip() for one in explained.sources)


def photos_of(link: Link, at: datetime) -> dict[int, int]:
    """Photos that the holder of a link may see: those they sent and those that bodies showed them; id -> case."""
    shown = {one.id: one.case for one in evidence_of(link.home) if one.voice == link.voice and one.case}
    released = released_photos(link.case)
    for line in follow(link, at).happened:
        shown |= {one: released[one].case if line.step == RELEASE else line.case for one in line.photos}
    return shown
