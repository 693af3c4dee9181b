"""A case as the page of whoever works on it draws it: facts, all clocks, voices without their words, steps with reasons.

Is: one composition for every kind, read in a handful of queries. Is not: a decision; whether a step may be taken is asked
of `relations.standing`, the same that the engine asks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from linli.cases.byorder import WITHDRAWS, orders_held
from linli.cases.domain import CaseFacts, ClockFact, Other
from linli.cases.histories import history
from linli.cases.lookedin import need_look_in
from linli.cases.mechanisms.joining import join_refusal
from linli.cases.mechanisms.releasing import RELEASED
from linli.cases.procedures.procedure import ClockMoves, StepSpec
from linli.cases.reading import ALL_CLOCKS, READ_OTHER, clock_from, run
from linli.cases.relations import standing
from linli.cases.released import released_photos
from linli.cases.rules import rules_for
from linli.cases.seeing import Seen, numbered, see
from linli.cases.views import BodyView, Moment
from linli.kernel.actors import Actor, Denied

# Indexes: cases_voice_case, cases_evidence_voice, cases_assignment_case, cases_case_pkey.
_VOICES = (
    "SELECT v.id, v.since, v.wishes, v.identity IS NOT NULL, v.words IS NOT NULL, v.home_id <> v.case_id, h.no, h.channel,"
    " (SELECT count(*) FROM cases_evidence e WHERE e.voice = v.id AND e.side = 'reporter' AND e.erased_at IS NULL)"
    " FROM cases_voice v JOIN cases_case h ON h.id = v.home_id WHERE v.case_id = %(case)s ORDER BY v.since, v.id"
)
_BODIES = (
    "SELECT organisation, role, state, by, deemed, sent_at, signed_at, done_at, ended_at FROM cases_assignment"
    " WHERE case_id = %(case)s AND role <> 'receiver' ORDER BY id"
)
_OTHERS = (
    "SELECT id, no, title, kind, state, snapshot, compartment FROM cases_case"
    " WHERE id = ANY(%(cases)s::bigint[]) AND compartment = 'open' ORDER BY id DESC LIMIT 5"
)


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One voice, by number and wishes alone: neither who it is nor what it said.

    Attributes:
        has_identity, has_words: whether there is something that could be opened.
        joined: it came with another case, whose number is `home_no`.
        photos: how many it sent that could be opened.
    """

    id: int
    since: datetime
    wishes: tuple[str, ...]
    has_identity: bool
    has_words: bool
    joined: bool
    home_no: str
    channel: str
    photos: int


@dataclass(frozen=True, slots=True)
class OtherCase:
    """A case beside this one: alike, split off, or the one it was joined to."""

    id: int
    no: str
    title: str
    kind: str
    state: str
    snapshot: str


@dataclass(frozen=True, slots=True)
class StepStanding:
    """A step that leaves the case's state, and whether this person may take it.

    Attributes:
        denied: why not; None = they may.
        onward: it moves the case along, and is not one of those that may be taken anywhere.
        stops: the earliest limit among the running clocks that it would stop; None for none.
    """

    spec: StepSpec
    denied: Denied | None
    onward: bool
    stops: datetime | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that the page of a case shows. `voices` is empty for whoever is no desk; `voice_count` is not.

    `released`: reporters' photos that a desk lets be seen.
    """

    seen: Seen
    clocks: tuple[ClockFact, ...]
    bodies: tuple[BodyView, ...]
    voices: tuple[VoiceLine, ...]
    voice_count: int
    moments: tuple[Moment, ...]
    alike: tuple[OtherCase, ...]
    steps: tuple[StepStanding, ...]
    released: frozenset[int] = frozenset()

    @property
    def facts(self) -> CaseFacts:
        """The case's columns."""
        return self.seen.bundle.case


def case_file(actor: Actor, no: str, at: datetime) -> CaseFile:
    """A case for the page of whoever works on it.

    Args:
        actor: with the posts held at `at`.
        no: public number as typed or linked.
        at: aware UTC.

    Raises:
        NotFoundError: missing or forbidden, one answer.
        RefusedError: a sealed case that its receiver has not opened with a reason (`case.look_in_first`).
    """
    seen = see(actor, numbered(no))
    need_look_in(seen, at)
    facts = seen.bundle.case
    voices = tuple(_voice(row) for row in run(_VOICES, {"case": facts.id}).fetchall())
    return CaseFile(
        seen=seen,
        clocks=_clocks(facts.id),
        bodies=tuple(BodyView(*row) for row in run(_BODIES, {"case": facts.id}).fetchall()),
        voices=voices if seen.is_desk else (),
        voice_count=len(voices),
        moments=tuple(history(actor, facts.id, at)),
        alike=_others(facts) if seen.is_desk else (),
        released=frozenset(released_photos(facts.id)) if facts.marks.get(RELEASED) else frozenset(),
        steps=steps_from_here(seen),
    )


def why_not_joined(one: CaseFile, other: CaseFile, at: datetime) -> str:
    """Why a case may not be joined to another, as the engine would say now; "" where it may. One query."""
    row = run(READ_OTHER, {"case": one.facts.id, "no": other.facts.no}).fetchone()
    if row is None:
        return ""
    there = Other(*row)
    there = replace(there, ended=there.state in other.seen.procedure.ends)
    refusal = join_refusal(one.facts, there, rules_for(one.seen.snapshot, one.facts.place, at))
    return refusal[1] if refusal else ""


def steps_from_here(seen: Seen) -> tuple[StepStanding, ...]:
    """Every step of people that leaves the case's state, with why this person may not take it, where they may not."""
    state = seen.bundle.case.state
    return tuple(
        _standing(seen, spec)
        for spec in seen.procedure.steps.values()
        if state in spec.leaves and set(spec.who) - {"system", "reporter"} and _has_object(seen, spec)
    )


def _has_object(seen: Seen, spec: StepSpec) -> bool:
    """Whether there is anything that the step could be about: an order to take back, where it takes one back."""
    return spec.handler != WITHDRAWS or bool(orders_held(seen.bundle.case.marks))


def _standing(seen: Seen, spec: StepSpec) -> StepStanding:
    found = standing(seen.bundle, spec)
    onward = bool(spec.to or spec.reach) and not _anywhere(seen, spec)
    return StepStanding(spec, found if isinstance(found, Denied) else None, onward, _stops(seen, spec.clocks))


def _anywhere(seen: Seen, spec: StepSpec) -> bool:
    """Whether the step leaves every state that is not an end: withdrawing, sealing and the like."""
    return spec.leaves >= seen.procedure.states - seen.procedure.ends


def _stops(seen: Seen, moves: ClockMoves) -> datetime | None:
    names = {name.rstrip("*") for name in moves.stop}
    return min((c.due_at for c in seen.bundle.clocks if c.name in names and c.due_at is not None), default=None)


def _clocks(case: int) -> tuple[ClockFact, ...]:
    row = run(ALL_CLOCKS, {"case": case}).fetchone()
    return tuple(clock_from(one) for one in json.loads(row[0])) if row and row[0] else ()


def _voice(row: Sequence[Any]) -> VoiceLine:
    id_, since, wishes, identity, words, joined, home, channel, photos = row
    return VoiceLine(id_, since, tuple(wishes), identity, words, joined, home, channel, photos)


def _others(facts: CaseFacts) -> tuple[OtherCase, ...]:
    wanted = [one for one in (*facts.candidates, facts.joined_to, facts.parent) if one]
    if not wanted:
        return ()
    return tuple(OtherCase(*row[:6]) for row in run(_OTHERS, {"cases": wanted}).fetchall())
