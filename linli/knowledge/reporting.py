"""Wrong or missing: anybody at a desk says so, whoever writes the answer settles it. Nobody is counted.

What was asked and said goes, encrypted, into a personal part of the journal and ends by itself: a caller's words may stand
in it.
"""

from __future__ import annotations

import json
from datetime import datetime

from linli.journal.domain import PersonalDraft
from linli.journal.services import write_personal
from linli.kernel.actors import Actor, Denied
from linli.knowledge.errors import EntryMissingError, KnowledgeError
from linli.knowledge.models import Report
from linli.knowledge.policies import may_read, may_write
from linli.knowledge.rules import REPORT_WORDS
from linli.knowledge.selectors import entry_at
from linli.knowledge.settling import settle
from linli.knowledge.texts import one_line
from linli.knowledge.writing import Change, changing, next_id

LONGEST_SAID = 500


def report_wrong(entry: int, words: str, actor: Actor, at: datetime) -> int:
    """Say that an answer is wrong. Said twice without words, it is one report.

    Args:
        entry: id.
        words: what is wrong; may be "".
        actor: anybody who reads answers.
        at: the server's clock, aware UTC.

    Returns:
        Id of the report.

    Raises:
        EntryMissingError: it does not hold now.
        KnowledgeRefusedError: the actor reads no answers.
        KnowledgeError: the words are too long.
    """
    with changing(actor, at) as done:
        done.allow(may_read(actor))
        found = entry_at(entry, at)
        if found is None:
            raise EntryMissingError("This answer does not hold now.", data={"entry": entry})
        said = _said(words)
        known = _known(entry, found.number) if not said else None
        if known is not None:
            return known
        row = Report(entry_id=entry, number=found.number, place=found.place, owner=found.owner, at=at)
        return _write(done, row, {"words": said} if said else {})


def report_missing(asked: str, words: str, place: str, actor: Actor, at: datetime) -> int:
    """Say that there is no answer to what was asked.

    Args:
        asked: what was searched.
        words: more about it; may be "".
        place: code of the place it was asked for; "" = that of the post.
        actor: anybody who reads answers.
        at: the server's clock, aware UTC.

    Returns:
        Id of the report.

    Raises:
        KnowledgeRefusedError: the actor reads no answers.
        KnowledgeError: nothing was asked, or it is too long.
    """
    with changing(actor, at) as done:
        done.allow(may_read(actor))
        question, said = _said(asked), _said(words)
        if not question:
            raise KnowledgeError("Write what was asked.", code="knowledge.asked", data={"fields": {"asked": "missing"}})
        own = done.holding.place if done.holding else ""
        row = Report(place=place or own, at=at)
        return _write(done, row, {"asked": question, **({"words": said} if said else {})})


def report_drop(report: int, reason: str, actor: Actor, at: datetime) -> None:
    """Leave the answer as it is, and say why.

    Raises:
        EntryMissingError: no such report, or not this person's to settle: one answer.
        KnowledgeError: no reason was given.
    """
    with changing(actor, at) as done:
        row = Report.objects.filter(pk=report, settled_at__isnull=True).first()
        verdict = may_write(actor, row.place, row.owner, done.rules) if row else None
        if row is None or verdict is None or isinstance(verdict, Denied):
            raise EntryMissingError("There is no such report.", data={"report": report})
        done.allow(verdict)
        why = _said(reason)
        if not why:
            raise KnowledgeError("Write why.", code="knowledge.reason", data={"fields": {"reason": "missing"}})
        settle(done, [report], "dropped", None, why)


def _write(done: Change, row: Report, content: dict[str, str]) -> int:
    row.pk = next_id("knowledge_report")
    subject = f"knowledge_report:{row.pk}"
    part = None
    if content:
        text = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        draft = PersonalDraft(subject, REPORT_WORDS.key, text, done.rules.words_end(row.place))
        (kept,) = write_personal([draft], done.at)
        row.words, part = kept.id, (kept.id, kept.commitment)
    row.save(force_insert=True)
    data = {"entry": row.entry_id, "number": row.number, "place": row.place}
    done.log(subject, "knowledge.report.made", data, part)
    return row.pk


def _known(entry: int, number: int) -> int | None:
    """An open report of this version without words, if somebody made one. Index: knowledge_report_entry."""
    rows = Report.objects.filter(entry_id=entry, number=number, words__isnull=True, settled_at__isnull=True)
    return rows.values_list("pk", flat=True).first()


def _said(text: str) -> str:
    said = one_line(text)
    if len(said) > LONGEST_SAID:
        raise KnowledgeError(
            f"At most {LONGEST_SAID} characters.", code="knowledge.words", data={"fields": {"words": "string_too_long"}}
        )
    return said
