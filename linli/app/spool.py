"""Where notices leave the database until a gateway of the office takes them: one file a day, one JSON line a row.

Is: the delivery of outbox rows into `LINLI_HOME/outbox/`. Is not: a gateway. A line holds ids and codes only; whoever sends
the message asks for the words and the address with the rights of its own. A row may come twice (a worker that was
cut off between writing and saying so): its `id` tells.
"""

from __future__ import annotations

import json
import os
from datetime import UTC
from pathlib import Path

from django.conf import settings

from linli.journal.delivery import Delivery


def spool_folder() -> Path:
    """Return the folder of the files."""
    return Path(settings.LINLI_HOME) / "outbox"


def write(row: Delivery) -> None:
    """Append a row to the file of the day on which it was made (UTC); it is on the disk when this returns."""
    folder = spool_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    day = row.created_at.astimezone(UTC).date().isoformat()
    line = json.dumps({"id": row.id, "kind": row.kind, **row.payload}, ensure_ascii=False) + "\n"
    handle = os.open(folder / f"{day}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
