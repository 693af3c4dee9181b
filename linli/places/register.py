"""How every write goes: one transaction, writers take turns, rows are opened and closed, the journal holds a digest.

The digest of a change covers each row it opened or closed, so that the register can be proved against the journal
(`selectors.register_proof`) without one entry a place. Names of persons and phone numbers are not in it.
Not here: what to open or close; the writers decide that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from linli.journal.domain import EntryDraft
from linli.journal.services import append_many
from linli.kernel.actors import Actor, Denied
from linli.kernel.errors import ConflictError, RefusedError
from linli.places.models import Change, GridNotice, LayerGrid, Lineage, Outline, Place, Register, Version
from linli.places.policies import may_change_ground

SUBJECT = "register:places"
_BATCH = 2000


@dataclass
class Writing:
    """One change under way.

    Attributes:
        verb: of the journal entry.
        actor, at: who, and the server's clock.
        facts: counts and hashes for the entry; never a person's name.
    """

    verb: str
    actor: Actor
    at: datetime
    subject: str = SUBJECT
    facts: dict[str, object] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)

    @cached_property
    def change(self) -> Change:
        """The row that everything opened and closed points to; made at the first write."""
        return Change.objects.create(verb=self.verb, at=self.at, digest="")

    @property
    def is_empty(self) -> bool:
        """Nothing was written yet."""
        return not self._lines

    def open(self, rows: Sequence[Version]) -> None:
        """Insert rows of one table; their periods must be open at the end."""
        if not rows:
            return
        for row in rows:
            row.opened_in = self.change
        type(rows[0])._default_manager.bulk_create(rows, batch_size=_BATCH)
        self._lines.extend(opened_line(row) for row in rows)

    def close(self, rows: Iterable[Version]) -> None:
        """End the period of rows of one table at this instant.

        Raises:
            ConflictError: a row was opened at this very instant or later.
        """
        held = list(rows)
        if not held:
            return
        if any(row.period.lower is not None and row.period.lower >= self.at for row in held):
            raise ConflictError(
                "The register was changed at this very instant, or later.",
                code="places.not_after",
                hint="Try again; the clock of the server must not run backwards.",
            )
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {held[0]._meta.db_table} SET closed_in_id = %s::bigint,"  # noqa: S608
                " period = tstzrange(lower(period), %s::timestamptz) WHERE id = ANY(%s::bigint[])",
                [self.change.pk, self.at, [row.pk for row in held]],
            )
        self._lines.extend(closed_line(row, self.at) for row in held)

    def descend(self, rows: Sequence[Lineage]) -> None:
        """Insert lineage."""
        for row in rows:
            row.change = self.change
        Lineage.objects.bulk_create(rows, batch_size=_BATCH)
        self._lines.extend(lineage_line(row) for row in rows)

    def finish(self) -> None:
        """Write digest, version and journal entry."""
        digest = digest_of(self._lines)
        Change.objects.filter(pk=self.change.pk).update(digest=digest)
        Register.objects.filter(pk=1).update(version=self.change.pk)
        data = {**self.facts, "change": self.change.pk, "digest": digest, "rows": len(self._lines)}
        append_many([EntryDraft(self.subject, self.verb, self.actor.ref, self.at, self.at, data)])


@contextmanager
def changing(verb: str, actor: Actor, at: datetime, *, place: str = "", subject: str = SUBJECT) -> Iterator[Writing]:
    """One change: allowed, locked, written, journalled, or not at all. Nothing written = nothing journalled.

    Args:
        verb: of the journal entry, `places.…`.
        actor: with the posts held now.
        at: the server's clock, aware UTC.
        place: prefix of the ground in question.
        subject: of the journal entry.

    Raises:
        RefusedError: the actor does not keep the register of that place.
    """
    verdict = may_change_ground(actor, place)
    if isinstance(verdict, Denied):
        raise RefusedError(verdict.reason, code=verdict.code)
    with transaction.atomic():
        Register.objects.bulk_create([Register(pk=1)], ignore_conflicts=True)
        Register.objects.select_for_update().get(pk=1)
        writing = Writing(verb, actor, at, subject)
        yield writing
        if not writing.is_empty:
            writing.finish()


def open_from(start: datetime | None) -> DateTimeTZRange:
    """A period without end; `None` = its beginning is not known."""
    return DateTimeTZRange(start, None, "[)")


def opened_line(row: Version) -> str:
    """What the digest holds of a row that was opened."""
    return f"open {_facts_of(row)} from {_instant(row.period.lower)}"


def closed_line(row: Version, at: datetime) -> str:
    """What the digest holds of a row that was closed."""
    return f"close {_facts_of(row)} at {_instant(at)}"


def lineage_line(row: Lineage) -> str:
    """What the digest holds of a line of descent."""
    return f"descend {row.before} {row.after} {row.reason} {row.share_ppm} {_instant(row.at)}"


def digest_of(lines: Iterable[str]) -> str:
    """One hash over lines in any order."""
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _facts_of(row: Version) -> str:
    if isinstance(row, Place):
        return f"place {row.code} {row.kind} {row.base or '-'} {row.name}"
    if isinstance(row, Outline):
        return f"outline {row.code} {row.origin} {sha256(bytes(row.wkb)).hexdigest()}"
    if isinstance(row, LayerGrid):
        return f"layer {row.layer_id} {row.code} {row.place}"
    assert isinstance(row, GridNotice)
    return f"notice {row.code}"


def _instant(at: datetime | None) -> str:
    return "-" if at is None else at.astimezone(UTC).isoformat()


def counted(facts: Mapping[str, int]) -> dict[str, object]:
    """Counts for a journal entry, those of nothing left out."""
    return {name: count for name, count in facts.items() if count}
