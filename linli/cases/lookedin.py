"""Whether a receiver has opened a sealed case lately: with a reason, in the log. Until then no page and no API shows it.

The log is asked, nothing else is kept: who opened what and why stands there and cannot be erased.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.cases.rules import rules_for
from linli.cases.seeing import Seen
from linli.journal.selectors import entries_of
from linli.kernel.errors import RefusedError

LOOK_IN = "look_in"
MINUTES = "access.sealed_open_minutes"
_LAST = 200
"""Entries back from the last in which the opening is looked for; whoever writes more in an hour opens anew."""


def need_look_in(seen: Seen, at: datetime) -> None:
    """Let a receiver go on who has opened the case within the pack's minutes; anybody else who sees it needs no opening.

    Args:
        seen: a case that this person may read.
        at: aware UTC.

    Raises:
        RefusedError: `case.look_in_first`: the reason has to be written down first.
    """
    case = seen.bundle.case
    if case.compartment != "sealed" or not _receives(seen):
        return
    rules = rules_for(seen.snapshot, case.place, at)
    since = at - timedelta(minutes=rules.integer(MINUTES))
    account = seen.bundle.actor.ref.account
    for entry in reversed(entries_of(f"case:{case.id}", after=max(0, case.seq - _LAST))):
        if entry.actor.account == account and entry.verb.endswith(f".{LOOK_IN}") and entry.at >= since:
            return
    raise RefusedError(
        "A sealed case is opened with a reason.",
        code="case.look_in_first",
        hint="Write the reason first; it stays in the log.",
    )


def _receives(seen: Seen) -> bool:
    account = seen.bundle.actor.ref.account
    return any(b.role == "receiver" and b.ended_at is None and b.account == account for b in seen.bundle.bodies)
