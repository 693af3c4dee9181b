"""What every write of this area does: ask the policy, move the stamp, write, and journal it. No write of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from linli.journal.domain import EntryDraft
from linli.journal.services import PersonalRef, append_many
from linli.kernel.actors import Actor, Denied, Holding, Verdict
from linli.organisations.errors import OrganisationError, OrganisationRefusedError, constraint_told
from linli.organisations.models import Dated

# the row lock makes changes of organisations follow one another; they are rare and small
_MOVE_STAMP = """
INSERT INTO organisations_stamp (id, number) VALUES (1, nextval('organisations_change'))
    ON CONFLICT (id) DO UPDATE SET number = nextval('organisations_change')
"""


@dataclass(slots=True)
class Change:
    """One change under way: what it logs is written with it or not at all.

    Attributes:
        actor: who changes, with the posts held now.
        at: the server's clock, aware UTC.
        holding: the post in which the change is made, where one was needed.
    """

    actor: Actor
    at: datetime
    holding: Holding | None = None
    _entries: list[EntryDraft] = field(default_factory=list)

    def allow(self, verdict: Verdict) -> None:
        """Go on if the policy says yes.

        Raises:
            OrganisationRefusedError: it says no; the message is its reason.
        """
        if isinstance(verdict, Denied):
            raise OrganisationRefusedError(verdict.reason, code=verdict.code)
        self.holding = verdict.holding or self.holding

    def log(
        self,
        subject: str,
        verb: str,
        data: Mapping[str, object],
        happened: datetime | None = None,
        *,
        part: PersonalRef | None = None,
    ) -> None:
        """Add an entry: ids, codes and roles only, never a person's name.

        Args:
            subject: what it happened to, e.g. `post:7`.
            verb: `area.entity.verb`.
            data: facts for the log.
            happened: when it holds from, aware UTC; the moment of the change else.
            part: words that belong to it, encrypted beside the log.
        """
        self._entries.append(
            EntryDraft(
                subject=subject,
                verb=verb,
                actor=self.actor.ref,
                at=happened or self.at,
                recorded_at=self.at,
                data=data,
                post=self.holding.post if self.holding else None,
                organisation=self.holding.organisation if self.holding else None,
                personal=part.id if part else None,
                commitment=part.commitment if part else None,
            )
        )

    def write_entries(self) -> None:
        """Append what was logged to the journal, in the change's transaction."""
        if self._entries:
            append_many(self._entries)
            self._entries.clear()

    def live(self) -> DateTimeTZRange:
        """The recorded time of a row written by this change: from now on."""
        return DateTimeTZRange(self.at, None)

    def close(self, row: Dated) -> None:
        """Close a live row: from this change on it is no longer held for true."""
        since = row.recorded.lower
        if since is not None and since > self.at:
            raise OrganisationError("The row was recorded after this change.", code="organisations.clock")
        row.recorded = DateTimeTZRange(since, self.at)
        row.save(update_fields=["recorded"])


@contextmanager
def change(actor: Actor, at: datetime) -> Iterator[Change]:
    """One transaction in which organisations change; entries are written at its end.

    Args:
        actor: who changes.
        at: the server's clock, aware UTC.

    Raises:
        OrganisationConflictError: a live row says otherwise.
    """
    with constraint_told(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_MOVE_STAMP)
        done = Change(actor, at)
        yield done
        done.write_entries()


def period(since: datetime, until: datetime | None) -> DateTimeTZRange:
    """`[since, until)`; None = open.

    Raises:
        OrganisationError: it is empty or has no time zone.
    """
    if since.tzinfo is None or (until is not None and until.tzinfo is None):
        raise OrganisationError("A time needs its zone.", code="organisations.zone")
    if until is not None and until <= since:
        raise OrganisationError("The end is not after the beginning.", code="organisations.period")
    return DateTimeTZRange(since, until)


def cut(whole: DateTimeTZRange, until: datetime) -> DateTimeTZRange | None:
    """What is left of a period that ends at `until`; None when nothing is left."""
    since = whole.lower
    if since is not None and until <= since:
        return None
    return DateTimeTZRange(since, until)


def instant(at: datetime | None) -> str | None:
    """An instant as it is written in an entry."""
    return at.isoformat() if at else None
