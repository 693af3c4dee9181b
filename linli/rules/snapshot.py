"""A compiled pack: immutable, hashed by content, read for a place and a day. Never reads YAML.

    rules = snapshot.at("320106001", day)
    limit = rules[SIGN_WITHIN]            # kernel Limit
    why = rules.explain(SIGN_WITHIN)      # source, file and line, confidence, dates

`content` is plain data (texts, integers, booleans, lists, mappings). Its hash is over what the rules say;
the `origin` of each row (file and line) is carried along but not hashed, so a comment makes no new rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

from linli.kernel.calendars import Calendar
from linli.kernel.errors import BrokenError, NotFoundError, RuleError
from linli.rules.calendars import build_calendar
from linli.rules.explained import Confirmed, Explained, Source
from linli.rules.parameters import TYPES, Parameter
from linli.rules.resolver import Segment, Span, Timeline, timeline

T = TypeVar("T")
Row = Mapping[str, object]

FORMAT = 1

_NOT_IN_ALL = frozenset({"replies"})
"""Sections that snapshots published before there were any do not hold: empty in those."""


def canonical(content: object) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def content_hash(content: Row) -> str:
    """sha256 over what the rules say, in hexadecimal; `origin` of rows is left out, procedures count whole."""
    said = {k: v if k == "procedures" else _without_origin(v) for k, v in content.items()}
    return hashlib.sha256(canonical(said)).hexdigest()


def _without_origin(data: object) -> object:
    if isinstance(data, Mapping):
        return {k: _without_origin(v) for k, v in data.items() if k != "origin"}
    if isinstance(data, list):
        return [_without_origin(v) for v in data]
    return data


@dataclass(frozen=True, slots=True)
class Value:
    """One dated value of a key, with its typed form."""

    row: Row
    typed: object


@dataclass(frozen=True, slots=True)
class Resolved:
    """All values of one key, and which of them holds when."""

    key: str
    title: Mapping[str, str]
    type: str
    values: tuple[Value, ...]
    line: Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A compiled pack. Make it with `Snapshot.of` or `compiler.compile_pack`; equal hashes are equal rules.

    Attributes:
        hash: content hash; the name of these rules for ever.
        pack: name of the pack; `chain` are its parents and itself, the root first.
        place: leading digits of the codes it serves, "" = everywhere.
        content: plain data; treat it as read-only.
    """

    hash: str
    pack: str
    place: str
    content: Row
    _resolved: dict[str, Resolved] = field(default_factory=dict, repr=False)
    _calendars: dict[str, Calendar] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, content: Row, expected_hash: str | None = None) -> Snapshot:
        """Make a snapshot of compiled content.

        Raises:
            BrokenError: the content is not what the expected hash was made of.
        """
        found = content_hash(content)
        if expected_hash is not None and found != expected_hash:
            raise BrokenError(
                f"the stored rules {expected_hash[:12]} have other content than they were published with",
                code="rules.torn",
                data={"expected": expected_hash, "found": found},
            )
        return cls(found, str(content["pack"]), str(content["place"]), content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def chain(self) -> tuple[str, ...]:
        """Names of the packs compiled into this one, the root first."""
        return tuple(str(row["name"]) for row in cast("list[Row]", self.content["chain"]))

    def section(self, name: str) -> Mapping[str, Row]:
        """Rows of a section by key: `parameters`, `matters`, `majors`, `routing`, `roles`, `personal`, …"""
        if name in _NOT_IN_ALL:
            return cast("Mapping[str, Row]", self.content.get(name, {}))
        return cast("Mapping[str, Row]", self.content[name])

    def at(self, place: str, day: date) -> Rules:
        """These rules for one place and day.

        Args:
            place: a code inside the pack's place, or "" for what holds everywhere in it.
            day: day in China Standard Time (`resolver.rule_day` makes it from an instant).

        Raises:
            RuleError: the place lies outside the pack.
        """
        if place and not place.startswith(self.place):
            raise RuleError(
                f"the pack {self.pack} serves {self.place}, not {place}",
                code="rules.place",
                hint="Publish a pack whose place contains this code.",
                data={"pack": self.pack, "place": place},
            )
        return Rules(self, place, day)

    def explain(self, parameter: Parameter[T] | str, place: str, day: date) -> Explained:
        """The same as `at(place, day).explain(parameter)`."""
        return self.at(place, day).explain(parameter)

    def resolved(self, key: str) -> Resolved:
        """All values of a key.

        Raises:
            NotFoundError: no pack of the chain has this key.
        """
        known = self._resolved.get(key)
        if known is None:
            known = self._resolved[key] = self._resolve(key)
        return known

    def _resolve(self, key: str) -> Resolved:
        row = self.section("parameters").get(key)
        if row is None:
            raise NotFoundError(
                f"the pack {self.pack} has no parameter {key}",
                code="rules.no_key",
                hint="`linli rules check` names what a pack lacks.",
                data={"pack": self.pack, "key": key},
            )
        kind = TYPES[str(row["type"])]
        values = tuple(Value(v, kind.read(v["value"])) for v in cast("list[Row]", row["values"]))
        spans = [Span(cast("int", v.row["rank"]), _day(v.row["from"]), _maybe_day(v.row["to"])) for v in values]
        return Resolved(key, cast("Mapping[str, str]", row["title"]), kind.name, values, timeline(spans))

    def matters(self) -> Mapping[str, Row]:
        """Minors of the catalogue by code, plain rows (`matters.domain` makes `Matter` of them)."""
        return self.section("matters")

    def majors(self) -> Mapping[str, Row]:
        """Majors of the catalogue by code."""
        return self.section("majors")

    def routing(self) -> Mapping[str, Row]:
        """Routing rows by id; `rank` of a row is the depth of its pack, 0 = root."""
        return self.section("routing")

    def procedure(self, kind: str) -> Row:
        """The compiled procedure of a kind of case.

        Raises:
            NotFoundError: the snapshot knows no such kind.
        """
        return self._row("procedures", kind, "rules.no_procedure", "procedure")

    def personal(self, field_key: str) -> Row:
        """Purpose, basis, period of a personal field.

        Raises:
            NotFoundError: the pack does not list the field.
        """
        return self._row("personal", field_key, "rules.no_personal_field", "personal field")

    def role(self, role: str) -> Row:
        """Title and dated holders of a role.

        Raises:
            NotFoundError: the pack does not list the role.
        """
        return self._row("roles", role, "rules.no_role", "role")

    def office(self, role: str, day: date) -> Row | None:
        """Which office holds a role on a day; None when the pack names none for that day."""
        rows = cast("list[Row]", self.role(role)["held_by"])
        spans = [Span(0, _day(r["from"]), _maybe_day(r["to"])) for r in rows]
        index = timeline(spans).at(day)
        return rows[index] if index is not None else None

    def words(self, name: str) -> tuple[str, ...]:
        """A word list of the pack.

        Raises:
            NotFoundError: the pack has no such list.
        """
        return tuple(cast("list[str]", self._row("texts", name, "rules.no_words", "word list")["words"]))

    def calendar(self, place: str = "") -> Calendar:
        """The work calendar for a place inside the pack; one object a snapshot, so that sums are cached."""
        self.at(place, date.min)
        known = self._calendars.get("")
        if known is None:
            opening = self.resolved("calendar.opening")
            runs = [(opening.values[s.index].typed, s.since, s.until) for s in opening.line.segments()]
            known = self._calendars[""] = build_calendar(runs, self.content, key=self.hash)
        return known

    def _row(self, section: str, key: str, code: str, what: str) -> Row:
        row = self.section(section).get(key)
        if row is None:
            raise NotFoundError(
                f"the pack {self.pack} has no {what} {key}", code=code, data={"pack": self.pack, "key": key}
            )
        return row

    def source(self, cited: str) -> tuple[Source, ...]:
        """The sources that a citation names: "S2 art 13; S58"."""
        return tuple(self._sources(cited))

    def _sources(self, cited: str) -> Iterator[Source]:
        for part in cited.split(";"):
            key, _, locator = part.strip().partition(" ")
            row = cast("Mapping[str, str]", self.section("sources")[key])
            yield Source(key, locator, row["title"], row["body"], row["number"], row["address"], row["grade"])  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Rules:
    """A snapshot for one place and day."""

    snapshot: Snapshot
    place: str
    day: date

    def __getitem__(self, parameter: Parameter[T]) -> T:
        """The typed value.

        Raises:
            NotFoundError: the pack does not know the key.
            RuleError: no value holds on that day, or the pack's type is another one.
        """
        resolved = self.snapshot.resolved(parameter.key)
        if resolved.type != parameter.type.name:
            raise RuleError(
                f"{parameter.key} is a {resolved.type} in the pack {self.snapshot.pack}, "
                f"the code reads a {parameter.type.name}",
                code="rules.type",
                data={"key": parameter.key},
            )
        return cast("T", resolved.values[self._index(resolved)].typed)

    def _index(self, resolved: Resolved) -> int:
        index = resolved.line.at(self.day)
        if index is None:
            raise RuleError(
                f"no value of {resolved.key} holds on {self.day} in the pack {self.snapshot.pack}",
                code="rules.no_value",
                hint=f"The first one holds from {resolved.line.starts[0]}.",
                data={"key": resolved.key, "day": self.day.isoformat(), "place": self.place},
            )
        return index

    def explain(self, parameter: Parameter[T] | str) -> Explained:
        """The value with source, file and line, confidence and dates.

        Raises:
            NotFoundError: the pack does not know the key.
            RuleError: no value holds on that day.
        """
        key = parameter if isinstance(parameter, str) else parameter.key
        resolved = self.snapshot.resolved(key)
        index = self._index(resolved)
        segment = resolved.line.segment(self.day)
        if segment is None:
            raise BrokenError(f"{key} has a value on {self.day} but no days around it")
        return self._explained(resolved, index, segment, self._beaten(resolved, index))

    def _beaten(self, resolved: Resolved, index: int) -> tuple[Explained, ...]:
        """What the parents say for the same day, the nearest first."""
        found = []
        rank = cast("int", resolved.values[index].row["rank"])
        for below in range(rank - 1, -1, -1):
            kept = [i for i, v in enumerate(resolved.values) if v.row["rank"] == below]
            rows = [resolved.values[i].row for i in kept]
            line = timeline([Span(0, _day(r["from"]), _maybe_day(r["to"])) for r in rows])
            segment = line.segment(self.day)
            if segment is not None:
                found.append(self._explained(resolved, kept[segment.index], segment, ()))
        return tuple(found)

    def _explained(self, resolved: Resolved, index: int, segment: Segment, beaten: tuple[Explained, ...]) -> Explained:
        value = resolved.values[index]
        pack, _, inside = str(value.row["origin"]).partition("/")
        file, _, line = inside.rpartition(":")
        confirmed = cast("Mapping[str, str] | None", value.row["confirmed"])
        return Explained(
            key=resolved.key,
            title_zh=resolved.title["zh"],
            title_en=resolved.title["en"],
            type=resolved.type,
            value=value.typed,
            written=value.row["value"],
            day=self.day,
            pack=pack,
            file=file,
            line=int(line),
            sources=self.snapshot.source(str(value.row["source"])),
            confidence=value.row["confidence"],  # type: ignore[arg-type]
            confirmed=Confirmed(confirmed["office"], _day(confirmed["on"])) if confirmed else None,
            since=segment.since,
            until=segment.until,
            snapshot=self.snapshot.hash,
            beaten=beaten,
        )


def _day(text: object) -> date:
    return date.fromisoformat(str(text))


def _maybe_day(text: object) -> date | None:
    return None if text is None else _day(text)
