"""Who may change organisations, posts and appointments. Three administrators, none of whom is enough alone.

The system administrator keeps bodies and duties, the security administrator keeps accounts and appointments, the
audit administrator reads the log. None of them sees a case by that role.
"""

from __future__ import annotations

from linli.kernel.actors import Actor, Allowed, Denied, Holding, Verdict
from linli.organisations.domain import place_prefix

SYSTEM_ADMINISTRATOR = "system_administrator"
SECURITY_ADMINISTRATOR = "security_administrator"
AUDIT_ADMINISTRATOR = "audit_administrator"
ADMINISTRATORS = frozenset({SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR})

DUTY_HEAD = "duty_head"
HEAD = "head"


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


def _by_role(actor: Actor, role: str, place: str, code: str) -> Verdict:
    if actor.ref.kind == "system":
        return Allowed()
    holding = actor.holds(role, place_prefix(place))
    if holding is None:
        return Denied(code, "Your posts do not include this administration for this place.")
    return Allowed(holding)


def _any_holding(actor: Actor) -> Holding | None:
    return actor.holdings[0] if actor.holdings else None
