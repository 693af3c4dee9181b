"""Who may sign in to the demo: one person a kind of post, in one street, each with a password made for this run.

Is: what the demo prints before it serves. Is not: a default password; each run makes new ones, and only their hashes
are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.access.selectors import accounts, system_actor
from linli.access.services import password_make
from linli.demo.staff import Staff, staff_at

SHOWN = (
    "duty_desk", "handler", "grid_worker", "arbiter", "system_administrator", "security_administrator",
    "audit_administrator",
)  # fmt: skip
"""Kinds of post whose pages differ."""

_TIERS = (9, 12, 15, 6, 4)
"""Digits of the tier at which a post is looked for: the street first."""


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: what the post is, the account's name, and the password that was just made."""

    role: str
    account: str
    password: str


def doors_open(at: datetime) -> list[Door]:
    """Make a password for one holder of each kind of post that the demo has.

    Args:
        at: now, aware UTC.
    """
    staff = staff_at(at)
    chosen = {role: account for role in SHOWN if (account := _first(staff, role)) is not None}
    names = accounts(set(chosen.values()))
    actor = system_actor()
    return [Door(role, names[account].name, password_make(account, actor, at)) for role, account in chosen.items()]


def _first(staff: Staff, role: str) -> int | None:
    """The first holder by tier and place."""
    for digits in _TIERS:
        places = sorted(place for held, place in staff.by_place if held == role and len(place) == digits)
        if places:
            return staff.by_place[role, places[0]][0]
    return None
