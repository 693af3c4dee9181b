"""Where a notice of a case goes: into the message centre of whoever works here, and to the office's gateway."""

from __future__ import annotations

from linli.app import spool
from linli.cases import notices
from linli.journal.delivery import Delivery


def deliver(row: Delivery) -> None:
    """Keep the notice for bodies and desks, then hand it to the gateway's file; either may see it twice, by its id."""
    notices.keep(row)
    spool.write(row)
