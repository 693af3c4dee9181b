"""Small helps of the desk's tests: a case in hand, pages as text, and the words that must never show."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from linli.cases.tests.desk import VOICE, in_hand, open_one
from tests.town import Town

PLANTED = (VOICE.name, VOICE.phone, VOICE.address, VOICE.original, VOICE.original_title)
"""What a reporter said and is; no page may hold it without an opening."""


def opened_no(**changes: Any) -> str:
    """A fresh case's number."""
    return str(open_one(**changes).no)


def in_hand_no(town: Town, **changes: Any) -> str:
    """The number of a case that the sanitation team has in hand."""
    return str(in_hand(town, **changes).no)


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    """A page as text."""
    response = client.get(reverse(name, args=list(args)) + query)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def send(client: Client, no: str, step: str, **fields: Any) -> Any:
    """Open a step's form, fill it in and send it, as a browser does."""
    address = reverse("desk_step", args=[no, step])
    form = client.get(address).context["form"]
    return client.post(address, {"request_id": form.request_id, **fields})
