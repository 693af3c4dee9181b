"""One step for several cases at once: which can take it, which cannot and why, and what came of it.

Is: the engine's own offers asked for each case, and `take_step` called for each, one by one, so that one refusal stops no
other. Is not: a second way to write, nor a form of its own: the step's form is drawn by the one renderer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.cases.deskcase import StepStanding, case_file, steps_from_here
from linli.cases.engine import take_step
from linli.cases.forms import Form
from linli.cases.registry import kind_code
from linli.cases.seeing import Seen, numbered, see
from linli.kernel.actors import Actor
from linli.kernel.errors import ConflictError, InputError, LinliError, NotFoundError, RefusedError
from linli.web.base.refusals import refusal_words
from linli.web.base.stepform import NOTHING_SENT, PHOTOS, Box, Sent, given_of
from linli.web.base.words import titled
from linli.web.desk.casepage import why_denied
from linli.web.desk.replying import PICKED, facts_of, fill_holes, public_field, put_bare
from linli.web.desk.stepping import OPEN_PART, open_form

MOST_CHOSEN = 40
"""Most cases of one go: what one page of a queue shows."""
_ONE_BY_ONE = ("voice", "place", "parts", "into", "accused", "people")
"""Fields that name something of one case alone: steps that ask for them are taken case by case."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that was selected. `seen` is None for one that this person may not see; nothing tells why."""

    no: str
    seen: Seen | None
    steps: Mapping[str, StepStanding]

    @property
    def title(self) -> str:
        """Its title, where it may be seen."""
        return self.seen.bundle.case.title if self.seen else ""


@dataclass(frozen=True, slots=True)
class Option:
    """A step that at least one of the selected can take."""

    step: str
    title: str
    can: int
    cannot: int


@dataclass(frozen=True, slots=True)
class Left:
    """A case that does not take the step, and why."""

    no: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The selected cases, by whether they can take the step."""

    able: tuple[Chosen, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `wrong` holds what was typed where the form was wrong: then nothing was done."""

    done: tuple[Chosen, ...]
    left: tuple[Left, ...]
    wrong: Sent | None = None


def chosen_cases(actor: Actor, numbers: Sequence[str]) -> tuple[Chosen, ...]:
    """The selected cases as they stand for this person, each once, at most `MOST_CHOSEN`; none that is sealed."""
    return tuple(_chosen(actor, no) for no in list(dict.fromkeys(numbers))[:MOST_CHOSEN])


def _chosen(actor: Actor, no: str) -> Chosen:
    try:
        seen = see(actor, numbered(no))
    except NotFoundError:
        return Chosen(no, None, {})
    if seen.bundle.case.compartment == "sealed":
        # A sealed case is opened alone, with a reason that stays in the log.
        return Chosen(no, None, {})
    steps = {one.spec.id: one for one in steps_from_here(seen) if _for_many(seen, one)}
    return Chosen(no, seen, steps)


def _for_many(seen: Seen, one: StepStanding) -> bool:
    fields = _form(seen, one.spec.id).model_fields
    return one.spec.id != OPEN_PART and not set(fields) & set(_ONE_BY_ONE)


def options_of(chosen: Sequence[Chosen]) -> tuple[Option, ...]:
    """The steps that some of them can take, those that most can take first."""
    titles: dict[str, str] = {}
    for one in chosen:
        for step, standing in one.steps.items():
            if standing.denied is None:
                titles.setdefault(step, step_words(one, step))
    found = []
    for step, title in titles.items():
        able = len(sorted_for(chosen, step).able)
        found.append(Option(step, title, able, len(chosen) - able))
    return tuple(sorted(found, key=lambda option: option.cannot))


def step_words(one: Chosen, step: str) -> str:
    """A step's title in the language of the page."""
    return titled(one.seen.procedure.titles[f"step.{step}"]) if one.seen else step


def sorted_for(chosen: Sequence[Chosen], step: str) -> Sorted:
    """Who can take the step, and why the others cannot: what the engine would answer now."""
    able: list[Chosen] = []
    left: list[Left] = []
    for one in chosen:
        why = _why_not(one, step)
        if not why and able and _form_of(one, step) is not _form_of(able[0], step):
            why = _("It asks for other things than the first: take it by itself.")
        if why:
            left.append(Left(one.no, one.title, why))
        else:
            able.append(one)
    return Sorted(tuple(able), tuple(left))


def _why_not(one: Chosen, step: str) -> str:
    if one.seen is None:
        return _("There is no such case for you.")
    standing = one.steps.get(step)
    if standing is None:
        return _("This step does not lead on from where the case stands.")
    return why_denied(standing) if standing.denied is not None else ""


def boxes_for(first: Chosen, step: str, actor: Actor, at: datetime, sent: Sent = NOTHING_SENT) -> tuple[Box, ...]:
    """The step's form, drawn for the first of them; photos are of one case and left out."""
    file = case_file(actor, first.no, at)
    form = open_form(file, first.steps[step], actor, at, sent=sent)
    return tuple(box for box in form.boxes if box.name != PHOTOS)


def with_template(first: Chosen, step: str, post: QueryDict, at: datetime) -> Sent:
    """What was typed, with the chosen template as it stands: each case fills it with its own facts when it is taken."""
    sent, form = Sent(dict(post.lists())), _form_of(first, step)
    if first.seen is None or form is None or not post.get(PICKED):
        return sent
    return put_bare(first.seen, first.steps[step].spec, form, sent, at)


def bulk_take(chosen: Sequence[Chosen], step: str, actor: Actor, post: QueryDict, at: datetime) -> Outcome:
    """Take the step in each of them that can.

    Sending the same form twice does nothing more and answers the same: each case's request is numbered by the form's
    number and the case, so a case that has taken the step already is asked again and knows it.

    Args:
        chosen: the selected; what they look like may have changed meanwhile, the engine asks again.
        step: which.
        actor: who takes it.
        post: the form's fields, and `request_id`.
        at: now.

    Raises:
        InputError: the form came without its number.
    """
    base, parted = _number(post), sorted_for(chosen, step)
    done: list[Chosen] = []
    left: list[Left] = []
    for one in _tried(chosen, parted, step):
        error = _taken(one, step, actor, post, (base, at))
        if error is None:
            done.append(one)
            continue
        fields = error.data.get("fields")
        if isinstance(error, InputError) and isinstance(fields, Mapping) and not done and not left:
            return Outcome((), (), Sent(dict(post.lists()), {str(name): str(why) for name, why in fields.items()}))
        left.append(_left(one, error))
    told = {one.no for one in done} | {one.no for one in left}
    return Outcome(tuple(done), (*(one for one in parted.left if one.no not in told), *left))


def _tried(chosen: Sequence[Chosen], parted: Sorted, step: str) -> list[Chosen]:
    """Those that can, then those that may have done it when the form came first: of the same form alone."""
    known = [one for one in chosen if one.seen and step in one.seen.procedure.steps and one not in parted.able]
    every = [*parted.able, *known]
    return [one for one in every if _form_of(one, step) is _form_of(every[0], step)]


def _taken(one: Chosen, step: str, actor: Actor, post: QueryDict, sending: tuple[UUID, datetime]) -> LinliError | None:
    assert one.seen is not None
    base, at = sending
    form = _form_of(one, step)
    given = _given(one, form, post, (actor, at)) if form else {}
    case, request = one.seen.bundle.case.id, uuid5(base, one.no)
    try:
        take_step(case, step, actor.ref, given, request_id=request, at=at)
    except (InputError, RefusedError, ConflictError, NotFoundError) as error:
        return error
    return None


def _given(one: Chosen, form: type[Form], post: QueryDict, asked: tuple[Actor, datetime]) -> dict[str, object]:
    """What was sent, with what the words for the resident leave open filled from this very case."""
    given, field, seen = given_of(form, post), public_field(form), one.seen
    words = given.get(field)
    if seen is None or not isinstance(words, str):
        return given
    actor, at = asked
    return {**given, field: fill_holes(words, lambda language: facts_of(seen, actor, at, language))}


def _left(one: Chosen, error: LinliError) -> Left:
    return Left(one.no, one.title, refusal_words(error))


def _number(post: QueryDict) -> UUID:
    try:
        return UUID(post.get("request_id", ""))
    except ValueError:
        raise InputError("The form came without its number; load the page again.", code="web.request_id") from None


def _form(seen: Seen, step: str) -> type[Form]:
    return kind_code(seen.bundle.case.kind).form(seen.procedure.steps[step].form)


def _form_of(one: Chosen, step: str) -> type[Form] | None:
    return _form(one.seen, step) if one.seen else None
