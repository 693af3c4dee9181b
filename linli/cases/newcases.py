"""One draft made into a new case: facts, clocks, bodies, voice, entries. Reads nothing but rules; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from pydantic import ValidationError

from linli.cases.bulk import Rows
from linli.cases.decide import Context, Plan, decide
from linli.cases.domain import NOTHING, Body, Bundle, CaseFacts, ClockFact, Effects, Notice, Send
from linli.cases.drafts import CaseDraft, Opened
from linli.cases.forms import fill, form_error
from linli.cases.numbers import new_number, new_token, token_hash
from linli.cases.procedures.procedure import ClockMoves, Procedure
from linli.cases.receivers import Closing, Day, receivers_for
from linli.cases.registry import KindCode, kind_code
from linli.cases.rules import CaseRules, procedure_for, rules_for
from linli.cases.words import IDENTITY, ORIGINAL, json_bytes, notice_rows
from linli.cases.work import Work, facts_logged, text_digest
from linli.journal.domain import Chained, EntryDraft, Head, PersonalDraft, SealedPart, chain_one
from linli.journal.outbox import OutboxDraft
from linli.journal.parts import seal_part
from linli.kernel.actors import SYSTEM, Actor, ActorRef

OPEN_STEP = "open"


class VoiceIds(NamedTuple):
    """Ids drawn for a voice: its row, the identity part, the words part."""

    voice: int
    identity: int
    words: int


class Ids(NamedTuple):
    """Ids drawn for a case."""

    case: int
    voice: VoiceIds | None


@dataclass(frozen=True, slots=True)
class Built:
    """A new case, ready to be written."""

    facts: CaseFacts
    clocks: tuple[ClockFact, ...]
    bodies: tuple[Body, ...]
    links: tuple[Chained, ...]
    parts: tuple[tuple[int, SealedPart], ...]
    outbox: tuple[OutboxDraft, ...]
    opened: Opened
    voice: VoiceIds | None

    def into(self, rows: Rows, draft: CaseDraft) -> None:
        """Put the case into the rows of a batch."""
        at = self.facts.opened_at
        rows.case(self.facts, draft.external_id)
        rows.clocks(self.facts.id, self.clocks)
        rows.bodies(self.facts.id, self.bodies)
        rows.log(self.links, self.parts)
        rows.tell(self.outbox, at)
        if self.voice is not None and draft.voice is not None:
            voice = self.voice
            rows.voice(
                (voice.voice, self.facts.id, self.facts.id, token_hash(self.opened.token), voice.identity, voice.words,
                 list(draft.voice.wishes), at)
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Opening:
    """What building one case needs beside its draft."""

    kind: KindCode
    procedure: Procedure
    rules: CaseRules
    actor: ActorRef
    day: Day
    recorded_at: datetime

    @property
    def at(self) -> datetime:
        """The server's clock."""
        return self.day.at


def build(
    draft: CaseDraft,
    actor: ActorRef,
    day: Day,
    ids: Ids,
    *,
    parent: int | None = None,
    recorded_at: datetime | None = None,
) -> Built:
    """The case of a draft, under the draft's rules.

    Args:
        draft: the report.
        actor: who hands it in.
        day: the server's clock, and what stands then; the same for all of a batch.
        ids: drawn beforehand, so that rows can point at each other.
        parent: the case it was split from.
        recorded_at: when it is written down, where that is later (what is told from elsewhere); None = at once.

    Raises:
        InputError: the draft's data does not fit its kind.
    """
    place, at = place_of(draft), day.at
    opening = _Opening(
        kind_code(draft.kind),
        procedure_for(draft.snapshot, draft.kind),
        rules_for(draft.snapshot, place, at),
        actor,
        day,
        recorded_at or at,
    )
    state = opening.procedure.opening(draft.flags).state
    facts = _facts(draft, place, state, ids.case, opening)
    facts = replace(facts, parent=parent)
    work = Work(_bundle(facts, (), ()), opening.procedure, opening.rules, at, received=draft.received_at)
    notices = _receivers(draft, place, work, opening)
    work.clocks_move(ClockMoves(opening.procedure.opening(draft.flags).start, (), (), (), ()), NOTHING, None)
    facts = work.case_after(state, NOTHING)
    parts, links = _log(draft, facts, work, ids, opening)
    built = Built(
        replace(facts, seq=links[-1].seq),
        work.changed_clocks(),
        work.changed_bodies(),
        links,
        parts,
        notice_rows(facts, notices),
        Opened(
            facts.id,
            facts.no,
            new_token() if ids.voice else "",
            links[-1].seq,
            state,
            due_at=_due(work.changed_clocks()),
        ),
        ids.voice,
    )
    return _sent_at_once(built, draft, opening)


def place_of(draft: CaseDraft) -> str:
    """The deepest code known of a draft's place."""
    found = draft.located
    if found is None:
        return draft.place
    deepest = found.micro or found.grid or found.community or found.street or found.district
    return max(deepest or "", draft.place, key=len)


def _facts(draft: CaseDraft, place: str, state: str, id_: int, opening: _Opening) -> CaseFacts:
    try:
        data = opening.kind.data.model_validate(dict(draft.data)).model_dump(mode="json", exclude_none=True)
    except ValidationError as wrong:
        raise form_error(wrong) from None
    why: dict[str, object] = dict(draft.why)
    if draft.route is not None:
        why["route"] = draft.route.trace()
    return CaseFacts(
        id=id_,
        no=new_number(),
        kind=draft.kind,
        state=state,
        title=draft.title,
        task_text=draft.task_text,
        matter=draft.matter,
        matter_by=draft.matter_by,
        confidence=draft.confidence,
        place=place,
        lon=draft.lon,
        lat=draft.lat,
        flags=tuple(draft.flags),
        compartment=draft.compartment,
        data=data,
        why=why,
        counts={},
        marks={"accused": sorted(draft.accused)} if draft.accused else {},
        candidates=draft.candidates if draft.compartment == "open" else (),
        snapshot=draft.snapshot.hash,
        owner=None,
        parent=None,
        joined_to=None,
        doers=(),
        back_to="",
        result="",
        channel=draft.channel,
        received_at=draft.received_at,
        happened_at=draft.happened_at,
        opened_at=opening.at,
        closed_at=None,
        next_due_at=None,
        limit_at=None,
        seq=0,
    )


def _bundle(facts: CaseFacts, clocks: tuple[ClockFact, ...], bodies: tuple[Body, ...]) -> Bundle:
    return Bundle(facts, clocks, bodies, 0, b"", Actor(SYSTEM))


def _receivers(draft: CaseDraft, place: str, work: Work, opening: _Opening) -> tuple[Notice, ...]:
    if draft.compartment == "open":
        return ()
    closing = Closing(
        draft.compartment, place, draft.accused, kept_away=opening.actor.account, duty=_duty(draft, opening)
    )
    named = receivers_for(closing, opening.rules, opening.day)
    sends = tuple(Send(one.organisation, "receiver", "machine", one.post, one.account) for one in named)
    work.bodies_move(Effects(send=sends), None)
    if named:
        return (Notice("sealed" if draft.compartment == "sealed" else "protected", "receivers"),)
    return (Notice("sealed_without_receiver", "administrator"),)


def _duty(draft: CaseDraft, opening: _Opening) -> str:
    matter = opening.rules.matter(draft.matter)
    return matter.duty if matter else ""


def _log(
    draft: CaseDraft, facts: CaseFacts, work: Work, ids: Ids, opening: _Opening
) -> tuple[tuple[tuple[int, SealedPart], ...], tuple[Chained, ...]]:
    subject = f"case:{facts.id}"
    data = {**work.entry_data(OPEN_STEP, "open", facts, {}, NOTHING), **_opened_data(draft, facts)}
    first = EntryDraft(subject, f"cases.{facts.kind}.{OPEN_STEP}", opening.actor, opening.at, opening.recorded_at, data)
    if draft.voice is None or ids.voice is None:
        return (), (chain_one(Head(), first),)
    words = seal_part(PersonalDraft(subject, ORIGINAL.key, json_bytes(draft.voice.words())), opening.recorded_at)
    identity = seal_part(PersonalDraft(subject, IDENTITY.key, json_bytes(draft.voice.identity())), opening.recorded_at)
    first = replace(first, personal=ids.voice.words, commitment=words.commitment)
    second = EntryDraft(
        subject, "cases.voice.heard", opening.actor, opening.at, opening.recorded_at, {"voice": ids.voice.voice},
        personal=ids.voice.identity, commitment=identity.commitment,
    )  # fmt: skip
    link = chain_one(Head(), first)
    return ((ids.voice.words, words), (ids.voice.identity, identity)), (link, chain_one(link.head, second))


def _opened_data(draft: CaseDraft, facts: CaseFacts) -> dict[str, object]:
    told = {
        "no": facts.no,
        "matter": facts.matter,
        "matter_by": facts.matter_by,
        "confidence": facts.confidence,
        "place": facts.place,
        "flags": facts.flags,
        "compartment": facts.compartment,
        "channel": facts.channel,
        "snapshot": facts.snapshot,
        "candidates": facts.candidates,
        "data": facts.data,
        "parent": facts.parent,
        "received_at": facts.received_at,
        "happened_at": facts.happened_at,
        "lon": facts.lon,
        "lat": facts.lat,
    }
    data: dict[str, object] = {"facts": facts_logged(told), "text": text_digest(facts.title, facts.task_text)}
    if facts.marks:
        data["marks"] = dict(facts.marks)
    if draft.route is not None:
        data["route"] = draft.route.trace()
    return data


def _due(clocks: tuple[ClockFact, ...]) -> datetime | None:
    return next((clock.due_at for clock in clocks if clock.whose == "reporter"), None)


def _sent_at_once(built: Built, draft: CaseDraft, opening: _Opening) -> Built:
    """The same case after the machine's own step, where the pack's white list lets it take one."""
    route = draft.route
    step = opening.procedure.steps.get(opening.procedure.auto or "")
    if not draft.auto or step is None or route is None or route.organisation is None or draft.compartment != "open":
        return built
    if built.facts.state not in step.leaves:
        return built
    last = built.links[-1]
    bundle = Bundle(
        built.facts,
        built.clocks,
        built.bodies,
        last.seq,
        last.hash,
        Actor(SYSTEM),
        parties={route.organisation: route.place},
    )
    filled = fill(opening.kind.form(step.form), {"organisation": route.organisation})
    plan = decide(bundle, opening.procedure, step, filled, Context(opening.kind, opening.rules, opening.at))
    link = chain_one(last.head, _auto_entry(plan, opening))
    return replace(
        built,
        facts=replace(plan.after, seq=link.seq),
        clocks=merged(built.clocks, plan.clocks),
        bodies=(*built.bodies, *plan.bodies),
        links=(*built.links, link),
        outbox=(*built.outbox, *notice_rows(plan.after, plan.notices)),
        opened=replace(built.opened, seq=link.seq, state=plan.after.state),
    )


def _auto_entry(plan: Plan, opening: _Opening) -> EntryDraft:
    data: Mapping[str, object] = {**plan.data, "auto": True}
    return EntryDraft(f"case:{plan.after.id}", plan.verb, SYSTEM, opening.at, opening.recorded_at, data)


def merged(before: tuple[ClockFact, ...], after: tuple[ClockFact, ...]) -> tuple[ClockFact, ...]:
    """Clocks after a step that changed some of them."""
    rows = {(c.name, c.organisation): c for c in (*before, *after)}
    return tuple(rows.values())
