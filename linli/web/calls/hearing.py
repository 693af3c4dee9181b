"""What stands beside the form of a call: likely matters, the place, alike cases, owner, limits, answers, what may be said.

Turns what intake hears into what the template shows. Asks for names and answers of the knowledge base only; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from linli.cases.callers import CaseBeside, EarlierCase
from linli.cases.rules import CaseRules, procedure_for, rules_for
from linli.intake.calls import Alike, Heard, LikelyMatter, call_hear
from linli.intake.drafting import KIND, Case
from linli.kernel.actors import Actor
from linli.knowledge.domain import Entry
from linli.knowledge.selectors import entries_for
from linli.matters.domain import Matter
from linli.organisations.selectors import organisation_names
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import place_names
from linli.web.base.marks import Mark, state_mark
from linli.web.base.words import english, limit_words, local, plain_day, titled
from linli.web.calls.typed import Typed
from linli.web.desk.rows import place_name

_TIERS = (6, 9, 12, 15)
_CLOCKS = ("sign", "handle", "answer")
_LEAST_WORDS = 2
_LEAST_NUMBER = 5
_ENTRIES_SHOWN = 3
_SAID_SHOWN = 200


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter to take. `percent` for the likeliest alone."""

    code: str
    title: str
    percent: int | None
    because: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """An open case that this may be."""

    no: str
    title: str
    place: str
    since: str
    voices: int
    metres: int | None
    mark: Mark
    chosen: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An answer of the knowledge base. `value` names it with its version."""

    value: str
    title: str
    answer: str
    owner: str
    source: str
    checked: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A further matter of the call in one line."""

    number: int
    title: str
    owner: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything to the right of the form; empty parts are not known yet.

    Attributes:
        asked: words were there to hear.
        closed: `sealed` or `protected` where nothing may be suggested; "" else.
        first: emergency number to pass the caller to first.
        take_join: number of the key that joins the first alike case.
    """

    asked: bool = False
    closed: str = ""
    first: str = ""
    matters: tuple[MatterRow, ...] = ()
    unsure: bool = False
    places: tuple[str, ...] = ()
    place_by: str = ""
    edge: str = ""
    alike: tuple[AlikeRow, ...] = ()
    owner: str = ""
    owner_why: str = ""
    limits: tuple[tuple[str, str], ...] = ()
    entries: tuple[EntryRow, ...] = ()
    say: str = ""
    others: tuple[OtherRow, ...] = ()
    take_join: int = 4


NOTHING_HEARD = Beside()


def beside(typed: Typed, actor: Actor, at: datetime, longest: int) -> Beside:
    """What stands beside the form.

    Args:
        typed: the form as it is.
        actor: who takes the call.
        at: now, aware UTC.
        longest: most characters of a matter that are read.
    """
    told = [replace(one, words=one.words[:longest]) for one in typed.told()]
    heard_others = [call_hear(one, actor, at) for one in told[1:]]
    others = tuple(_other(number, one) for number, one in enumerate(heard_others, start=2))
    if len(told[0].words.strip()) < _LEAST_WORDS:
        return Beside(others=others)
    heard = call_hear(told[0], actor, at)
    if not heard.is_open:
        return Beside(True, heard.case.compartment, heard.first, others=others)
    return replace(_open(typed, heard, at), others=others)


def _open(typed: Typed, heard: Heard, at: datetime) -> Beside:
    case = heard.case
    entries = tuple(_entries(typed, case, at))
    rules = rules_for(case.rules.snapshot, case.placed.code, at)
    limits = tuple(_limits(rules, case)) if case.matter else ()
    matters = tuple(_matters(typed, heard))
    return Beside(
        asked=True,
        first=heard.first,
        matters=matters,
        unsure=case.matter is None,
        places=_places(case, at),
        place_by=case.placed.by,
        edge=_edge(case),
        alike=tuple(_alike(heard.alike, typed, at)),
        owner=heard.owner if case.matter else "",
        owner_why=_owner_why(case) if case.matter else "",
        limits=limits,
        entries=entries,
        say=_say(typed, heard, entries, limits),
        take_join=len(matters) + 1,
    )


def _other(number: int, heard: Heard) -> OtherRow:
    matter = heard.case.findings.subject.matter
    return OtherRow(number, _title(matter) if matter and heard.is_open else "", heard.owner, heard.is_open)


# matters


def _matters(typed: Typed, heard: Heard) -> Iterator[MatterRow]:
    """The likely ones; one that was taken before stays among them."""
    codes = {one.matter.code for one in heard.likely}
    if typed.matter and typed.matter not in codes and (known := heard.case.rules.catalogue.find(typed.matter)):
        yield MatterRow(known.code, _title(known), None, (), chosen=not typed.other_matter)
    for one in heard.likely:
        yield _matter(one, chosen=one.matter.code == typed.chosen)


def _matter(one: LikelyMatter, *, chosen: bool) -> MatterRow:
    percent = round(one.confidence / 10) if one.confidence is not None else None
    return MatterRow(one.matter.code, _title(one.matter), percent, one.because, chosen)


def _title(matter: Matter) -> str:
    return matter.title_en if english() else matter.title_zh


# place


def _places(case: Case, at: datetime) -> tuple[str, ...]:
    code = case.placed.code
    codes = [code[:length] for length in _TIERS if len(code) >= length]
    names = place_names(codes, at) if codes else {}
    return tuple(place_name(one, names[one]) for one in codes if one in names)


def _edge(case: Case) -> str:
    """How far outside of every grid the pin lies, and what that means."""
    located = case.placed.located
    if located is None or not located.distance_m:
        return ""
    if located.on_edge:
        return _("{n} m outside; counted to the nearest grid").format(n=located.distance_m)
    return _("The pin lies outside, {n} m from the nearest grid.").format(n=located.distance_m)


# alike cases


def _alike(found: Sequence[Alike], typed: Typed, at: datetime) -> Iterator[AlikeRow]:
    codes = {code[:length] for one in found for code in (one.found.place,) for length in (12, 15)}
    names = place_names(codes, at) if codes else {}
    for one in found:
        row = one.found
        place = " › ".join(
            dict.fromkeys(place_name(code, names[code]) for code in (row.place[:12], row.place[:15]) if code in names)
        )
        yield AlikeRow(
            no=row.no,
            title=row.title,
            place=place,
            since=plain_day(local(row.received_at).date(), local(at).date()),
            voices=row.voices,
            metres=one.metres,
            mark=mark_of(row),
            chosen=row.no == typed.join,
        )


def mark_of(row: CaseBeside | EarlierCase) -> Mark:
    """The mark of a case's state."""
    return state_mark(procedure_for(snapshot_by_hash(row.snapshot), row.kind), row.state)


# owner, limits


def _owner_why(case: Case) -> str:
    route = case.route
    role = case.rules.snapshot.section("roles").get(route.role, {}).get("title")
    words = titled(role) if isinstance(role, dict) else route.role
    if route.reason == "row":
        return _("By rule {row}: {role}").format(row=route.row_id, role=words)
    return _("No rule fitted; it goes to {role}").format(role=words)


def _limits(rules: CaseRules, case: Case) -> Iterator[tuple[str, str]]:
    procedure = procedure_for(case.rules.snapshot, KIND)
    for name in _CLOCKS:
        spec = procedure.clocks.get(name)
        found = rules.clock_limit(spec.limit, case.matter) if spec else None
        if found is not None:
            limit, _key = found
            yield titled(procedure.titles[f"clock.{name}"]), limit_words(f"{limit.amount} {limit.unit}")


# answers, and what may be said


def _entries(typed: Typed, case: Case, at: datetime) -> Iterator[EntryRow]:
    matter = case.matter or ""
    found = entries_for(typed.rows[0].words, case.placed.code, at, limit=_ENTRIES_SHOWN, matter=matter)
    owners = organisation_names({one.owner for one in found}, at) if found else {}
    for one in found:
        yield _entry(one, owners.get(one.owner, ""), typed, at)


def _entry(one: Entry, owner: str, typed: Typed, at: datetime) -> EntryRow:
    value = f"{one.id}.{one.number}"
    checked = plain_day(local(one.checked_at).date(), local(at).date())
    return EntryRow(value, one.title, one.answer, owner, one.source, checked, value == typed.entry)


def _say(typed: Typed, heard: Heard, entries: Sequence[EntryRow], limits: Sequence[tuple[str, str]]) -> str:
    """A sentence for the caller: the answer that was taken, else the best one, else who gets it and until when."""
    taken = next((one for one in entries if one.chosen), None)
    if taken is not None or (entries and typed.request_type == "enquiry"):
        words = (taken or entries[0]).answer
        return words if len(words) <= _SAID_SHOWN else f"{words[:_SAID_SHOWN]}……"
    matter = heard.case.findings.subject.matter
    if matter is None or not heard.owner or not limits:
        return ""
    words = _("This is {matter}. It goes to {owner}; you will have an answer within {limit} at the latest.")
    return words.format(matter=_title(matter), owner=heard.owner, limit=limits[-1][1])


# the number


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """A case that the number reported before."""

    no: str
    title: str
    since: str
    mark: Mark


def earlier_rows(found: Sequence[EarlierCase], at: datetime) -> tuple[EarlierRow, ...]:
    """Earlier cases in words."""
    return tuple(
        EarlierRow(one.no, one.title, plain_day(local(one.received_at).date(), local(at).date()), mark_of(one))
        for one in found
    )


def is_number(number: str) -> bool:
    """Whether a number is long enough to be looked up."""
    return sum(one.isdecimal() for one in number) >= _LEAST_NUMBER
