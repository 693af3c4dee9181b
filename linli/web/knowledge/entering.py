"""The form of an entry: what stands in it, what may be chosen, what was sent, what is wrong by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel.actors import Actor
from linli.kernel.errors import InputError
from linli.knowledge.domain import Entry, EntryDraft
from linli.knowledge.queues import WriterScope
from linli.knowledge.rules import KnowledgeRules
from linli.matters.selectors import catalogue
from linli.places.selectors import places_under
from linli.web.base.nearbodies import bodies_near
from linli.web.base.refusals import refusal_words
from linli.web.base.words import CHINA, local, titled

FIELDS = ("questions", "answer", "source", "owner", "place", "matter", "since", "until", "key", "was", "report")
_CITY = 4
_NEXT_TIER = {4: 6, 6: 9, 9: 12, 12: 15}

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The form as the template draws it.

    Attributes:
        values: what stands in each field.
        wrong: what is wrong with it, in words.
        owners, places, matters: what may be chosen: value and words.
        place_fixed: the place in words, where it cannot be chosen.
        settles: open reports that saving settles.
    """

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    owners: Options = ()
    places: Options = ()
    matters: Options = ()
    place_fixed: str = ""
    settles: tuple[int, ...] = ()

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For the summary of what is wrong."""
        return [(f"f-{name}", words) for name, words in self.wrong.items()]


def sent_of(post: QueryDict) -> dict[str, str]:
    """What was sent, by field."""
    return {name: post.get(name, "") for name in FIELDS}


def numbers_of(texts: Iterable[str]) -> tuple[int, ...]:
    """Those of the texts that are ids."""
    return tuple(int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 19)


def values_of(entry: Entry) -> dict[str, str]:
    """An entry as it stands in the form of a change: from now on, until it ended before."""
    until = (local(entry.until) - timedelta(days=1)).date().isoformat() if entry.until else ""
    return {
        "questions": "\n".join(entry.questions),
        "answer": entry.answer,
        "source": entry.source,
        "owner": str(entry.owner),
        "place": entry.place,
        "matter": entry.matter,
        "until": until,
        "was": str(entry.number),
    }


def draft_of(values: Mapping[str, str]) -> EntryDraft:
    """What was sent, as a draft.

    Raises:
        InputError: a day is none; `data["fields"]` names it.
    """
    return EntryDraft(
        questions=tuple(values["questions"].splitlines()),
        answer=values["answer"],
        owner=next(iter(numbers_of([values["owner"]])), 0),
        source=values["source"],
        matter=values["matter"].strip(),
        since=day_start(values["since"], "since") if values["since"].strip() else None,
        until=day_end(values["until"]) if values["until"].strip() else None,
    )


def day_start(text: str, name: str) -> datetime:
    """The first instant of a day in China.

    Raises:
        InputError: it is no day.
    """
    try:
        day = date.fromisoformat(text.strip())
        return datetime(day.year, day.month, day.day, tzinfo=CHINA)
    except ValueError as error:
        raise InputError(
            "Write a day as year, month, day: 2026-12-31.", code="knowledge.day", data={"fields": {name: "day"}}
        ) from error


def day_end(text: str) -> datetime:
    """The instant at which a day in China is over.

    Raises:
        InputError: it is no day.
    """
    try:
        return day_start(text, "until") + timedelta(days=1)
    except OverflowError as error:
        raise InputError(
            "That day is too far away.", code="knowledge.day", data={"fields": {"until": "day"}}
        ) from error


def wrong_of(error: InputError) -> dict[str, str]:
    """What is wrong, by field, in words; of an error that names no field, at the question."""
    fields = error.data.get("fields")
    names = list(fields) if isinstance(fields, Mapping) else ["questions"]
    return {str(name): refusal_words(error) for name in names}


def form_of(
    values: Mapping[str, str], actor: Actor, rules: KnowledgeRules, scope: WriterScope, *,
    wrong: Mapping[str, str] | None = None, place_fixed: str = "", settles: Sequence[int] = (),
) -> Form:  # fmt: skip
    """The form with what may be chosen in it.

    Args:
        values: what stands in it.
        actor: who writes.
        rules: of now.
        scope: what they write.
        wrong: what is wrong, by field.
        place_fixed: the place in words where it is not chosen.
        settles: reports that saving settles.
    """
    at = rules.live.at
    places = () if place_fixed else _places(scope, actor, at)
    place = values.get("place", "") or (places[0][0] if places else "")
    return Form(
        values={**dict.fromkeys(FIELDS, ""), **values},
        wrong=wrong or {},
        owners=_owners(place, scope, at),
        places=places,
        matters=_matters(rules, place),
        place_fixed=place_fixed,
        settles=tuple(settles),
    )


def _owners(place: str, scope: WriterScope, at: datetime) -> Options:
    near = bodies_near(place, at)
    if not scope.places:
        near = [body for body in near if body.id in scope.bodies]
    return tuple((str(body.id), body.name) for body in near)


def _places(scope: WriterScope, actor: Actor, at: datetime) -> Options:
    """The places somebody writes for, and one tier below each."""
    own = scope.places or tuple(one.place for one in actor.holdings if one.organisation in scope.bodies)
    found: dict[str, str] = {}
    for prefix in own:
        tiers = (len(prefix), _NEXT_TIER.get(len(prefix), 0))
        for one in places_under(prefix, at):
            code = str(one.code)
            length = _CITY if code.endswith("00") and len(code) == 6 else len(code)
            if length in tiers:
                found[code] = one.name
        if not prefix:
            found[""] = _("everywhere")
    return tuple(sorted(found.items(), key=lambda pair: (len(pair[0]), pair[0])))


def _matters(rules: KnowledgeRules, place: str) -> Options:
    found = catalogue(rules.snapshot(place))
    return tuple((one.code, titled({"zh": one.title_zh, "en": one.title_en})) for one in found)
