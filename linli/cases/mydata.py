"""What is held about the holder of a private link: what, why, on which basis, until when; put right, taken along, erased.

Is: the reporter's own parts and photos. Is not: the record of the work, which stays without them in it. Erasing ends all
use at once; the journal deletes, and says by which rule and until which day it could not.

Source: PIPL art 44 to 47 (to know, to copy, to correct, to delete).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db import transaction

from linli.cases.decide import denial
from linli.cases.drafts import VoiceDraft
from linli.cases.evidence import PHOTO, erase_photos_of_voice, evidence_of
from linli.cases.reading import run
from linli.cases.relations import NOT_SEEN
from linli.cases.residents import Link
from linli.cases.rules import local_date
from linli.cases.words import IDENTITY, WORDS, erase_after, json_bytes
from linli.journal.domain import EntryDraft, PersonalDraft
from linli.journal.erasing import PartOutcome, erase_part
from linli.journal.selectors import EntryRow, PartRow, entries_of, open_parts, parts_of
from linli.journal.services import append_many, lock_heads, write_personal
from linli.packs.selectors import snapshot_by_hash

_VOICE = (
    "SELECT v.identity, v.words, v.wishes, c.no, c.closed_at, c.snapshot"
    " FROM cases_voice v JOIN cases_case c ON c.id = v.home_id WHERE v.id = %(voice)s"
)
_LOCK = "SELECT id FROM cases_case WHERE id = %(case)s FOR UPDATE"
_IDENTITY = "UPDATE cases_voice SET identity = %(part)s WHERE id = %(voice)s"
_WISHES = "UPDATE cases_voice SET wishes = %(wishes)s WHERE id = %(voice)s"
_TOLD = ("by_message", "by_call", "link_only")
OWN_FIELDS = ("name", "phone", "address", "helper", "relation")


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held.

    Attributes:
        what: key of `personal.yaml`, e.g. `voice.identity`.
        content: field -> text, the reporter's own; empty once it is erased or out of use.
        until: last day, China Standard Time; None while the matter is open: then `days` after it ends.
        state: `kept`, `use_ended` or `erased`.
        rule: the statutory rule or hold by which it is still kept, "" = none.
    """

    what: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    basis: Mapping[str, str]
    content: Mapping[str, str]
    until: date | None
    days: int
    state: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class MyData:
    """All that is held through one private link."""

    no: str
    closed_at: datetime | None
    held: tuple[Held, ...]
    photos: tuple[int, ...]
    wishes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mine:
    identity: int | None
    words: int | None
    wishes: tuple[str, ...]
    no: str
    closed_at: datetime | None
    snapshot: str


def my_data(link: Link) -> MyData:
    """What is held, each with its content, for the reporter alone.

    Raises:
        NotFoundError: the voice is gone.
    """
    mine = _mine(link)
    said = _said(link)
    ids = [part for part in (mine.identity, mine.words, *said) if part is not None]
    rows = {row.id: row for row in parts_of(_subject(link)) if row.id in ids}
    contents = open_parts(ids)
    held = [_held(rows[part], contents.get(part), mine) for part in ids if part in rows]
    photos = tuple(one.id for one in evidence_of(link.home) if one.voice == link.voice)
    if photos:
        held.append(_photos(mine, len(photos)))
    return MyData(mine.no, mine.closed_at, tuple(held), photos, mine.wishes)


def voice_told(link: Link) -> VoiceDraft:
    """Name and telephone as the reporter gave them, to be carried into another case of theirs; empty once erased."""
    content = open_parts([part] if (part := _mine(link).identity) else [])
    told: dict[str, str] = next((json.loads(one) for one in content.values() if one), {})
    return VoiceDraft(name=told.get("name", ""), phone=told.get("phone", ""))


def my_data_correct(link: Link, fields: Mapping[str, str], at: datetime) -> None:
    """Put name, telephone or home right; the old ones are erased.

    Args:
        link: whose.
        fields: of OWN_FIELDS; what is missing stays.
        at: the server's clock.

    Raises:
        NotFoundError: the voice is gone.
    """
    with transaction.atomic():
        mine = _locked(link)
        content = open_parts([mine.identity]) if mine.identity is not None else {}
        before: dict[str, str] = next((json.loads(one) for one in content.values() if one), {})
        known = {name: before.get(name, "") for name in OWN_FIELDS if name in before or name in OWN_FIELDS[:3]}
        told = {**known, **{name: text for name, text in fields.items() if name in OWN_FIELDS}}
        last = erase_after(snapshot_by_hash(mine.snapshot), IDENTITY, mine.closed_at) if mine.closed_at else None
        (part,) = write_personal([PersonalDraft(_subject(link), IDENTITY.key, json_bytes(told), last)], at)
        append_many([
            EntryDraft(
                _subject(link), "cases.voice.corrected", link.actor, at, at, {"voice": link.voice},
                personal=part.id, commitment=part.commitment,
            )
        ])  # fmt: skip
        run(_IDENTITY, {"part": part.id, "voice": link.voice})
        if mine.identity is not None:
            erase_part(mine.identity, link.actor, at)


def my_wishes_change(link: Link, told_by: str, *, may_ring: bool, at: datetime) -> None:
    """Change how the reporter is told, and whether the body at work may ring.

    Args:
        link: whose.
        told_by: `by_message`, `by_call` or `link_only`.
        may_ring: the body at work may ring.
        at: the server's clock.
    """
    with transaction.atomic():
        mine = _locked(link)
        kept = [wish for wish in mine.wishes if wish not in (*_TOLD, "may_ring")]
        wishes = [told_by, *(["may_ring"] if may_ring else []), *kept]
        run(_WISHES, {"wishes": wishes, "voice": link.voice})
        data = {"voice": link.voice, "wishes": wishes}
        append_many([EntryDraft(_subject(link), "cases.voice.wished", link.actor, at, at, data)])


def my_data_erase(link: Link, at: datetime) -> Sequence[PartOutcome]:
    """Erase what the reporter gave: identity, words, photos. The record of the work stays, without them in it.

    Returns:
        What became of each part: erased, or out of use until a named day by a named rule.
    """
    with transaction.atomic():
        mine = _locked(link)
        ids = [part for part in (mine.identity, mine.words, *_said(link)) if part is not None]
        outcomes = [erase_part(part, link.actor, at) for part in ids]
        photos = erase_photos_of_voice(link.voice, at)
        if photos:
            data = {"voice": link.voice, "photos": photos}
            append_many([EntryDraft(_subject(link), "cases.voice.photos_erased", link.actor, at, at, data)])
    return outcomes


def _subject(link: Link) -> str:
    return f"case:{link.home}"


def _mine(link: Link) -> _Mine:
    row = run(_VOICE, {"voice": link.voice}).fetchone()
    if row is None:
        raise denial(NOT_SEEN)
    identity, words, wishes, *more = row
    return _Mine(identity, words, tuple(wishes), *more)


def _locked(link: Link) -> _Mine:
    """The voice, with its case and the head of its log locked, in that order."""
    run(_LOCK, {"case": link.home})
    lock_heads([_subject(link)])
    return _mine(link)


def _said(link: Link) -> list[int]:
    """Parts with what this reporter said in later steps of their own case."""
    return [e.personal for e in entries_of(_subject(link)) if e.personal is not None and _is_step_of(e, link)]


def _is_step_of(entry: EntryRow, link: Link) -> bool:
    mine = entry.actor.kind == "reporter" and entry.actor.voice == link.voice
    return mine and not entry.verb.startswith("cases.voice.")


def _held(row: PartRow, content: bytes | None, mine: _Mine) -> Held:
    told = json.loads(content) if content else {}
    if row.purpose == WORDS.key:
        told = {name: text for fields in told.values() for name, text in fields.items()}
    state = "erased" if row.erased_at else "use_ended" if row.restricted_at else "kept"
    return _thing(
        row.purpose,
        mine,
        ({name: str(text) for name, text in told.items() if text and name not in ("title", "task_text")}, state),
        (row.keep_until if row.restricted_at else None, row.keep_rule),
    )


def _photos(mine: _Mine, count: int) -> Held:
    return _thing(PHOTO.key, mine, ({"count": str(count)}, "kept"), (None, ""))


def _thing(what: str, mine: _Mine, is_: tuple[Mapping[str, str], str], kept: tuple[date | None, str]) -> Held:
    """A thing held, with what the rules of its case say of it; a field that those did not have yet is told without."""
    snapshot = snapshot_by_hash(mine.snapshot)
    said = cast("Mapping[str, Mapping[str, str]]", snapshot.personal(what))
    period = cast("Mapping[str, int]", said["period"])["amount"]
    content, state = is_
    until, rule = kept
    if until is None and mine.closed_at is not None:
        until = local_date(mine.closed_at) + timedelta(days=period)
    return Held(what, said["title"], said["purpose"], said["basis"], content, until, period, state, rule)
