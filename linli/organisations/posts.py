"""What kinds of post are for, as the pack says: desks, posts that look after a place, posts that watch.

Is: the word (`Holding.sort`) from which every permission by post follows. Is not: a permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from linli.kernel.actors import Holding, PostSort
from linli.organisations.policies import ADMINISTRATORS
from linli.packs.selectors import snapshot_by_hash
from linli.rules.packfiles import PackSource
from linli.rules.parameters import Parameter, TextList
from linli.rules.resolver import rule_day
from linli.rules.schemas import ParameterRow
from linli.rules.snapshot import Rules

DESK_POSTS = Parameter("posts.desk", TextList)
PLACE_POSTS = Parameter("posts.of_a_place", TextList)
WATCHING_POSTS = Parameter("posts.watching", TextList)
ASIDE_POSTS = Parameter("posts.aside", TextList)
APART_POSTS = Parameter("posts.apart", TextList)
RECEIVING_POSTS = Parameter("posts.receiving", TextList)

HoldingRow = tuple[int, str, int, str, int | None]

_SORTS: Mapping[Parameter[tuple[str, ...]], PostSort] = {
    DESK_POSTS: "desk",
    PLACE_POSTS: "place",
    WATCHING_POSTS: "watch",
    ASIDE_POSTS: "aside",
}


def sort_of(role: str, rules: str | None, at: datetime) -> PostSort:
    """What a post of this role is for.

    Args:
        role: of the post.
        rules: hash of the snapshot that says so; None while nothing is published: then no post sees a place.
        at: aware UTC.
    """
    return _sorts(rules, rule_day(at)).get(role, "body") if rules else "body"


def holdings_from(rows: Iterable[HoldingRow], rules: str | None, at: datetime) -> tuple[Holding, ...]:
    """Posts held, from rows of `HOLDINGS_SQL`.

    Args:
        rows: (post, role, organisation, place, stand_in_for).
        rules: hash of the snapshot that says what a post is for.
        at: aware UTC.
    """
    return tuple(Holding(*row, sort_of(row[1], rules, at)) for row in rows)


@lru_cache(maxsize=64)
def _sorts(rules: str, day: date) -> Mapping[str, PostSort]:
    snapshot = snapshot_by_hash(rules)
    values = snapshot.at(snapshot.place, day)
    return {role: sort for parameter, sort in _SORTS.items() for role in values[parameter]}


def roles_apart(rules: Rules | None) -> frozenset[str]:
    """Roles of which one person holds at most one: the three administrations, and what the pack adds to them.

    Args:
        rules: the widest that hold; None while nothing is published.
    """
    return ADMINISTRATORS | frozenset(rules[APART_POSTS] if rules is not None else ())


def roles_receiving(rules: Rules) -> frozenset[str]:
    """Roles of the posts that receive a protected matter for their body.

    Args:
        rules: the widest that hold; those that say nothing of it name nobody, which an administrator is then told.
    """
    says = RECEIVING_POSTS.key in rules.snapshot.section("parameters")
    return frozenset(rules[RECEIVING_POSTS] if says else ())


def roles_that_see(source: PackSource) -> frozenset[str] | None:
    """Every role that a pack or its parents let see a place, on whatever day: what a procedure may name.

    Returns:
        The roles; None where the pack lists none at all, which is told as a parameter without a value.
    """
    rows = source.merged("parameters")
    named = [parameter.key for parameter, sort in _SORTS.items() if sort != "aside" and parameter.key in rows]
    dated = (value for key in named for value in cast("ParameterRow", rows[key].row).values)
    return frozenset(str(role) for value in dated for role in cast("list[str]", value.value)) if named else None
