"""What an organisation is, and the pure look-up of who holds a duty. No database, no accounts' names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Relation = Literal["holder", "stand_in", "next_post", "nobody"]

_PREFIX_LENGTHS = (15, 12, 9, 6, 4, 0)


class OrganisationKind(StrEnum):
    """Kinds of the glossary: what a body is, never what it must do (that is a `DutyLink`)."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    STREET_OFFICE = "street_office"
    OPERATIONS_CENTRE = "operations_centre"
    DISCIPLINE_OFFICE = "discipline_office"
    PARTY_COMMITTEE = "party_committee"
    BRANCH = "branch"
    ACTION_BRANCH = "action_branch"
    REGIONAL_BRANCH = "regional_branch"
    COMPREHENSIVE = "comprehensive"
    RESIDENT_UNIT = "resident_unit"
    RESIDENTS_COMMITTEE = "residents_committee"
    VILLAGERS_COMMITTEE = "villagers_committee"
    VILLAGE_OVERSIGHT_COMMITTEE = "village_oversight_committee"
    OWNERS_MEETING = "owners_meeting"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY_MANAGEMENT_COMMITTEE = "property_management_committee"
    PREPARATORY_GROUP = "preparatory_group"
    PROPERTY_COMPANY = "property_company"
    PUBLIC_INSTITUTION = "public_institution"
    ENTERPRISE = "enterprise"
    SOCIAL_ORGANISATION = "social_organisation"
    CO_OPERATIVE = "co_operative"
    VOLUNTEER_TEAM = "volunteer_team"


class Line(StrEnum):
    """The line of command a body stands in; a superior is a parent in the same line."""

    GOVERNMENT = "government"
    PARTY = "party"
    DISCIPLINE = "discipline"
    SELF_GOVERNMENT = "self_government"
    MARKET = "market"
    SOCIETY = "society"


def line_of(kind: OrganisationKind) -> Line:
    """The line in which a body of that kind usually stands.

    Self-governing committees stand in the government's line here: what they do as a front line
    office they do for the street, so that the street is their superior when somebody accuses them.

    Args:
        kind: kind of the body.

    Returns:
        The line; an import may name another one.
    """
    return _LINES.get(kind, Line.GOVERNMENT)


_LINES: Mapping[OrganisationKind, Line] = {
    OrganisationKind.DISCIPLINE_OFFICE: Line.DISCIPLINE,
    OrganisationKind.PARTY_COMMITTEE: Line.PARTY,
    OrganisationKind.BRANCH: Line.PARTY,
    OrganisationKind.ACTION_BRANCH: Line.PARTY,
    OrganisationKind.REGIONAL_BRANCH: Line.PARTY,
    OrganisationKind.COMPREHENSIVE: Line.PARTY,
    OrganisationKind.VILLAGE_OVERSIGHT_COMMITTEE: Line.SELF_GOVERNMENT,
    OrganisationKind.OWNERS_MEETING: Line.SELF_GOVERNMENT,
    OrganisationKind.OWNERS_COMMITTEE: Line.SELF_GOVERNMENT,
    OrganisationKind.PROPERTY_MANAGEMENT_COMMITTEE: Line.SELF_GOVERNMENT,
    OrganisationKind.PREPARATORY_GROUP: Line.SELF_GOVERNMENT,
    OrganisationKind.RESIDENT_UNIT: Line.MARKET,
    OrganisationKind.PROPERTY_COMPANY: Line.MARKET,
    OrganisationKind.ENTERPRISE: Line.MARKET,
    OrganisationKind.SOCIAL_ORGANISATION: Line.SOCIETY,
    OrganisationKind.CO_OPERATIVE: Line.MARKET,
    OrganisationKind.VOLUNTEER_TEAM: Line.SOCIETY,
}


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation as it stood at one instant.

    Attributes:
        key: stable name in imports (a social credit code where there is one).
        place: code of the place it serves or sits in; "" = everywhere.
        parent: id of the body above it, None at the top.
    """

    id: int
    key: str
    name: str
    kind: str
    line: str
    place: str
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class PostRef:
    """A post: who sits there is another question (`in_charge`)."""

    id: int
    organisation: int
    role: str
    title: str
    place: str
    single: bool
    next_post: int | None = None


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who acts in a post at an instant, and how that came about.

    Attributes:
        account: id of the account, None when nobody is there.
        post: the post in which that account acts: the next named one when the first is empty.
        how: `holder`, `stand_in`, `next_post` or `nobody`.
        reason: an untranslated msgid for people, without placeholders.
    """

    account: int | None
    post: int
    how: Relation
    reason: str


@dataclass(frozen=True, slots=True)
class ShiftRef:
    """A shift of a desk. Accounts are ids; `taken_by` is set once it was handed over."""

    id: int
    organisation: int
    since: datetime
    until: datetime
    head: int
    leader: int
    substitute: int | None
    taken_by: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """A live appointment, as ids."""

    appointment: int
    post: int
    account: int


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A live stand-in, as ids."""

    appointment: int
    account: int


def in_charge_of(chain: Sequence[int], held: Iterable[Held], stood: Iterable[StoodIn]) -> InCharge:
    """Who acts in the first post of a chain.

    Args:
        chain: the post, then the next named ones, in order; at least one.
        held: live appointments to posts of the chain; of several in one post the first counts.
        stood: live stand-ins for those appointments.

    Returns:
        The first post of the chain in which somebody acts decides.
    """
    acting = {s.appointment: s.account for s in stood}
    first: dict[int, Held] = {}
    for appointment in held:
        first.setdefault(appointment.post, appointment)
    for post in chain:
        found = first.get(post)
        if found is None:
            continue
        account = acting.get(found.appointment, found.account)
        if post != chain[0]:
            return InCharge(account, post, "next_post", "The post has no holder: the next named post acts.")
        if account != found.account:
            return InCharge(account, post, "stand_in", "Somebody stands in for the holder.")
        return InCharge(account, post, "holder", "The holder of the post.")
    return InCharge(None, chain[0], "nobody", "Neither the post nor the next named ones have a holder.")


@dataclass(frozen=True, slots=True)
class DutyHolder:
    """The organisation that holds a duty, and the place whose link said so ("" = everywhere)."""

    organisation: int
    place: str


@dataclass(frozen=True, slots=True)
class StandingDraft:
    """What a body is called, what it is, where and under whom; the line follows from the kind unless named."""

    name: str
    kind: str
    place: str
    parent: int | None = None
    named_line: str = ""

    @property
    def line(self) -> str:
        """The line named, else the one in which bodies of that kind usually stand."""
        return self.named_line or str(line_of(OrganisationKind(self.kind)))


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A seat to be made in a body.

    Attributes:
        key: lasting name within the body, e.g. `duty_desk` or `grid_worker@320106001001001`.
        role: what it may do, e.g. `duty_desk`, `grid_worker`, `handler`, `arbiter`.
        place: code of the place it serves; None = the body's own, "" = everywhere.
        single: one holder at a time.
        next_post: id of the post that acts when this one has no holder.
    """

    organisation: int
    key: str
    role: str
    title: str
    since: datetime
    place: str | None = None
    single: bool = True
    next_post: int | None = None


_ROLE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def is_role(text: str) -> bool:
    """Whether a text has the form of a role: `handler`, `duty.sanitation`."""
    return _ROLE.fullmatch(text) is not None


def place_prefix(place: str) -> str:
    """The prefix that every code inside `place` begins with: `320100` -> `3201`, others unchanged.

    Args:
        place: a place code of any tier, or "" for everywhere.

    Returns:
        The prefix; "" contains all.
    """
    return place[:4] if len(place) == 6 and place.endswith("00") else place


@dataclass(frozen=True, slots=True)
class DutyTable:
    """All duty links that are valid at one instant, for look-ups without a query.

    Attributes:
        links: (duty role, place prefix) -> organisation id.
        names: organisation id -> name, for traces shown to officials.
        stamp: version of the data it was read from.
    """

    links: Mapping[tuple[str, str], int]
    names: Mapping[int, str] = field(default_factory=dict)
    stamp: int = 0

    def holder(self, role: str, place: str) -> DutyHolder | None:
        """Who holds `role` at `place`: the most specific place wins.

        Args:
            role: duty role, e.g. `duty.sanitation`.
            place: code of any tier; "" asks only for the link that holds everywhere.

        Returns:
            The holder, or None when no link reaches that place.
        """
        links = self.links
        start = place_prefix(place)
        for length in _PREFIX_LENGTHS:
            if length <= len(start):
                prefix = start[:length]
                found = links.get((role, prefix))
                if found is not None:
                    return DutyHolder(found, prefix)
        return None

    @property
    def roles(self) -> frozenset[str]:
        """Every duty role that somebody holds somewhere."""
        return frozenset(role for role, _ in self.links)


def duty_table_of(
    links: Iterable[tuple[str, str, int]],
    names: Mapping[int, str] | None = None,
    stamp: int = 0,
) -> DutyTable:
    """A table from (role, place code, organisation) triples.

    Args:
        links: the triples; place codes of any tier or "".
        names: organisation id -> name.
        stamp: version of the data.

    Returns:
        The table.
    """
    table = {(role, place_prefix(place)): organisation for role, place, organisation in links}
    return DutyTable(table, dict(names or {}), stamp)
