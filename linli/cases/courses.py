"""New cases with what happened to them: a draft and the steps that followed, told together, each at its own time.

Is: the rows of `newcases` carried on by `decide`, in Python, then written by the batch. Is not: a way to change a case that
stands; `engine.take_step` is that. What follows from a step for others (notices) is left out: it was told long ago.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from linli.cases.bulk import Drawn, Rows, copy_rows, draw_ids
from linli.cases.decide import Context, Plan, decide
from linli.cases.domain import Body, Bundle
from linli.cases.drafts import CaseDraft
from linli.cases.entries import entry_of
from linli.cases.forms import fill
from linli.cases.newcases import Built, Ids, build, merged
from linli.cases.receivers import Day
from linli.cases.registry import kind_code
from linli.cases.rules import procedure_for, rules_for
from linli.cases.words import WORDS, json_bytes, new_ends
from linli.journal.domain import PersonalDraft, SealedPart, chain_one
from linli.journal.parts import seal_part
from linli.kernel.actors import Actor, ActorRef


@dataclass(frozen=True, slots=True)
class Later:
    """A step that followed.

    Attributes:
        step: id in the procedure.
        actor: with the posts held then.
        at: aware UTC.
        form: its fields.
        parties: bodies that the form names, with the place of each.
    """

    step: str
    actor: Actor
    at: datetime
    form: Mapping[str, object] = field(default_factory=dict)
    parties: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """A case and all that happened to it.

    Attributes:
        opened_at: aware UTC.
        recorded_from: what happened before is written down at this instant; it lies on a day whose seal does not stand.
    """

    draft: CaseDraft
    actor: ActorRef
    opened_at: datetime
    recorded_from: datetime
    later: tuple[Later, ...] = ()


class Written(NamedTuple):
    """What a batch became."""

    cases: int
    entries: int


def open_courses(courses: Sequence[Course]) -> Written:
    """Open many cases together with what happened to them, in one transaction, one COPY a table.

    Args:
        courses: of the open compartment; their channels' numbers must be new.

    Raises:
        IntegrityError: a number of a channel is known.
        InputError, RefusedError, ConflictError: a step could not have been taken so.
    """
    with transaction.atomic():
        drawn = _draw(courses)
        rows = Rows()
        for course in courses:
            _built(course, drawn).into(rows, course.draft)
        copy_rows(rows)
    return Written(len(courses), len(rows.entries))


def _draw(courses: Sequence[Course]) -> Drawn:
    voices = sum(course.draft.voice is not None for course in courses)
    return draw_ids(len(courses), voices, sum(len(course.later) for course in courses))


def _built(course: Course, drawn: Drawn) -> Built:
    voice = drawn.take_voice() if course.draft.voice is not None else None
    parts = [drawn.parts.pop() for _ in course.later]
    return built_with(course, Ids(drawn.take_case(), voice), parts)


def built_with(course: Course, ids: Ids, parts: Sequence[int]) -> Built:
    """The case after all its steps.

    Args:
        course: the case and what happened to it.
        ids: drawn for it.
        parts: ids of personal parts, one a step; used where something was said.
    """
    at = course.opened_at
    built = build(course.draft, course.actor, Day(at), ids, recorded_at=max(at, course.recorded_from))
    for later, part in zip(course.later, parts, strict=True):
        built = _followed(built, later, course, part)
    return built


def _followed(built: Built, later: Later, course: Course, part_id: int) -> Built:
    """The case after one more step, decided as `take_step` decides it."""
    facts, last = built.facts, built.links[-1]
    snapshot = course.draft.snapshot
    kind, procedure = kind_code(facts.kind), procedure_for(snapshot, facts.kind)
    spec, rules = procedure.steps[later.step], rules_for(snapshot, facts.place, later.at)
    clocks = tuple(clock for clock in built.clocks if clock.state != "stopped")
    bodies = tuple(body for body in built.bodies if body.ended_at is None)
    bundle = Bundle(facts, clocks, bodies, last.seq, last.hash, later.actor, parties=later.parties)
    plan = decide(bundle, procedure, spec, fill(kind.form(spec.form), later.form), Context(kind, rules, later.at))
    recorded = max(later.at, course.recorded_from)
    words = _words(plan, recorded)
    entry = entry_of(
        plan, later.actor.ref, later.at, recorded_at=recorded, commitment=words.commitment if words else None
    )
    link = chain_one(last.head, replace(entry, personal=part_id) if words else entry)
    parts = (*built.parts, (part_id, words)) if words else built.parts
    return replace(
        built,
        facts=replace(plan.after, seq=link.seq),
        clocks=merged(built.clocks, plan.clocks),
        bodies=_moved(built.bodies, plan.bodies),
        links=(*built.links, link),
        parts=_ending(parts, plan),
        opened=replace(built.opened, seq=link.seq, state=plan.after.state),
    )


def _words(plan: Plan, at: datetime) -> SealedPart | None:
    if not plan.words:
        return None
    return seal_part(PersonalDraft(f"case:{plan.after.id}", WORDS.key, json_bytes(plan.words)), at)


def _ending(parts: tuple[tuple[int, SealedPart], ...], plan: Plan) -> tuple[tuple[int, SealedPart], ...]:
    """The personal parts with the last day that closing (or opening again) gives them."""
    ends = new_ends(plan)
    if ends is None:
        return parts
    return tuple(
        (id_, replace(part, draft=replace(part.draft, erase_after=ends.get(part.draft.purpose)))) for id_, part in parts
    )


def _moved(before: tuple[Body, ...], after: tuple[Body, ...]) -> tuple[Body, ...]:
    """A body's part, once moved, takes the place of what it was: no row of these stands yet."""
    kept = {(body.organisation, body.role, body.sent_at): body for body in (*before, *after)}
    return tuple(kept.values())
