"""The ledger of erasures: which parts and photos were erased on somebody's wish, kept outside the database.

A backup holds what was erased after it was made. The ledger lies apart from the database and its backups
(`LINLI_HOME/erasures`, or the folder that LINLI_ERASURES_DIR names, best on another disk), and `linli restore` carries it out
anew. A line holds ids and reasons, nothing of a person.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from linli.app import homes, spool
from linli.journal.delivery import Delivery
from linli.kernel.errors import InputError

PHOTO = "cases.photo_erasure"


def ledger_folder() -> Path:
    """Return the folder of the ledger's files, one a month."""
    given = os.environ.get("LINLI_ERASURES_DIR", "")
    return Path(given).expanduser() if given else homes.home_folder() / "erasures"


def write(rows: Iterable[Delivery]) -> None:
    """Append erasures to the file of the month in which each happened (UTC); a row may come twice."""
    months: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:
        at = row.created_at.astimezone(UTC)
        months.setdefault(at.strftime("%Y-%m"), []).append({"at": at.isoformat(), "kind": row.kind, **row.payload})
    for month, said in months.items():
        spool.append(ledger_folder() / f"{month}.jsonl", said)


def replay(folder: Path, at: datetime) -> dict[str, int]:
    """Erase again what a ledger knows and the database does not.

    Args:
        folder: of the ledger's files.
        at: now, aware UTC.

    Returns:
        How many lines there were, how many parts and photos were erased or their use ended, how many were already, and how
        many concern what was written after the backup.

    Raises:
        InputError: a line cannot be read; names file and line.
    """
    from linli.cases.evidence import erase_photo_again
    from linli.journal.again import erase_again, erasure_of
    from linli.kernel.actors import SYSTEM

    done: Counter[str] = Counter(dict.fromkeys(("lines", "erased", "use_ended", "already", "unknown"), 0))
    for line in _lines(folder):
        done["lines"] += 1
        if line.get("kind") == PHOTO:
            done["erased" if erase_photo_again(str(line.get("photo")), at) else "already"] += 1
        else:
            done[erase_again(erasure_of(line), SYSTEM, at)] += 1
    return dict(done)


def _lines(folder: Path) -> Iterator[Mapping[str, object]]:
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for number, text in enumerate(lines, start=1):
                try:
                    line = json.loads(text)
                except ValueError:
                    line = None
                if not isinstance(line, dict):
                    raise InputError(f"{file}:{number} is no line of the ledger of erasures.", code="restore.ledger")
                yield line
