"""Where a notice of a case goes: into the message centre of whoever works here, and to the office's gateway.

What is for the sealed desk goes there and nowhere else: no message and no line of the gateway tells of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from linli.app import spool
from linli.cases import notices
from linli.intake.troubles import SEALED_DESK, trouble_heard
from linli.journal.delivery import Delivery


def deliver(rows: Sequence[Delivery]) -> None:
    """Keep notices for bodies and desks, then hand them to the gateway's file; either may see one twice, by its id."""
    told = [row for row in rows if row.payload.get("to") != SEALED_DESK]
    for row in rows:
        if row.payload.get("to") == SEALED_DESK:
            trouble_heard(row, datetime.now(UTC))
    notices.keep(told)
    spool.write(told)
