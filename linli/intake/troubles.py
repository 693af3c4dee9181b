"""What a reporter told the desk on the telephone about being troubled: a sealed case of its own, opened after the commit.

The step that was taken (a call back) keeps the answer where nobody of the case reads it; its notice brings it here. The case
opens in the name of whoever typed it, so that they are kept away. A repeated delivery opens nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from linli.cases.drafts import VoiceDraft
from linli.cases.mydata import voice_told
from linli.cases.numbers import spoken
from linli.cases.opening import open_cases
from linli.cases.residents import Link, bodies_ever, matter_heard
from linli.intake.residents import trouble_draft
from linli.journal.delivery import Delivery
from linli.journal.selectors import EntryRow, entries_of, open_parts

SEALED_DESK = "sealed_desk"
CHANNEL = "call_back"


def trouble_heard(row: Delivery, at: datetime) -> None:
    """Open the sealed case that a notice asks for.

    Args:
        row: a notice to the sealed desk; its id makes a repeat known.
        at: now, aware UTC.
    """
    case = int(str(row.payload["case"]))
    entry, heard = _entry(case, row.created_at), matter_heard(case)
    if entry is None or heard is None:
        return
    voice = replace(_voice(heard.voices, case), original=_said(entry))
    draft = trouble_draft(spoken(heard.no), heard.place, bodies_ever(case), voice, at)
    open_cases([replace(draft, channel=CHANNEL, external_id=f"trouble-{row.id}")], entry.actor, at=at)


def _entry(case: int, at: datetime) -> EntryRow | None:
    """The call back that a notice came with: the two were written in one statement."""
    calls = (one for one in entries_of(f"case:{case}") if ".call_back" in one.verb and one.recorded_at == at)
    return next(calls, None)


def _said(entry: EntryRow) -> str:
    content = open_parts([entry.personal]).get(entry.personal) if entry.personal is not None else None
    told: Mapping[str, Mapping[str, object]] = json.loads(content) if content else {}
    return str(told.get("sealed", {}).get("trouble", ""))


def _voice(voices: tuple[int, ...], case: int) -> VoiceDraft:
    """Who was called, where only one could have been; else the receiver asks for them by the number."""
    if len(voices) != 1:
        return VoiceDraft()
    return voice_told(Link(voices[0], case, case))
