"""What every write of an entry does: lock it, ask the policy, close and open versions, settle, and journal it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from linli.journal.domain import EntryDraft as LogDraft
from linli.journal.services import append_many
from linli.kernel.actors import Actor, Denied, Holding, Verdict
from linli.kernel.pairs import matter_mark, text_pairs
from linli.knowledge.domain import EntryDraft
from linli.knowledge.errors import EntryConflictError, EntryMissingError, KnowledgeRefusedError
from linli.knowledge.models import Entry, Version
from linli.knowledge.rules import KnowledgeRules, knowledge_rules


@dataclass(slots=True)
class Change:
    """One change under way, with what it logs at its end.

    Attributes:
        actor: who changes, with the posts held now.
        at: the server's clock, aware UTC.
        rules: of that instant.
        holding: the post in which the change is made, where one was needed.
    """

    actor: Actor
    at: datetime
    rules: KnowledgeRules
    holding: Holding | None
    entries: list[LogDraft]

    @property
    def post(self) -> int | None:
        """Id of the post in which the change is made."""
        return self.holding.post if self.holding else None

    def allow(self, verdict: Verdict) -> None:
        """Go on if the policy says yes.

        Raises:
            KnowledgeRefusedError: it says no; the message is its reason.
        """
        if isinstance(verdict, Denied):
            raise KnowledgeRefusedError(verdict.reason, code=verdict.code)
        self.holding = verdict.holding or self.holding

    def log(self, subject: str, verb: str, data: Mapping[str, object], part: tuple[int, bytes] | None = None) -> None:
        """Add an entry of the journal: ids, codes and digests only.

        Args:
            subject: what it happened to, e.g. `knowledge:7`.
            verb: `knowledge.<entity>.<verb>`.
            data: facts.
            part: id and commitment of the personal part that belongs to it.
        """
        self.entries.append(
            LogDraft(
                subject, verb, self.actor.ref, self.at, self.at, data, self.post,
                self.holding.organisation if self.holding else None,
                personal=part[0] if part else None, commitment=part[1] if part else None,
            )
        )  # fmt: skip


@contextmanager
def changing(actor: Actor, at: datetime) -> Iterator[Change]:
    """One transaction in which entries change; the journal is written at its end.

    Raises:
        EntryConflictError: there is an entry to this question for this place already.
    """
    try:
        with transaction.atomic():
            done = Change(actor, at, knowledge_rules(at), None, [])
            yield done
            append_many(done.entries)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != "knowledge_entry_once":
            raise
        raise EntryConflictError(
            "There is an answer with this key for this place already.",
            code="knowledge.twice",
            hint="Open that one and change it.",
        ) from error


def lock_entry(entry: int) -> Entry:
    """The entry's row, locked until the transaction ends.

    Raises:
        EntryMissingError: there is none.
    """
    row = Entry.objects.select_for_update(of=("self",)).filter(pk=entry).first()
    if row is None:
        raise EntryMissingError("There is no such answer.", data={"entry": entry})
    return row


def live_versions(entry: int, since: datetime) -> list[Version]:
    """Versions held for true that hold at or after an instant, in their order."""
    rows = Version.objects.filter(entry_id=entry, recorded__upper_inf=True, valid__overlap=DateTimeTZRange(since, None))
    return list(rows.order_by("valid"))


def shorten(rows: Sequence[Version], until: datetime, at: datetime) -> None:
    """Close versions, and open what is left of each before `until`: the same content under the same number."""
    for row in rows:
        since = row.recorded.lower
        if since is not None and since > at:
            raise EntryConflictError("The version was recorded after this change.", code="knowledge.clock")
        row.recorded = DateTimeTZRange(since, at)
        row.save(update_fields=["recorded"])
        start = row.valid.lower
        if start is not None and start < until:
            row.pk, row.valid, row.recorded = None, DateTimeTZRange(start, until), DateTimeTZRange(at, None)
            row._state.adding = True
            row.save()


def write_version(done: Change, entry: Entry, draft: EntryDraft, since: datetime) -> None:
    """Open a version from `since` on, under the entry's number."""
    asked = text_pairs(" ".join(draft.questions))
    asked += [matter_mark(draft.matter)] if draft.matter else []
    said = text_pairs(f"{draft.answer} {draft.source}")
    Version.objects.create(
        entry=entry,
        number=entry.versions,
        questions=list(draft.questions),
        answer=draft.answer,
        owner=draft.owner,
        source=draft.source,
        matter=draft.matter,
        made_post=done.post,
        asked=asked,
        pairs=list(dict.fromkeys([*asked, *said])),
        valid=DateTimeTZRange(since, draft.until),
        recorded=DateTimeTZRange(done.at, None),
    )


def facts_of(entry: Entry, draft: EntryDraft, since: datetime) -> dict[str, object]:
    """What the journal says of a version: codes, dates and a digest that binds the texts."""
    texts = json.dumps([list(draft.questions), draft.answer, draft.source], ensure_ascii=False)
    return {
        "number": entry.versions,
        "key": entry.key,
        "place": entry.place,
        "owner": draft.owner,
        "matter": draft.matter,
        "since": since.isoformat(),
        "until": draft.until.isoformat() if draft.until else None,
        "digest": hashlib.sha256(texts.encode()).hexdigest(),
    }


def next_id(table: str) -> int:
    """An id for a row of one of this area's tables, taken before the row is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])
