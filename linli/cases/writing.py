"""The one write of a step: entry, personal part, case, clocks, bodies, outbox, receipt and head in one statement.

The statement is put together from the parts that a step needs; the same parts give the same text, prepared once.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from operator import is_not as _is_not
from typing import Any, cast

from linli.cases.domain import Body, CaseFacts, ClockFact
from linli.cases.pairs import INDEXED, kept_words
from linli.cases.reading import BODY_COLUMNS, CLOCK_COLUMNS, run
from linli.journal.domain import Chained, SealedPart
from linli.journal.outbox import OutboxDraft, outbox_row
from linli.journal.selectors import (
    ENTRY_TYPES,
    INSERT_ENTRY,
    INSERT_OUTBOX,
    INSERT_PERSONAL,
    INSERT_RECEIPT,
    OUTBOX_COLUMNS,
    OUTBOX_TYPES,
    PERSONAL_TYPES,
    RECEIPT_TYPES,
    UPDATE_HEAD,
)
from linli.kernel import clocks as work

_HOT = (
    "state", "counts", "marks", "owner", "doers", "back_to", "result", "closed_at", "next_due_at", "limit_at", "seq",
)  # fmt: skip
_COLD = (
    "title", "task_text", "matter", "matter_by", "confidence", "place", "lon", "lat", "flags", "compartment", "data",
    "why", "candidates", "parent", "joined_to",
)  # fmt: skip
_SHAPES = {
    "counts": "jsonb", "marks": "jsonb", "doers": "jsonb", "data": "jsonb", "why": "jsonb", "flags": "text[]",
    "candidates": "bigint[]", "owner": "bigint", "parent": "bigint", "joined_to": "bigint", "seq": "int",
    "closed_at": "timestamptz", "next_due_at": "timestamptz", "limit_at": "timestamptz", "lon": "float8", "lat": "float8", "confidence": "smallint",
}  # fmt: skip
_ALL = (*_HOT, *_COLD)
_pick_indexed = attrgetter(*INDEXED)
_pick_hot, _pick_cold, _pick_all = attrgetter(*_HOT), attrgetter(*_COLD), attrgetter(*_ALL)
_CLOCK_SHAPES = (
    "bigint", "text", "text", "bigint", "text", "jsonb", "timestamptz", "timestamptz", "smallint", "text", "boolean",
    "timestamptz", "text", "text",
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
    "words": (
        "INSERT INTO cases_casewords (case_id, pairs) VALUES (%(case)s, %(pairs)s::text[])"
        " ON CONFLICT (case_id) DO UPDATE SET pairs = excluded.pairs"
    ),
    "words_gone": "DELETE FROM cases_casewords WHERE case_id = %(case)s",
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
    # Index: journal_personal_subject. What is erased, or may only wait for its end, keeps its day.
    "ends": (
        "UPDATE journal_personal p SET erase_after = x.day"
        " FROM jsonb_to_recordset(%(ends)s::jsonb) AS x(purpose text, day date) WHERE p.subject = %(head_subject)s"
        " AND p.purpose = x.purpose AND p.erased_at IS NULL AND p.restricted_at IS NULL"
    ),
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
    """Everything one step writes. `ends`: purpose -> last day of the case's personal parts, where that changes."""

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
    ends: Mapping[str, date | None] | None = None


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
    if written.ends is not None:
        parts.append("ends")
        days = [{"purpose": key, "day": day and day.isoformat()} for key, day in written.ends.items()]
        values["ends"] = json.dumps(days)
    return run(_statement(tuple(parts)), values).rowcount == 1


_encode = json.JSONEncoder(ensure_ascii=False).encode
_EMPTY: Mapping[type, str] = {dict: "{}", list: "[]", tuple: "[]"}

SILENT = (
    "WITH rung AS ("
    + _update("cases_clock", CLOCK_COLUMNS, _CLOCK_SHAPES, "clocks_set")
    + ") UPDATE cases_case SET next_due_at = %(next_due_at)s::timestamptz WHERE id = %(case)s"
)


def move_alarm(case: CaseFacts, clock: ClockFact, next_due_at: datetime | None) -> None:
    """An alarm passes without a step: only the clock's next ring changes, nothing that the log tells."""
    run(SILENT, {"case": case.id, "clocks_set": json.dumps([clock_row(clock)]), "next_due_at": next_due_at})


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
    names: tuple[str, ...] = _HOT
    pick = _pick_hot
    if any(map(_is_not, _pick_cold(before), _pick_cold(after))):
        names, pick = _ALL, _pick_all
        parts.append("cold")
        _words(before, after, parts, values)
    else:
        parts.append("hot")
    for name, value in zip(names, pick(after), strict=True):
        values[name] = column(name, value)


def _words(before: CaseFacts, after: CaseFacts, parts: list[str], values: dict[str, object]) -> None:
    """What search keeps, where it changes; of a case that is closed to others it is removed in the same statement."""
    if _pick_indexed(before) == _pick_indexed(after):
        return
    kept = kept_words(after)
    parts.append("words_gone" if kept is None else "words")
    if kept is not None:
        values["pairs"] = kept


def column(name: str, value: Any) -> object:
    """A fact as its column takes it."""
    shape = _SHAPES.get(name)
    if shape == "jsonb":
        return _encode(value) if value else _EMPTY[type(value)]
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
        "calendar": clock.calendar,
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
