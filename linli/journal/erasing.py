"""Erasing personal parts: on request, and on the day their period ends. The chain of entries stays whole.

A wish to erase ends all use at once. The part is deleted then too, unless a statutory minimum still runs (then on the
day after it) or a hold stands (a review, a court case, a petition: after its release). Each erasing is an entry.

What somebody's wish erased is also told to the outbox, so that a ledger outside the database knows it: a restored backup
must not bring it back. What a period ended is not: the daily job ends it again.

Source: Personal Information Protection Law, articles 19 and 47 (where a statutory period still runs, everything but
keeping the part stops).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from django.db import connection, transaction

from linli.journal.domain import EntryDraft
from linli.journal.outbox import OutboxDraft, add_outbox
from linli.journal.seals import day_of
from linli.journal.services import append_many, lock_heads
from linli.kernel.actors import ActorRef
from linli.kernel.errors import NotFoundError

Reason = Literal["request", "consent_withdrawn", "purpose_ended", "unlawful", "period_ended"]
Outcome = Literal["erased", "use_ended", "held", "kept", "already"]
ERASURE = "journal.erasure"
"""Kind of the outbox rows that tell the ledger; `again` reads them back."""
SUBJECTS_A_TIME = 200
NAMED_IN_REPORT = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What became of one part.

    Attributes:
        outcome: `erased`; `use_ended` (nobody may open it, deleted after `until`); `held` or `kept` (due, but a hold
            or a statutory minimum stands; its use goes on as before); `already`.
        until: last day it is kept, where known.
        why: the hold's ground or the name of the statutory rule.
    """

    part: int
    subject: str
    purpose: str
    outcome: Outcome
    until: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    id: int
    subject: str
    purpose: str
    erased: bool
    restricted: bool
    keep_until: date | None
    keep_rule: str
    ground: str
    hold_until: date | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class _Order:
    """Who erases, when and why."""

    actor: ActorRef
    at: datetime
    reason: Reason


_PARTS = """
SELECT p.id, p.subject, p.purpose, p.erased_at IS NOT NULL, p.restricted_at IS NOT NULL, p.keep_until, p.keep_rule,
       coalesce(h.ground, ''), h.until, p.written_at
  FROM journal_personal p
  LEFT JOIN LATERAL (
        SELECT ground, until FROM journal_hold
         WHERE subject = p.subject AND released_at IS NULL AND (until IS NULL OR until >= %(day)s)
         ORDER BY until DESC NULLS FIRST LIMIT 1) h ON true
"""


def erase_subject(subject: str, actor: ActorRef, at: datetime, reason: Reason = "request") -> list[PartOutcome]:
    """Erase every personal part of a subject.

    Args:
        subject: `kind:id`, e.g. `case:12`.
        actor: who orders it.
        at: now, aware.
        reason: why, as one of the law's grounds.

    Returns:
        What became of each part.

    Raises:
        NotFoundError: the subject has no personal parts.
    """
    with transaction.atomic():
        lock_heads([subject])
        parts = _read("WHERE p.subject = %(subject)s", {"subject": subject, "day": day_of(at)})
        if not parts:
            raise NotFoundError("This subject has no personal parts.", code="journal.no_parts")
        return _erase(parts, _Order(actor, at, reason))


def erase_part(part: int, actor: ActorRef, at: datetime, reason: Reason = "request") -> PartOutcome:
    """Erase one personal part; see `erase_subject`.

    Raises:
        NotFoundError: there is no such part.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT subject FROM journal_personal WHERE id = %s", [part])
            row = cursor.fetchone()
        if row is None:
            raise NotFoundError("There is no such personal part.", code="journal.no_parts")
        lock_heads([row[0]])
        parts = _read("WHERE p.id = %(part)s", {"part": part, "day": day_of(at)})
        return _erase(parts, _Order(actor, at, reason))[0]


def erase_due(at: datetime, actor: ActorRef, progress: Callable[[int], None] = lambda _done: None) -> list[PartOutcome]:
    """Erase what is due: parts whose last day lies before today. Some subjects a transaction; interrupted, it goes on.

    Args:
        at: now, aware; the day is that of China.
        actor: the system, as a rule.
        progress: called with the number of parts looked at so far.

    Returns:
        What became of every part that was due; `held` and `kept` ones come again tomorrow.
    """
    outcomes: list[PartOutcome] = []
    for subjects in _due_subjects(day_of(at)):
        outcomes += _erase_due_of(subjects, at, actor)
        progress(len(outcomes))
    if outcomes:
        append_many([_report(outcomes, at, actor)])
    return outcomes


def _due_subjects(day: date) -> Iterator[list[str]]:
    last = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT subject FROM journal_personal WHERE erased_at IS NULL AND erase_after < %s"
                " AND subject > %s ORDER BY subject LIMIT %s",
                [day, last, SUBJECTS_A_TIME],
            )
            subjects = [row[0] for row in cursor.fetchall()]
        if not subjects:
            return
        yield subjects
        last = subjects[-1]


def _erase_due_of(subjects: list[str], at: datetime, actor: ActorRef) -> list[PartOutcome]:
    with transaction.atomic():
        lock_heads(subjects)
        where = "WHERE p.subject = ANY(%(subjects)s) AND p.erased_at IS NULL AND p.erase_after < %(day)s"
        parts = _read(where, {"subjects": subjects, "day": day_of(at)})
        return _erase(parts, _Order(actor, at, "period_ended"))


def _read(where: str, values: dict[str, str | int | date | list[str]]) -> list[_Part]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_PARTS} {where} ORDER BY p.id FOR UPDATE OF p", values)
        return [_Part(*row) for row in cursor.fetchall()]


def _erase(parts: Sequence[_Part], order: _Order) -> list[PartOutcome]:
    """Decide and carry out, under the locks of heads and parts."""
    outcomes = [_decide(part, order) for part in parts]
    _carry_out(parts, outcomes, order)
    return outcomes


def _carry_out(parts: Sequence[_Part], outcomes: Sequence[PartOutcome], order: _Order) -> None:
    erased = [o for o in outcomes if o.outcome == "erased"]
    known = {part.id for part in parts if part.restricted}
    ended = [o for o in outcomes if o.outcome == "use_ended" and o.part not in known]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_personal SET cipher = NULL, key_id = '', erased_at = %s, erased_why = %s"
            " WHERE id = ANY(%s::bigint[])",
            [order.at, order.reason, [o.part for o in erased]],
        )
        # From now on nobody opens it; the day after its last one, the daily job deletes it.
        cursor.execute(
            "UPDATE journal_personal SET restricted_at = %s, erase_after = coalesce(keep_until, %s)"
            " WHERE id = ANY(%s::bigint[])",
            [order.at, day_of(order.at), [o.part for o in ended]],
        )
    drafts = _entries("journal.personal.erased", erased, order)
    drafts += _entries("journal.personal.use_ended", ended, order)
    append_many(drafts)
    if order.reason != "period_ended":
        written = {part.id: part.written_at for part in parts}
        add_outbox([_told(outcome, written[outcome.part], order) for outcome in (*erased, *ended)], order.at)


def _told(outcome: PartOutcome, written_at: datetime, order: _Order) -> OutboxDraft:
    """What the ledger is told. The instant of writing tells a part from another that gets its id after a restore."""
    payload = {
        "subject": outcome.subject,
        "part": outcome.part,
        "written": micros(written_at),
        "outcome": outcome.outcome,
        "reason": order.reason,
    }
    return OutboxDraft(ERASURE, payload)


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _decide(part: _Part, order: _Order) -> PartOutcome:
    if part.erased:
        return PartOutcome(part.id, part.subject, part.purpose, "already")
    day = day_of(order.at)
    due_job = order.reason == "period_ended"
    if part.ground:
        outcome: Outcome = "held" if due_job and not part.restricted else "use_ended"
        return PartOutcome(part.id, part.subject, part.purpose, outcome, part.hold_until, part.ground)
    if part.keep_until is not None and part.keep_until >= day:
        outcome = "kept" if due_job and not part.restricted else "use_ended"
        return PartOutcome(part.id, part.subject, part.purpose, outcome, part.keep_until, part.keep_rule)
    return PartOutcome(part.id, part.subject, part.purpose, "erased")


def _entries(verb: str, outcomes: Sequence[PartOutcome], order: _Order) -> list[EntryDraft]:
    by_subject: dict[str, list[PartOutcome]] = {}
    for outcome in outcomes:
        by_subject.setdefault(outcome.subject, []).append(outcome)
    return [
        EntryDraft(
            subject, verb, order.actor, order.at, order.at,
            {
                "parts": [o.part for o in group],
                "purposes": sorted({o.purpose for o in group}),
                "reason": order.reason,
                "rules": sorted({o.why for o in group if o.why}),
            },
        )
        for subject, group in by_subject.items()
    ]  # fmt: skip


def _report(outcomes: Sequence[PartOutcome], at: datetime, actor: ActorRef) -> EntryDraft:
    left = [o for o in outcomes if o.outcome != "erased"]
    data = {
        "due": len(outcomes),
        "erased": len(outcomes) - len(left),
        "left": len(left),
        "why": [{"part": o.part, "outcome": o.outcome, "why": o.why} for o in left[:NAMED_IN_REPORT]],
    }
    return EntryDraft("journal:erasing", "journal.erasing.reported", actor, at, at, data)
