"""What one person may read of the register: places and bodies, asked for once a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actors import Actor
from linli.organisations.domain import OrganisationRef
from linli.organisations.policies import OUTSIDE_LINES, may_read_body, may_read_ground
from linli.organisations.selectors import organisations_at


@dataclass(frozen=True, slots=True)
class Reader:
    """A person, and which of their bodies do no public work: posts there open nothing.

    Attributes:
        bodies: bodies that were asked for along with their own.
    """

    actor: Actor
    outside: frozenset[int]
    bodies: Mapping[int, OrganisationRef]

    def may_place(self, code: str) -> bool:
        """Whether the page of a place is this person's to read."""
        return bool(may_read_ground(self.actor, code, self.outside))

    def may_body(self, body: OrganisationRef | int | None) -> bool:
        """Whether the page of a body is; of one by its id where it was asked for along."""
        found = self.bodies.get(body) if isinstance(body, int) else body
        return found is not None and bool(may_read_body(self.actor, found, self.outside))


def reader_of(actor: Actor, at: datetime, also: Collection[int] = ()) -> Reader:
    """The person with what is asked of the database for it; one query.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
        also: ids of bodies that are asked about by their id.
    """
    found = organisations_at(at, {*also, *(holding.organisation for holding in actor.holdings)})
    return Reader(actor, frozenset(body.id for body in found.values() if body.line in OUTSIDE_LINES), found)
