"""What the words of one report say: accusation, danger, protected matter, subject, names of places. Pure.

Is: findings with their evidence, all of it from the pack's lists and the register of places. Is not: a decision who
gets the report (`drafting.py`), nor its place by coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass

from linli.intake.reports import Report
from linli.intake.rules import Reading
from linli.intake.text.accusations import accusation
from linli.intake.text.danger import dangers, protections
from linli.intake.text.lists import Found, WordLists, folded
from linli.intake.text.masks import Screened, screen
from linli.intake.text.model import CERTAIN, Model, Suggestion
from linli.intake.text.placewords import NOWHERE_NAMED, Gazetteer, NamedPlace, place_words
from linli.matters.domain import Matter

THOUSAND = 1000
NO_SUGGESTION = Suggestion("", 0, "", ())
PLAIN_REQUEST = "help"
_BODIES = ("accusation.persons", "accusation.units")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about, and who says so.

    Attributes:
        matter: None = a person decides.
        by: `given`, `model` or `none`.
        confidence: of the machine, in thousandths; None where no machine spoke.
        suggested: code that the machine thinks likeliest, also where it is not sure enough.
        runner_up: the next likeliest.
        terms: catalogue words that speak for the suggestion, as evidence.
        list: the pack's list of protected words that decided, "" else.
    """

    matter: Matter | None
    by: str
    confidence: int | None = None
    suggested: str = ""
    runner_up: str = ""
    terms: tuple[str, ...] = ()
    list: str = ""

    def why(self) -> dict[str, object]:
        """The trace: codes and catalogue words, none of the reporter's."""
        told = {
            "by": self.by,
            "suggested": self.suggested,
            "runner_up": self.runner_up,
            "confidence": self.confidence,
            "catalogue_words": list(self.terms),
            "list": self.list,
        }
        return {name: value for name, value in told.items() if value not in (None, "", [])}


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the words of a report say.

    Attributes:
        sealed: they accuse an official, a worker or a unit; nothing else was looked for then.
        request_type: enquiry, help, complaint, tip_off or suggestion.
        places: names of roads, compounds, public places in the visible words.
        named: the registered place that the names agree on.
        terms: catalogue words for the task text.
        cut: the words are longer than what was read.
    """

    sealed: bool
    subject: Subject
    danger: tuple[Found, ...] = ()
    protected: bool = False
    request_type: str = PLAIN_REQUEST
    places: tuple[str, ...] = ()
    named: NamedPlace = NOWHERE_NAMED
    terms: tuple[str, ...] = ()
    screened: Screened | None = None
    cut: bool = False
    unknown_matter: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs, the same for every report of a run.

    Attributes:
        model: None = every report without a given matter is classed by a person.
        gazetteer: registered names of places.
    """

    rules: Reading
    model: Model | None
    gazetteer: Gazetteer


def find(report: Report, reader: Reader) -> Findings:
    """Read the words of a report."""
    rules, lists = reader.rules, reader.rules.lists
    cut = len(report.title) > rules.longest_title or len(report.text) > rules.longest_text
    plain = folded(f"{report.title[: rules.longest_title]}。{report.text[: rules.longest_text]}")
    danger = dangers(plain, lists)
    # All the words are read for an accusation, however many they are.
    if accusation(plain, lists, rules.accusation_span).is_one or (cut and accuses(report, rules)):
        return Findings(True, Subject(None, "none"), danger, cut=cut)
    kept_safe = protections(plain, lists)
    screened = screen(plain, lists)
    subject, unknown = _subject(report, screened, kept_safe, reader)
    return Findings(
        sealed=False,
        subject=subject,
        danger=danger,
        protected=bool(kept_safe) or (subject.matter is not None and subject.matter.protected),
        request_type=request_type(plain, rules, lists),
        places=place_words(screened, lists),
        named=reader.gazetteer.find(screened.visible),
        terms=rules.terms.said(screened.visible, subject.matter),
        screened=screened,
        cut=cut,
        unknown_matter=unknown,
    )


def accuses(report: Report, rules: Reading) -> bool:
    """Whether the words, all of them, accuse an official, a worker or a unit."""
    words = folded(f"{report.title}。{report.text}")
    return accusation(words, rules.lists, rules.accusation_span).is_one


def _subject(report: Report, screened: Screened, kept_safe: tuple[Found, ...], reader: Reader) -> tuple[Subject, bool]:
    """The matter, and whether the row named one that the catalogue does not know."""
    rules = reader.rules
    given = matter_named(report.matter, rules)
    by_list = _protected_subject(kept_safe, rules)
    # Words of a protected matter win over a matter given that is none: its owner is nobody's safe receiver.
    if by_list is not None and not (given is not None and given.protected):
        return by_list, bool(report.matter) and given is None
    if given is not None:
        return Subject(given, "given"), False
    said = reader.model.suggest_words(screened.words) if reader.model else NO_SUGGESTION
    likely = rules.catalogue.find(said.label)
    confidence = said.confidence * THOUSAND // CERTAIN if said.label else None
    sure = likely is not None and not report.matter and (confidence or 0) >= rules.sure_matter
    terms = rules.terms.said(screened.visible, likely) if likely else ()
    return (
        Subject(likely if sure else None, "model" if sure else "none", confidence, said.label, said.runner_up, terms),
        bool(report.matter),
    )


def _protected_subject(kept_safe: tuple[Found, ...], rules: Reading) -> Subject | None:
    """The matter of the weightiest list of protected words: the machine is never too unsure to be careful."""
    lists = {found.list for found in kept_safe}
    for name, code in rules.protected.items():
        matter = rules.catalogue.find(code) if name in lists else None
        if matter is not None:
            return Subject(matter, "model", suggested=code, list=name)
    return None


def matter_named(text: str, rules: Reading) -> Matter | None:
    """The matter of a code, or of a Chinese title that only one matter bears; None when there is none."""
    found = rules.catalogue.find(text)
    if found is not None or not text:
        return found
    titled = [matter for matter in rules.catalogue if matter.title_zh == text]
    return titled[0] if len(titled) == 1 else None


def request_type(plain: str, rules: Reading, lists: WordLists) -> str:
    """What a reporter wants, by the pack's words: an anger at a body is a complaint, a broken lamp is not."""
    for row in rules.request_types:
        if any(word in plain for word in row.words) and (not row.against or _speaks_of_bodies(plain, lists)):
            return row.type
    return PLAIN_REQUEST


def _speaks_of_bodies(plain: str, lists: WordLists) -> bool:
    return any(lists.said(name, plain) for name in _BODIES)
