"""What is said in the demo: its own messages and finds, or the messages of a file.

A message of a file is somebody's words: it goes into the reports as it is and is never printed or logged.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from linli.cli.tables import read_table
from linli.intake.times import read_time
from linli.kernel.errors import InputError

_TEXT_COLUMNS = ("text", "body")
_OWN_CHANNELS = frozenset({"web", "hotline", "phone", "counter", "paper"})


@dataclass(frozen=True, slots=True)
class Message:
    """One report in words.

    Attributes:
        key: lasting name of the message.
        matter: what it is about, "" where the demo does not know.
        channel: how it comes in, "" = any.
        group: messages of one group are about one matter at one place; "" = alone.
        flags: see README.
        sent_at: when it was sent, where its file says so.
    """

    key: str
    title: str
    text: str
    matter: str = ""
    channel: str = ""
    group: str = ""
    flags: frozenset[str] = frozenset()
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Find:
    """What a grid worker finds; `on_the_spot` = settled at once."""

    key: str
    matter: str
    text: str
    on_the_spot: bool


def own_messages() -> list[Message]:
    """The demo's own messages."""
    return [
        Message(
            key=row["id"],
            title=row["title"],
            text=row["text"],
            matter=row["matter"],
            channel=row["channel"] if row["channel"] in _OWN_CHANNELS else "",
            group=row["group"],
            flags=frozenset(row["flags"].split()),
        )
        for row in _rows("messages.csv")
    ]


def own_finds() -> list[Find]:
    """The demo's own finds."""
    return [Find(row["id"], row["matter"], row["text"], row["on_the_spot"] == "yes") for row in _rows("finds.csv")]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (files("linli.demo") / name).open("r", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def messages_of(path: Path) -> list[Message]:
    """The messages of a file: columns `text` or `body`, perhaps `title`, `sent_at`; other columns are left alone.

    Raises:
        InputError: no such column, or no row with words.
    """
    found = [message for row in read_table(path, [], strict=False) if (message := _message(row.line_no, row.values))]
    if not found:
        raise InputError(
            f"{path} has no message.",
            code="demo.messages",
            hint="It needs a column text or body; title, sent_at may be.",
        )
    return found


def _message(line: int, values: dict[str, str]) -> Message | None:
    cells = {(name or "").strip().lower(): cell or "" for name, cell in values.items()}
    text = next((cells[name] for name in _TEXT_COLUMNS if cells.get(name)), "")
    title = cells.get("title", "")
    if not (text.strip() or title.strip()):
        return None
    return Message(key=f"L{line}", title=title, text=text, sent_at=read_time(cells.get("sent_at", "")))
