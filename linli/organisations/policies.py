"""Who may change organisations, posts and appointments. Three administrators, none of whom is enough alone.

The system administrator keeps bodies and duties, the security administrator keeps accounts and appointments, the
audit administrator reads the log. None of them sees a case by that role. And who may read what the register says.
"""

from __future__ import annotations

from collections.abc import Collection

from linli.kernel.actors import Actor, Allowed, Denied, Holding, Verdict
from linli.organisations.domain import Line, OrganisationRef, place_prefix

SYSTEM_ADMINISTRATOR = "system_administrator"
SECURITY_ADMINISTRATOR = "security_administrator"
AUDIT_ADMINISTRATOR = "audit_administrator"
ADMINISTRATORS = frozenset({SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR})

DUTY_HEAD = "duty_head"
HEAD = "head"

OUTSIDE_LINES = frozenset({Line.MARKET, Line.SOCIETY})
"""Lines in which firms and societies stand: what they know of residents and officials they may carry elsewhere."""

_STREET = 9  # digits of a street's code


def may_keep_bodies(actor: Actor, place: str) -> Verdict:
    """Whether the actor may open, change and close bodies, posts and duties at a place.

    Args:
        actor: with the posts held now.
        place: code of the place; "" = everywhere.
    """
    return _by_role(actor, SYSTEM_ADMINISTRATOR, place, "organisations.not_system_administrator")


def may_appoint(actor: Actor, place: str, account: int) -> Verdict:
    """Whether the actor may appoint that account to a post at a place: never oneself.

    Args:
        actor: with the posts held now.
        place: code of the post's place.
        account: id of the account to be appointed.
    """
    if actor.ref.kind == "person" and actor.ref.account == account:
        return Denied("organisations.own_appointment", "Nobody appoints themselves.")
    return _by_role(actor, SECURITY_ADMINISTRATOR, place, "organisations.not_security_administrator")


def may_name_stand_in(actor: Actor, holder: int, place: str) -> Verdict:
    """Whether the actor may name who stands in: the holder, for their own post, or who may appoint.

    Args:
        actor: with the posts held now.
        holder: id of the account that holds the post.
        place: code of the post's place.
    """
    if actor.ref.kind == "person" and actor.ref.account == holder:
        return Allowed(_any_holding(actor))
    return may_appoint(actor, place, holder)


def may_keep_roster(actor: Actor, organisation: int, place: str) -> Verdict:
    """Whether the actor may set the shifts of a body's desk: its head, the head of its desk, or who appoints."""
    if actor.ref.kind == "system":
        return Allowed()
    own = [h for h in actor.holdings if h.organisation == organisation and h.role in (HEAD, DUTY_HEAD)]
    if own:
        return Allowed(own[0])
    return _by_role(actor, SECURITY_ADMINISTRATOR, place, "organisations.not_of_this_desk")


def may_take_desk(actor: Actor, organisation: int) -> Verdict:
    """Whether the actor may take a body's desk over from the shift before: whoever holds a post of that desk."""
    own = next((h for h in actor.holdings if h.organisation == organisation and h.is_desk), None)
    return Allowed(own) if own else Denied("organisations.not_of_this_desk", "You hold no post of this desk.")


def may_read_ground(actor: Actor, place: str, outside: Collection[int] = ()) -> Verdict:
    """Whether the actor may read who is responsible at a place: inside the ground of a post, and above it for wide ones.

    A post of a street or more sees what lies above it, so that its desk finds whom to turn to; who looks after a
    community or a grid sees that ground alone.

    Args:
        actor: with the posts held now.
        place: code of the place; "" = everywhere.
        outside: bodies that do no public work (`OUTSIDE_LINES`): their posts open nothing.
    """
    prefix = place_prefix(place)
    for holding in actor.holdings:
        if _reads(holding, outside) and (prefix.startswith(holding.place) or _lies_above(prefix, holding)):
            return Allowed(holding)
    return Denied("organisations.not_your_ground", "Your posts do not serve this place.")


def may_read_body(actor: Actor, body: OrganisationRef, outside: Collection[int] = ()) -> Verdict:
    """Whether the actor may read who holds a body's posts: their own body's, and of those whose place they may read.

    Args: see `may_read_ground`.
    """
    own = next((h for h in actor.holdings if h.organisation == body.id and _reads(h, outside)), None)
    return Allowed(own) if own else may_read_ground(actor, body.place, outside)


def reads_register(holding: Holding) -> bool:
    """Whether a post reads the register at all: not those that keep the system, but for the three administrators."""
    return not holding.stands_aside or holding.role in ADMINISTRATORS


def _reads(holding: Holding, outside: Collection[int]) -> bool:
    return reads_register(holding) and holding.organisation not in outside


def _lies_above(prefix: str, holding: Holding) -> bool:
    return len(holding.place) <= _STREET and holding.place.startswith(prefix)


def _by_role(actor: Actor, role: str, place: str, code: str) -> Verdict:
    if actor.ref.kind == "system":
        return Allowed()
    holding = actor.holds(role, place_prefix(place))
    if holding is None:
        return Denied(code, "Your posts do not include this administration for this place.")
    return Allowed(holding)


def _any_holding(actor: Actor) -> Holding | None:
    return actor.holdings[0] if actor.holdings else None
