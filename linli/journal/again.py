"""Erasing again what was erased after a backup was made, once that backup has been restored.

Is: the carrying out of one line of the ledger of erasures, which lies outside the database. What was deleted is deleted,
whatever hold or period the old state still shows: it had ended when the part was deleted. Is not: the ledger's files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast, get_args

from django.db import transaction

from linli.journal.erasing import Outcome, PartOutcome, Reason, _carry_out, _decide, _Order, _read, micros
from linli.journal.seals import day_of
from linli.journal.services import lock_heads
from linli.kernel.actors import ActorRef
from linli.kernel.errors import InputError

Again = Literal["erased", "use_ended", "already", "unknown"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """A line of the ledger: which part of whom, when it was written (microseconds since 1970), what became of it."""

    subject: str
    part: int
    written: int
    outcome: Outcome
    reason: Reason


def erasure_of(line: Mapping[str, object]) -> Erasure:
    """Read a line.

    Raises:
        InputError: it is none.
    """
    try:
        found = Erasure(
            str(line["subject"]),
            int(cast("int", line["part"])),
            int(cast("int", line["written"])),
            cast("Outcome", line["outcome"]),
            cast("Reason", line["reason"]),
        )
    except (KeyError, TypeError, ValueError):
        found = None
    if found is None or found.outcome not in {"erased", "use_ended"} or found.reason not in get_args(Reason):
        raise InputError("A line of the ledger of erasures cannot be read.", code="journal.ledger")
    return found


def erase_again(erasure: Erasure, actor: ActorRef, at: datetime) -> Again:
    """Carry out a line of the ledger.

    Args:
        erasure: the line.
        actor: the system, as a rule.
        at: now, aware.

    Returns:
        `already` where the restored state knows it; `unknown` where the part was written after the backup.
    """
    with transaction.atomic():
        lock_heads([erasure.subject])
        values: dict[str, str | int | date | list[str]] = {
            "part": erasure.part,
            "subject": erasure.subject,
            "day": day_of(at),
        }
        where = "WHERE p.id = %(part)s AND p.subject = %(subject)s"
        parts = [part for part in _read(where, values) if micros(part.written_at) == erasure.written]
        if not parts:
            return "unknown"
        (part,) = parts
        order = _Order(actor, at, erasure.reason)
        outcome = _decide(part, order)
        if outcome.outcome == "already" or (part.restricted and erasure.outcome == "use_ended"):
            return "already"
        if erasure.outcome == "erased":
            outcome = PartOutcome(part.id, part.subject, part.purpose, "erased")
        _carry_out(parts, [outcome], order)
    return cast("Again", outcome.outcome)
