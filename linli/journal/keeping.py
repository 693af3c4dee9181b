"""What happened to the installation as a whole, in its own chain: backups, restores, upgrades."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from linli.journal.domain import EntryDraft
from linli.journal.selectors import entries_of, head_of
from linli.journal.services import append_many
from linli.kernel.actors import SYSTEM

SUBJECT = "installation:1"
BACKUP_MADE = "journal.backup.made"
BACKUP_RESTORED = "journal.backup.restored"
UPGRADED = "journal.installation.upgraded"

_STEP = 100


def installation_record(verb: str, data: Mapping[str, object], at: datetime) -> None:
    """Write down that the installation was backed up, restored or upgraded.

    Args:
        verb: one of those above.
        data: counts and hashes.
        at: now, aware UTC.
    """
    append_many([EntryDraft(SUBJECT, verb, SYSTEM, at, at, data)])


def last_backup() -> datetime | None:
    """When the last backup was made that the log knows of; None for none, or none since a restore."""
    last = head_of(SUBJECT).seq
    while last > 0:
        rows = entries_of(SUBJECT, after=max(last - _STEP, 0), limit=_STEP)
        made = [row.at for row in rows if row.verb == BACKUP_MADE and row.seq <= last]
        if made:
            return made[-1]
        last -= _STEP
    return None
