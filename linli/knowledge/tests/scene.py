"""Entries for tests, in one line each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.knowledge.domain import Entry, EntryDraft
from linli.knowledge.selectors import entry_at
from linli.knowledge.services import entry_open
from tests.town import AT, STREET, Town

LAMP_ASKED = ("路灯不亮找谁修", "小区门口的灯坏了好几天了")
LAMP_SAID = "路灯由照明管理单位修。报修后一般三天内修好。"


def draft(town: Town, **changes: Any) -> EntryDraft:
    """What the street's desk says about a lamp."""
    known: dict[str, Any] = {
        "questions": LAMP_ASKED,
        "answer": LAMP_SAID,
        "owner": town.street_desk,
        "source": "照明条例",
    }
    return EntryDraft(**{**known, **changes})


def write(town: Town, key: str = "", place: str = STREET, who: str = "he", at: datetime = AT, **changes: Any) -> int:
    """An entry written by the head of the first street's desk."""
    return entry_open(key, place, draft(town, **changes), town.actor(who, at), at)


def says(entry: int, at: datetime) -> Entry:
    """What an entry says at an instant."""
    found = entry_at(entry, at)
    assert found is not None
    return found
