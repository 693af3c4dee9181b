"""Many cases of one shape: the first is made by the opening's own code, the others are its rows with other letters in them.

A course is built once with marks in the place of what differs (ids, number, grid, point, words, who found it). Its rows are
written out as COPY takes them and cut at the marks; each case then fills the gaps. Personal parts are encrypted and entries
hashed for each case anew. A test shows that the rows are those that `courses` writes, and that the log verifies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, cast

import psycopg
from django.db import connection, transaction

from linli.cases.bulk import Drawn, Rows, draw_ids, tables_of
from linli.cases.courses import Course, Later, Written, built_with
from linli.cases.drafts import VoiceDraft
from linli.cases.newcases import Built, Ids, VoiceIds
from linli.cases.numbers import new_number, new_token, token_hash
from linli.cases.reading import Raw
from linli.cases.words import IDENTITY, ORIGINAL, json_bytes
from linli.cases.work import DEGREE, text_digest
from linli.journal.domain import Chained, PersonalDraft, SealedPart, entry_text
from linli.journal.parts import seal_part
from linli.kernel.actors import Actor
from linli.kernel.pairs import text_pairs
from linli.places.domain import Located

WHERE = "龘龗"
"""In a template's task text: where the words about the place of each case come."""

_FAR = 7_777_777_000_000_000
_CASE, _ACCOUNT, _POST, _VOICE, _PARTS = _FAR + 1, _FAR + 2, _FAR + 3, _FAR + 4, _FAR + 100
_LON, _LAT = 123.4567891, 45.6789123
_NUMBER = "number-to-come"
_GRID_DIGITS = "999"
_WORDS = "cases_casewords"
_GAP = "\0"
_TRIES = 4


class Spot(NamedTuple):
    """Where a case of the template's community is: its grid, a point, and the words for it."""

    grid: str
    lon: float
    lat: float
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """What one case has of its own. `finder` takes the place of the template's finder, in the same body."""

    spot: Spot
    number: str
    finder: Actor | None = None
    voice: VoiceDraft | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """A course, and the cases that run it."""

    course: Course
    cases: Sequence[Case]


def open_alike(groups: Sequence[Alike]) -> Written:
    """Open many cases with what happened to them, in one transaction, one COPY a table.

    Args:
        groups: courses of the open compartment with their cases; a task text holds `WHERE` once. A course whose actor is a
            person is the finder's; steps by the same account are too.

    Raises:
        IntegrityError: a number of a channel is known.
        InputError, RefusedError, ConflictError: a step could not have been taken so.
    """
    sheets = [(_Sheet.of(group.course), group) for group in groups]
    for _ in range(_TRIES - 1):
        try:
            return _written(sheets)
        except psycopg.errors.UniqueViolation as error:
            # Among millions a random public number now and then stands already; others are drawn for the batch.
            if error.diag.constraint_name != "cases_case_no_key":
                raise
    return _written(sheets)


def _written(sheets: Sequence[tuple[_Sheet, Alike]]) -> Written:
    number = sum(len(group.cases) for _, group in sheets)
    with transaction.atomic():
        voices = sum(len(group.cases) for sheet, group in sheets if sheet.has_voice)
        beside = sum(len(group.cases) * sheet.words for sheet, group in sheets)
        drawn = draw_ids(number, voices, beside)
        written: dict[str, list[str]] = {}
        for sheet, group in sheets:
            for case in group.cases:
                sheet.fill(case, drawn, written)
        _copy(written, {table: columns for sheet, _ in sheets for table, columns in sheet.columns.items()})
    entries = sum(len(group.cases) * len(sheet.links) for sheet, group in sheets)
    return Written(number, entries)


def _copy(written: Mapping[str, Sequence[str]], columns: Mapping[str, Sequence[str]]) -> None:
    connection.ensure_connection()
    cursor = psycopg.Cursor(cast("Raw", connection.connection))
    for table in _ORDER:
        if table in written:
            names = ", ".join(f'"{name}"' for name in columns[table])
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("".join(written[table]))


_ORDER = (
    "cases_case", "cases_casewords", "cases_clock", "cases_assignment", "journal_personal", "cases_voice", "journal_head",
    "journal_entry", "journal_outbox",
)  # fmt: skip

Pieces = tuple[list[str], list[str]]
"""Constant texts and the marks between them, one fewer."""


class _Link(NamedTuple):
    """An entry of the template: its text as it is hashed, cut at the marks, and its own hash, which is a mark too."""

    text: Pieces
    hash: str


class _Part(NamedTuple):
    """A personal part of the template; its cipher and commitment are marks."""

    draft: PersonalDraft
    written_at: datetime
    id: str
    cipher: str
    commitment: str


@dataclass(slots=True)
class _Sheet:
    """A course's rows, cut at their marks."""

    title: str
    text: str
    has_voice: bool
    tables: dict[str, Pieces]
    columns: dict[str, Sequence[str]]
    links: list[_Link]
    parts: list[_Part]
    marks: Mapping[str, str]
    community: str
    words: int = field(default=0)

    @classmethod
    def of(cls, course: Course) -> _Sheet:
        """Build the course once with marks, and cut its rows."""
        marked = _marked(course)
        has_voice = marked.draft.voice is not None
        voice = VoiceIds(_VOICE, _PARTS, _PARTS + 1) if has_voice else None
        numbers = [_PARTS + 2 + number for number in range(len(course.later))]
        built = built_with(marked, Ids(_CASE, voice), numbers)
        marks = _named_marks(built, marked)
        every = {*marks.values(), *_marks_of(built)}
        cut = sorted(every, key=len, reverse=True)
        rows = Rows()
        built.into(rows, marked.draft)
        tables, columns = {}, {}
        for table, names, lines in tables_of(rows):
            tables[table] = _cut(cut, "".join(map(copy_line, lines)))
            columns[table] = names
        return cls(
            built.facts.title,
            built.facts.task_text,
            has_voice,
            tables,
            columns,
            [_Link(_cut(cut, _hashed(link)), link.hash.hex()) for link in built.links],
            [_part(id_, part) for id_, part in built.parts],
            marks,
            built.facts.place[:12],
            len(built.parts) - (2 if has_voice else 0),
        )

    def fill(self, case: Case, drawn: Drawn, into: dict[str, list[str]]) -> None:
        """One case's rows."""
        values = self._plain(case, drawn)
        self._personal(case, drawn, values)
        self._chain(values)
        for table, pieces in self.tables.items():
            if table == _WORDS:
                told = {**values, WHERE: '","'.join(text_pairs(case.spot.words))}
                into.setdefault(table, []).append(_filled(pieces, told))
            else:
                into.setdefault(table, []).append(_filled(pieces, values))

    def _plain(self, case: Case, drawn: Drawn) -> dict[str, str]:
        spot, marks = case.spot, self.marks
        values = {
            str(_CASE): str(drawn.take_case()),
            marks["no"]: new_number(),
            f"{self.community}{_GRID_DIGITS}": spot.grid,
            repr(_LON): repr(spot.lon),
            repr(_LAT): repr(spot.lat),
            str(round(_LON * DEGREE)): str(round(spot.lon * DEGREE)),
            str(round(_LAT * DEGREE)): str(round(spot.lat * DEGREE)),
            WHERE: spot.words,
            _NUMBER: case.number,
            marks["digest"]: text_digest(self.title, self.text.replace(WHERE, spot.words)),
        }
        if case.finder is not None:
            values[str(_ACCOUNT)] = str(case.finder.ref.account)
            values[str(_POST)] = str(case.finder.holdings[0].post)
        if self.has_voice:
            voice = drawn.take_voice()
            values |= {
                str(_VOICE): str(voice.voice),
                str(_PARTS): str(voice.identity),
                str(_PARTS + 1): str(voice.words),
                marks["token"]: token_hash(new_token()).hex(),
            }
        return values

    def _personal(self, case: Case, drawn: Drawn, values: dict[str, str]) -> None:
        subject = f"case:{values[str(_CASE)]}"
        for part in self.parts:
            draft = replace(part.draft, subject=subject, content=_content(part.draft, case.voice))
            sealed = seal_part(draft, part.written_at)
            values[part.cipher] = sealed.cipher.hex()
            values[part.commitment] = sealed.commitment.hex()
            if part.id not in values:
                values[part.id] = str(drawn.parts.pop())

    def _chain(self, values: dict[str, str]) -> None:
        before = bytes(32)
        for link in self.links:
            before = sha256(before + _filled(link.text, values).encode()).digest()
            values[link.hash] = before.hex()


def _marked(course: Course) -> Course:
    """The course with marks in the place of what each case has of its own."""
    draft = course.draft
    community = draft.located.community if draft.located else None
    grid = f"{community}{_GRID_DIGITS}"
    located = replace(cast("Located", draft.located), grid=grid)
    why = json.loads(json.dumps(draft.why).replace(cast("Located", draft.located).grid or grid, grid))
    marked = replace(draft, located=located, lon=_LON, lat=_LAT, external_id=_NUMBER, why=why)
    account = course.actor.account
    if account is None:
        return replace(course, draft=marked)
    later = tuple(_by_finder(one) if one.actor.ref.account == account else one for one in course.later)
    return replace(course, draft=marked, actor=replace(course.actor, account=_ACCOUNT), later=later)


def _by_finder(later: Later) -> Later:
    """The step, taken by the mark of a finder, who looks after the mark of a grid."""
    actor = later.actor
    holding = actor.holdings[0]
    post = replace(holding, post=_POST, place=f"{holding.place[:12]}{_GRID_DIGITS}")
    return replace(later, actor=Actor(replace(actor.ref, account=_ACCOUNT), actor.name, (post,)))


def _named_marks(built: Built, course: Course) -> dict[str, str]:
    """What is known only once the template is built, as it stands in the rows."""
    facts = built.facts
    named = {"no": facts.no, "digest": text_digest(facts.title, facts.task_text)}
    if course.draft.voice is not None:
        named["token"] = token_hash(built.opened.token).hex()
    return named


def _marks_of(built: Built) -> set[str]:
    """Everything else in the rows that a case has of its own, as it stands there."""
    ids = (_CASE, _ACCOUNT, _POST, _VOICE, *(id_ for id_, _ in built.parts))
    points = [repr(_LON), repr(_LAT), str(round(_LON * DEGREE)), str(round(_LAT * DEGREE))]
    secrets = [text for _, part in built.parts for text in (part.cipher.hex(), part.commitment.hex())]
    hashes = [link.hash.hex() for link in built.links]
    return {*map(str, ids), built.facts.place, WHERE, _NUMBER, *points, *secrets, *hashes}


def _part(id_: int, part: SealedPart) -> _Part:
    return _Part(part.draft, part.written_at, str(id_), part.cipher.hex(), part.commitment.hex())


def _content(draft: PersonalDraft, voice: VoiceDraft | None) -> bytes:
    if voice is not None and draft.purpose == ORIGINAL.key:
        return json_bytes(voice.words())
    if voice is not None and draft.purpose == IDENTITY.key:
        return json_bytes(voice.identity())
    return draft.content


def _hashed(link: Chained) -> str:
    d = link.draft
    return entry_text((
        d.subject, link.seq, d.verb, d.actor.kind, d.actor.account, d.actor.voice, d.post, d.organisation, d.at,
        d.recorded_at, link.data_json, d.version, d.commitment,
    ))  # fmt: skip


def _cut(marks: Sequence[str], text: str) -> Pieces:
    for mark in marks:
        if mark in text:
            text = text.replace(mark, f"{_GAP}{mark}{_GAP}")
    pieces = text.split(_GAP)
    return pieces[::2], pieces[1::2]


def _filled(pieces: Pieces, values: Mapping[str, str]) -> str:
    constants, marks = pieces
    out = [constants[0]]
    for mark, constant in zip(marks, constants[1:], strict=True):
        out.append(values[mark])
        out.append(constant)
    return "".join(out)


# a row as COPY takes it, in text

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def copy_line(row: Iterable[object]) -> str:
    """A row in the text format of COPY. Source: PostgreSQL manual, COPY, file formats."""
    return "\t".join(map(_cell, row)) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, list):
        quoted = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value)
        return ("{" + ",".join(f'"{one}"' for one in quoted) + "}").translate(_ESCAPES)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).translate(_ESCAPES)
