"""The form of a call: what was typed, cleaned, and checked field by field, with the words shown at the field.

Is: parsing and checking, nothing else. Nothing typed is ever in an error, an address or a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast, get_args
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.cases.mechanisms.checking import Result
from linli.intake.calls import RequestType, Told
from linli.web.base.fieldtext import cleaned, typed_point

TYPES: tuple[str, ...] = tuple(one for one in get_args(RequestType) if one)
RESULTS: tuple[str, ...] = get_args(Result)
ACTS = ("dispatch", "save", "answer")
USUAL_RESULT = "explained"
_NUMBER = re.compile(r"\+?[0-9][0-9 \-()]{2,19}")
_ENTRY = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")
_LONGEST_WHERE = 240
_LONGEST_NAME = 60
_LONGEST_PROMISE = 500
_LONGEST_ANSWER = 4000
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One matter as typed."""

    words: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A further matter as the form draws it: `number` in the names of its fields, `said` as people count."""

    number: int
    said: int
    row: Row
    wrong_words: str
    wrong_where: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds, and what is wrong with it, by field.

    Attributes:
        rows: the matters; the first is the one that the suggestions are for.
        entry: answer of the knowledge base that was taken, as `id.version`.
        errors: field -> words at the field.
        refusal: why the whole was refused, in words.
    """

    request_id: str
    rows: tuple[Row, ...] = (Row(),)
    number: str = ""
    name: str = ""
    confidential: bool = False
    accuses: bool = False
    request_type: str = ""
    matter: str = ""
    other_matter: str = ""
    organisation: str = ""
    join: str = ""
    lon: float | None = None
    lat: float | None = None
    service: str = ""
    connected: bool = False
    until: str = ""
    promised: str = ""
    result: str = USUAL_RESULT
    answer: str = ""
    entry: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""

    @property
    def chosen(self) -> str:
        """Code of the matter that the desk took; "" = let the words speak."""
        return self.other_matter or self.matter

    @property
    def others(self) -> Sequence[OtherRow]:
        """The further matters."""
        wrong = self.errors
        return [
            OtherRow(n, n + 1, row, wrong.get(_named("words", n), ""), wrong.get(_named("where", n), ""))
            for n, row in enumerate(self.rows)
            if n
        ]

    @property
    def has_others(self) -> bool:
        """Whether another matter was typed."""
        return any(row.words or row.where for row in self.rows[1:])

    def told(self) -> tuple[Told, ...]:
        """The matters that hold words, as intake takes them; a further one without a place has the first one's."""
        first = self.rows[0]
        found = [
            Told(
                words=first.words,
                where=first.where,
                lon=self.lon,
                lat=self.lat,
                matter=self.chosen,
                request_type=cast("RequestType", self.request_type),
                accuses=self.accuses,
            )
        ]
        for row in self.rows[1:]:
            own = bool(row.where)
            if row.words:
                found.append(
                    Told(
                        words=row.words,
                        where=row.where or first.where,
                        lon=None if own else self.lon,
                        lat=None if own else self.lat,
                    )
                )
        return tuple(found)

    def entry_named(self) -> tuple[int, int] | None:
        """Id and version of the answer taken; None where none is."""
        found = _ENTRY.fullmatch(self.entry)
        return (int(found[1]), int(found[2])) if found else None

    def until_day(self) -> date | None:
        """The day of the promise; None where none can be read."""
        try:
            return date.fromisoformat(self.until)
        except ValueError:
            return None

    def wrong(self, **errors: str) -> Typed:
        """The same with these mistakes."""
        return replace(self, errors={**self.errors, **errors})


def fresh(matters: int) -> Typed:
    """An empty form with room for so many matters."""
    return Typed(str(uuid4()), rows=(Row(),) * matters)


def typed_in(post: QueryDict | Mapping[str, Sequence[str]], matters: int) -> Typed:
    """What was typed, cleaned of signs that nobody types; not checked yet.

    Args:
        post: the fields of the request, or those kept for it.
        matters: most matters of a call.
    """

    def text(name: str) -> str:
        values = post.getlist(name) if isinstance(post, QueryDict) else post.get(name, ())
        return cleaned(values[-1]) if values else ""

    lon, lat = typed_point(text("lon"), text("lat")) or (None, None)
    rows = tuple(Row(text(_named("words", n)), text(_named("where", n))) for n in range(matters))
    request_type, result = text("request_type"), text("result")
    return Typed(
        **{name: text(name) for name in _TEXTS},  # type: ignore[arg-type]
        request_id=_request_id(text("request_id")),
        rows=rows,
        confidential=text("confidential") == "yes",
        accuses=text("accuses") == "yes",
        connected=text("connected") == "yes",
        request_type=request_type if request_type in TYPES else "",
        result=result if result in RESULTS else USUAL_RESULT,
        lon=lon,
        lat=lat,
    )


_TEXTS = (
    "number", "name", "matter", "other_matter", "organisation", "join", "service", "until", "promised", "answer", "entry",
)  # fmt: skip


def _named(name: str, row: int) -> str:
    return name if row == 0 else f"{name}-{row}"


def _request_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())


def checked(typed: Typed, act: str, longest: int, today: date) -> Typed:
    """The same with what is wrong, by field, in the order of the page.

    Args:
        typed: the form.
        act: what was pressed.
        longest: most characters of one matter.
        today: in China Standard Time.
    """
    errors: dict[str, str] = {}
    for name, words in (*_of_matters(typed, longest), *_of_caller(typed), *_of_deeds(typed, act, today)):
        errors.setdefault(name, words)
    return replace(typed, errors=errors)


def _of_matters(typed: Typed, longest: int) -> Iterator[tuple[str, str]]:
    too_long = _("This is longer than {n} characters. Shorten it.")
    if not any(sign.isalnum() for sign in typed.rows[0].words):
        yield "words", _("Note what the caller says.")
    for number, row in enumerate(typed.rows):
        if len(row.words) > longest:
            yield _named("words", number), too_long.format(n=longest)
        if len(row.where) > _LONGEST_WHERE:
            yield _named("where", number), too_long.format(n=_LONGEST_WHERE)
        if number and row.where and not any(sign.isalnum() for sign in row.words):
            yield _named("words", number), _("Note what the caller says.")


def _of_caller(typed: Typed) -> Iterator[tuple[str, str]]:
    if typed.number and not _NUMBER.fullmatch(typed.number):
        yield "number", _("This is no telephone number. Write digits only, or leave it empty.")
    if len(typed.name) > _LONGEST_NAME:
        yield "name", _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST_NAME)


def _of_deeds(typed: Typed, act: str, today: date) -> Iterator[tuple[str, str]]:
    if typed.connected and not typed.service:
        yield "service", _("Choose the number that the caller was passed on to.")
    if typed.organisation and not _is_id(typed.organisation):
        yield "organisation", _("There is no such body.")
    if bool(typed.until) != bool(typed.promised) and act != "answer":
        yield ("promised" if typed.until else "until"), _("A promise needs a day and what was promised.")
    until = typed.until_day()
    if typed.until and (until is None or until < today):
        yield "until", _("Choose today or a later day.")
    if len(typed.promised) > _LONGEST_PROMISE:
        yield "promised", _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST_PROMISE)
    if act == "answer" and not typed.answer and typed.entry_named() is None:
        yield "answer", _("Write what you told the caller, or take one of the answers.")
    if len(typed.answer) > _LONGEST_ANSWER:
        yield "answer", _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST_ANSWER)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) <= _LARGEST_ID
