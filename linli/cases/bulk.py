"""Writing many new cases at once: ids drawn beforehand, then one COPY a table. SQL and rows, no decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

import psycopg
from django.db import connection

from linli.cases.domain import Body, CaseFacts, ClockFact
from linli.cases.drafts import Opened
from linli.cases.pairs import kept_words
from linli.cases.reading import BODY_COLUMNS, CASE_COLUMNS, CLOCK_COLUMNS, Raw, run
from linli.cases.writing import column
from linli.journal.domain import Chained, SealedPart
from linli.journal.outbox import OutboxDraft, outbox_row
from linli.journal.selectors import (
    ENTRY_COLUMNS,
    HEAD_COLUMNS,
    OUTBOX_COLUMNS,
    PERSONAL_COLUMNS,
)
from linli.kernel import clocks as work

if TYPE_CHECKING:
    from linli.cases.newcases import VoiceIds

VOICE_COLUMNS = ("id", "case_id", "home_id", "token", "identity", "words", "wishes", "since")

# Index: cases_case_external_once.
KNOWN = (
    "SELECT c.channel, c.external_id, c.id, c.no, c.seq, c.state,"
    " (SELECT k.due_at FROM cases_clock k WHERE k.case_id = c.id AND k.whose = 'reporter' ORDER BY k.id DESC LIMIT 1)"
    " FROM unnest(%(channels)s::text[], %(numbers)s::text[]) AS w(channel, external_id)"
    " JOIN cases_case c ON c.channel = w.channel AND c.external_id = w.external_id"
)
DRAW = (
    "SELECT array(SELECT nextval('cases_case_id_seq') FROM generate_series(1, %(cases)s::int)),"
    " array(SELECT nextval('cases_voice_id_seq') FROM generate_series(1, %(voices)s::int)),"
    " array(SELECT nextval(pg_get_serial_sequence('journal_personal', 'id')) FROM generate_series(1, %(parts)s::int))"
)


def known_cases(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Opened]:
    """Cases that these channels' numbers opened before."""
    if not keys:
        return {}
    rows = run(KNOWN, {"channels": [k[0] for k in keys], "numbers": [k[1] for k in keys]}).fetchall()
    return {
        (channel, number): Opened(case, no, "", seq, state, known=True, due_at=due)
        for channel, number, case, no, seq, state, due in rows
    }


@dataclass(slots=True)
class Drawn:
    """Ids drawn for a batch."""

    cases: list[int]
    voices: list[int]
    parts: list[int]

    def take_case(self) -> int:
        """The next id of a case."""
        return self.cases.pop()

    def take_voice(self) -> VoiceIds:
        """The next id of a voice, with those of its two personal parts."""
        from linli.cases.newcases import VoiceIds

        return VoiceIds(self.voices.pop(), self.parts.pop(), self.parts.pop())


def draw_ids(cases: int, voices: int, parts: int = 0) -> Drawn:
    """Draw ids from the sequences; taken lowest first.

    Args:
        cases: how many.
        voices: how many, each with two personal parts.
        parts: how many personal parts beside.
    """
    row = run(DRAW, {"cases": cases, "voices": voices, "parts": 2 * voices + parts}).fetchone()
    return Drawn(*(sorted(cast("list[int]", ids), reverse=True) for ids in row or ((), (), ())))


Table = tuple[str, Sequence[str], list[Sequence[object]]]
"""Name, columns, rows."""


@dataclass(slots=True)
class Rows:
    """Rows of a batch, a list a table; `beside` holds what another area writes in the same breath."""

    cases: list[Sequence[object]] = field(default_factory=list)
    words: list[Sequence[object]] = field(default_factory=list)
    clock_rows: list[Sequence[object]] = field(default_factory=list)
    body_rows: list[Sequence[object]] = field(default_factory=list)
    voices: list[Sequence[object]] = field(default_factory=list)
    parts: list[Sequence[object]] = field(default_factory=list)
    entries: list[Sequence[object]] = field(default_factory=list)
    heads: list[Sequence[object]] = field(default_factory=list)
    outbox: list[Sequence[object]] = field(default_factory=list)
    beside: list[Table] = field(default_factory=list)

    def case(self, facts: CaseFacts, external_id: str | None) -> None:
        """A case's row, and what search keeps of it."""
        values = [column(name, getattr(facts, name)) for name in CASE_COLUMNS]
        self.cases.append([*values, external_id])
        kept = kept_words(facts)
        if kept is not None:
            self.words.append((facts.id, kept))

    def clocks(self, case: int, clocks: Iterable[ClockFact]) -> None:
        """Rows of its clocks."""
        for c in clocks:
            self.clock_rows.append(
                (case, c.name, c.whose, c.organisation, c.rule, json.dumps(work.dump(c.work)), c.due_at, c.next_at,
                 c.alarm, c.state, c.provisional, c.stopped_at, c.outcome, c.calendar)
            )  # fmt: skip

    def bodies(self, case: int, bodies: Iterable[Body]) -> None:
        """Rows of its bodies and receivers."""
        for b in bodies:
            self.body_rows.append(
                (case, b.organisation, b.post, b.account, b.role, b.state, b.by, b.sent_at, b.signed_at, b.deemed,
                 b.done_at, b.ended_at)
            )  # fmt: skip

    def voice(self, row: Sequence[object]) -> None:
        """A voice's row, in the order of VOICE_COLUMNS."""
        self.voices.append(row)

    def log(self, links: Sequence[Chained], parts: Iterable[tuple[int, SealedPart]]) -> None:
        """Entries, the head they leave, and the personal parts they are bound to."""
        self.entries.extend(link.row() for link in links)
        last = links[-1]
        self.heads.append((last.draft.subject, last.seq, last.hash))
        self.parts.extend((id_, *part.row()) for id_, part in parts)

    def tell(self, drafts: Iterable[OutboxDraft], at: datetime) -> None:
        """Outbox rows."""
        self.outbox.extend(outbox_row(draft, at) for draft in drafts)


def tables_of(rows: Rows) -> list[Table]:
    """Tables that have rows, with their columns, in the order in which they can be filled."""
    tables: tuple[Table, ...] = (
        ("cases_case", (*CASE_COLUMNS, "external_id"), rows.cases),
        ("cases_casewords", ("case_id", "pairs"), rows.words),
        ("cases_clock", ("case_id", *CLOCK_COLUMNS[1:]), rows.clock_rows),
        ("cases_assignment", ("case_id", *BODY_COLUMNS[1:]), rows.body_rows),
        ("journal_personal", ("id", *PERSONAL_COLUMNS), rows.parts),
        ("cases_voice", VOICE_COLUMNS, rows.voices),
        ("journal_head", HEAD_COLUMNS, rows.heads),
        ("journal_entry", ENTRY_COLUMNS, rows.entries),
        ("journal_outbox", OUTBOX_COLUMNS, rows.outbox),
    )
    return [table for table in (*tables, *rows.beside) if table[2]]


def copy_rows(rows: Rows) -> None:
    """Write a batch, one COPY a table that has rows."""
    connection.ensure_connection()
    cursor = psycopg.Cursor(cast("Raw", connection.connection))
    for table, columns, lines in tables_of(rows):
        names = ", ".join(f'"{name}"' for name in columns)
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)


def insert_rows(rows: Rows) -> None:
    """Write one case, or a few, in a single statement; for many, `copy_rows` is faster.

    The text is the same for cases of the same shape, so that it is planned once.
    """
    values: list[object] = []
    inserts: list[str] = []
    for table, columns, lines in tables_of(rows):
        names = ", ".join(f'"{name}"' for name in columns)
        row = f"({', '.join(['%s'] * len(columns))})"
        # Ids were drawn beforehand, as for COPY.
        into = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE"
        inserts.append(f"{into} VALUES {', '.join([row] * len(lines))}")
        values += [value for line in lines for value in line]
    *first, last = inserts
    begun = ", ".join(f"w{number} AS ({one})" for number, one in enumerate(first))
    connection.ensure_connection()
    raw = cast("Raw", connection.connection)
    text = f"WITH {begun} {last}" if first else last
    psycopg.Cursor(raw).execute(text.encode(), values, prepare=True)
