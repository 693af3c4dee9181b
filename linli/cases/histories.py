"""A case's log as its readers may read it: bodies, desks, and the reporter behind a private link."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from linli.cases.attaching import EVIDENCE
from linli.cases.decide import denial
from linli.cases.numbers import token_hash
from linli.cases.reading import read_unlocked, run
from linli.cases.relations import NOT_SEEN
from linli.cases.rules import procedure_for
from linli.cases.seeing import see
from linli.cases.views import Moment, ReporterView
from linli.journal.selectors import EntryRow, entries_of, open_parts
from linli.kernel.actors import SYSTEM, Actor
from linli.packs.selectors import snapshot_by_hash

_VOICE = "SELECT id, case_id, home_id FROM cases_voice WHERE token = %(token)s"
_DUE = "SELECT due_at FROM cases_clock WHERE case_id = %(case)s AND whose = 'reporter' ORDER BY id DESC LIMIT 1"
_HIDDEN_STEPS = frozenset({"open_part", "note_try"})


def history(actor: Actor, case: int, at: datetime) -> Sequence[Moment]:
    """The case's log for this person: bodies read public and internal words, desks theirs too.

    What a reporter says themselves, first or later, is read by nobody here: a desk is told that there is something, and
    opens it with a reason (`voices.words_open`).

    Args:
        actor: with the posts held at `at`.
        case: id.
        at: aware UTC.

    Raises:
        NotFoundError: missing or forbidden, one answer.
    """
    seen = see(actor, case)
    readers: tuple[str, ...] = ("public", "internal", "desk") if seen.is_desk else ("public", "internal")
    if seen.is_desk and seen.bundle.case.compartment == "sealed":
        readers = (*readers, "sealed")
    entries = [entry for entry in entries_of(f"case:{case}") if _shown(entry, desk=seen.is_desk)]
    shown = _moments([entry for entry in entries if entry.actor.kind != "reporter"], readers)
    own = [_in_compartment(entry, desk=seen.is_desk) for entry in entries if entry.actor.kind == "reporter"]
    return sorted([*shown, *own], key=lambda moment: moment.seq)


def _in_compartment(entry: EntryRow, *, desk: bool) -> Moment:
    """What a reporter did, without what they said."""
    has_words = entry.personal is not None and _step(entry) != "open"
    return replace(_moment(entry, {}, ()), kept=entry.actor.voice if desk and has_words else None)


def _shown(entry: EntryRow, *, desk: bool) -> bool:
    if entry.verb.startswith("cases.voice."):
        return False
    return desk or _step(entry) not in _HIDDEN_STEPS


def _step(entry: EntryRow) -> str:
    return entry.verb.rpartition(".")[2]


def _moments(entries: Sequence[EntryRow], readers: tuple[str, ...]) -> list[Moment]:
    parts = open_parts([e.personal for e in entries if e.personal is not None and _step(e) != "open"])
    return [_moment(entry, parts, readers) for entry in entries]


def _moment(entry: EntryRow, parts: Mapping[int, bytes | None], readers: tuple[str, ...]) -> Moment:
    content = parts.get(entry.personal) if entry.personal is not None else None
    said = cast("Mapping[str, Mapping[str, object]]", json.loads(content)) if content else {}
    words = {name: text for reader in readers for name, text in said.get(reader, {}).items()}
    data = {key: value for key, value in entry.data.items() if key in {"form", "clocks", "bodies", "counts", "card"}}
    form = data.get("form")
    if entry.actor.kind == "reporter" and isinstance(form, Mapping):
        # A reporter's photos are theirs: whoever reads the log does not learn their addresses.
        data["form"] = {key: value for key, value in form.items() if key != EVIDENCE}
    return Moment(
        seq=entry.seq,
        at=entry.at,
        step=_step(entry),
        by=entry.actor.kind if entry.actor.kind in {"system", "reporter", "order"} else str(entry.data.get("as", "")),
        organisation=entry.organisation,
        post=entry.post,
        state=str(entry.data.get("to", "")),
        data=data,
        words=words,
    )


def reporter_view(token: str, at: datetime) -> ReporterView:
    """What the holder of a private link sees.

    A joined reporter reads the public answers of the case they were joined to, from then on, beside those of their own.

    Args:
        token: the link's secret.
        at: aware UTC.

    Raises:
        NotFoundError: no such link.
    """
    voice = run(_VOICE, {"token": token_hash(token)}).fetchone()
    if voice is None:
        raise denial(NOT_SEEN)
    _, heard_in, home = voice
    own = read_unlocked(home, Actor(SYSTEM))
    there = own if heard_in == home else read_unlocked(heard_in, Actor(SYSTEM))
    if own is None or there is None:
        raise denial(NOT_SEEN)
    procedure = procedure_for(snapshot_by_hash(there.case.snapshot), there.case.kind)
    entries = entries_of(f"case:{home}")
    joined = heard_in != home
    answers = [*entries, *(entries_of(f"case:{heard_in}") if joined else [])]
    due = run(_DUE, {"case": home}).fetchone()
    public = [m for m in _moments([e for e in answers if e.personal is not None], ("public",)) if m.words]
    openings = _moments([e for e in entries if _step(e) == "open_part" and _concerns(e, voice[0])], ("desk",))
    return ReporterView(
        no=own.case.no,
        state=there.case.state,
        state_title=procedure.public[there.case.state],
        title=own.case.title,
        due_at=due[0] if due else None,
        answers=tuple(_bare(one) for one in sorted(public, key=lambda m: m.at)),
        openings=tuple(openings),
        reminders=own.case.counts.get("reminders", 0),
        joined=joined,
    )


def _concerns(entry: EntryRow, voice: int) -> bool:
    form = entry.data.get("form")
    return isinstance(form, Mapping) and form.get("voice") == voice


def _bare(moment: Moment) -> Moment:
    """An answer as a resident reads it: the step, the body, the words; not the inner workings."""
    return Moment(
        moment.seq, moment.at, moment.step, moment.by, moment.organisation, None, moment.state, {}, moment.words
    )
