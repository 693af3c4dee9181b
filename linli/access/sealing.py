"""Who may receive a sealed report: named by a tier above the accused, minus everybody too near to them. Pure.

`selectors.sealed_receivers` reads what is needed from appointments on the day and asks `receivers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from linli.kernel.actors import Holding
from linli.organisations.domain import DutyTable, Line, OrganisationRef, place_prefix

RECEIVER_ROLE = "seal_receiver"

# prefixes of the tiers above grid, from the narrowest: community, street, district, city, the country
_TIERS = (12, 9, 6, 4, 0)


@dataclass(frozen=True, slots=True)
class Town:
    """What stands on the day: bodies, who acts where, who holds which duty, who is tied to whom.

    Attributes:
        bodies: by id.
        acting: every (account, holding), stand-ins included.
        duties: duty links.
        tied: accounts declared to be relatives of, or in conflict with, one of the accused.
        active: open accounts.
    """

    bodies: Mapping[int, OrganisationRef]
    acting: tuple[tuple[int, Holding], ...]
    duties: DutyTable
    tied: frozenset[int]
    active: frozenset[int]


@dataclass(frozen=True, slots=True)
class Accused:
    """Whom a report accuses, as far as known, and where.

    Nobody known: then every body that serves the place's community or street counts as accused, its superiors too,
    except those of a discipline office: else no discipline office above it could receive what nobody named.

    Attributes:
        kept_away: accounts that are not accused but lose sight all the same, e.g. whoever typed it in.
    """

    organisations: frozenset[int]
    accounts: frozenset[int]
    place: str
    kept_away: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who receives: accounts of one tier; `how` is `receiver`, `discipline` or `nobody`.

    Attributes:
        accounts: ids, never empty unless `how` is `nobody`.
        place: prefix of the place whose receivers these are.
        bodies: the bodies in whose posts they receive.
    """

    accounts: frozenset[int]
    place: str
    bodies: frozenset[int]
    how: Literal["receiver", "discipline", "nobody"]


@dataclass(frozen=True, slots=True)
class SealRules:
    """Roles from the pack: administrators who never receive, and the discipline office's duty."""

    administrators: frozenset[str]
    discipline_duty: str


def receivers(accused: Accused, town: Town, rules: SealRules) -> Receivers:
    """Who may receive what accuses these bodies and people.

    Tiers above the highest accused body are asked in turn: at each the posts of receivers, then the office that
    holds the discipline duty. The first tier at which somebody is left receives. Where the superiors of an accused
    discipline office are all that is left, the nearest of them receives: it is the discipline office of the next tier.

    Args:
        accused: whom the report accuses, and where.
        town: what stands on the day.
        rules: roles from the pack.

    Returns:
        The receivers; `nobody` when no tier has one, and the report stays closed to all.

    Source: Regulations on Petition Work 2022 (信访工作条例), articles 28 (withdrawal) and 30 (never to the accused).
    """
    bodies = _accused_bodies(accused, town)
    climbing = bodies if _is_named(accused) else bodies - _discipline_offices(town, rules.discipline_duty)
    found = _first_tier(accused, bodies, _removed(accused, bodies, climbing, town, rules), town, rules.discipline_duty)
    if found.accounts or not _is_named(accused):
        return found
    climbing = bodies - _discipline_offices(town, rules.discipline_duty)
    spared = _removed(accused, bodies, climbing, town, rules)
    return _first_tier(accused, bodies, spared, town, rules.discipline_duty)


@dataclass(frozen=True, slots=True)
class _Removed:
    """Bodies and accounts that may not receive."""

    bodies: frozenset[int]
    accounts: frozenset[int]


def _is_named(accused: Accused) -> bool:
    return bool(accused.organisations or accused.accounts)


def _removed(
    accused: Accused, bodies: frozenset[int], climbing: frozenset[int], town: Town, rules: SealRules
) -> _Removed:
    removed = bodies | _with_superiors(climbing, town.bodies)
    return _Removed(removed, _removed_accounts(accused, removed, town, rules))


def _discipline_offices(town: Town, duty: str) -> frozenset[int]:
    """Bodies of the discipline line, and those that hold its duty in another line."""
    line = {body.id for body in town.bodies.values() if body.line == Line.DISCIPLINE}
    return frozenset(line | {body for (role, _), body in town.duties.links.items() if role == duty})


def _first_tier(accused: Accused, bodies: frozenset[int], removed: _Removed, town: Town, duty: str) -> Receivers:
    for prefix in _prefixes_above(accused, bodies, town):
        found = _left(_receiving(prefix, town), removed, town)
        if found:
            return _receivers(found, prefix, "receiver")
        found = _left(_discipline(prefix, town, duty), removed, town)
        if found:
            return _receivers(found, prefix, "discipline")
    return Receivers(frozenset(), "", frozenset(), "nobody")


def _receivers(found: list[tuple[int, Holding]], prefix: str, how: Literal["receiver", "discipline"]) -> Receivers:
    return Receivers(frozenset(a for a, _ in found), prefix, frozenset(h.organisation for _, h in found), how)


def _accused_bodies(accused: Accused, town: Town) -> frozenset[int]:
    units = {h.organisation for account, h in town.acting if account in accused.accounts}
    named = accused.organisations | units
    if named or accused.accounts:
        return frozenset(named)
    near = {accused.place[:12], accused.place[:9]} if len(accused.place) >= 9 else {accused.place}
    return frozenset(body.id for body in town.bodies.values() if body.place in near and body.place)


def _with_superiors(bodies: Iterable[int], all_bodies: Mapping[int, OrganisationRef]) -> frozenset[int]:
    """The bodies with those above them in the same line; a body of another line ends the climb."""
    removed: set[int] = set()
    for start in bodies:
        body = all_bodies.get(start)
        removed.add(start)
        while body is not None and body.parent is not None and body.parent not in removed:
            above = all_bodies.get(body.parent)
            if above is None or above.line != body.line:
                break
            removed.add(above.id)
            body = above
    return frozenset(removed)


def _removed_accounts(accused: Accused, bodies: frozenset[int], town: Town, rules: SealRules) -> frozenset[int]:
    near = {a for a, h in town.acting if h.organisation in bodies or h.role in rules.administrators}
    return frozenset(near | accused.accounts | accused.kept_away | town.tied)


def _prefixes_above(accused: Accused, bodies: frozenset[int], town: Town) -> Iterator[str]:
    """Prefixes of the place at the tiers above the highest accused body, the nearest first."""
    places = [place_prefix(town.bodies[b].place) for b in bodies if b in town.bodies]
    place = place_prefix(accused.place) or max(places, key=len, default="")
    height = min((len(p) for p in places), default=min(len(place), 9))
    for digits in _TIERS:
        if digits < height and digits <= len(place):
            yield place[:digits]


def _receiving(prefix: str, town: Town) -> list[tuple[int, Holding]]:
    return [(a, h) for a, h in town.acting if h.role == RECEIVER_ROLE and h.place == prefix]


def _discipline(prefix: str, town: Town, duty: str) -> list[tuple[int, Holding]]:
    holder = town.duties.holder(duty, prefix)
    if holder is None or holder.place != prefix:
        return []
    return [(a, h) for a, h in town.acting if h.organisation == holder.organisation]


def _left(found: list[tuple[int, Holding]], removed: _Removed, town: Town) -> list[tuple[int, Holding]]:
    return [
        (account, holding)
        for account, holding in found
        if holding.organisation not in removed.bodies and account not in removed.accounts and account in town.active
    ]
