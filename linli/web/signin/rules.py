"""What the pack says of signing in: which posts need a second factor, and idle minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actors import Actor
from linli.packs.selectors import rules_this_minute
from linli.rules.parameters import Integer, Parameter, TextList

SECOND_FACTOR = Parameter("access.second_factor_roles", TextList)
IDLE_MINUTES = Parameter("access.idle_minutes", Integer)


@dataclass(frozen=True, slots=True)
class SignInRules:
    """The rules of a moment: roles whose holders need a second factor, and after how many idle minutes it ends."""

    second_factor_roles: frozenset[str]
    idle_minutes: int

    def demands_second_factor(self, actor: Actor) -> bool:
        """Whether one of the posts held demands more than a password."""
        return any(holding.role in self.second_factor_roles for holding in actor.holdings)


def rules_at(at: datetime) -> SignInRules:
    """The rules for signing in, at an aware instant.

    Raises:
        NoRulesError: nothing is published.
    """
    rules = rules_this_minute(at)
    return SignInRules(frozenset(rules[SECOND_FACTOR]), rules[IDLE_MINUTES])
