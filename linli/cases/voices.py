"""Opening a reporter's compartment: the entry with its reason is written first, then the part is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from linli.cases.decide import denial
from linli.cases.engine import take_step
from linli.cases.evidence import open_voice_photos
from linli.cases.reading import run
from linli.cases.relations import NOT_SEEN
from linli.journal.selectors import entries_of, open_part, open_parts
from linli.kernel.actors import ActorRef

# Index: cases_voice_pkey.
_PARTS = "SELECT identity, words, case_id = %(case)s OR home_id = %(case)s FROM cases_voice WHERE id = %(voice)s"

_CASES_OF = "SELECT home_id, case_id FROM cases_voice WHERE id = %(voice)s"


@dataclass(frozen=True, slots=True)
class PartRequest:
    """Which part of which voice is to be opened, and why; the reporter reads the reason."""

    case: int
    voice: int
    what: Literal["identity", "words", "photos"]
    reason: str


def voice_open(request: PartRequest, actor: ActorRef, *, request_id: UUID, at: datetime) -> Mapping[str, str]:
    """Open one part of a voice.

    Args:
        request: the part and the reason.
        actor: who opens it; a desk, or a receiver of a closed case.
        request_id: see `take_step`.
        at: the server's clock.

    Returns:
        `name`, `phone`, `address`, or `title`, `text`.

    Raises:
        NotFoundError: no such case or voice, or not for this person.
        RefusedError: not a step of this person's.
        UseEndedError: the part was erased, or its use has ended.
    """
    identity, words = _write_down(request, actor, request_id, at)
    content: Mapping[str, str] = json.loads(open_part(identity if request.what == "identity" else words))
    return content


@dataclass(frozen=True, slots=True)
class SaidLater:
    """What a reporter said after the first time: at which step, when (aware UTC), field by field."""

    at: datetime
    step: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VoiceWords:
    """All that one voice said: first `title` and `text`, then what came later, in order; erased parts are left out."""

    first: Mapping[str, str]
    later: tuple[SaidLater, ...]


def words_open(request: PartRequest, actor: ActorRef, *, request_id: UUID, at: datetime) -> VoiceWords:
    """Open everything that one voice said, first and later, in its own case and in the one it was joined to.

    Args: as `voice_open`, with `what` the words.

    Raises:
        NotFoundError: no such case or voice, or not for this person.
        RefusedError: not a step of this person's.
        UseEndedError: the part was erased, or its use has ended.
    """
    first = voice_open(request, actor, request_id=request_id, at=at)
    return VoiceWords(first, tuple(_said_later(request.voice)))


def _said_later(voice: int) -> Iterator[SaidLater]:
    cases = run(_CASES_OF, {"voice": voice}).fetchone() or ()
    entries = [
        entry
        for case in dict.fromkeys(cases)
        for entry in entries_of(f"case:{case}")
        if entry.actor.kind == "reporter" and entry.actor.voice == voice and entry.personal is not None
    ]
    parts = open_parts([entry.personal for entry in entries if entry.personal is not None])
    for entry in sorted(entries, key=lambda one: one.at):
        content = parts.get(entry.personal or 0)
        said = {name: str(text) for fields in json.loads(content or "{}").values() for name, text in fields.items()}
        if said:
            yield SaidLater(entry.at, entry.verb.rpartition(".")[2], said)


def photos_open(request: PartRequest, actor: ActorRef, *, request_id: UUID, at: datetime) -> Sequence[bytes]:
    """Open the photos that a voice sent, with whichever case; the JPEGs, none once they are erased.

    Args: as `voice_open`, with `what` the photos.

    Raises:
        NotFoundError: no such case or voice, or not for this person.
        RefusedError: not a step of this person's.
        PartUnreadableError: a file was changed.
    """
    _write_down(request, actor, request_id, at)
    return open_voice_photos(request.voice)


def _write_down(request: PartRequest, actor: ActorRef, request_id: UUID, at: datetime) -> tuple[int, int]:
    """The entry of the opening; the ids of identity and words."""
    form = {"what": request.what, "voice": request.voice, "reason": request.reason}
    row = run(_PARTS, {"case": request.case, "voice": request.voice}).fetchone()
    if row is None or not row[2]:
        raise denial(NOT_SEEN)
    take_step(request.case, "open_part", actor, form, request_id=request_id, at=at)
    return row[0], row[1]


def voice_of_token(token: str) -> int | None:
    """The voice behind a private link, for an actor of kind `reporter`; None = no such link."""
    from linli.cases.numbers import token_hash

    row = run("SELECT id FROM cases_voice WHERE token = %(token)s", {"token": token_hash(token)}).fetchone()
    return row[0] if row else None
