"""The one read of a step: it locks the case and brings all that a decision needs. SQL and rows, no decisions.

Goes through psycopg directly on Django's connection, as a prepared statement with the same text each time, so that the
server plans it once. What is written is in `writing`.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import psycopg
from django.db import connection

from linli.access.domain import Order
from linli.access.orders import ORDER_SQL
from linli.cases.byorder import holding_by_order
from linli.cases.domain import Body, Bundle, CaseFacts, ClockFact, Other
from linli.journal.domain import actor_key
from linli.journal.receipts import Receipt
from linli.journal.selectors import HEAD_SEEN_SQL, RECEIPT_SQL
from linli.kernel import clocks as work
from linli.kernel.actors import SYSTEM, Actor, ActorRef, Holding
from linli.kernel.worktime import Limit, Unit
from linli.organisations.posts import holdings_from
from linli.organisations.selectors import HOLDINGS_SQL, PARTIES_SQL

CASE_COLUMNS = (
    "id", "no", "kind", "state", "title", "task_text", "matter", "matter_by", "confidence", "place", "lon", "lat",
    "flags", "compartment", "data", "why", "counts", "marks", "candidates", "snapshot", "owner", "parent", "joined_to",
    "doers", "back_to", "result", "channel", "received_at", "happened_at", "opened_at", "closed_at", "next_due_at",
    "limit_at", "seq",
)  # fmt: skip
CLOCK_COLUMNS = (
    "id", "name", "whose", "organisation", "rule", "work", "due_at", "next_at", "alarm", "state", "provisional",
    "stopped_at", "outcome", "calendar",
)  # fmt: skip
BODY_COLUMNS = (
    "id", "organisation", "post", "account", "role", "state", "by", "sent_at", "signed_at", "deemed", "done_at", "ended_at",
)  # fmt: skip
OTHER_COLUMNS = ("id", "no", "kind", "state", "matter", "compartment", "joined_to")

_CASE = ", ".join(f"c.{name}" for name in CASE_COLUMNS)
_CLOCK = ", ".join(f"k.{name}" for name in CLOCK_COLUMNS)
_BODY = ", ".join(f"a.{name}" for name in BODY_COLUMNS)
_OTHER = ", ".join(f"o.{name}" for name in OTHER_COLUMNS)

CLOCKS_SQL = (
    f"(SELECT jsonb_agg(jsonb_build_array({_CLOCK}) ORDER BY k.id) FROM cases_clock k"
    " WHERE k.case_id = c.id AND k.state <> 'stopped')"
)
BODIES_SQL = (
    f"(SELECT jsonb_agg(jsonb_build_array({_BODY}) ORDER BY a.id) FROM cases_assignment a"
    " WHERE a.case_id = c.id AND a.ended_at IS NULL)"
)
POSTS_SQL = (
    "(SELECT jsonb_agg(jsonb_build_array(q.post, q.role, q.organisation, q.place, q.stand_in_for))"
    f" FROM ({HOLDINGS_SQL}) q)"
)
PARTIES_JSON_SQL = f"(SELECT jsonb_agg(jsonb_build_array(q.organisation, q.place)) FROM ({PARTIES_SQL}) q)"
REPORTER_SQL = (
    "EXISTS (SELECT 1 FROM cases_voice v WHERE v.id = %(voice)s::bigint AND (v.case_id = c.id OR v.home_id = c.id))"
)

# Indexes: cases_case_pkey, journal_head_pkey, cases_clock_case, cases_assignment_case, cases_voice_pkey.
READ = (
    f"SELECT {_CASE}, h.seq, h.hash, {HEAD_SEEN_SQL}, {CLOCKS_SQL}, {BODIES_SQL}, {POSTS_SQL},"
    " (SELECT jsonb_build_array(r.step, encode(r.form_hash, 'hex'), r.result, r.subject)"
    f" FROM ({RECEIPT_SQL}) r), {REPORTER_SQL}, {PARTIES_JSON_SQL}, ({ORDER_SQL})"
    " FROM cases_case c JOIN journal_head h ON h.subject = %(head_subject)s"
    " WHERE c.id = %(case)s FOR UPDATE OF c, h"
)

# The same without locks, for a reader whose posts are known.
READ_UNLOCKED = f"SELECT {_CASE}, {CLOCKS_SQL}, {BODIES_SQL}, {REPORTER_SQL} FROM cases_case c WHERE c.id = %(case)s"
ALL_CLOCKS = (
    f"SELECT jsonb_agg(jsonb_build_array({_CLOCK}) ORDER BY k.id) FROM cases_clock k WHERE k.case_id = %(case)s"
)

# Cases whose alarm has rung; those that somebody holds are passed over. Index: cases_case_due.
CLAIM = (
    "SELECT c.id FROM cases_case c WHERE c.next_due_at < %(at)s"
    " ORDER BY c.next_due_at, c.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED"
)
# Open cases with a deadline that may still move, by id. Index: cases_clock_unsure.
CLAIM_UNSURE = (
    "SELECT c.id FROM cases_case c WHERE c.id > %(after)s AND c.closed_at IS NULL AND EXISTS (SELECT 1 FROM cases_clock k"
    " WHERE k.case_id = c.id AND k.provisional AND k.state = 'running') ORDER BY c.id LIMIT %(batch)s FOR UPDATE OF c"
)
READ_MANY = (
    f"SELECT {_CASE}, h.seq, h.hash, {CLOCKS_SQL}, {BODIES_SQL}"
    " FROM cases_case c JOIN journal_head h ON h.subject = 'case:' || c.id"
    " WHERE c.id = ANY(%(cases)s::bigint[]) ORDER BY c.id FOR UPDATE OF h"
)

# Two cases at once: always in the order of their ids, before anything else is locked.
LOCK_BOTH = "SELECT id FROM cases_case WHERE id = %(case)s OR no = %(no)s ORDER BY id FOR UPDATE"
READ_OTHER = (
    f"SELECT {_OTHER}, EXISTS (SELECT 1 FROM cases_case j WHERE j.joined_to = %(case)s)"
    " FROM cases_case o WHERE o.no = %(no)s"
)

Raw = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which case, under which request id, and when; `parties` are the bodies that the form names."""

    case: int
    actor: ActorRef
    request_id: UUID | None
    at: datetime
    parties: tuple[int, ...] = ()

    @property
    def subject(self) -> str:
        """The case's log."""
        return f"case:{self.case}"


@dataclass(frozen=True, slots=True)
class Read:
    """What the read brought: the bundle, and what this request id was answered with before."""

    bundle: Bundle
    receipt: Receipt | None


def run(query: str, values: Mapping[str, object]) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run a prepared statement on Django's connection, inside its transaction."""
    connection.ensure_connection()
    raw = cast("Raw", connection.connection)
    return psycopg.Cursor(raw).execute(query, values, prepare=True)


def run_once(query: str, values: Mapping[str, object]) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run a statement that is planned for its values: how many rows a filter leaves decides along which index it is read."""
    connection.ensure_connection()
    raw = cast("Raw", connection.connection)
    return psycopg.Cursor(raw).execute(query, values, prepare=False)


def read_case(asked: Asked) -> Read | None:
    """Lock a case and read all that a step needs; None where there is no such case.

    After a wait for another step PostgreSQL rereads only the locked rows; the head's number seen before the wait tells,
    and the statement is run again, now with the lock held.
    """
    values = {
        "case": asked.case,
        "head_subject": asked.subject,
        "actor_key": actor_key(asked.actor),
        "request_id": asked.request_id,
        "account": asked.actor.account,
        "voice": asked.actor.voice if asked.actor.kind == "reporter" else None,
        "at": asked.at,
        "parties": list(asked.parties),
        "order": asked.actor.order,
    }
    row = run(READ, values).fetchone()
    if row is not None and row[_N + 2] != row[_N]:
        row = run(READ, values).fetchone()
    return _read(row, asked) if row is not None else None


_N = len(CASE_COLUMNS)


def _read(row: Sequence[Any], asked: Asked) -> Read:
    seq, head, _, clocks, bodies, posts, receipt, is_reporter, parties, order = row[_N:]
    case = case_from(row[:_N])
    bundle = Bundle(
        case=case,
        clocks=tuple(clock_from(one) for one in _json(clocks)),
        bodies=tuple(body_from(one) for one in _json(bodies)),
        head_seq=seq,
        head_hash=bytes(head),
        actor=Actor(asked.actor, holdings=_stands(case, (posts, order), asked)),
        is_reporter=is_reporter,
        parties=dict(_json(parties)),
    )
    found = _json(receipt)
    if not found:
        return Read(bundle, None)
    step, fingerprint, result, subject = found
    return Read(bundle, Receipt(subject, step, bytes.fromhex(fingerprint), result))


def _stands(case: CaseFacts, found: tuple[Any, Any], asked: Asked) -> tuple[Holding, ...]:
    """The posts of whoever acts; of the holder of an order, how they stand for their body in this case."""
    posts, order = (_json(one) for one in found)
    if asked.actor.kind == "order":
        if not order:
            return ()
        id_, of_case, organisation, entry, until = order
        found_order = Order(id_, of_case, organisation, entry, datetime.fromisoformat(until))
        return holding_by_order(case, found_order, asked.at)
    return holdings_from(posts, case.snapshot, asked.at)


def read_unlocked(case: int, actor: Actor) -> Bundle | None:
    """A case as it stands, for reading; None where there is no such case."""
    voice = actor.ref.voice if actor.ref.kind == "reporter" else None
    row = run(READ_UNLOCKED, {"case": case, "voice": voice}).fetchone()
    if row is None:
        return None
    clocks, bodies, is_reporter = row[_N:]
    return Bundle(
        case=case_from(row[:_N]),
        clocks=tuple(clock_from(one) for one in _json(clocks)),
        bodies=tuple(body_from(one) for one in _json(bodies)),
        head_seq=0,
        head_hash=b"",
        actor=actor,
        is_reporter=is_reporter,
    )


def claim_due(at: datetime, batch: int) -> list[Bundle]:
    """Lock cases whose alarm has rung, and read them as the system sees them.

    A second statement reads: it begins when the locks are held, so it sees nothing older.
    """
    return _read_many([row[0] for row in run(CLAIM, {"at": at, "batch": batch}).fetchall()])


def claim_unsure(after: int, batch: int) -> list[Bundle]:
    """Lock open cases with provisional deadlines, by id from `after` on, and read them as the system sees them."""
    return _read_many([row[0] for row in run(CLAIM_UNSURE, {"after": after, "batch": batch}).fetchall()])


def _read_many(cases: list[int]) -> list[Bundle]:
    if not cases:
        return []
    return [
        Bundle(
            case=case_from(row[:_N]),
            clocks=tuple(clock_from(one) for one in _json(row[_N + 2])),
            bodies=tuple(body_from(one) for one in _json(row[_N + 3])),
            head_seq=row[_N],
            head_hash=bytes(row[_N + 1]),
            actor=Actor(SYSTEM),
        )
        for row in run(READ_MANY, {"cases": cases}).fetchall()
    ]


def _json(text: Any) -> Any:
    return () if text is None else json.loads(text)


def _when(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def case_from(row: Sequence[Any]) -> CaseFacts:
    """A case from its columns, in the order of CASE_COLUMNS."""
    values = list(row)
    for index in _TUPLES:
        values[index] = tuple(values[index])
    for index in _OBJECTS:
        values[index] = json.loads(values[index])
    values[_DOERS] = tuple((who, body) for who, body in json.loads(values[_DOERS]))
    return CaseFacts(*values)


_TUPLES = [CASE_COLUMNS.index(name) for name in ("flags", "candidates")]
_OBJECTS = [CASE_COLUMNS.index(name) for name in ("data", "why", "counts", "marks")]
_DOERS = CASE_COLUMNS.index("doers")


def clock_from(row: Sequence[Any]) -> ClockFact:
    """A clock from a JSON array in the order of CLOCK_COLUMNS."""
    id_, name, whose, organisation, rule, state, due, ring, alarm, running, unsure, stopped, outcome, calendar = row
    return ClockFact(
        id_, name, whose, organisation, rule, _state(state), _when(due), _when(ring), alarm, running, unsure,
        _when(stopped), outcome, calendar,
    )  # fmt: skip


def _state(row: Mapping[str, Any]) -> work.ClockState:
    """The kernel's state of a clock; those without pauses and extensions, nearly all, by the short way."""
    if row["pauses"] or row["extensions"]:
        return work.load(cast("work.ClockRow", row))
    amount, unit = row["limit"]
    return work.ClockState(row["start"], _limit(amount, unit), stop=row["stop"])


@cache
def _limit(amount: int, unit: str) -> Limit:
    return Limit(amount, Unit(unit))


def body_from(row: Sequence[Any]) -> Body:
    """A body from a JSON array in the order of BODY_COLUMNS."""
    id_, organisation, post, account, role, state, by, sent, signed, deemed, done, ended = row
    return Body(
        id_, organisation, post, account, role, state, by, datetime.fromisoformat(sent), _when(signed), deemed,
        _when(done), _when(ended),
    )  # fmt: skip


def lock_both(case: int, no: str) -> Other | None:
    """Lock a case and the one of that number, in the order of their ids, and read the other."""
    run(LOCK_BOTH, {"case": case, "no": no})
    row = run(READ_OTHER, {"case": case, "no": no}).fetchone()
    return Other(*row) if row is not None else None
