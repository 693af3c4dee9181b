"""Who receives a case that is not open, named on the day: persons for a sealed one, posts for a protected one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from linli.access.sealing import Accused, Town
from linli.access.selectors import seal_rules, sealed_receivers, town_at
from linli.cases.domain import Receiver
from linli.cases.rules import CaseRules
from linli.organisations.domain import DutyTable
from linli.organisations.posts import roles_receiving
from linli.organisations.selectors import duty_table, organisations_at, posts_of
from linli.packs.selectors import installation_rules


@dataclass(frozen=True, slots=True)
class Closing:
    """A case about to be closed to all but its receivers.

    Attributes:
        accused: bodies that the words speak of, where known.
        people: accounts that they speak of, where known.
        place: of the matter.
        kept_away: account of whoever typed it in.
        also_away: accounts of others who had it before it was closed.
        duty: duty role of a protected matter, whose holder receives it.
    """

    compartment: str
    place: str
    accused: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    kept_away: int | None = None
    also_away: tuple[int, ...] = ()
    duty: str = ""


@dataclass(slots=True)
class Day:
    """What stands at one instant, read when it is first asked for and then kept: one for a batch of cases.

    Attributes:
        at: aware UTC.
    """

    at: datetime
    _town: Town | None = None
    _duties: DutyTable | None = None
    _posts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _roles: frozenset[str] | None = None

    def town(self) -> Town:
        """Bodies, who acts where, duties, open accounts."""
        if self._town is None:
            self._town = town_at(self.at)
        return self._town

    def holder(self, duty: str, place: str) -> int | None:
        """The body that holds a duty at a place."""
        if self._duties is None:
            self._duties = duty_table(self.at)
        found = self._duties.holder(duty, place)
        return found.organisation if found else None

    def named_posts(self, body: int) -> tuple[int, ...]:
        """The posts of a body that are named receivers; none of a body that does not stand."""
        known = self._posts.get(body)
        if known is None:
            stands = bool(organisations_at(self.at, [body]))
            posts = posts_of(body, self.at).values() if stands else ()
            known = self._posts[body] = tuple(post.id for post in posts if post.role in self._receiving())
        return known

    def _receiving(self) -> frozenset[str]:
        """Of today, as what posts are for always is: a case of older rules goes to the posts that receive now."""
        if self._roles is None:
            self._roles = roles_receiving(installation_rules(self.at))
        return self._roles


def receivers_for(closing: Closing, rules: CaseRules, day: Day) -> tuple[Receiver, ...]:
    """Who receives it; nobody where nobody is left, which an administrator must then be told.

    Args:
        closing: the case.
        rules: of its place and day.
        day: what stands now.

    Source: Regulations on Petitioning Work (2022) art 28, 30.
    """
    if closing.compartment == "protected":
        return tuple(_protected(closing, day))
    return tuple(_sealed(closing, rules, day))


def _protected(closing: Closing, day: Day) -> Iterator[Receiver]:
    body = day.holder(closing.duty, closing.place) if closing.duty else None
    if body is not None:
        for post in day.named_posts(body):
            yield Receiver(body, post=post)


def _sealed(closing: Closing, rules: CaseRules, day: Day) -> Iterator[Receiver]:
    kept_away = frozenset((*closing.also_away, *(() if closing.kept_away is None else (closing.kept_away,))))
    accused = Accused(frozenset(closing.accused), frozenset(closing.people), closing.place, kept_away)
    town = day.town()
    found = sealed_receivers(accused, day.at, seal_rules(rules.snapshot.at(rules.place, rules.day)), town)
    named: set[int] = set()
    for account, holding in town.acting:
        if account in found.accounts and account not in named and holding.organisation in found.bodies:
            named.add(account)
            yield Receiver(holding.organisation, account=account)
