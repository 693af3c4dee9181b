"""Where notices leave the database until a gateway of the office takes them: one file a day, one JSON line a row.

Is: the delivery of outbox rows into `LINLI_HOME/outbox/`. Is not: a gateway. A line holds ids and codes only; whoever sends
the message asks for the words and the address with the rights of its own. A row may come twice (a worker that was
cut off between writing and saying so): its `id` tells.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC
from pathlib import Path

from django.conf import settings

from linli.journal.delivery import Delivery


def spool_folder() -> Path:
    """Return the folder of the files."""
    return Path(settings.LINLI_HOME) / "outbox"


def write(rows: Iterable[Delivery]) -> None:
    """Append rows to the file of the day on which each was made (UTC); they are on the disk when this returns."""
    days: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:
        day = row.created_at.astimezone(UTC).date().isoformat()
        days.setdefault(day, []).append({"id": row.id, "kind": row.kind, **row.payload})
    for day, said in days.items():
        append(spool_folder() / f"{day}.jsonl", said)


def append(file: Path, said: Iterable[Mapping[str, object]]) -> None:
    """Append a line of JSON each to a file that nobody else reads; they are on the disk when this returns."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said).encode()
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            # Somebody was cut off in the middle of a line, whose rows come again: nothing is written on to it.
            lines = b"\n" + lines
        while lines:
            lines = lines[os.write(handle, lines) :]
        os.fsync(handle)
    finally:
        os.close(handle)
