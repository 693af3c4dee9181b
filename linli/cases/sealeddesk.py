"""What lies on the sealed desk: the closed cases that a person receives by name, and those that nobody can receive.

A row is a number, a state and times: no title and no word; the case itself is opened with a reason (`lookedin`). Nothing here
is counted.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.access.sealing import RECEIVER_ROLE
from linli.access.selectors import active_among, seal_rules
from linli.cases.domain import Receiver
from linli.cases.reading import read_unlocked, run
from linli.cases.receivers import Day
from linli.cases.receiving import next_line
from linli.cases.rules import local_date, rules_for
from linli.cases.seeing import Seen, see
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, Page, Sort, Stretch, turn_page
from linli.organisations.selectors import all_holdings, holdings_of
from linli.packs.selectors import snapshot_by_hash, snapshot_for

NEWEST = Sort("newest", "c.id", "c.id", "number", is_descending=True, has_gaps=False)
MOST_LEFT = 10
"""So many cases without a receiver are looked at for one page."""

# Index: cases_assignment_named.
_NAMED = (
    "a.role = 'receiver' AND a.ended_at IS NULL"
    " AND (a.account = %(account)s::bigint OR a.post = ANY(%(posts)s::bigint[]))"
    " AND a.organisation = ANY(%(bodies)s::bigint[])"
)
_IS_NAMED = f"SELECT EXISTS (SELECT 1 FROM cases_assignment a WHERE {_NAMED})"
_ROWS = (
    "SELECT c.id, c.no, c.kind, c.state, c.snapshot, c.compartment, c.place, c.opened_at, c.limit_at FROM cases_case c"
)
_MINE = f"EXISTS (SELECT 1 FROM cases_assignment a WHERE a.case_id = c.id AND {_NAMED}) AND c.compartment <> 'open'"
# Index: cases_case_unseen.
_CLOSED = (
    "c.compartment <> 'open' AND c.closed_at IS NULL AND (c.place LIKE ANY(%(places)s::text[])"
    " OR EXISTS (SELECT 1 FROM unnest(%(above)s::text[]) p WHERE starts_with(p, c.place)))"
)
_WHO = (
    "SELECT DISTINCT a.account, a.post, a.organisation FROM cases_case c JOIN cases_assignment a ON a.case_id = c.id"
    f" WHERE {_CLOSED} AND a.role = 'receiver' AND a.ended_at IS NULL"
)
_LEFT = (
    f"SELECT c.id FROM cases_case c WHERE {_CLOSED} AND NOT EXISTS (SELECT 1 FROM cases_assignment a"
    " WHERE a.case_id = c.id AND a.role = 'receiver' AND a.ended_at IS NULL AND (a.post = ANY(%(seats)s::bigint[]) OR"
    " (a.account, a.organisation) IN (SELECT * FROM unnest(%(people)s::bigint[], %(units)s::bigint[]))))"
    " ORDER BY c.id LIMIT %(most)s"
)


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A closed case as its receiver finds it; nothing of what it says."""

    id: int
    no: str
    kind: str
    state: str
    snapshot: str
    compartment: str
    place: str
    opened_at: datetime
    limit_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A closed case that nobody can receive, and who the rule names today; this person is one of them."""

    no: str
    compartment: str
    opened_at: datetime
    named: tuple[Receiver, ...]


def is_named(actor: Actor) -> bool:
    """Whether a person receives a closed case by name, or in a post that is named; one query."""
    row = run(_IS_NAMED, _who(actor)).fetchone() if actor.holdings else None
    return bool(row and row[0])


def is_in_line(actor: Actor, at: datetime) -> bool:
    """Whether a person could be named one day: a post of receivers, or of the body with the discipline duty of its place."""
    if any(holding.role == RECEIVER_ROLE for holding in actor.holdings):
        return True
    day = Day(at)
    return any(
        _disciplines(holding.organisation, holding.place, day) for holding in actor.holdings if holding.sort == "body"
    )


def sealed_sheet(actor: Actor, *, closed: bool, after: After | None = None, limit: int = 30) -> Page[SealedLine]:
    """The closed cases that a person receives, the newest first.

    Args:
        actor: with the posts held now.
        closed: those that have ended, else those that have not.
        after: where the page before ended (sort `NEWEST`).
        limit: most rows.
    """
    ended = "c.closed_at IS NOT NULL" if closed else "c.closed_at IS NULL"

    def fetch(stretch: Stretch) -> list[SealedLine]:
        query = f"{_ROWS} WHERE {_MINE} AND {ended} AND {stretch.where} {stretch.order} LIMIT %(row_limit)s"
        return [SealedLine(*row) for row in run(query, {**_who(actor), **stretch.values}).fetchall()]

    return turn_page(NEWEST, after, limit, fetch, lambda row: After(row.id, row.id))


def left_lines(actor: Actor, at: datetime) -> tuple[LeftLine, ...]:
    """Closed cases below a person's places that nobody can receive and for which the rule names this person today.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
    """
    day = Day(at)
    own = [holding.place for holding in actor.holdings if holding.sort == "body"]
    values: dict[str, object] = {"places": [f"{place}%" for place in own], "above": own}
    who = run(_WHO, values).fetchall()
    accounts = {account for account, _post, _unit in who if account is not None}
    active = active_among(accounts) if accounts else frozenset()
    seated = {(one, holding.organisation) for one, holding in holdings_of(accounts, at)} if accounts else set()
    acting = sorted((one, unit) for one, unit in seated if one in active)
    posts = {post for _account, post, _unit in who if post is not None}
    seats = sorted(posts & {holding.post for _one, holding in all_holdings(at)}) if posts else []
    values |= {"people": [one for one, _ in acting], "units": [unit for _, unit in acting], "seats": seats}
    cases = [row[0] for row in run(_LEFT, {**values, "most": MOST_LEFT}).fetchall()]
    return tuple(line for case in cases if (line := _left(case, actor, day)) is not None)


def _left(case: int, actor: Actor, day: Day) -> LeftLine | None:
    bundle = read_unlocked(case, actor)
    if bundle is None:
        return None
    facts = bundle.case
    named, orphaned = next_line(bundle, rules_for(snapshot_by_hash(facts.snapshot), facts.place, day.at), day)
    if not orphaned or not any(_is_meant(one, actor) for one in named):
        return None
    return LeftLine(facts.no, facts.compartment, facts.opened_at, named)


def receivers_today(seen: Seen, at: datetime) -> tuple[Receiver, ...]:
    """Who the rule names for a closed case today; for its receiver, who may hand it on."""
    case = seen.bundle.case
    return next_line(seen.bundle, rules_for(seen.snapshot, case.place, at), Day(at))[0]


def see_as_receiver(actor: Actor, case: int) -> Seen | None:
    """A closed case for one of its receivers; None for anybody else who may read it, such as a body that was sent it.

    Raises:
        NotFoundError: missing or forbidden, one answer.
    """
    seen = see(actor, case)
    named = (Receiver(b.organisation, b.post, b.account) for b in seen.bundle.bodies if b.role == "receiver")
    is_closed = seen.bundle.case.compartment != "open"
    return seen if is_closed and any(_is_meant(one, actor) for one in named) else None


def _is_meant(one: Receiver, actor: Actor) -> bool:
    for holding in actor.holdings:
        meant = one.account == actor.ref.account if one.account is not None else one.post == holding.post
        if meant and one.organisation == holding.organisation:
            return True
    return False


def _disciplines(organisation: int, place: str, day: Day) -> bool:
    snapshot = snapshot_for(place, day.at)
    duty = seal_rules(snapshot.at(place or snapshot.place, local_date(day.at))).discipline_duty
    return day.holder(duty, place) == organisation


def _who(actor: Actor) -> dict[str, object]:
    return {
        "account": actor.ref.account,
        "posts": [holding.post for holding in actor.holdings],
        "bodies": [holding.organisation for holding in actor.holdings],
    }
