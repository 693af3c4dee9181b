"""Who receives a case that is not open, named on the day: persons for a sealed one, posts for a protected one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linli.access.sealing import Accused
from linli.access.selectors import seal_rules, sealed_receivers
from linli.cases.domain import Receiver
from linli.cases.rules import CaseRules
from linli.organisations.selectors import holdings_of, posts_of, responsible

NAMED_ROLES = frozenset({"handler", "head"})


@dataclass(frozen=True, slots=True)
class Closing:
    """A case about to be closed to all but its receivers.

    Attributes:
        accused: bodies that the words speak of, where known.
        people: accounts that they speak of, where known.
        place: of the matter.
        kept_away: account of whoever typed it in.
        duty: duty role of a protected matter, whose holder receives it.
    """

    compartment: str
    place: str
    accused: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    kept_away: int | None = None
    duty: str = ""


def receivers_for(closing: Closing, rules: CaseRules, at: datetime) -> tuple[Receiver, ...]:
    """Who receives it; nobody where nobody is left, which an administrator must then be told.

    Source: Regulations on Petitioning Work (2022) art 28, 30.
    """
    if closing.compartment == "protected":
        return tuple(_protected(closing, at))
    return tuple(_sealed(closing, rules, at))


def _protected(closing: Closing, at: datetime) -> Iterable[Receiver]:
    body = responsible(closing.duty, closing.place, at) if closing.duty else None
    if body is None:
        return
    for post in posts_of(body.id, at).values():
        if post.role in NAMED_ROLES:
            yield Receiver(body.id, post=post.id)


def _sealed(closing: Closing, rules: CaseRules, at: datetime) -> Iterable[Receiver]:
    kept_away = frozenset(() if closing.kept_away is None else (closing.kept_away,))
    accused = Accused(frozenset(closing.accused), frozenset(closing.people), closing.place, kept_away)
    found = sealed_receivers(accused, at, seal_rules(rules.snapshot.at(rules.place, rules.day)))
    named: set[int] = set()
    for account, holding in holdings_of(sorted(found.accounts), at):
        if account not in named and holding.organisation in found.bodies:
            named.add(account)
            yield Receiver(holding.organisation, account=account)
