"""A step's form, drawn from its pydantic model: the only form renderer. A kind of case brings no template.

Each field becomes a widget by its type (words, choice, yes or no, day, number, body, matter, place, photos, rows of a list);
who may read its words later decides its hint. `given_of` reads back what was sent, as `take_step` takes it.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from linli.cases.forms import Form, personal_fields
from linli.cases.placeholders import holes
from linli.web.base.fieldwords import HINTS, field_words, open_words, option_words, wrong_words

Widget = Literal["words", "line", "choice", "yes_no", "day", "number", "select", "many", "photos", "rows", "answers"]
MOST_ROWS = 4
PHOTOS = "evidence"
ANSWERS = "entry"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Replies:
    """Templates to begin with: groups by language (its name, its code, the choices), and the one put in before.

    Attributes:
        unsure: the one put in is wording that no named office has confirmed yet.
    """

    groups: tuple[tuple[str, str, tuple[Option, ...]], ...]
    used: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """One field as the template draws it.

    Attributes:
        rows: for a list of parts: the boxes of each part.
        wrong: what is wrong with it, in words; "" when nothing is.
        replies: templates with which the words for the resident may begin.
        left: names in braces that are still to be filled in.
        searched: what was searched among the answers of the knowledge base.
    """

    name: str
    widget: Widget
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    options: tuple[Option, ...] = ()
    rows: tuple[tuple[Box, ...], ...] = ()
    wrong: str = ""
    is_public: bool = False
    replies: Replies | None = None
    left: tuple[str, ...] = ()
    searched: str = ""

    @property
    def id(self) -> str:
        """The id of the element, for labels and the summary of errors."""
        return f"f-{self.name}"

    @property
    def left_words(self) -> str:
        """What is still to be filled in, in words."""
        return open_words(self.left)


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be chosen in fields that name things: by the field's name, value and words. `replies`: for public words."""

    by_field: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    replies: Replies | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent before, and what was wrong with it: field -> kind of mistake."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


NOTHING_SENT = Sent()


def boxes_of(form: type[Form], offer: Offer, sent: Sent = NOTHING_SENT) -> tuple[Box, ...]:
    """The fields of a form, in its order.

    Args:
        form: the step's model.
        offer: what may be chosen; a field in `fixed` is not asked for.
        sent: what was typed before, and what was wrong.
    """
    readers = personal_fields(form)
    boxes = []
    for name, info in form.model_fields.items():
        if name in offer.fixed:
            continue
        box = _box(name, info, offer, sent)
        reader = readers.get(name, "")
        label = field_words(name, form.__name__, reader)
        hint = str(HINTS.get(reader, ""))
        if reader == "public":
            box = replace(box, is_public=True, replies=offer.replies, left=holes(box.value))
        wrong = wrong_words(label, sent.wrong.get(name, ""), box.left)
        boxes.append(replace(box, label=label, hint=hint, wrong=wrong))
    return tuple(boxes)


def given_of(form: type[BaseModel], sent: QueryDict, prefix: str = "") -> dict[str, object]:
    """What was sent, as the engine takes it: empty fields left out, numbers as numbers.

    Args:
        form: the step's model.
        sent: the fields of the request; files are the caller's.
        prefix: before the names, for the parts of a list.
    """
    found: dict[str, object] = {}
    for name, info in form.model_fields.items():
        kind, inner = _kind(info.annotation)
        key = prefix + name
        if kind == "rows":
            parts = [given_of(inner, sent, f"{key}-{row}-") for row in range(MOST_ROWS)]
            found[name] = [part for part in parts if part]
            continue
        values = [one.strip() for one in sent.getlist(key) if one.strip()]
        if values:
            found[name] = [_plain(one, inner) for one in values] if kind == "list" else _plain(values[0], inner)
    return found


def errors_of(boxes: Sequence[Box]) -> list[tuple[str, str]]:
    """The summary of what is wrong: the element's id, and the very words shown at the field."""
    return [(box.id, box.wrong) for box in boxes if box.wrong]


def _box(name: str, info: FieldInfo, offer: Offer, sent: Sent, prefix: str = "") -> Box:
    kind, inner = _kind(info.annotation)
    key = prefix + name
    values = sent.values.get(key, [])
    found = Box(
        name=key,
        widget=_widget(name, kind, inner, info, offer),
        label=field_words(name),
        required=info.is_required(),
        value=values[0] if values else "",
        searched=(sent.values.get("entry_q") or [""])[0] if name == ANSWERS else "",
        options=_options(name, inner, offer, values),
        wrong=wrong_words(field_words(name), sent.wrong.get(key, "")),
    )
    if kind == "rows":
        parts = range(MOST_ROWS)
        rows = tuple(
            tuple(_box(one, about, offer, sent, f"{key}-{row}-") for one, about in inner.model_fields.items())
            for row in parts
        )
        return replace(found, rows=rows)
    return found


def _widget(name: str, kind: str, inner: Any, info: FieldInfo, offer: Offer) -> Widget:
    if kind == "rows":
        return "rows"
    if name in (PHOTOS, ANSWERS):
        return "photos" if name == PHOTOS else "answers"
    if name in offer.by_field:
        return "many" if kind == "list" else "select"
    if get_origin(inner) is Literal:
        return "choice"
    simple: Mapping[object, Widget] = {bool: "yes_no", date: "day", int: "number", float: "number"}
    return simple.get(inner, "words" if _is_long(info) else "line")


def _is_long(info: FieldInfo) -> bool:
    """Whether a text is words of a person rather than a code: it has a reader's mark."""
    from linli.cases.forms import ReadBy

    def marks(annotation: Any) -> bool:
        own = getattr(annotation, "__metadata__", ())
        return any(isinstance(one, ReadBy) for one in own) or any(marks(one) for one in get_args(annotation))

    return any(isinstance(one, ReadBy) for one in info.metadata) or marks(info.annotation)


def _options(name: str, inner: Any, offer: Offer, values: Sequence[str]) -> tuple[Option, ...]:
    if inner is bool:
        known = [("true", _("Yes")), ("false", _("No"))]
    elif get_origin(inner) is Literal:
        known = [(value, option_words(name, value)) for value in get_args(inner)]
    else:
        known = list(offer.by_field.get(name, ()))
    return tuple(Option(value, words, value in values) for value, words in known)


def _kind(annotation: Any) -> tuple[str, Any]:
    """Whether a field is a `list`, `rows` of a model, or `one` thing, and the type inside."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _kind(inside[0])
    if origin in (Union, types.UnionType):
        return _kind(next(one for one in inside if one is not type(None)))
    if origin is list:
        inner = _kind(inside[0])[1]
        is_model = isinstance(inner, type) and issubclass(inner, BaseModel)
        return ("rows" if is_model else "list"), inner
    return "one", annotation


def _plain(text: str, inner: Any) -> object:
    return int(text) if inner is int and text.isascii() and text.isdigit() else text
