"""Writes of entries: opened, changed by a new version, ended, checked. What is said about them is `reporting`.

A change closes versions and opens others; nothing is changed in place. Each write settles the reports it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from linli.kernel.actors import Actor
from linli.kernel.codes import place_code
from linli.kernel.errors import InputError
from linli.knowledge.domain import EntryDraft
from linli.knowledge.errors import EntryConflictError, EntryMissingError, KnowledgeError
from linli.knowledge.models import Entry, Version
from linli.knowledge.policies import may_write
from linli.knowledge.rules import KnowledgeRules
from linli.knowledge.settling import settle
from linli.knowledge.texts import in_lines, one_line
from linli.knowledge.writing import Change, changing, facts_of, live_versions, lock_entry, shorten, write_version
from linli.organisations.selectors import organisation_names
from linli.places.selectors import place_names

MOST_QUESTIONS, LONGEST_QUESTION = 12, 120
LONGEST_ANSWER, LONGEST_SOURCE = 4000, 300
"""What the columns of an import and the boxes of the form take; an answer is as long as words to a resident may be."""
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def entry_open(
    key: str, place: str, draft: EntryDraft, actor: Actor, at: datetime, *, settles: Sequence[int] = ()
) -> int:
    """Enter an answer that was not there.

    Args:
        key: names the question for imports and for other places: lower case, digits, `.`, `_`, `-`; "" = made here.
        place: code of any tier; "" = everywhere.
        draft: what it says, from when to when.
        actor: who writes it.
        at: the server's clock, aware UTC.
        settles: ids of open reports that asked for it.

    Returns:
        Its id.

    Raises:
        KnowledgeError: a field is wrong.
        KnowledgeRefusedError: the actor does not write for this place or body.
        EntryConflictError: the key has an answer for this place.
    """
    with changing(actor, at) as done:
        done.allow(may_write(actor, place, draft.owner, done.rules))
        clean = checked_draft(draft, place, done.rules)
        key = checked_key(key)
        since = clean.since or at
        entry = Entry.objects.create(
            key=key, place=place, opened_at=at, checked_at=at, checked_post=done.post, versions=1
        )
        write_version(done, entry, clean, since)
        done.log(f"knowledge:{entry.pk}", "knowledge.entry.opened", facts_of(entry, clean, since))
        settle(done, settles, "changed", entry.pk)
        return entry.pk


def entry_change(
    entry: int, draft: EntryDraft, actor: Actor, at: datetime, *, was: int | None = None, settles: Sequence[int] = ()
) -> bool:
    """From `draft.since` on the answer is another one; what was said before stays as it was.

    Args:
        entry: id.
        draft: what it says from then on.
        actor: who writes it; must write for the body that vouched and for the one that will.
        at: the server's clock, aware UTC.
        was: number of the version that the writer had before them; None = whatever stands.
        settles: ids of open reports that the change answers.

    Returns:
        False when it says that already: nothing was written.

    Raises:
        EntryConflictError: somebody changed it meanwhile.
        KnowledgeError, KnowledgeRefusedError, EntryMissingError: as `entry_open`.
    """
    with changing(actor, at) as done:
        row = lock_entry(entry)
        _allow(done, row, draft.owner)
        clean = checked_draft(draft, row.place, done.rules)
        if was is not None and was != row.versions:
            raise EntryConflictError(
                "Somebody changed this answer meanwhile.",
                code="knowledge.changed_meanwhile",
                hint="Look at it as it stands now, then change it.",
            )
        since = clean.since or at
        if _says_already(row, clean, since):
            return False
        shorten(live_versions(row.pk, since), since, at)
        row.versions += 1
        write_version(done, row, clean, since)
        _looked_at(done, row)
        done.log(f"knowledge:{row.pk}", "knowledge.entry.changed", facts_of(row, clean, since))
        settle(done, settles, "changed", row.pk)
        return True


def entry_check(entry: int, actor: Actor, at: datetime, *, settles: Sequence[int] = ()) -> None:
    """Somebody who writes it says: checked, still right.

    Raises:
        EntryMissingError: it does not hold now.
        KnowledgeRefusedError: the actor does not write it.
    """
    with changing(actor, at) as done:
        row = lock_entry(entry)
        _allow(done, row, None)
        if not any(version.valid.lower <= at for version in live_versions(row.pk, at)):
            raise EntryMissingError("This answer does not hold now.", data={"entry": entry})
        _looked_at(done, row)
        done.log(f"knowledge:{row.pk}", "knowledge.entry.checked", {"number": row.versions})
        settle(done, settles, "checked", row.pk)


def entry_end(entry: int, until: datetime, actor: Actor, at: datetime) -> None:
    """The answer holds no longer from `until` on.

    Raises:
        KnowledgeError: it does not hold then anyway.
        KnowledgeRefusedError: the actor does not write it.
    """
    with changing(actor, at) as done:
        row = lock_entry(entry)
        _allow(done, row, None)
        rows = live_versions(row.pk, until)
        if not rows:
            raise _wrong("until", "ended", "It does not hold at that time anyway.")
        shorten(rows, until, at)
        data = {"until": until.isoformat(), "number": row.versions}
        done.log(f"knowledge:{row.pk}", "knowledge.entry.ended", data)


def checked_draft(draft: EntryDraft, place: str, rules: KnowledgeRules) -> EntryDraft:
    """The draft with tidy texts, if it can stand.

    Raises:
        KnowledgeError: a field is wrong; `data["fields"]` says which, and how.
    """
    questions = tuple(dict.fromkeys(q for q in (one_line(one) for one in draft.questions) if q))
    answer, source = in_lines(draft.answer), one_line(draft.source)
    _check_texts(questions, answer, source)
    _check_place(place, rules.live.at)
    if draft.matter and rules.matter(place, draft.matter) is None:
        raise _wrong("matter", "unknown", "There is no such matter in the catalogue.")
    if draft.owner not in organisation_names([draft.owner], rules.live.at):
        raise _wrong("owner", "unknown", "Choose a body that stands today.")
    since = draft.since or rules.live.at
    if draft.until is not None and draft.until <= since:
        raise _wrong("until", "outside", "The end is not after the beginning.")
    return EntryDraft(questions, answer, draft.owner, source, draft.matter, draft.since, draft.until)


def checked_key(key: str) -> str:
    """The key, or a new one for "".

    Raises:
        KnowledgeError: it has another form.
    """
    if not key:
        return uuid4().hex
    if not _KEY.fullmatch(key):
        raise _wrong("key", "shape", "A key has lower case letters, digits, dots, hyphens; at most 64 characters.")
    return key


def _check_texts(questions: Sequence[str], answer: str, source: str) -> None:
    if not questions:
        raise _wrong("questions", "missing", "Write at least one way of asking.")
    if len(questions) > MOST_QUESTIONS or max(map(len, questions)) > LONGEST_QUESTION:
        said = f"At most {MOST_QUESTIONS} ways of asking, of {LONGEST_QUESTION} characters each."
        raise _wrong("questions", "string_too_long", said)
    if not answer:
        raise _wrong("answer", "missing", "Write what the caller is told.")
    if len(answer) > LONGEST_ANSWER:
        raise _wrong("answer", "string_too_long", f"At most {LONGEST_ANSWER} characters.")
    if len(source) > LONGEST_SOURCE:
        raise _wrong("source", "string_too_long", f"At most {LONGEST_SOURCE} characters.")


def _check_place(place: str, at: datetime) -> None:
    if not place:
        return
    try:
        place_code(place)
    except InputError as error:
        raise _wrong("place", "shape", "That is no code of a place.") from error
    if not place_names([place], at):
        raise _wrong("place", "unknown", "There is no such place in the register today.")


def _wrong(field: str, mistake: str, said: str) -> KnowledgeError:
    return KnowledgeError(said, code=f"knowledge.{field}", data={"fields": {field: mistake}})


def _allow(done: Change, row: Entry, new_owner: int | None) -> None:
    """Whoever changes an answer writes what its body vouches for, and what the new one will."""
    owner = _owner_of(row.pk)
    done.allow(may_write(done.actor, row.place, owner, done.rules))
    if new_owner is not None and new_owner != owner:
        done.allow(may_write(done.actor, row.place, new_owner, done.rules))


def _owner_of(entry: int) -> int | None:
    found = Version.objects.filter(entry_id=entry, recorded__upper_inf=True).order_by("-valid")
    return found.values_list("owner", flat=True).first()


def _looked_at(done: Change, row: Entry) -> None:
    row.checked_at, row.checked_post = done.at, done.post
    row.save(update_fields=["checked_at", "checked_post", "versions"])


def _says_already(row: Entry, draft: EntryDraft, since: datetime) -> bool:
    rows = live_versions(row.pk, since)
    if len(rows) != 1 or rows[0].valid.lower > since:
        return False
    says = rows[0]
    now = (tuple(says.questions), says.answer, says.owner, says.source, says.matter, says.valid.upper)
    return now == (draft.questions, draft.answer, draft.owner, draft.source, draft.matter, draft.until)
