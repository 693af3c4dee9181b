"""Before anybody is sent: where it is, what it is, what is split off, what is void."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from linli.cases.domain import Child, Effects
from linli.cases.forms import DeskWords, Form, PublicWords, ReadBy, Words
from linli.cases.mechanisms.compartments import close_to_receivers
from linli.cases.registry import handler
from linli.cases.work import text_digest
from linli.kernel.codes import place_code
from linli.kernel.errors import InputError

if TYPE_CHECKING:
    from linli.cases.decide import Turn

_STREET = 9


class Locate(Form):
    """The place, as the deepest code known, and a point where there is one (WGS 84)."""

    place: str = Field(pattern=r"^\d{9}(\d{3}(\d{3})?)?$")
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)


class Classify(Form):
    """The matter, from the catalogue."""

    matter: str = Field(pattern=r"^(event|component|topic)\.\d{2}\.\d{3}$")


class Elsewhere(Form):
    """One of the six special routes, and the words that the reporter will read.

    Source: Beijing 12345 Regulation art 11.
    """

    route: Literal["emergency", "legal_route", "repeated", "secret", "market", "unlawful"]
    words: PublicWords


class Part(BaseModel):
    """One part of a case that holds several matters; its text is free of persons."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str = Field(min_length=1, max_length=200)
    task_text: str = Field(min_length=1, max_length=4000)
    matter: str | None = Field(default=None, pattern=r"^(event|component|topic)\.\d{2}\.\d{3}$")


class Split(Form):
    """Several matters in one case: each part becomes a case of its own."""

    parts: Annotated[list[Part], Field(min_length=1, max_length=10), ReadBy("internal")]


class Void(Form):
    """Why the case counts for nothing."""

    reason: Words


class Withdraw(Form):
    """Why the reporter takes it back, in their words."""

    reason: DeskWords | None = None


@handler
def locate(turn: Turn, form: Locate) -> Effects:
    """The case has a place now; without a matter it goes to the queue that finds one."""
    place = str(place_code(form.place))
    facts: dict[str, object] = {"place": place, "flags": _without(turn, "to_locate")}
    if form.lon is not None and form.lat is not None:
        facts |= {"lon": form.lon, "lat": form.lat}
    facts["why"] = _why(turn, "place")
    return _onwards(turn, facts, has_place=True, has_matter=turn.case.matter is not None)


@handler
def classify(turn: Turn, form: Classify) -> Effects:
    """A person says what it is. A protected matter leaves every hand but its named receivers' at once."""
    matter = turn.rules.matter(form.matter)
    if matter is None:
        raise InputError("The catalogue has no such matter.", code="case.form", data={"fields": {"matter": "unknown"}})
    facts: dict[str, object] = {
        "matter": form.matter,
        "matter_by": "person",
        "confidence": None,
        "flags": _without(turn, "to_class"),
        "why": _why(turn, "matter"),
    }
    onwards = _onwards(turn, facts, has_place="to_locate" not in turn.case.flags, has_matter=True)
    if turn.case.compartment != "open":
        return onwards
    if not matter.protected:
        return _named(turn, onwards, matter.title_zh) if turn.case.matter is None else onwards
    closing = close_to_receivers(turn, "protected")
    return replace(
        onwards,
        facts={**onwards.facts, **closing.facts},
        mark=closing.mark,
        send=closing.send,
        notices=closing.notices,
    )


def _onwards(turn: Turn, facts: dict[str, object], *, has_place: bool, has_matter: bool) -> Effects:
    route = turn.bundle.route
    data = {} if route is None else {"route": route}
    if has_place and has_matter:
        # From here on it is like a case that came with both: the clocks of an ordinary opening.
        return Effects(facts=facts, data=data, stop=("mend",), start=turn.procedure.opens[-1].start)
    return Effects(to="to_class" if has_place else "to_locate", facts=facts, data=data)


def _named(turn: Turn, onwards: Effects, title: str) -> Effects:
    """A task that had no matter takes the matter's name; the log is bound to the new text, as to any."""
    texts = {"title": title, "task_text": turn.case.task_text}
    return replace(
        onwards, facts={**onwards.facts, "title": title}, data={**onwards.data, "text": text_digest(**texts)}
    )


def _why(turn: Turn, mended: str) -> dict[str, object]:
    """The reasons after a person's word: theirs needs none, and the route is the one found with it."""
    kept = {name: reason for name, reason in turn.case.why.items() if name != mended}
    return kept if turn.bundle.route is None else {**kept, "route": turn.bundle.route}


def _without(turn: Turn, flag: str) -> tuple[str, ...]:
    return tuple(one for one in turn.case.flags if one != flag)


@handler
def split(turn: Turn, form: Split) -> Effects:
    """Children with logs and clocks of their own; this case stays and goes on with what is left."""
    place = turn.case.place
    children = tuple(Child(one.title, one.task_text, one.matter, place) for one in form.parts)
    for child in children:
        if child.matter is not None and turn.rules.matter(child.matter) is None:
            raise InputError(
                "The catalogue has no such matter.", code="case.form", data={"fields": {"parts": "unknown"}}
            )
    return Effects(children=children, counts=("split",))
