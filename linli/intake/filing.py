"""A report that another system hands in, one at a time: the same way as every row of a hand-over, acted on once.

Is: reading, opening, and the receipt of the request, in one transaction. Is not: an API. Whoever hands in learns the number
and the reporter's link, the same for every report: nothing tells them that one was sealed or protected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.bulk import Table
from linli.cases.drafts import CaseDraft, Opened
from linli.cases.evidence import Holder
from linli.cases.opening import open_within
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.intake.drafting import draft_of
from linli.intake.duplicates import Marks, sketch_rows
from linli.intake.imports import Intake
from linli.intake.reports import Report
from linli.journal.errors import RequestReusedError
from linli.journal.keyring import key_ring
from linli.journal.receipts import Receipt, receipt_of, receipt_row, settle_receipt
from linli.journal.selectors import RECEIPT_COLUMNS
from linli.kernel.actors import ActorRef
from linli.kernel.errors import BusyError, ConflictError, InputError

STEP = "file"
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A report as it is handed in.

    Attributes:
        report: cleaned by `report_of`; its external id may be empty.
        wishes: `may_ring`, `confidential`, `no_call_back`.
        happened_at: aware; None where it was not said.
        photos: ids of photos that the actor's account kept.
        said: everything given, as bytes, to know the same request again; never kept.
    """

    channel: str
    report: Report
    said: bytes
    wishes: tuple[str, ...] = ()
    happened_at: datetime | None = None
    photos: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """What a report became.

    Attributes:
        link: the reporter's; shown once and kept nowhere, so "" when repeated.
        due_at: until when the reporter is to be answered.
    """

    no: str
    link: str
    due_at: datetime | None
    repeated: bool = False


class _Process:
    """What this process keeps between two reports: names, models and rules as they were read last."""

    intake: Intake | None = None


def report_file(handed: Handed, actor: ActorRef, *, request_id: UUID, at: datetime) -> Filed:
    """Take in one report.

    Args:
        handed: the report.
        actor: whose system hands it in.
        request_id: the same id with the same report opens once and answers alike.
        at: the server's clock.

    Raises:
        InputError: no words; a photo that is not there.
        ConflictError: the channel's number is known from another request; the request id was used for another report.
        RuleError: a routing rule cannot run.
        NoRulesError: no rules are published for the place.
        BusyError: another process holds the same number; call again.
    """
    if not handed.report.has_words:
        raise InputError("A report needs words.", code="report.no_words", data={"fields": {"text": "missing"}})
    fingerprint = key_ring().fingerprint(STEP.encode() + b"|" + handed.said)
    for _ in range(_TRIES - 1):
        try:
            return _filed(handed, actor, (request_id, fingerprint), at)
        except RequestReusedError:
            return _first(actor, request_id, fingerprint)
        except BusyError:
            continue
    return _filed(handed, actor, (request_id, fingerprint), at)


def _filed(handed: Handed, actor: ActorRef, asked: tuple[UUID, bytes], at: datetime) -> Filed:
    draft, marks = _drafted(handed, actor, at)

    def beside(made: Sequence[Opened]) -> list[Table]:
        return [
            *sketch_rows({made[0].case: marks} if marks is not None else {}, at),
            _receipt(made[0], actor, asked, at),
        ]

    with transaction.atomic():
        (opened,) = open_within([draft], actor, at=at, beside=beside)
        if opened.known:
            return _known(actor, asked)
        if handed.photos:
            _attach(opened, handed.photos, actor, asked[0], at)
    return Filed(opened.no, opened.token, opened.due_at)


def _receipt(opened: Opened, actor: ActorRef, asked: tuple[UUID, bytes], at: datetime) -> Table:
    result = {"no": opened.no, "due_at": opened.due_at.isoformat() if opened.due_at else None}
    row = receipt_row(actor, asked[0], Receipt(f"case:{opened.case}", STEP, asked[1], result), at)
    return "journal_receipt", RECEIPT_COLUMNS, [row]


def _drafted(handed: Handed, actor: ActorRef, at: datetime) -> tuple[CaseDraft, Marks | None]:
    kept = _Process.intake or Intake(handed.channel, lambda: at)
    intake = replace(kept, channel=handed.channel, actor=actor)
    single = intake.single(at)
    _Process.intake = intake
    case = single.understood(handed.report)
    near, marks = single.compared(case)
    draft = draft_of(case, near, single.accused_in(case))
    voice = replace(draft.voice, wishes=handed.wishes) if draft.voice else None
    number = handed.report.external_id or None
    return replace(draft, voice=voice, external_id=number, happened_at=handed.happened_at), marks


def _attach(opened: Opened, photos: Sequence[int], actor: ActorRef, request_id: UUID, at: datetime) -> None:
    """Photos are the reporter's: the log says so by a step of theirs."""
    said = Said("add", {}, photos, Holder(account=actor.account))
    take_as_reporter(opened.case, link_of(opened.token), said, request_id=request_id, at=at)


def _known(actor: ActorRef, asked: tuple[UUID, bytes]) -> Filed:
    """The channel's number is known: from this same request, or it is refused without a word about its case."""
    if receipt_of(actor, asked[0]) is None:
        raise ConflictError("This channel's number was taken in before.", code="report.known_number")
    return _first(actor, *asked)


def _first(actor: ActorRef, request_id: UUID, fingerprint: bytes) -> Filed:
    first = settle_receipt(receipt_of(actor, request_id), STEP, fingerprint)
    if first is None:
        raise BusyError("This request is being answered already.", code="report.busy", hint="Ask again.")
    due = first["due_at"]
    return Filed(str(first["no"]), "", datetime.fromisoformat(str(due)) if due else None, repeated=True)
