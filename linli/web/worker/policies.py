"""Who may open the worker's pages: whoever works on cases outside a desk, by what the pack says that posts are for."""

from __future__ import annotations

from linli.access.sealing import RECEIVER_ROLE
from linli.kernel.actors import Actor, Holding
from linli.organisations.policies import ADMINISTRATORS
from linli.web.base.pages import Policy

_NOT_HERE = ADMINISTRATORS | {RECEIVER_ROLE}


def is_off_desk(holding: Holding) -> bool:
    """Whether the post works on cases, of its place or of its body, and runs no desk: neither a queue nor the sealed one."""
    return holding.works and not holding.is_desk and holding.role not in _NOT_HERE


def works_off_desk(actor: Actor) -> bool:
    """Whether one of the posts held works on cases outside a desk."""
    return any(is_off_desk(holding) for holding in actor.holdings)


WORKER = Policy("worker", True, works_off_desk)
