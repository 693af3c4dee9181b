"""Who may make and close accounts and keys, and who may read the log: roles of posts held now, no superuser."""

from __future__ import annotations

from linli.kernel.actors import Actor, Allowed, Denied, Verdict
from linli.organisations.policies import AUDIT_ADMINISTRATOR, SECURITY_ADMINISTRATOR

AUDITOR = "auditor"
SUPPORT = "support"
"""Role of a post for people from outside who look at how the system runs; see `support`."""


def may_keep_accounts(actor: Actor) -> Verdict:
    """Whether the actor may add and close accounts and keys: the security administrator, or the system at set-up."""
    if actor.ref.kind == "system":
        return Allowed()
    for holding in actor.holdings:
        if holding.role == SECURITY_ADMINISTRATOR:
            return Allowed(holding)
    return Denied("access.not_security_administrator", "Your posts do not include the keeping of accounts.")


def may_read_log(actor: Actor, place: str) -> Verdict:
    """Whether the actor may read the journal of a place: auditors and audit administrators, of that place or above.

    Args:
        actor: with the posts held now.
        place: code of the place; "" = everywhere.
    """
    if actor.ref.kind == "system":
        return Allowed()
    holding = actor.holds(AUDITOR, place) or actor.holds(AUDIT_ADMINISTRATOR, place)
    if holding is None:
        return Denied("access.not_auditor", "Your posts do not include the audit of this place.")
    return Allowed(holding)


def may_use_key(scopes: frozenset[str], scope: str) -> Verdict:
    """Whether a key with those scopes may be used for `scope`: exactly that one, nothing stands for everything."""
    if scope in scopes:
        return Allowed()
    return Denied("access.scope", "The key was not made for this.")
