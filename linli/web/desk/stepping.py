"""Taking a step from a page: what its form offers, what was sent, and what the reader of the public words will see."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.attaching import holder_for, take_with_photos
from linli.cases.byorder import orders_held
from linli.cases.deskcase import CaseFile, StepStanding
from linli.cases.drafts import StepResult
from linli.cases.evidence import bounds_of, keep_photo
from linli.cases.forms import Form, personal_fields
from linli.cases.mechanisms.calling import SERVICES
from linli.cases.numbers import spoken
from linli.cases.placeholders import holes
from linli.cases.registry import kind_code
from linli.cases.rules import rules_for
from linli.cases.voices import PartRequest, VoiceWords, photos_open, voice_open, words_open
from linli.intake.callers import told_in_one_call
from linli.kernel.actors import Actor
from linli.kernel.codes import Tier
from linli.kernel.errors import InputError, NotFoundError
from linli.organisations.selectors import organisation_names
from linli.places.selectors import places_under
from linli.web.base.fieldwords import open_words, option_words
from linli.web.base.nearbodies import bodies_near
from linli.web.base.stepform import NOTHING_SENT, PHOTOS, Box, Offer, Sent, boxes_of, errors_of, given_of
from linli.web.base.words import titled, when
from linli.web.desk.answering import entry_split, is_for_entry, with_answers, with_entry
from linli.web.desk.casepage import step_title
from linli.web.desk.choosing import choices_for
from linli.web.desk.replying import public_field, replies_for, told_words, with_reply

_BODY_FIELDS = ("organisation", "co", "accused")
_DISTRICT = 6
_CATEGORIES = "cases.shelf_categories"
OPEN_PART = "open_part"


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A step's form as it stands open on the page.

    Attributes:
        preview: what the resident will read, "" where nothing is written for them.
        left: what a template leaves open, in words.
        told: who reads it and how, in sums.
        errors: for the summary: the element's id and the words at the field.
        request_id: sent along, so that sending twice acts once.
    """

    step: str
    title: str
    boxes: tuple[Box, ...]
    fixed: Mapping[str, str]
    has_public: bool
    preview: str
    left: str
    told: str
    errors: tuple[tuple[str, str], ...]
    refusal: str
    request_id: str
    draft: str


def find_step(file: CaseFile, step: str) -> StepStanding:
    """The step of that id, if it leaves the case's state and this person may take it.

    Raises:
        NotFoundError: it may not be taken now; one answer for all reasons, the page of the case shows them.
    """
    found = next((one for one in file.steps if one.spec.id == step and one.denied is None), None)
    if found is None:
        raise NotFoundError("This step cannot be taken now.", code="case.no_step")
    return found


def open_form(
    file: CaseFile, step: StepStanding, actor: Actor, at: datetime, *, sent: Sent = NOTHING_SENT, refusal: str = ""
) -> OpenForm:
    """The form of a step.

    Args:
        file: the case.
        step: which step.
        actor: who fills it in.
        at: now.
        sent: what was typed before, and what was wrong with it.
        refusal: why the whole step was refused, in words.
    """
    model = _form(file, step)
    offer = with_answers(_offer(file, model, sent, at), model, file.facts, sent, at)
    if public_field(model):
        offer = replace(offer, replies=replies_for(file.seen, step.spec, sent, at))
    boxes = boxes_of(model, offer, sent)
    readers = personal_fields(model)
    said = " ".join(
        sent.values[name][0] for name, reader in readers.items() if reader == "public" and name in sent.values
    )
    return OpenForm(
        step=step.spec.id,
        title=step_title(file, step.spec.id),
        boxes=boxes,
        fixed=offer.fixed,
        has_public="public" in readers.values(),
        preview=preview_words(file, said),
        left=open_words(holes(said)),
        told=told_words(file.voices, file.voice_count),
        errors=tuple(errors_of(boxes)),
        refusal=refusal,
        request_id=str(uuid4()),
        draft=f"{actor.ref.account}:{file.facts.id}:{step.spec.id}:{file.facts.seq}",
    )


def put_template(file: CaseFile, step: StepStanding, sent: Sent, actor: Actor, at: datetime) -> Sent:
    """What was typed, with the chosen reply template, or the chosen answer, in the words for the resident."""
    if is_for_entry(sent):
        return with_entry(_form(file, step), sent, at)
    return with_reply(file.seen, step.spec, _form(file, step), sent, (actor, at))


def preview_words(file: CaseFile, said: str) -> str:
    """What the resident will read of these words; "" for none."""
    if not said.strip():
        return ""
    return _("About “{title}”: {words}").format(title=file.facts.title, words=said.strip())


@dataclass(frozen=True, slots=True)
class Posted:
    """What a browser sent: fields and photos."""

    fields: QueryDict
    photos: Sequence[UploadedFile[bytes]] = ()


def step_take(file: CaseFile, step: StepStanding, actor: Actor, posted: Posted, at: datetime) -> Sent | None:
    """Take the step with what was sent.

    Returns:
        None once it is taken; what was sent, with its mistakes, when the form is wrong.

    Raises:
        RefusedError: a rule refuses.
        ConflictError: somebody else was first.
    """
    found = step_done(file, step, actor, posted, at)
    return found if isinstance(found, Sent) else None


def step_done(file: CaseFile, step: StepStanding, actor: Actor, posted: Posted, at: datetime) -> Sent | StepResult:
    """The same, for a page that shows what the step left behind. Returns its result, or what was sent with its mistakes."""
    model = _form(file, step)
    given = entry_split(given_of(model, posted.fields))
    if posted.photos and PHOTOS in model.model_fields:
        holder, bounds = holder_for(actor.ref), bounds_of(file.seen.snapshot, at)
        given[PHOTOS] = [keep_photo(photo.read(), holder, bounds, at).id for photo in posted.photos]
    try:
        request_id = _request_id(posted.fields)
        return take_with_photos(file.facts.id, step.spec.id, actor.ref, given, request_id=request_id, at=at)
    except InputError as error:
        fields = error.data.get("fields")
        if not isinstance(fields, Mapping):
            raise
        return Sent(dict(posted.fields.lists()), {str(name): str(wrong) for name, wrong in _flat(fields).items()})


@dataclass(frozen=True, slots=True)
class Opened:
    """A part of a voice that was opened for this one page: labels and words; photos within it, as `data:` addresses."""

    voice: int
    what: str
    lines: tuple[tuple[str, str], ...]
    photos: tuple[str, ...] = ()


def part_open(file: CaseFile, actor: Actor, post: QueryDict, at: datetime) -> Opened:
    """Open a part of a voice; the engine writes down who, in which post, and why, before anything is read.

    Raises:
        InputError: a field is missing; `data["fields"]` names it.
    """
    missing = {name: "missing" for name in ("what", "voice", "reason") if not post.get(name, "").strip()}
    if missing:
        raise InputError("The form is not whole.", code="case.form", data={"fields": missing})
    what = _part(post.get("what"))
    voice = post.get("voice", "")
    if not (voice.isascii() and voice.isdigit()):
        raise InputError("There is no such voice.", code="case.form", data={"fields": {"voice": "unknown"}})
    request = PartRequest(file.facts.id, int(voice), what, post.get("reason", "").strip())
    request_id, label = _request_id(post), option_words("what", what)
    if what == "photos":
        photos = photos_open(request, actor.ref, request_id=request_id, at=at)
        return Opened(
            request.voice, label, (), tuple(f"data:image/jpeg;base64,{b64encode(p).decode()}" for p in photos)
        )
    if what == "words":
        words = words_open(request, actor.ref, request_id=request_id, at=at)
        return Opened(request.voice, label, (*_part_lines(words.first), *_later_lines(file, words, at)))
    lines = _part_lines(voice_open(request, actor.ref, request_id=request_id, at=at))
    if others := told_in_one_call(actor, request.voice):
        lines = (*lines, (_("Told in the same call"), _(", ").join(spoken(no) for no in others)))
    return Opened(request.voice, label, lines)


def _part_lines(content: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(_PARTS.get(name, name)), text) for name, text in content.items() if text)


def _later_lines(file: CaseFile, words: VoiceWords, at: datetime) -> Iterator[tuple[str, str]]:
    """What was said later: when and at which step beside it; an answer of a list in its own words."""
    for one in words.later:
        title = file.seen.procedure.titles.get(f"step.{one.step}")
        label = f"{when(one.at, at)} {titled(title) if title else one.step}"
        for name, text in one.words.items():
            yield label, option_words(name, text)


def _part(asked: str | None) -> Literal["identity", "words", "photos"]:
    return "identity" if asked == "identity" else "photos" if asked == "photos" else "words"


_PARTS: Mapping[str, object] = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "address": gettext_lazy("Address"),
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("Words"),
}


def _flat(fields: Mapping[str, object]) -> dict[str, object]:
    """Mistakes by the element's name: `parts.0.title` is the element `parts-0-title`."""
    return {str(name).replace(".", "-"): wrong for name, wrong in fields.items()}


def _request_id(post: QueryDict) -> UUID:
    try:
        return UUID(post.get("request_id", ""))
    except ValueError:
        raise InputError("The form came without its number; load the page again.", code="web.request_id") from None


def _form(file: CaseFile, step: StepStanding) -> type[Form]:
    return kind_code(file.facts.kind).form(step.spec.form)


def _offer(file: CaseFile, model: type[Form], sent: Sent, at: datetime) -> Offer:
    """What the fields of this form may name."""
    offered: dict[str, Sequence[tuple[str, str]]] = {}
    fields = set(model.model_fields)
    if fields & set(_BODY_FIELDS):
        bodies = _bodies(file.facts.place, at)
        offered |= {name: bodies for name in _BODY_FIELDS if name in fields}
    rules = rules_for(file.seen.snapshot, file.facts.place, at)
    if "matter" in fields or "parts" in fields:
        offered["matter"] = [(m.code, titled({"zh": m.title_zh, "en": m.title_en})) for m in rules.catalogue]
    if "place" in fields:
        prefix = file.facts.place[:_DISTRICT]
        offered["place"] = [(str(one.code), one.name) for one in places_under(prefix, at, Tier.COMMUNITY)]
    offered |= choices_for(file, fields, at)
    if "category" in fields:
        offered["category"] = [(one, option_words("category", one)) for one in rules.texts(_CATEGORIES)]
    if "service" in fields:
        offered["service"] = [(str(one["number"]), f"{one['number']} {titled(one)}") for one in rules.rows(SERVICES)]
    if "into" in fields:
        offered["into"] = [(one.no, f"{one.title} {one.no}") for one in file.alike]
    if "voice" in fields:
        offered["voice"] = [(str(v.id), _("Resident {n}").format(n=n)) for n, v in enumerate(file.voices, 1)]
    fixed = {name: values[0] for name, values in sent.values.items() if name == "voice" and "voice" in fields}
    ordered = _at_work(file, at, issuing="made_as" in fields) if "at_work" in fields else []
    return Offer({**offered, "at_work": ordered}, {**fixed, **_only("at_work", ordered)})


def _at_work(file: CaseFile, at: datetime, *, issuing: bool) -> list[tuple[str, str]]:
    """Bodies at work on the case; only those whose order holds, where one is to be taken back."""
    held = orders_held(file.facts.marks)
    bodies = [one.organisation for one in file.bodies if one.ended_at is None]
    names = organisation_names(bodies, at) if bodies else {}
    return [(str(one), names.get(one, "")) for one in bodies if issuing or str(one) in held]


def _only(name: str, options: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """The field, fixed, where there is nothing to choose."""
    return {name: options[0][0]} if len(options) == 1 else {}


def _bodies(place: str, at: datetime) -> list[tuple[str, str]]:
    return [(str(body.id), body.name) for body in bodies_near(place, at)]
