"""Who works in the demo city: accounts by body, role and place, as the appointments of the founding day give them.

Is: a look-up for the simulation, so that each act is done by somebody whose post it is (or, on purpose, is not). Is
not: a permission; those are asked by `take_step` alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from linli.kernel.actors import Actor, ActorRef, Holding
from linli.organisations.selectors import all_holdings

_WATCHING = frozenset({"auditor", "supervisor", "seal_receiver", "grid_worker"})


@dataclass(slots=True)
class Staff:
    """Everybody with a post; lists are in the order of appointment, so that a seed gives the same people."""

    by_body: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    by_place: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    actors: dict[int, Actor] = field(default_factory=dict)
    bodies_at: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def worker_of(self, body: int) -> int | None:
        """Who does the work of a body: its handler, else anybody who works there."""
        people = self.by_body.get(body, [])
        handlers = [account for account, role in people if role == "handler"]
        others = [account for account, role in people if role not in _WATCHING]
        return next(iter(handlers or others), None)

    def at(self, role: str, place: str) -> int | None:
        """Who holds a role at a place, or at the nearest place above it."""
        for digits in (15, 12, 9, 6, 4):
            if digits <= len(place) and (found := self.by_place.get((role, place[:digits]))):
                return found[0]
        return None

    def exactly(self, role: str, place: str, digits: int) -> int | None:
        """Who holds a role at exactly that tier of a place."""
        found = self.by_place.get((role, place[:digits])) if len(place) >= digits else None
        return found[0] if found else None

    def others_at(self, place: str, but: int) -> list[int]:
        """Bodies of the street with handlers, without one of them: to whom a desk may send by mistake."""
        return [body for body in self.bodies_at.get(place[:9], ()) if body != but]

    def actor(self, account: int) -> Actor:
        """An account with its posts."""
        return self.actors[account]


def staff_at(at: datetime) -> Staff:
    """Everybody who holds a post at an instant."""
    staff = Staff()
    held: dict[int, list[Holding]] = defaultdict(list)
    for account, holding in all_holdings(at):
        held[account].append(holding)
        staff.by_body[holding.organisation].append((account, holding.role))
        staff.by_place[holding.role, holding.place].append(account)
        if holding.role == "handler" and len(holding.place) == 9:
            staff.bodies_at[holding.place].append(holding.organisation)
    staff.actors = {
        account: Actor(ActorRef("person", account), holdings=tuple(posts)) for account, posts in held.items()
    }
    return staff
