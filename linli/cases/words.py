"""What a step says to people: words into the encrypted part of the entry, notices into the outbox as ids and codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import cast

from linli.cases.decide import Plan
from linli.cases.domain import CaseFacts, Notice
from linli.cases.reading import Asked
from linli.cases.rules import local_date
from linli.journal.domain import PersonalDraft, SealedPart
from linli.journal.outbox import OutboxDraft
from linli.journal.parts import seal_part
from linli.packs.selectors import snapshot_by_hash
from linli.rules.parameters import PersonalField
from linli.rules.snapshot import Snapshot

IDENTITY = PersonalField("voice.identity")
ORIGINAL = PersonalField("voice.original")
WORDS = PersonalField("case.words")

NOTICE = "cases.notice"


def seal_words(plan: Plan, asked: Asked) -> SealedPart | None:
    """The entry's personal part: what was said at this step, by who may read it; None when nothing was."""
    if not plan.words:
        return None
    closed = plan.after.closed_at
    last = erase_after(snapshot_by_hash(plan.after.snapshot), WORDS, closed) if closed is not None else None
    return seal_part(PersonalDraft(asked.subject, WORDS.key, json_bytes(plan.words), last), asked.at)


def new_ends(plan: Plan) -> Mapping[str, date | None] | None:
    """Purpose -> last day of the case's personal parts, where the step closes the case or opens it again; else None."""
    before, closed = plan.before.closed_at, plan.after.closed_at
    if before == closed:
        return None
    snapshot = snapshot_by_hash(plan.after.snapshot)
    fields = (IDENTITY, ORIGINAL, WORDS)
    return {field.key: erase_after(snapshot, field, closed) if closed is not None else None for field in fields}


def json_bytes(content: Mapping[str, object]) -> bytes:
    """The bytes of a personal part."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def erase_after(snapshot: Snapshot, field: PersonalField, closed_at: datetime) -> date:
    """Last day on which a personal field is kept, counted from the closing of its case (China Standard Time)."""
    period = cast("Mapping[str, int]", snapshot.personal(field.key)["period"])
    return local_date(closed_at) + timedelta(days=period["amount"])


def notice_rows(case: CaseFacts, notices: Iterable[Notice]) -> tuple[OutboxDraft, ...]:
    """The outbox rows of some notices. Of a case that is not open nothing leaves but its id."""
    closed = case.compartment != "open"
    return tuple(
        OutboxDraft(
            NOTICE,
            {
                "case": case.id,
                "to": one.to,
                "what": "case" if closed else one.kind,
                **({"organisation": one.organisation} if one.organisation is not None and not closed else {}),
            },
        )
        for one in notices
    )
