"""Who reads, writes and reports: roles come from the pack and from posts held now."""

from __future__ import annotations

from linli.kernel.actors import Actor, Allowed, Denied, Verdict
from linli.knowledge.rules import KnowledgeRules
from linli.organisations.domain import place_prefix
from linli.organisations.policies import ADMINISTRATORS

NOT_A_WRITER = Denied("knowledge.not_a_writer", "Your posts do not write answers for this place or this body.")
NO_DESK = Denied("knowledge.no_desk", "You hold no post today in which answers are read.")


def may_read(actor: Actor) -> Verdict:
    """Whether somebody reads entries, and so may say that one is wrong or missing: every post but administrators'."""
    for holding in actor.holdings:
        if holding.role not in ADMINISTRATORS:
            return Allowed(holding)
    return NO_DESK


def may_write(actor: Actor, place: str, owner: int | None, rules: KnowledgeRules) -> Verdict:
    """Whether somebody writes, checks and ends an entry, and settles what is said about it.

    Args:
        actor: with the posts held now.
        place: code of the entry's place; "" = everywhere.
        owner: body that vouches for it; None = not known yet.
        rules: those of the day.
    """
    if actor.ref.kind == "system":
        return Allowed()
    of_place, of_owner = rules.writers(place)
    prefix = place_prefix(place)
    for holding in actor.holdings:
        in_place = holding.role in of_place and prefix.startswith(holding.place)
        in_owner = holding.role in of_owner and holding.organisation == owner
        if in_place or in_owner:
            return Allowed(holding)
    return NOT_A_WRITER
