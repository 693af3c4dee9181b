"""Small helps of the duty desk's tests: shifts of the first street's desk, and pages as text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from linli.organisations.roster import ShiftDraft, shift_set
from tests.town import AT, STREET, Town

HOUR = timedelta(hours=1)


def shift_of(town: Town, since: datetime = AT, hours: int = 8, **people: int) -> int:
    """A shift of the first street's desk: he heads it, hu leads, duan steps in."""
    named = {"head": town.he, "leader": town.hu, "substitute": town.duan} | people
    draft = ShiftDraft(town.street_desk, STREET, since, since + hours * HOUR, **named)
    return shift_set(draft, town.actor("he"), AT)


def text(client: Client, address: str, status: int = 200) -> str:
    """A page as text."""
    answer: Any = client.get(address)
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())
