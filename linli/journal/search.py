"""Looking into the log: entries by subject, verb, who and when, the latest first. Which of them somebody may see is not here.

Without a subject a search is over a few days at most: the index of a partition goes by time.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from linli.journal.domain import SUBJECT
from linli.journal.selectors import EntryRow
from linli.kernel.actors import ActorRef
from linli.kernel.errors import InputError

LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes:
        kinds: kinds of subjects that may be found, e.g. `post`; a subject of another kind finds nothing.
        since, until: of the recording, aware UTC; `[since, until)`.
        subject: one chain, `kind:id`; "" = any.
        verb: a verb, or its beginning; "" = any.
        account: who did it; None = anybody.
    """

    kinds: Collection[str]
    since: datetime
    until: datetime
    subject: str = ""
    verb: str = ""
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that was found, and its id, by which the next page goes on."""

    id: int
    entry: EntryRow


_FOUND = """
SELECT id, subject, seq, verb, actor_kind, actor_account, actor_voice, post, organisation, at, recorded_at, data, version,
       personal, hash
  FROM journal_entry
 WHERE recorded_at >= %(since)s AND recorded_at < %(until)s AND split_part(subject, ':', 1) = ANY(%(kinds)s::text[])
   AND (%(subject)s = '' OR subject = %(subject)s) AND (%(verb)s = '' OR starts_with(verb, %(verb)s))
   AND (%(account)s::bigint IS NULL OR actor_account = %(account)s)
   AND (%(at)s::timestamptz IS NULL OR (recorded_at, id) < (%(at)s, %(id)s))
 ORDER BY recorded_at DESC, id DESC LIMIT %(limit)s
"""


def entries_found(search: Search, *, before: tuple[datetime, int] | None = None, limit: int = 100) -> list[Found]:
    """Entries, the latest first.

    Args:
        search: what is looked for.
        before: recording and id of the last row of the page before.
        limit: at most so many.

    Raises:
        InputError: the subject is malformed, or the days are too many without one.
    """
    if search.subject and not SUBJECT.fullmatch(search.subject):
        raise InputError("A subject is written kind:id.", code="journal.subject")
    if not search.subject and search.until - search.since > LONGEST:
        raise InputError("Without a subject a search is over seven days at most.", code="journal.search_days")
    at, id_ = before or (None, None)
    values: dict[str, Any] = {
        "since": search.since, "until": search.until, "kinds": list(search.kinds), "subject": search.subject,
        "verb": search.verb, "account": search.account, "at": at, "id": id_, "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        # Index: the primary key of a partition, backwards; journal_entry_subject where one is named.
        cursor.execute(_FOUND, values)
        return [_found(row) for row in cursor.fetchall()]


def _found(row: tuple) -> Found:  # type: ignore[type-arg]
    id_, subject, seq, verb, kind, account, voice, post, organisation, at, recorded, data, version, part, digest = row
    actor = ActorRef(kind=kind, account=account, voice=voice)
    entry = EntryRow(
        subject, seq, verb, actor, post, organisation, at, recorded, json.loads(data), version, part, bytes(digest)
    )
    return Found(id_, entry)
