"""Small helps of the sealed desk's tests: an accusation with words of its own, opened and read as its receiver does."""

from __future__ import annotations

from typing import Any

from django.test import Client

from linli.cases.tests.desk import open_one
from tests.town import Town

WORDS = "环卫所老周收了商贩两千块"
TITLE = "密件里的商贩"


def accusation(town: Town, **changes: Any) -> str:
    """The number of a sealed case against the sanitation team."""
    known: dict[str, Any] = {
        "compartment": "sealed", "matter": None, "accused": (town.sanitation,), "title": TITLE, "task_text": WORDS,
    }  # fmt: skip
    return str(open_one(**{**known, **changes}).no)


def opened(client: Client, no: str, reason: str = "按程序核查") -> Any:
    """Open a sealed case as a browser does; what the desk's page answers."""
    address = f"/desk/sealed/{no}"
    form = client.get(address).context
    return client.post(address, {"request_id": form["request_id"], "reason": reason}, follow=True)
