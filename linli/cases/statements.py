"""The two statements of a step: one that reads and locks, one that writes everything. SQL and rows, no decisions.

Both go through psycopg directly on Django's connection, as prepared statements with the same text each time, so that
the server plans them once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import psycopg
from django.db import connection

from linli.cases.domain import Body, Bundle, CaseFacts, ClockFact, Other
from linli.journal.domain import Chained, SealedPart, actor_key
from linli.journal.outbox import OutboxDraft, outbox_row
from linli.journal.receipts import Receipt
from linli.journal.selectors import (
    ENTRY_TYPES,
    HEAD_SEEN_SQL,
    INSERT_ENTRY,
    INSERT_OUTBOX,
    INSERT_PERSONAL,
    INSERT_RECEIPT,
    OUTBOX_COLUMNS,
    OUTBOX_TYPES,
    PERSONAL_TYPES,
    RECEIPT_SQL,
    RECEIPT_TYPES,
    UPDATE_HEAD,
)
from linli.kernel import clocks as work
from linli.kernel.actors import Actor, ActorRef, Holding
from linli.organisations.selectors import HOLDINGS_SQL, PARTIES_SQL

CASE_COLUMNS = (
    "id", "no", "kind", "state", "title", "task_text", "matter", "matter_by", "confidence", "place", "lon", "lat",
    "flags", "compartment", "data", "why", "counts", "marks", "candidates", "snapshot", "owner", "parent", "joined_to",
    "doers", "back_to", "result", "channel", "received_at", "happened_at", "opened_at", "closed_at", "next_due_at", "seq",
)  # fmt: skip
CLOCK_COLUMNS = (
    "id", "name", "whose", "organisation", "rule", "work", "due_at", "next_at", "alarm", "state", "provisional",
    "stopped_at", "outcome",
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
    f" FROM ({RECEIPT_SQL}) r), {REPORTER_SQL}, {PARTIES_JSON_SQL}"
    " FROM cases_case c JOIN journal_head h ON h.subject = %(head_subject)s"
    " WHERE c.id = %(case)s FOR UPDATE OF c, h"
)  # noqa: S608 - put together from constants

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
    }
    row = run(READ, values).fetchone()
    if row is not None and row[_N + 2] != row[_N]:
        row = run(READ, values).fetchone()
    return _read(row, asked) if row is not None else None


_N = len(CASE_COLUMNS)


def _read(row: Sequence[Any], asked: Asked) -> Read:
    seq, head, _, clocks, bodies, posts, receipt, is_reporter, parties = row[_N:]
    bundle = Bundle(
        case=case_from(row[:_N]),
        clocks=tuple(clock_from(one) for one in _json(clocks)),
        bodies=tuple(body_from(one) for one in _json(bodies)),
        head_seq=seq,
        head_hash=bytes(head),
        actor=Actor(asked.actor, holdings=tuple(Holding(*one) for one in _json(posts))),
        is_reporter=is_reporter,
        parties=dict(_json(parties)),
    )
    found = _json(receipt)
    if not found:
        return Read(bundle, None)
    step, fingerprint, result, subject = found
    return Read(bundle, Receipt(subject, step, bytes.fromhex(fingerprint), result))


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
    id_, name, whose, organisation, rule, state, due, ring, alarm, running, unsure, stopped, outcome = row
    return ClockFact(
        id_, name, whose, organisation, rule, work.load(state), _when(due), _when(ring), alarm, running, unsure,
        _when(stopped), outcome,
    )  # fmt: skip


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


# what a step writes

_HOT = ("state", "counts", "marks", "owner", "doers", "back_to", "result", "closed_at", "next_due_at", "seq")
_COLD = (
    "title", "task_text", "matter", "matter_by", "confidence", "place", "lon", "lat", "flags", "compartment", "data",
    "why", "candidates", "parent", "joined_to",
)  # fmt: skip
_SHAPES = {
    "counts": "jsonb", "marks": "jsonb", "doers": "jsonb", "data": "jsonb", "why": "jsonb", "flags": "text[]",
    "candidates": "bigint[]", "owner": "bigint", "parent": "bigint", "joined_to": "bigint", "seq": "int",
    "closed_at": "timestamptz", "next_due_at": "timestamptz", "lon": "float8", "lat": "float8", "confidence": "smallint",
}  # fmt: skip
_CLOCK_SHAPES = (
    "bigint", "text", "text", "bigint", "text", "jsonb", "timestamptz", "timestamptz", "smallint", "text", "boolean",
    "timestamptz", "text",
)  # fmt: skip
_BODY_SHAPES = (
    "bigint", "bigint", "bigint", "bigint", "text", "text", "text", "timestamptz", "timestamptz", "boolean",
    "timestamptz", "timestamptz",
)  # fmt: skip


def _record(columns: Sequence[str], shapes: Sequence[str], name: str) -> str:
    typed = ", ".join(f"{column} {shape}" for column, shape in zip(columns, shapes, strict=True))
    return f"jsonb_to_recordset(%({name})s::jsonb) AS x({typed})"


def _insert(table: str, columns: Sequence[str], shapes: Sequence[str], name: str) -> str:
    own = columns[1:]
    return (
        f"INSERT INTO {table} (case_id, {', '.join(own)}) SELECT %(case)s, {', '.join(f'x.{c}' for c in own)}"
        f" FROM {_record(columns, shapes, name)}"
    )


def _update(table: str, columns: Sequence[str], shapes: Sequence[str], name: str) -> str:
    own = ", ".join(f"{column} = x.{column}" for column in columns[1:])
    return f"UPDATE {table} t SET {own} FROM {_record(columns, shapes, name)} WHERE t.id = x.id RETURNING t.id"


def _set(columns: Iterable[str]) -> str:
    return ", ".join(f"{name} = %({name})s::{_SHAPES.get(name, 'text')}" for name in columns)


def _named(prefix: str, shapes: Sequence[str]) -> str:
    return ", ".join(f"%({prefix}{number})s::{shape}" for number, shape in enumerate(shapes))


_PERSONAL_AT = ENTRY_TYPES.index("smallint") + 1
_ENTRY = [f"%(e{number})s::{shape}" for number, shape in enumerate(ENTRY_TYPES)]
_ENTRY_WITH_PART = [*_ENTRY]
_ENTRY_WITH_PART[_PERSONAL_AT] = "(SELECT id FROM part)"
_OUTBOX = ", ".join(f"x.{name}" for name in OUTBOX_COLUMNS)

_PARTS: Mapping[str, str] = {
    "part": f"{INSERT_PERSONAL} VALUES ({_named('p', PERSONAL_TYPES)}) RETURNING id",
    "entry": f"{INSERT_ENTRY} VALUES ({', '.join(_ENTRY)})",
    "entry_with_part": f"{INSERT_ENTRY} VALUES ({', '.join(_ENTRY_WITH_PART)})",
    "hot": f"UPDATE cases_case SET {_set(_HOT)} WHERE id = %(case)s",
    "cold": f"UPDATE cases_case SET {_set((*_HOT, *_COLD))} WHERE id = %(case)s",
    "clocks_set": _update("cases_clock", CLOCK_COLUMNS, _CLOCK_SHAPES, "clocks_set"),
    "clocks_new": _insert("cases_clock", CLOCK_COLUMNS, _CLOCK_SHAPES, "clocks_new"),
    # A clock that is stopped and started again, a lead that leaves and the next: the old row first.
    "clocks_new_after": _insert("cases_clock", CLOCK_COLUMNS, _CLOCK_SHAPES, "clocks_new")
    + " WHERE (SELECT count(*) FROM clocks_set) >= 0",
    "bodies_set": _update("cases_assignment", BODY_COLUMNS, _BODY_SHAPES, "bodies_set"),
    "bodies_new": _insert("cases_assignment", BODY_COLUMNS, _BODY_SHAPES, "bodies_new"),
    "bodies_new_after": _insert("cases_assignment", BODY_COLUMNS, _BODY_SHAPES, "bodies_new")
    + " WHERE (SELECT count(*) FROM bodies_set) >= 0",
    "outbox": f"{INSERT_OUTBOX} SELECT {_OUTBOX} FROM {_record(OUTBOX_COLUMNS, OUTBOX_TYPES, 'outbox')}",
    "receipt": f"{INSERT_RECEIPT} VALUES ({_named('r', RECEIPT_TYPES)})",
    "voices_away": "UPDATE cases_voice SET case_id = %(voices_to)s WHERE home_id = %(case)s",
    "voices_home": "UPDATE cases_voice SET case_id = home_id WHERE home_id = %(case)s",
}

_WRITES: dict[tuple[str, ...], str] = {}


def _statement(parts: tuple[str, ...]) -> str:
    known = _WRITES.get(parts)
    if known is None:
        named = ", ".join(f"{_alias(part)} AS ({_PARTS[part]})" for part in parts)
        known = _WRITES[parts] = f"WITH {named} {UPDATE_HEAD}"
    return known


def _alias(part: str) -> str:
    return part.removesuffix("_after").removesuffix("_with_part")


@dataclass(frozen=True, slots=True)
class Written:
    """Everything one step writes."""

    before: CaseFacts
    after: CaseFacts
    clocks: tuple[ClockFact, ...]
    bodies: tuple[Body, ...]
    link: Chained
    part: SealedPart | None
    outbox: tuple[OutboxDraft, ...]
    receipt: tuple[object, ...] | None
    voices_to: int | None = None
    voices_move: bool = False


def write_step(written: Written, at: datetime) -> bool:
    """Write a step in one statement. Returns False when the head had moved: somebody wrote without the lock."""
    parts: list[str] = []
    values: dict[str, object] = {"case": written.after.id}
    _journal(written, parts, values)
    _case(written, parts, values)
    _rows("clocks", [(c.id, clock_row(c)) for c in written.clocks], parts, values)
    _rows("bodies", [(b.id, body_row(b)) for b in written.bodies], parts, values)
    if written.outbox:
        parts.append("outbox")
        rows = [dict(zip(OUTBOX_COLUMNS, _plain_outbox(draft, at), strict=True)) for draft in written.outbox]
        values["outbox"] = json.dumps(rows)
    if written.receipt is not None:
        parts.append("receipt")
        values |= {f"r{number}": value for number, value in enumerate(written.receipt)}
    if written.voices_move:
        parts.append("voices_home" if written.voices_to is None else "voices_away")
        values["voices_to"] = written.voices_to
    return run(_statement(tuple(parts)), values).rowcount == 1


def _journal(written: Written, parts: list[str], values: dict[str, object]) -> None:
    link = written.link
    if written.part is not None:
        parts += ["part", "entry_with_part"]
        values |= {f"p{number}": value for number, value in enumerate(written.part.row())}
    else:
        parts.append("entry")
    values |= {f"e{number}": value for number, value in enumerate(link.row())}
    values |= {
        "head_seq": link.seq,
        "head_hash": link.hash,
        "head_subject": link.draft.subject,
        "head_was": link.seq - 1,
    }


def _case(written: Written, parts: list[str], values: dict[str, object]) -> None:
    before, after = written.before, written.after
    columns: tuple[str, ...] = _HOT
    if any(getattr(before, name) is not getattr(after, name) for name in _COLD):
        columns = (*_HOT, *_COLD)
        parts.append("cold")
    else:
        parts.append("hot")
    for name in columns:
        values[name] = column(name, getattr(after, name))


def column(name: str, value: Any) -> object:
    """A fact as its column takes it."""
    shape = _SHAPES.get(name)
    if shape == "jsonb":
        return json.dumps(value, ensure_ascii=False)
    return list(value) if isinstance(value, tuple) else value


def _rows(
    name: str, rows: Sequence[tuple[int | None, dict[str, object]]], parts: list[str], values: dict[str, object]
) -> None:
    known = [row for id_, row in rows if id_ is not None]
    fresh = [row for id_, row in rows if id_ is None]
    if known:
        parts.append(f"{name}_set")
        values[f"{name}_set"] = json.dumps(known)
    if fresh:
        parts.append(f"{name}_new_after" if known else f"{name}_new")
        values[f"{name}_new"] = json.dumps(fresh)


def clock_row(clock: ClockFact) -> dict[str, object]:
    """A clock as JSON for its columns."""
    return {
        "id": clock.id,
        "name": clock.name,
        "whose": clock.whose,
        "organisation": clock.organisation,
        "rule": clock.rule,
        "work": work.dump(clock.work),
        "due_at": _text(clock.due_at),
        "next_at": _text(clock.next_at),
        "alarm": clock.alarm,
        "state": clock.state,
        "provisional": clock.provisional,
        "stopped_at": _text(clock.stopped_at),
        "outcome": clock.outcome,
    }


def body_row(body: Body) -> dict[str, object]:
    """A body as JSON for its columns."""
    return {
        "id": body.id,
        "organisation": body.organisation,
        "post": body.post,
        "account": body.account,
        "role": body.role,
        "state": body.state,
        "by": body.by,
        "sent_at": _text(body.sent_at),
        "signed_at": _text(body.signed_at),
        "deemed": body.deemed,
        "done_at": _text(body.done_at),
        "ended_at": _text(body.ended_at),
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _plain_outbox(draft: OutboxDraft, at: datetime) -> list[object]:
    kind, payload, personal, created, due = outbox_row(draft, at)
    return [
        kind, json.loads(cast("str", payload)), personal, cast("datetime", created).isoformat(),
        cast("datetime", due).isoformat(),
    ]  # fmt: skip
