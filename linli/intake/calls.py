"""What a caller's words seem to be, while a desk still speaks with them; nothing is recorded.

Is: the way of every report up to the opening, with what a desk may be shown beside it: likely matters, alike cases near by, the
emergency number that comes first. Is not: the taking of a call (`calltaking.py`), nor a page. No word is logged or raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from linli.cases.callers import CaseBeside, cases_beside
from linli.intake.drafting import Case, understand
from linli.intake.findings import Findings, Subject
from linli.intake.imports import Intake, Single
from linli.intake.reports import Report, report_of
from linli.kernel.actors import Actor
from linli.matters.domain import Matter
from linli.rules.parameters import Integer, Parameter, Table

CHANNEL = "phone"
SERVICES = Parameter("calls.services", Table)
URGENT_FIRST = Parameter("calls.urgent_first", Table)
LIKELY_MOST = Parameter("calls.likely_most", Integer)
MATTERS_MOST = Parameter("calls.matters_most", Integer)
LONGEST_WORDS = Parameter("calls.longest_words", Integer)
EARLIER_MOST = Parameter("calls.earlier_most", Integer)
RequestType = Literal["", "enquiry", "help", "complaint", "tip_off", "suggestion"]
_OWN_PLACE_LEAST = 9
_ALIKE_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One matter as the caller tells it.

    Attributes:
        where: address, road, compound or community of the matter, in words.
        lon, lat: of a pin, WGS 84; None without one.
        matter: code that the desk chose; "" = let the words speak.
        request_type: what the caller wants; "" = let the words speak.
        accuses: the desk says that it accuses an official, a worker or a unit.
    """

    words: str
    where: str = ""
    lon: float | None = None
    lat: float | None = None
    matter: str = ""
    request_type: RequestType = ""
    accuses: bool = False

    @property
    def original(self) -> str:
        """Words and place together, as the reporter's compartment keeps them."""
        return f"{self.words}\n地点：{self.where}" if self.where else self.words


@dataclass(frozen=True, slots=True)
class LikelyMatter:
    """A matter that the words may be about. `confidence` in thousandths for the first alone; `because` are words that decided."""

    matter: Matter
    confidence: int | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """An open case that may be the same; `metres` None where one of the two has no point."""

    found: CaseBeside
    metres: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a matter seems to be.

    Attributes:
        case: read, placed and routed; its compartment says whether others may see anything of it.
        first: number of the emergency service to pass the caller to first; "" = none.
        owner: name of the body that would get it; "" = nobody is found.
    """

    case: Case
    likely: tuple[LikelyMatter, ...] = ()
    alike: tuple[Alike, ...] = ()
    first: str = ""
    owner: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is neither an accusation nor a protected matter."""
        return self.case.compartment == "open"


@dataclass(slots=True)
class _Process:
    """What this process keeps between two calls: names, models and rules as they were read last."""

    intake: Intake = field(default_factory=lambda: Intake(CHANNEL, lambda: datetime.now(UTC)))


_PROCESS = _Process()


def desk_of_calls(actor: Actor, at: datetime) -> Single:
    """The intake that reads a call.

    Args:
        actor: who speaks with the caller.
        at: now, aware UTC.

    Raises:
        SetupError: no rules are published here.
    """
    intake = replace(_PROCESS.intake, actor=actor.ref)
    single = intake.single(at)
    _PROCESS.intake = intake
    return single


def call_hear(told: Told, actor: Actor, at: datetime) -> Heard:
    """What a matter seems to be, for the desk that types it.

    Args:
        told: as typed so far.
        actor: with the posts held now; alike cases are those of their place.
        at: now, aware UTC.

    Raises:
        SetupError: no rules are published here.
    """
    single = desk_of_calls(actor, at)
    case = understood(single, told, actor)
    first = number_first(case)
    if case.compartment != "open":
        return Heard(case, first=first)
    owner = case.office.duties.names.get(case.route.organisation or 0, "")
    return Heard(case, tuple(_likely(single, case)), _alike(single, case, actor), first, owner)


def understood(single: Single, told: Told, actor: Actor) -> Case:
    """A told matter read and placed; where nothing tells its place, it is the place of the desk that took the call."""
    report = _report(told)
    case = single.understood(report, told.where)
    own = next((holding.place for holding in actor.holdings if holding.is_desk), "")
    if not case.placed.code and len(own) >= _OWN_PLACE_LEAST:
        case = single.understood(replace(report, place=own), told.where)
    return _as_said(case, told)


def _report(told: Told) -> Report:
    point = {} if told.lon is None else {"lon": repr(told.lon), "lat": repr(told.lat), "crs": "WGS84"}
    return report_of(0, {"text": told.original, "matter": told.matter, **point})


def _as_said(case: Case, told: Told) -> Case:
    """The same with what the desk says of it: an accusation, or what the caller wants."""
    findings = case.findings
    if told.accuses and not findings.sealed:
        sealed = Findings(True, Subject(None, "none"), findings.danger, cut=findings.cut)
        return understand(case.report, sealed, case.placed, case.rules, case.office)
    if told.request_type and not findings.sealed:
        return replace(case, findings=replace(findings, request_type=told.request_type))
    return case


def number_first(case: Case) -> str:
    """The number to which the caller is passed first, by the pack; "" where nothing is urgent."""
    rules = case.rules.snapshot.at(case.rules.snapshot.place, case.office.day)
    said = {found.list for found in case.findings.danger} | {case.findings.subject.list}
    return next((str(row["number"]) for row in rules[URGENT_FIRST] if row["list"] in said), "")


def _likely(single: Single, case: Case) -> Iterator[LikelyMatter]:
    findings, reader = case.findings, single.reader(case)
    if findings.screened is None or reader.model is None:
        return
    rules = case.rules.snapshot.at(case.rules.snapshot.place, case.office.day)
    words = findings.screened.words
    said = reader.model.suggest_words(words)
    for number, label in enumerate(reader.model.ranked(words, rules[LIKELY_MOST])):
        matter = case.rules.catalogue.find(label)
        if matter is None or matter.protected:
            continue
        terms = case.rules.terms.said(findings.screened.visible, matter)
        first = number == 0
        yield LikelyMatter(matter, said.confidence // 1000 if first else None, said.because if first else terms)


def _alike(single: Single, case: Case, actor: Actor) -> tuple[Alike, ...]:
    proposed = single.proposed(case)
    beside = cases_beside(actor, [one.case for one in proposed])
    found = (Alike(beside[one.case], one.metres) for one in proposed if one.case in beside)
    return tuple(found)[:_ALIKE_SHOWN]
