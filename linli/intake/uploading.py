"""Tables that somebody hands in through a page: kept encrypted, checked, taken in by the same run as the command line's.

Is: what lies between a file and `imports.Intake`. Is not: a second way in, nor an archive: once it was taken in, only the
rows with mistakes stay, and after the pack's days nothing. Only the account that handed a table in can reach it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from procrastinate.contrib.django import app as queue

from linli.intake.checking import Found
from linli.intake.imports import Intake
from linli.intake.lines import Line as Answer
from linli.intake.models import Upload
from linli.intake.reports import Report, report_of
from linli.intake.spreadsheets import Line
from linli.intake.tables import Table, only_wrong, packed, unpacked
from linli.journal.domain import EntryDraft
from linli.journal.keyring import key_ring
from linli.journal.services import append_many
from linli.kernel.actors import Actor, ActorRef, Holding
from linli.kernel.errors import ConflictError, LinliError, NotFoundError
from linli.packs.selectors import installation_rules
from linli.rules.parameters import Integer, Parameter, PersonalField

AT_ONCE = Parameter("sheets.at_once", Integer)
UPLOAD = PersonalField("intake.upload")

Purpose = Literal["reports", "accounts"]
JOB = "intake.upload"
CHANNEL = "import"
"""The channel of `linli intake import`, so that a table that went in one way is known the other way."""
_SHOWN_FLAGS = frozenset({"to_locate", "to_class", "time_unsure", "cut", "cleaned", "danger"})
"""Flags that may be counted; whether a row speaks of somebody to be protected is counted nowhere."""


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload as its page shows it. `counts`: what became of the rows and which flags they got."""

    id: int
    purpose: Purpose
    state: str
    rows: int
    wrong: int
    done: int
    counts: Mapping[str, int]
    has_file: bool
    made_at: datetime

    @property
    def good(self) -> int:
        """Rows that can be taken in."""
        return self.rows - self.wrong


def upload_keep(table: Table, purpose: Purpose, actor: Actor, at: datetime) -> int:
    """Keep a table that was read, for its page.

    Args:
        table: as read and checked.
        purpose: what it is for.
        actor: who hands it in; the only one who can reach it.
        at: now.

    Returns:
        Its id.
    """
    assert actor.ref.account is not None
    with transaction.atomic():
        row = Upload.objects.create(
            account=actor.ref.account, purpose=purpose, state="checked",
            rows=len(table.lines), wrong=len(table.wrong), made_at=at,
        )  # fmt: skip
        _write(row, table)
        _log(row, "intake.upload.checked", {"rows": row.rows, "wrong": row.wrong, "purpose": purpose}, _by(actor), at)
    return row.pk


def access_upload(actor: Actor, upload: int, purpose: Purpose) -> UploadView:
    """An upload of one's own.

    Raises:
        NotFoundError: there is none, or it is somebody else's; one answer.
    """
    return _view(_own(actor, upload, purpose))


def upload_table(actor: Actor, upload: int, purpose: Purpose) -> Table:
    """The rows of an upload of one's own, as far as they are still kept.

    Raises:
        NotFoundError: none of one's own, or its rows are gone.
    """
    return _read(_own(actor, upload, purpose))


def upload_start(actor: Actor, upload: int, clock: Callable[[], datetime]) -> UploadView:
    """Take a table of reports in: at once where it is short, else by the queue.

    Args:
        actor: whose it is.
        upload: its id.
        clock: read once a batch.

    Raises:
        ConflictError: it was started already.
        NotFoundError: none of one's own.
    """
    at = clock()
    with transaction.atomic():
        row = _own(actor, upload, "reports")
        long = row.rows - row.wrong > installation_rules(at)[AT_ONCE]
        _claim(row.pk, "checked", "waiting" if long else "running")
        data = {"rows": row.rows - row.wrong, "by": "queue" if long else "page"}
        _log(row, "intake.upload.started", data, _by(actor), at)
        if long:
            queue.configure_task(JOB, queueing_lock=f"{JOB}-{row.pk}", lock=f"{JOB}-{row.pk}").defer(upload=row.pk)
    if not long:
        try:
            _take(row.pk, clock)
        except LinliError:
            # What went in is known; the same table can be started again.
            Upload.objects.filter(pk=row.pk, state="running").update(state="checked")
            raise
    return _view(_own(actor, upload, "reports"))


def upload_work(upload: int, clock: Callable[[], datetime]) -> int:
    """Take in an upload that waits, or that a worker left half done: rows that went in before are known. How many rows."""
    row = Upload.objects.filter(pk=upload, state__in=("waiting", "running")).first()
    if row is None or row.cipher is None:
        return 0
    Upload.objects.filter(pk=upload).update(state="running", done=0)
    return _take(upload, clock)


def upload_drop(actor: Actor, upload: int, purpose: Purpose, at: datetime) -> None:
    """Delete a table of one's own before its time; what was taken in stays.

    Raises:
        ConflictError: it is being taken in.
    """
    with transaction.atomic():
        row = _own(actor, upload, purpose)
        if row.state in ("waiting", "running"):
            raise ConflictError("The table is being taken in.", code="sheets.running")
        _log(row, "intake.upload.erased", {"rows": row.rows}, _by(actor), at)
        row.delete()


def drop_uploads(at: datetime) -> int:
    """Delete the tables whose days are over; how many. One that is still waiting goes too: it can be handed in again.

    Args:
        at: now, aware UTC.
    """
    amount = installation_rules(at).snapshot.personal(UPLOAD.key)["period"]
    assert isinstance(amount, Mapping)
    return Upload.objects.filter(made_at__lt=at - timedelta(days=int(amount["amount"]))).delete()[0]


def upload_done(actor: Actor, upload: int, left: Table | None, counts: Mapping[str, int], at: datetime) -> None:
    """A table that its page took in itself is done; only the rows that are left stay, to be downloaded.

    Args:
        actor: whose it is.
        upload: its id; it must be `running`.
        left: the rows with mistakes; None for none.
        counts: what became of the rows.
        at: now.
    """
    row = Upload.objects.get(pk=upload, account=actor.ref.account or 0, state="running")
    _finish(row, left, counts, at, _by(actor))


def upload_claim(actor: Actor, upload: int, purpose: Purpose) -> Table:
    """Begin to take in a table that its page takes in itself; nobody can begin it a second time.

    Raises:
        ConflictError: it was started already.
    """
    row = _own(actor, upload, purpose)
    _claim(row.pk, "checked", "running")
    return _read(row)


def _claim(upload: int, before: str, after: str) -> None:
    if not Upload.objects.filter(pk=upload, state=before).update(state=after):
        raise ConflictError("The table was taken in already.", code="sheets.started")


def _take(upload: int, clock: Callable[[], datetime]) -> int:
    row = Upload.objects.get(pk=upload)
    table = _read(row)
    run = Intake(CHANNEL, clock, ActorRef("person", row.account))
    counts: Counter[str] = Counter()
    wrong = dict(table.wrong)
    good = [line for line in table.lines if line.number not in table.wrong]
    place = 0
    for answers in run.take(_incoming(table, good)):
        for line, answer in zip(good[place:], answers, strict=False):
            _counted(counts, answer)
            if answer["status"] == "refused":
                wrong[line.number] = (Found("", "not_taken"),)
        place += len(answers)
        Upload.objects.filter(pk=upload).update(done=place)
    left = only_wrong(table, wrong)
    _finish(row, left, counts, clock(), _By(run.actor))
    return place


def _incoming(table: Table, lines: Iterable[Line]) -> Iterator[tuple[Report, str]]:
    for line in lines:
        yield report_of(line.number, table.values(line), line.problem), line.problem


def _counted(counts: Counter[str], answer: Answer) -> None:
    """A sealed row counts as taken in: how many there are is told to nobody."""
    status = str(answer["status"])
    counts["accepted" if status == "sealed" else status] += 1
    flags = answer.get("flags")
    counts.update(f"flag.{one}" for one in (flags if isinstance(flags, list) else ()) if one in _SHOWN_FLAGS)
    counts["alike"] += bool(answer.get("duplicate_of"))


def _finish(row: Upload, left: Table | None, counts: Mapping[str, int], at: datetime, by: _By) -> None:
    with transaction.atomic():
        row.state, row.finished_at, row.counts = "done", at, {name: n for name, n in counts.items() if n}
        row.wrong = len(left.lines) if left else 0
        row.done = row.rows - row.wrong
        row.save(update_fields=["state", "finished_at", "counts", "wrong", "done"])
        _write(row, left)
        told = {name: n for name, n in row.counts.items() if "." not in name}
        _log(row, "intake.upload.done", {**told, "wrong": row.wrong}, by, at)


def _own(actor: Actor, upload: int, purpose: Purpose) -> Upload:
    row = Upload.objects.filter(pk=upload, account=actor.ref.account or 0, purpose=purpose).first()
    if row is None:
        raise NotFoundError("There is no such table, or its day is over.", code="sheets.none")
    return row


def _view(row: Upload) -> UploadView:
    purpose: Purpose = "accounts" if row.purpose == "accounts" else "reports"
    return UploadView(
        row.pk, purpose, row.state, row.rows, row.wrong, row.done, row.counts, row.cipher is not None, row.made_at
    )


def _write(row: Upload, table: Table | None) -> None:
    if table is None:
        row.key_id, row.cipher = "", None
    else:
        row.key_id, row.cipher = key_ring().seal(packed(table), _bound(row.pk))
    row.save(update_fields=["key_id", "cipher"])


def _read(row: Upload) -> Table:
    if row.cipher is None:
        raise NotFoundError("The rows of this table are gone.", code="sheets.gone")
    return unpacked(key_ring().open(row.key_id, bytes(row.cipher), _bound(row.pk)))


def _bound(upload: int) -> bytes:
    return f"linli upload 1|{upload}".encode()


@dataclass(frozen=True, slots=True)
class _By:
    """Who did it, with the post held; a worker goes on for whoever handed the table in."""

    ref: ActorRef
    holding: Holding | None = None


def _by(actor: Actor) -> _By:
    return _By(actor.ref, next(iter(actor.holdings), None))


def _log(row: Upload, verb: str, data: Mapping[str, object], by: _By, at: datetime) -> None:
    """Counts alone: neither the file's name nor a word of it."""
    post, organisation = (by.holding.post, by.holding.organisation) if by.holding else (None, None)
    entry = EntryDraft(f"upload:{row.pk}", verb, by.ref, at, at, data, post, organisation)
    append_many([entry])
