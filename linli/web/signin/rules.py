"""What the pack says of signing in, read once a minute a process: which posts need a second factor, and idle minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from linli.kernel.actors import Actor
from linli.packs.selectors import installation_rules
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
    return _rules(at.replace(second=0, microsecond=0))


@lru_cache(maxsize=2)
def _rules(minute: datetime) -> SignInRules:
    rules = installation_rules(minute)
    return SignInRules(frozenset(rules[SECOND_FACTOR]), rules[IDLE_MINUTES])
