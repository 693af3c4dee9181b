"""Where notices leave the database until a gateway of the office takes them: one file a day, one JSON line a row.

Is: the delivery of outbox rows into `LINLI_HOME/outbox/`. Is not: a gateway. A line holds ids and codes only; whoever sends
the message asks for the words and the address with the rights of its own. A row may come twice (a worker that was
cut off between writing and saying so): its `id` tells.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from django.conf import settings

from linli.journal.delivery import Delivery


def spool_folder() -> Path:
    """Return the folder of the files."""
    return Path(settings.LINLI_HOME) / "outbox"


def write(row: Delivery) -> None:
    """Append a row to the file of the day on which it was made (UTC); it is on the disk when this returns."""
    day = row.created_at.astimezone(UTC).date().isoformat()
    append(spool_folder() / f"{day}.jsonl", {"id": row.id, "kind": row.kind, **row.payload})


def append(file: Path, said: Mapping[str, object]) -> None:
    """Append one line of JSON to a file that nobody else reads; it is on the disk when this returns."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    line = json.dumps(said, ensure_ascii=False) + "\n"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
