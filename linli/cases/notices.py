"""The message centre: what steps told bodies and desks, kept for a while, and how far each person has read.

Is: rows of ids and codes, put there when the outbox is delivered; the title is read from the case, under the reader's
rights of today. Is not: a list of who read what: one number a person, seen by nobody else, and counted nowhere.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.cases.noticewishes import telling_of, told_values
from linli.cases.reading import run
from linli.cases.rules import local_date
from linli.journal.delivery import Delivery
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, Page, Sort, Stretch, turn_page
from linli.packs.selectors import live_rules
from linli.rules.parameters import Integer, Parameter

DAYS_KEPT = Parameter("notices.days", Integer)
COUNTED_TO = 99
"""Unread messages are counted up to here."""

NEWEST = Sort("newest", "n.id", "n.id", "number", is_descending=True, has_gaps=False)

_KEEP = (
    "INSERT INTO cases_notice (id, case_id, what, told, organisation, place, at)"
    " SELECT n.id, c.id, n.what, n.told, n.organisation, c.place, n.at"
    " FROM unnest(%(ids)s::bigint[], %(cases)s::bigint[], %(whats)s::text[], %(tolds)s::text[],"
    "  %(organisations)s::bigint[], %(ats)s::timestamptz[]) AS n(id, case_id, what, told, organisation, at)"
    " JOIN cases_case c ON c.id = n.case_id WHERE c.compartment = 'open' ON CONFLICT (id) DO NOTHING"
)
# Indexes: cases_notice_body, cases_notice_desk. A body's message ends with its part in the case.
_MINE = (
    "c.compartment = 'open' AND (n.organisation = ANY(%(bodies)s::bigint[]) AND EXISTS (SELECT 1 FROM cases_assignment a"
    " WHERE a.case_id = n.case_id AND a.organisation = n.organisation AND a.ended_at IS NULL)"
    " OR n.told = 'desk' AND n.place LIKE ANY(%(desks)s::text[]))"
)
_SEEN = "coalesce((SELECT s.upto FROM cases_noticeseen s WHERE s.account = %(account)s), 0)"
# From when on a message counts as new follows from the person's wishes (`noticewishes`).
_TOLD = (
    "n.at <= CASE WHEN n.what = ANY(%(whats)s::text[])"
    " THEN (%(untils)s::timestamptz[])[array_position(%(whats)s::text[], n.what)] ELSE %(other)s::timestamptz END"
)
_ROWS = (
    f"SELECT n.id, c.no, c.kind, c.title, c.snapshot, n.what, n.told, n.at, n.id > {_SEEN} AND coalesce({_TOLD}, false)"
    " FROM cases_notice n JOIN cases_case c ON c.id = n.case_id"
)
_UNREAD = (
    f"SELECT count(*) FROM (SELECT 1 FROM cases_notice n JOIN cases_case c ON c.id = n.case_id WHERE n.id > {_SEEN}"
    f" AND {_MINE} AND {_TOLD} LIMIT {COUNTED_TO + 1}) q"
)
_READ = (
    "INSERT INTO cases_noticeseen (account, upto) VALUES (%(account)s, %(upto)s) ON CONFLICT (account)"
    " DO UPDATE SET upto = greatest(cases_noticeseen.upto, excluded.upto)"
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One message. `what` is a step of the case's procedure, or a count of it (`reworks`)."""

    id: int
    no: str
    kind: str
    title: str
    snapshot: str
    what: str
    told: str
    at: datetime
    is_new: bool


def keep(rows: Sequence[Delivery]) -> None:
    """Keep notices of the outbox as messages; a repeated delivery keeps each once. Those to reporters are not kept here."""
    kept = [row for row in rows if row.payload.get("to") in ("owner", "co_owner", "desk")]
    if not kept:
        return
    values = {
        "ids": [row.id for row in kept],
        "cases": [row.payload["case"] for row in kept],
        "whats": [row.payload["what"] for row in kept],
        "tolds": [row.payload["to"] for row in kept],
        "organisations": [row.payload.get("organisation") for row in kept],
        "ats": [row.created_at for row in kept],
    }
    run(_KEEP, values)


def messages(actor: Actor, at: datetime, *, after: After | None = None, limit: int = 30) -> Page[NoticeLine]:
    """One page of a person's messages, the newest first.

    Args:
        actor: with the posts held at `at`.
        at: now, aware UTC.
        after: where the page before ended (sort `NEWEST`).
        limit: most rows.
    """
    own = {**_own(actor), **told_values(telling_of(actor, at), at)}

    def fetch(stretch: Stretch) -> list[NoticeLine]:
        query = f"{_ROWS} WHERE {_MINE} AND {stretch.where} {stretch.order} LIMIT %(row_limit)s"
        return [NoticeLine(*row) for row in run(query, {**own, **stretch.values}).fetchall()]

    return turn_page(NEWEST, after, limit, fetch, lambda row: After(row.id, row.id))


def unread(actor: Actor, at: datetime) -> int:
    """How many messages a person has been told of by `at` and has not read, up to one more than `COUNTED_TO`."""
    row = run(_UNREAD, {**_own(actor), **told_values(telling_of(actor, at), at)}).fetchone()
    return int(row[0]) if row else 0


def mark_read(actor: Actor, upto: int) -> None:
    """All messages up to this one are read. A person's own mark, moved forward only."""
    if actor.ref.account is not None:
        run(_READ, {"account": actor.ref.account, "upto": upto})


def drop_old(at: datetime) -> int:
    """Delete messages older than the pack keeps them, and the marks of nobody; how many messages.

    Args:
        at: now, aware UTC.
    """
    dropped = 0
    for rules in live_rules(at).publications:
        here = live_rules(at).snapshot_for(rules.place)
        before = at - timedelta(days=here.at(here.place, local_date(at))[DAYS_KEPT])
        old = "DELETE FROM cases_notice WHERE at < %(before)s AND place LIKE %(place)s"
        dropped += run(old, {"before": before, "place": f"{rules.place}%"}).rowcount
    return dropped


def _own(actor: Actor) -> dict[str, object]:
    return {
        "account": actor.ref.account,
        "bodies": [h.organisation for h in actor.holdings if h.works],
        "desks": [f"{h.place}%" for h in actor.holdings if h.is_desk],
    }
