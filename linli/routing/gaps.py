"""What is missing at a place: duties that nobody holds, posts without a holder, receivers of sealed reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linli.access.sealing import Accused
from linli.access.selectors import seal_rules, sealed_receivers
from linli.organisations.domain import PostRef
from linli.organisations.selectors import duty_table, empty_posts
from linli.packs.selectors import live_rules, snapshot_for
from linli.routing.domain import cut_to_tier
from linli.routing.selectors import routing_table
from linli.rules.resolver import rule_day

STREET_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing.

    Attributes:
        duties: roles that routing asks for and nobody holds there.
        posts: posts of the street without a holder.
        sealed: how sealed reports are received (`sealing.Receivers.how`).
    """

    duties: tuple[str, ...]
    posts: tuple[PostRef, ...]
    sealed: str


def gaps_at(place: str, at: datetime) -> Gaps:
    """Find the gaps of a community, street or district.

    Args:
        place: its code.
        at: aware UTC.

    Raises:
        NoRulesError: no rules serve that place.
    """
    day = rule_day(at)
    snapshot = snapshot_for(place, at)
    table = routing_table(snapshot, day)
    duties = duty_table(at)
    wanted = {(row.role, row.tier) for row in table.rows} | {(f.role, f.tier) for f in table.fallbacks}
    missing = sorted({role for role, tier in wanted if duties.holder(role, cut_to_tier(place, tier)) is None})
    empty = [post for post in empty_posts(at) if post.place.startswith(place[:STREET_DIGITS])]
    sealed = sealed_receivers(Accused(frozenset(), frozenset(), place), at, seal_rules(snapshot.at(place, day)))
    return Gaps(tuple(missing), tuple(empty), sealed.how)


def duties_unheld(places: Iterable[str], at: datetime) -> dict[str, int]:
    """Duties that routing asks for, by how many places have nobody for them; two statements and pure look-ups.

    Args:
        places: codes of communities.
        at: aware UTC.
    """
    live, day, duties = live_rules(at), rule_day(at), duty_table(at)
    asked: dict[str, set[tuple[str, str]]] = {}
    missing: dict[str, set[str]] = {}
    for place in places:
        pack = live.published_for(place).hash
        if pack not in asked:
            table = routing_table(live.snapshot_for(place), day)
            asked[pack] = {(row.role, row.tier) for row in table.rows} | {(f.role, f.tier) for f in table.fallbacks}
        for role, tier in asked[pack]:
            code = cut_to_tier(place, tier)
            if duties.holder(role, code) is None:
                missing.setdefault(role, set()).add(code)
    return {role: len(codes) for role, codes in sorted(missing.items())}
