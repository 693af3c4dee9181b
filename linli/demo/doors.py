"""Who may sign in to the demo: one person a kind of post, each with a password made for this run.

Is: what the demo prints before it serves; `doors.csv` says for which kinds of post, and at which tiers they are looked for.
Is not: a default password; each run makes new ones, and only their hashes are kept.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from linli.access.selectors import accounts, system_actor
from linli.access.services import password_make
from linli.cases.relations import TIERS
from linli.demo.staff import Staff, staff_at

LIST = "doors.csv"


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: what the post is, the account's name, and the password that was just made."""

    role: str
    account: str
    password: str


def doors_open(at: datetime) -> list[Door]:
    """Make a password for one holder of each kind of post that the list names and the demo has.

    Args:
        at: now, aware UTC.
    """
    staff = staff_at(at)
    chosen = {role: account for role, digits in _listed() if (account := _first(staff, role, digits)) is not None}
    names = accounts(set(chosen.values()))
    actor = system_actor()
    made = {account: password_make(account, actor, at) for account in sorted(set(chosen.values()))}
    return [Door(role, names[account].name, made[account]) for role, account in chosen.items()]


def _listed() -> list[tuple[str, Sequence[int]]]:
    """Kinds of post, each with the digits of the tiers at which it is looked for, the first first."""
    with (files("linli.demo") / LIST).open("r", encoding="utf-8") as lines:
        return [(row["role"], [TIERS[tier] for tier in row["tiers"].split()]) for row in csv.DictReader(lines)]


def _first(staff: Staff, role: str, digits: Sequence[int]) -> int | None:
    """The first holder by tier and place."""
    for length in digits:
        places = sorted(place for held, place in staff.by_place if held == role and len(place) == length)
        if places:
            return staff.by_place[role, places[0]][0]
    return None
