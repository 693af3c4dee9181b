"""A value with everything that stands behind it, and whether it is sure enough to act against somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.kernel.actors import Allowed, Denied, Verdict
from linli.rules.schemas import Confidence, Grade


@dataclass(frozen=True, slots=True)
class Source:
    """A source as cited: its row, and where in it (`art 13`)."""

    key: str
    locator: str
    title: str
    body: str
    number: str
    address: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A named office vouches for the value from that day on."""

    office: str
    on: date


@dataclass(frozen=True, slots=True)
class Explained:
    """The value of a key for one place and day.

    Attributes:
        value: typed, as `snapshot.at(place, day)[KEY]` gives it.
        written: the value as the pack writes it, plain data.
        pack: name of the pack that gives it; `file`, `line` are counted from that pack's folder.
        since, until: `[since, until)` on which it holds here; None = no end yet.
        beaten: values of parent packs for the same day that this one replaces, nearest first.
    """

    key: str
    title_zh: str
    title_en: str
    type: str
    value: object
    written: object
    day: date
    pack: str
    file: str
    line: int
    sources: tuple[Source, ...]
    confidence: Confidence
    confirmed: Confirmed | None
    since: date
    until: date | None
    snapshot: str
    beaten: tuple[Explained, ...] = ()

    @property
    def may_bite(self) -> bool:
        """Not of low confidence, or confirmed by a named office by that day: `may_bite()` says it as a verdict."""
        return is_sure(self.confidence, self.confirmed, self.day)

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON and for the `why` of a decision: no objects, days as text."""
        return {
            "key": self.key,
            "title": {"zh": self.title_zh, "en": self.title_en},
            "type": self.type,
            "value": self.written,
            "day": self.day.isoformat(),
            "pack": self.pack,
            "file": self.file,
            "line": self.line,
            "sources": [{"key": s.key, "at": s.locator, "title": s.title, "grade": s.grade} for s in self.sources],
            "confidence": self.confidence,
            "confirmed": {"office": self.confirmed.office, "on": self.confirmed.on.isoformat()}
            if self.confirmed
            else None,
            "may_bite": self.may_bite,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "snapshot": self.snapshot,
            "beaten": [b.as_dict() for b in self.beaten],
        }


def is_sure(confidence: str, confirmed: Confirmed | None, day: date) -> bool:
    """Whether a value may be used against somebody on that day."""
    return confidence != "low" or (confirmed is not None and confirmed.on <= day)


def may_bite(explained: Explained) -> Verdict:
    """Whether a refusal, a card or an exclusion may rest on this value.

    Ask it before each of these; on `Denied` the act is left undone and the page shows the mark of an
    uncertain rule.
    """
    if explained.may_bite:
        return Allowed()
    return Denied("rules.unconfirmed", "This rule is uncertain: it binds nobody until a named office confirms it.")
