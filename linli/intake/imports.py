"""Taking in a hand-over of reports: read, located, classed, routed, compared, opened, a batch a transaction.

Is: the way of every row into a case, and the line that answers it. Is not: reading files (`linli.cli`). A row is
answered only after its batch is committed; the same rows again open nothing. One bad row never takes others with it:
its batch is tried again row by row. No word of a report is logged or raised.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import structlog
from django.db import DataError, IntegrityError, transaction

from linli.cases.bulk import known_cases
from linli.cases.drafts import Opened
from linli.cases.opening import open_cases
from linli.intake import lines
from linli.intake.drafting import Case, Office, draft_of, understand
from linli.intake.duplicates import (
    Comparable,
    Marks,
    Proposal,
    Sketcher,
    keep_sketches,
    may_be_joined,
    proposals,
    waves,
)
from linli.intake.findings import Findings, Reader, accuses, find
from linli.intake.installed import ensure_model
from linli.intake.lines import Line
from linli.intake.placing import Placed, by_name, by_points, by_words, gazetteer_at, home_place
from linli.intake.reports import Report
from linli.intake.rules import DuplicateRules, duplicate_rules, reading
from linli.intake.text.lists import folded
from linli.intake.text.model import Model
from linli.intake.text.placewords import Gazetteer
from linli.intake.times import CHINA
from linli.journal.keyring import key_ring
from linli.kernel.actors import SYSTEM, ActorRef
from linli.kernel.errors import BrokenError, BusyError, InputError, LinliError, RuleError, SetupError
from linli.organisations.selectors import duty_table, organisations_at
from linli.packs.selectors import LiveRules, live_rules
from linli.places.selectors import place_classes, register_version

log = structlog.get_logger("intake")

BATCH = 200
"""Rows a transaction."""

TRIES = 5
"""Times a batch is tried when another process opens the same numbers at the same moment."""

REMEMBERED = 20_000
"""Latest numbers of a run that are remembered, to notice one that stands twice with other words."""

NO_WORDS = "title, text: there are no words"
UNREADABLE = "the row cannot be read"
TWICE = (
    "external_id: stood before in this run with other words, which were not taken in; give them a number of their own"
)

Incoming = tuple[Report, str]
"""A report with what the reader said of its row; `unreadable` ones have no cells."""

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Intake:
    """One run of taking in: a channel, who hands over, and what is kept between batches.

    Attributes:
        channel: name of the channel; numbers are unique within it.
        clock: read once a batch.
        actor: who hands the reports over.
    """

    channel: str
    clock: Clock
    actor: ActorRef = SYSTEM
    _desk: _Desk | None = None
    _numbers: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    def take(self, rows: Iterable[Incoming]) -> Iterator[list[Line]]:
        """Take in rows, batch by batch.

        Args:
            rows: reports in the order of their file.

        Yields:
            The lines of a batch, one a row in the same order, once it is committed.

        Raises:
            RuleError: a routing rule cannot run; what was answered before stays taken in.
            SetupError: no rules are published for the place.
        """
        stream = iter(rows)
        while batch := list(islice(stream, BATCH)):
            yield self._batch(batch)

    def single(self, at: datetime) -> Single:
        """One report at a time, for a channel that shows what it understood before it opens anything.

        Args:
            at: now, aware UTC.

        Raises:
            SetupError: no rules are published for the place.
        """
        desk = self._desk = _desk_at(at, self._desk)
        return Single(_Batch(desk, self, at, desk.office(self.channel, at)))

    def _batch(self, batch: Sequence[Incoming]) -> list[Line]:
        at = self.clock()
        desk = self._desk = _desk_at(at, self._desk)
        answers: list[Line | None] = [_refusal(report, problem) for report, problem in batch]
        fresh = [(n, self._numbered(report)) for n, (report, _) in enumerate(batch) if answers[n] is None]
        notes = {number: self._noted(report) for number, report in fresh}
        there = known_cases([(self.channel, report.external_id) for _, report in fresh])
        new = [(n, report) for n, report in fresh if (self.channel, report.external_id) not in there]
        taken = _Batch(desk, self, at, desk.office(self.channel, at)).take([report for _, report in new])
        answers_of = dict(zip((n for n, _ in new), taken, strict=True))
        for number, report in fresh:
            opened = there.get((self.channel, report.external_id))
            answers[number] = lines.known(report, opened, notes[number]) if opened else answers_of[number]
            if opened and desk.is_sealed(report):
                answers[number] = lines.sealed(report.external_id)
        return [
            _shown(answer, report) for answer, (report, _) in zip(answers, batch, strict=True) if answer is not None
        ]

    def _numbered(self, report: Report) -> Report:
        """The report under a number: a row without one gets a keyed hash of its cells, so that it opens once too."""
        if report.external_id:
            return report
        mark = key_ring().fingerprint(b"intake.row:" + _digest(report)).hex()[:32]
        return replace(report, external_id=f"row-{mark}")

    def _noted(self, report: Report) -> tuple[str, ...]:
        """What is to be said of a number that was met before in this run."""
        digest, before = _digest(report), self._numbers.get(report.external_id)
        if before is None:
            self._numbers[report.external_id] = digest
            if len(self._numbers) > REMEMBERED:
                self._numbers.popitem(last=False)
        return (TWICE,) if before not in (None, digest) else ()


def _digest(report: Report) -> bytes:
    told = (report.reported_at, report.title, report.text, report.address, report.contact_name, report.contact_phone)
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).digest()


def _refusal(report: Report, problem: str) -> Line | None:
    if problem == "unreadable":
        return lines.refused(report, UNREADABLE)
    return None if report.has_words else lines.refused(report, NO_WORDS)


def _shown(line: Line, report: Report) -> Line:
    """The line with the number that the row itself gave: one made here stays here."""
    return line if report.external_id else {**line, "external_id": None}


@dataclass(slots=True)
class _Desk:
    """Rules, names and models as they hold now; made anew when the register or the rules move."""

    live: LiveRules
    register: int
    home: str
    gazetteer: Gazetteer
    readers: dict[str, Reader] = field(default_factory=dict)
    sketchers: dict[str, Sketcher] = field(default_factory=dict)
    body_names: dict[str, int] = field(default_factory=dict)

    def office(self, channel: str, at: datetime) -> Office:
        """What drafting needs of this moment; classes of grids come with each batch."""
        return Office(channel, at, at.astimezone(CHINA).date(), duty_table(at), self.home, {})

    def reader(self, place: str, at: datetime) -> Reader:
        """What reading a report at a place needs."""
        found = self.live.published_for(place or self.home)
        known = self.readers.get(found.hash)
        if known is None:
            snapshot = self.live.snapshot_for(place or self.home)
            rules = reading(snapshot, at.astimezone(CHINA).date())
            known = self.readers[found.hash] = Reader(rules, ensure_model(snapshot), self.gazetteer)
            self.sketchers[found.hash] = Sketcher(rarity_of(known.model))
        return known

    def is_sealed(self, report: Report) -> bool:
        """Whether the words accuse somebody; asked of a row that is there already."""
        return accuses(report, self.reader("", self.live.at).rules)

    def accused(self, report: Report) -> tuple[int, ...]:
        """Bodies whose whole names the words hold."""
        words = folded(report.title + report.text)
        return tuple(sorted(body for name, body in self.body_names.items() if name in words))


def _desk_at(at: datetime, before: _Desk | None) -> _Desk:
    live, register = live_rules(at), register_version()
    same_rules = before is not None and before.live.publications == live.publications
    if before is not None and same_rules and before.register == register and _day(before.live.at) == _day(at):
        before.live = live
        return before
    gazetteer = gazetteer_at(at)
    names = {body.name: id_ for id_, body in organisations_at(at).items() if len(body.name) > 3}
    return _Desk(live, register, home_place(at), gazetteer, body_names=names)


def _day(at: datetime) -> object:
    return at.astimezone(CHINA).date()


_RAREST = 8.0


def rarity_of(model: Model | None) -> Callable[[str], float]:
    """How rare a word is among the messages learnt from; one never met there is as rare as the rarest."""
    if model is None:
        return lambda _word: 1.0
    index, rarity = model.words.index, model.words.rarity
    return lambda word: float(rarity[index[word]]) if word in index else _RAREST


class _Sketched(NamedTuple):
    """A case, the sketch of its words, and by what duplicates are looked for."""

    case: Case
    marks: Marks | None
    compared: Comparable | None


@dataclass(frozen=True, slots=True)
class _Batch:
    """The new reports of one batch on their way."""

    desk: _Desk
    run: Intake
    at: datetime
    office: Office

    def take(self, reports: Sequence[Report]) -> list[Line]:
        """Open a case for each and answer them, in order."""
        cases = self._understood(reports, by_points(reports, self.at))
        sketched = [self._sketched(case) for case in cases]
        answers: list[Line] = [{} for _ in cases]
        for wave in waves([one.compared for one in sketched], self._duplicate_rules):
            for number, line in zip(wave, self._opened([sketched[n] for n in wave]), strict=True):
                answers[number] = line
        return answers

    def _understood(self, reports: Sequence[Report], points: Sequence[Placed]) -> list[Case]:
        read = [self._read(report, placed) for report, placed in zip(reports, points, strict=True)]
        grids = {grid for _, placed, _ in read if (grid := placed.tiers["grid"])}
        office = replace(self.office, classes=place_classes(grids, self.at) if grids else {})
        return [
            understand(report, findings, placed, self.desk.reader(placed.code, self.at).rules, office)
            for report, (findings, placed, _) in zip(reports, read, strict=True)
        ]

    def _read(self, report: Report, placed: Placed) -> tuple[Findings, Placed, Reader]:
        reader = self.desk.reader(placed.code, self.at)
        findings = find(report, reader)
        found = by_words(placed, report, findings, self.desk.gazetteer)
        nearer = self.desk.reader(found.code, self.at)
        # Another pack may hold where the words lead; its catalogue is asked then.
        return (findings, found, reader) if nearer is reader else (find(report, nearer), found, nearer)

    def _sketched(self, case: Case) -> _Sketched:
        """A case with the sketch of its words and what duplicates are looked for by; neither where none may be.

        A sketch is also kept where a person has yet to find place or matter: from then on the case is proposed for others.
        """
        matter, screened = case.findings.subject.matter, case.findings.screened
        if case.compartment != "open" or screened is None or not may_be_joined(case.findings.request_type):
            return _Sketched(case, None, None)
        if matter is not None and not matter.joinable:
            return _Sketched(case, None, None)
        sketcher = self.desk.sketchers[case.rules.snapshot.hash]
        expected = " ".join((matter.title_zh, *matter.words)) if matter else ""
        marks = sketcher.sketch(screened, expected)
        if matter is None or not case.placed.is_sure:
            return _Sketched(case, marks, None)
        placed, kind = case.placed, case.findings.request_type
        compared = Comparable(
            matter.code, kind, placed.code, placed.lon, placed.lat, case.received_at, marks, sketcher.expected(expected)
        )
        return _Sketched(case, marks, compared)

    @property
    def _duplicate_rules(self) -> DuplicateRules:
        return duplicate_rules(self.desk.reader("", self.at).rules.snapshot, self.office.day)

    def _opened(self, some: Sequence[_Sketched]) -> list[Line]:
        try:
            return self._tried(some)
        except (BusyError, RuleError, SetupError, BrokenError):
            raise
        except (LinliError, DataError, IntegrityError, ValueError) as error:
            if len(some) > 1:
                return [line for one in some for line in self._opened([one])]
            report = some[0].case.report
            # The kind of error alone: its text may hold what stood in the row.
            log.warning("intake.row_failed", error=type(error).__name__, line=report.line)
            return [lines.refused(report, f"could not be recorded ({_named(error)})")]

    def _tried(self, some: Sequence[_Sketched]) -> list[Line]:
        for _ in range(TRIES - 1):
            try:
                return self._written(some)
            except BusyError:
                continue
        return self._written(some)

    def _written(self, some: Sequence[_Sketched]) -> list[Line]:
        found = self._proposed([one.compared for one in some])
        drafts = [
            draft_of(one.case, tuple(other.case for other in near), self._accused(one.case))
            for one, near in zip(some, found, strict=True)
        ]
        with transaction.atomic():
            opened = open_cases(drafts, self.run.actor, at=self.at)
            kept = zip(some, opened, strict=True)
            keep_sketches({o.case: one.marks for one, o in kept if one.marks is not None and not o.known}, self.at)
        return [self._line(one.case, answer, near) for one, answer, near in zip(some, opened, found, strict=True)]

    def _proposed(self, compared: Sequence[Comparable | None]) -> list[tuple[Proposal, ...]]:
        asked = [one for one in compared if one is not None]
        answers = iter(proposals(asked, self._duplicate_rules))
        return [next(answers) if one is not None else () for one in compared]

    def _accused(self, case: Case) -> tuple[int, ...]:
        return self.desk.accused(case.report) if case.compartment == "sealed" else ()

    def _line(self, case: Case, opened: Opened, near: Sequence[Proposal]) -> Line:
        if case.compartment == "sealed":
            return lines.sealed(case.report.external_id)
        if opened.known:
            return lines.known(case.report, opened, self.run._noted(case.report))
        owner = case.route.organisation
        return lines.accepted(case, opened, near, self.office.duties.names.get(owner) if owner else None)


@dataclass(frozen=True, slots=True)
class Single:
    """One report on its way, in steps: understood, compared, and what it accuses."""

    _batch: _Batch

    def understood(self, report: Report, where: str = "") -> Case:
        """What a report seems to be; nothing is recorded.

        Args:
            report: what was told.
            where: the place of the matter in words of its own, apart from the report's: no name of a person is in it.
        """
        placed = by_name(by_points([report], self._batch.at)[0], where, self._batch.desk.gazetteer)
        return self._batch._understood([report], [placed])[0]

    def compared(self, case: Case) -> tuple[tuple[int, ...], Marks | None]:
        """Cases that it may repeat, the likest first, and the sketch of its words; none where nothing is compared."""
        one = self._batch._sketched(case)
        if one.compared is None:
            return (), one.marks
        (near,) = self._batch._proposed([one.compared])
        return tuple(found.case for found in near), one.marks

    def proposed(self, case: Case) -> tuple[Proposal, ...]:
        """The same cases, with how alike the words are and how near they lie."""
        return self._batch._proposed([self._batch._sketched(case).compared])[0]

    def reader(self, case: Case) -> Reader:
        """What the report was read with."""
        return self._batch.desk.reader(case.placed.code, self._batch.at)

    def accused_in(self, case: Case) -> tuple[int, ...]:
        """Bodies that a sealed report names."""
        return self._batch._accused(case)


def _named(error: Exception) -> str:
    return error.code if isinstance(error, InputError) else type(error).__name__
