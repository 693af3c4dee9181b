"""Ready answers in the form of a step: those that fit the case, one of them put into the words for the resident.

An answer is named in the form as `id.version`, so that what is kept with the case is what was read, and nothing newer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from linli.cases.domain import CaseFacts
from linli.cases.forms import Form
from linli.knowledge.domain import Entry
from linli.knowledge.selectors import entries_for, entry_at
from linli.web.base.stepform import Offer, Sent
from linli.web.desk.replying import USE, public_field

ENTRY, VERSION, SEARCHED = "entry", "entry_version", "entry_q"
PUT, LOOK = "entry", "search"
"""What the button of a reply template says instead, where it is pressed for an answer."""
_SHOWN = 6
_NAMED = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


def with_answers(offer: Offer, model: type[Form], facts: CaseFacts, sent: Sent, at: datetime) -> Offer:
    """What a form offers, with the answers that fit what was searched, or else the case; as it is for other forms.

    Args:
        offer: what the form offers else.
        model: the step's form.
        facts: the case; its task text is looked at, never the reporter's words.
        sent: what was typed before; the answer chosen there stays in the list.
        at: now, aware UTC.
    """
    if ENTRY not in model.model_fields:
        return offer
    searched = (sent.values.get(SEARCHED) or [""])[0].strip()
    words, matter = (searched, "") if searched else (f"{facts.title} {facts.task_text}", facts.matter or "")
    found = list(entries_for(words, facts.place, at, limit=_SHOWN, matter=matter, wide=bool(searched)))
    chosen = _chosen(sent, at)
    if chosen is not None and chosen.id not in {one.id for one in found}:
        found.insert(0, chosen)
    options = [(f"{one.id}.{one.number}", one.title) for one in found]
    return replace(offer, by_field={**offer.by_field, ENTRY: options}, fixed={**offer.fixed, VERSION: ""})


def is_for_entry(sent: Sent) -> bool:
    """Whether the button was pressed for an answer, not for a reply template."""
    return (sent.values.get(USE) or [""])[0] in (PUT, LOOK)


def with_entry(model: type[Form], sent: Sent, at: datetime) -> Sent:
    """What was typed, with the chosen answer in the words for the resident; words that were typed stay above it.

    Args:
        model: the step's form.
        sent: what was typed, and which answer was chosen.
        at: now, aware UTC.
    """
    field, chosen = public_field(model), _chosen(sent, at)
    if (sent.values.get(USE) or [""])[0] != PUT or chosen is None or not field:
        return sent
    typed = (sent.values.get(field) or [""])[0].strip().replace("\r\n", "\n")
    words = typed if chosen.answer in typed else f"{typed}\n{chosen.answer}".strip()
    values = {**sent.values, field: [words]}
    if "result" in model.model_fields and not sent.values.get("result"):
        values["result"] = ["explained"]
    return replace(sent, values=values)


def entry_split(given: Mapping[str, object]) -> dict[str, object]:
    """What was sent, with `id.version` as the two fields that the engine takes."""
    named = _NAMED.fullmatch(str(given.get(ENTRY, "")))
    if named is None:
        return dict(given)
    return {**given, ENTRY: int(named[1]), VERSION: int(named[2])}


def _chosen(sent: Sent, at: datetime) -> Entry | None:
    named = _NAMED.fullmatch((sent.values.get(ENTRY) or [""])[0])
    found = entry_at(int(named[1]), at) if named else None
    return found if found and named and found.number == int(named[2]) else None
