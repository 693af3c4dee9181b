"""Whether a report may be the same matter as an open case: proposed by place, time, matter and wording; a person joins.

Is: keyed sketches of words and their likeness, and the proposals for a batch. Is not: a join. Protected, sealed, tip-offs
and complaints are never compared, nor a matter that is not `joinable`.

A sketch holds 48-bit keyed hashes of the visible content words (names, numbers, homes and hours are left out before) with
weights by rarity; the key lies outside the database, so that nobody who has the table can try words out on it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.cases.bulk import Rows, Table, copy_rows
from linli.cases.nearby import NEVER_JOINED, Box, Near, Sought, open_near
from linli.cases.reading import run
from linli.intake.models import Sketch
from linli.intake.rules import DuplicateRules
from linli.intake.text.masks import PERSON_TAGS, Screened
from linli.journal.keyring import key_ring

THOUSAND = 1000
_HASH_BYTES = 6
_WEIGHT_BITS = 8
_HEAVIEST = (1 << _WEIGHT_BITS) - 1
_WEIGHT_STEPS = 16
_LIGHTEST = 8
_METRES_A_DEGREE = 111_320.0
_KEPT_HASHES = 100_000
_LONGEST_WORD = 8

# Index: intake_sketch_pkey.
_SKETCHES = 'SELECT s."case", s.marks FROM intake_sketch s WHERE s."case" = ANY(%(cases)s::bigint[])'

_SAYS_NOTHING = frozenset("xurpcdmfyoeqt")
"""First letters of the tags of words that carry no matter: marks, particles, pronouns, numerals, adverbs …"""

Marks = Mapping[int, int]
"""Keyed hash of a word -> its weight."""

Rarity = Callable[[str], float]


def content_words(screened: Screened) -> set[str]:
    """The visible words that carry a matter or a place."""
    return {
        word
        for word, tag, _ in screened.shown
        if len(word) > 1 and tag[:1] not in _SAYS_NOTHING and tag not in PERSON_TAGS
    }


class Sketcher:
    """Makes sketches; remembers the hash of each word it met."""

    __slots__ = ("_expected", "_hashes", "_rarity")

    def __init__(self, rarity: Rarity) -> None:
        """Take how rare a word is.

        Args:
            rarity: weight of a word, above 0; the rarer, the heavier.
        """
        self._rarity = rarity
        self._hashes: dict[str, int] = {}
        self._expected: dict[str, frozenset[int]] = {}

    def sketch(self, screened: Screened, expected: str = "") -> dict[int, int]:
        """The sketch of a report's visible words.

        Args:
            screened: the words.
            expected: words that every report of its matter holds; they tell two such reports apart by nothing.
        """
        return {
            self._hash(word): _LIGHTEST if word in expected else self._weight(word) for word in content_words(screened)
        }

    def expected(self, words: str) -> frozenset[int]:
        """The hashes that any words within these would have: by them a sketch made before its matter was known is judged.

        Args:
            words: that every report of a matter holds.
        """
        known = self._expected.get(words)
        if known is None:
            parts = {
                part[start:end]
                for part in words.split()
                for start in range(len(part))
                for end in range(start + 2, min(len(part), start + _LONGEST_WORD) + 1)
            }
            known = self._expected[words] = frozenset(_keyed(part) for part in parts)
        return known

    def _hash(self, word: str) -> int:
        known = self._hashes.get(word)
        if known is None:
            if len(self._hashes) >= _KEPT_HASHES:
                self._hashes.clear()
            known = self._hashes[word] = _keyed(word)
        return known

    def _weight(self, word: str) -> int:
        return max(_LIGHTEST, min(_HEAVIEST, round(self._rarity(word) * _WEIGHT_STEPS)))


def _keyed(word: str) -> int:
    return int.from_bytes(key_ring().fingerprint(f"intake.sketch:{word}".encode())[:_HASH_BYTES], "big")


def packed(marks: Marks) -> list[int]:
    """A sketch as the table holds it."""
    return [(mark << _WEIGHT_BITS) | weight for mark, weight in marks.items()]


def unpacked(stored: Sequence[int]) -> dict[int, int]:
    """A sketch from the table."""
    return {value >> _WEIGHT_BITS: value & _HEAVIEST for value in stored}


def likeness(one: Marks, other: Marks) -> int:
    """Weight of the words that two sketches share over that of all their words, in thousandths."""
    shared = sum(min(weight, other[mark]) for mark, weight in one.items() if mark in other)
    every = sum(one.values()) + sum(other.values()) - shared
    return THOUSAND * shared // every if every else 0


def alike(
    sketches: Sequence[Marks], times: Sequence[datetime], within: timedelta, least: int
) -> Iterator[tuple[int, int, int]]:
    """All pairs among many sketches that are near in time and alike: (earlier, later, likeness).

    For looking at a whole set at once, without places; the intake of a report asks the database instead.

    Args:
        sketches: one a message.
        times: of the messages, equally many.
        within: most time between the two.
        least: likeness in thousandths.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    for number in sorted(range(len(sketches)), key=times.__getitem__):
        met = {other for mark in sketches[number] for other in holders[mark]}
        for other in met:
            if times[number] - times[other] <= within:
                degree = likeness(sketches[number], sketches[other])
                if degree >= least:
                    yield other, number, degree
        for mark in sketches[number]:
            holders[mark].append(number)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A report that may be joined to another: a public thing, in the open compartment.

    Attributes:
        place: deepest code known.
        lon, lat: WGS 84 degrees, None without a point.
        expected: hashes of words that every report of the matter holds.
    """

    matter: str
    request_type: str
    place: str
    lon: float | None
    lat: float | None
    received_at: datetime
    marks: Marks
    expected: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case that may be the same matter, and how alike the words are, in thousandths."""

    case: int
    no: str
    likeness: int
    metres: int | None


def may_be_joined(request_type: str) -> bool:
    """Whether a report of this type is ever proposed for joining."""
    return request_type not in NEVER_JOINED


def proposals(reports: Sequence[Comparable], rules: DuplicateRules) -> list[tuple[Proposal, ...]]:
    """Cases that each report may repeat, the likest first: two queries for all.

    Args:
        reports: those that may be joined at all.
        rules: the pack's distance, days, likeness and number of candidates.
    """
    near = open_near([_sought(report, rules) for report in reports], rules.candidates)
    sketches = _sketches_of({one.case for found in near for one in found})
    pairs = zip(reports, near, strict=True)
    return [tuple(_judged(report, found, sketches, rules)) for report, found in pairs]


def _judged(
    report: Comparable, found: Sequence[Near], sketches: Mapping[int, Marks], rules: DuplicateRules
) -> list[Proposal]:
    judged = []
    for one in found:
        metres = distance(report.lon, report.lat, one.lon, one.lat)
        degree = likeness(report.marks, lightened(sketches.get(one.case, {}), report.expected))
        if degree >= rules.likeness and (metres is None or metres <= rules.metres):
            judged.append(Proposal(one.case, one.no, degree, metres))
    return sorted(judged, key=lambda one: (-one.likeness, one.metres or 0, one.case))


def lightened(marks: Marks, expected: frozenset[int]) -> Marks:
    """A sketch in which the words that every report of a matter holds weigh little, as if its matter had been known."""
    said = marks.keys() & expected
    return {**marks, **dict.fromkeys(said, _LIGHTEST)} if said else marks


def repeats(one: Comparable, other: Comparable, rules: DuplicateRules) -> bool:
    """Whether two reports that are not cases yet may be the same matter."""
    if one.matter != other.matter or abs(one.received_at - other.received_at) > timedelta(days=rules.days):
        return False
    metres = distance(one.lon, one.lat, other.lon, other.lat)
    near = one.place == other.place if metres is None else metres <= rules.metres
    return near and likeness(one.marks, other.marks) >= rules.likeness


def waves(compared: Sequence[Comparable | None], rules: DuplicateRules) -> list[list[int]]:
    """Numbers of the reports that may be opened together: who may repeat another of the batch comes in the second."""
    first: list[int] = []
    second: list[int] = []
    by_matter: dict[str, list[Comparable]] = {}
    for number, one in enumerate(compared):
        if one is None:
            first.append(number)
            continue
        before = by_matter.setdefault(one.matter, [])
        if any(repeats(one, other, rules) for other in before):
            second.append(number)
        else:
            before.append(one)
            first.append(number)
    return [wave for wave in (first, second) if wave]


def distance(lon: float | None, lat: float | None, other_lon: float | None, other_lat: float | None) -> int | None:
    """Metres between two points some hundred metres apart; None when one is missing."""
    if lon is None or lat is None or other_lon is None or other_lat is None:
        return None
    north = (other_lat - lat) * _METRES_A_DEGREE
    east = (other_lon - lon) * _METRES_A_DEGREE * math.cos(math.radians(lat))
    return round(math.hypot(north, east))


def _sought(report: Comparable, rules: DuplicateRules) -> Sought:
    span = timedelta(days=rules.days)
    since, until = report.received_at - span, report.received_at + span
    return Sought(report.matter, report.place, since, until, _box(report, rules.metres))


def _box(report: Comparable, metres: int) -> Box | None:
    if report.lon is None or report.lat is None:
        return None
    return box_around(report.lon, report.lat, metres)


def box_around(lon: float, lat: float, metres: int) -> Box:
    """Degrees between which a point counts as within so many metres."""
    high = metres / _METRES_A_DEGREE
    wide = high / max(0.1, math.cos(math.radians(lat)))
    return Box(lon - wide, lon + wide, lat - high, lat + high)


def keep_sketches(made: Mapping[int, Marks], at: datetime) -> None:
    """Keep the sketches of cases just opened.

    Args:
        made: by case id.
        at: now, aware.
    """
    copy_rows(Rows(beside=sketch_rows(made, at)))


def sketch_rows(made: Mapping[int, Marks], at: datetime) -> list[Table]:
    """The same as rows, to be written with the cases; arguments as `keep_sketches`."""
    rows: list[Sequence[object]] = [(case, at, packed(marks)) for case, marks in made.items() if marks]
    return [("intake_sketch", ("case", "made_at", "marks"), rows)]


def _sketches_of(cases: set[int]) -> dict[int, Marks]:
    # One array, however many: as so many parameters the same statement costs more to send than to run.
    rows = run(_SKETCHES, {"cases": list(cases)}).fetchall() if cases else ()
    return {case: unpacked(marks) for case, marks in rows}


def drop_sketches(before: datetime) -> int:
    """Delete the sketches made before an instant; return how many."""
    return Sketch.objects.filter(made_at__lt=before).delete()[0]
