"""Opening cases, many at a time: the only other writer of a case, in one transaction a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.cases.drafts import CaseDraft, Opened
from linli.kernel.actors import ActorRef


def open_cases(drafts: Sequence[CaseDraft], actor: ActorRef, *, at: datetime) -> list[Opened]:
    """Open all of them or none; a channel's number already known opens nothing and is returned as it stands.

    Args:
        drafts: checked and cleaned reports.
        actor: who hands them in (an account, a key, the system).
        at: the server's clock, aware: when the cases are recorded.

    Returns:
        One answer a draft, in the same order.

    Raises:
        BusyError: another process opened one of these numbers at the same moment; call again.
        InputError: a draft's data does not fit its kind.
    """
    raise NotImplementedError
