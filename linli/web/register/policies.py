"""Who may open the pages of the register; which place and which body is `organisations.policies`' to say."""

from __future__ import annotations

from linli.kernel.actors import Actor
from linli.organisations.policies import reads_register
from linli.web.base.pages import Policy


def _reads(actor: Actor) -> bool:
    return any(reads_register(holding) for holding in actor.holdings)


REGISTER = Policy("register", True, _reads)
