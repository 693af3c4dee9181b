"""What a person fills in at a step: the base of all forms, and the marks that keep words apart.

A field of words is personal. It is marked with who may read it later and goes, encrypted, into the personal part
of the entry; every other field goes into the entry as it stands. `split` does that, and knows nothing of kinds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from linli.cases.placeholders import holes
from linli.kernel.errors import InputError

Readers = Literal["public", "internal", "desk", "sealed"]

LONGEST_WORDS = 4000

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Mark of a personal field: `public` = the reporter and every body at work, `internal` = bodies, `desk` = desks, `sealed` = the sealed
    desk alone: nobody of the case reads it again, not even whoever typed it.
    """

    readers: Readers


_text = StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WORDS)


def _nothing_open(words: str) -> str:
    """Refuse words in which a name still stands in braces: a template that nobody filled in is no answer."""
    if holes(words):
        raise PydanticCustomError("placeholder", "Something is still to be filled in.")
    return words


PublicWords = Annotated[str, _text, AfterValidator(_nothing_open), ReadBy("public")]
"""Words that the resident will read; none in braces is left to be filled in."""

Words = Annotated[str, _text, ReadBy("internal")]
"""An internal note: never shown to the resident."""

DeskWords = Annotated[str, _text, ReadBy("desk")]
"""Words for the desk alone: what a reporter said when called back, a wish, a reason to open an identity."""

DeskChoice = Annotated[Literal["yes", "partly", "no", "no_answer"], ReadBy("desk")]
"""An answer of one reporter that no body may learn: it leaves the desk only in sums."""


SealedChoice = Annotated[Literal["yes", "partly", "no", "no_answer"], ReadBy("sealed")]
"""Whether anybody troubled a reporter: it becomes a sealed case of its own, and stands in nobody's history."""

SealedWords = Annotated[str, _text, ReadBy("sealed")]
"""What a reporter said of whoever troubled them."""


class Form(BaseModel):
    """Base of every form: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoForm(Form):
    """A step that asks for nothing."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A valid form, taken apart.

    Attributes:
        plain: fields for the entry's data, JSON values.
        words: readers -> field -> text, for the personal part; empty when nothing was said.
        said: everything given as canonical bytes, to recognise a repeated request; never kept.
    """

    form: Form
    plain: Mapping[str, object]
    words: Mapping[str, Mapping[str, object]]
    said: bytes


@cache
def personal_fields(model: type[Form]) -> Mapping[str, Readers]:
    """Personal fields of a form, with who may read them."""
    found: dict[str, Readers] = {}
    for name, info in model.model_fields.items():
        marks = [*info.metadata, *_marks_inside(info.annotation)]
        for mark in marks:
            if isinstance(mark, ReadBy):
                found[name] = mark.readers
    return found


def _marks_inside(annotation: object) -> list[object]:
    """Marks of `Words | None` and the like, which pydantic leaves inside the annotation."""
    found: list[object] = []
    for part in get_args(annotation):
        found += [*getattr(part, "__metadata__", ()), *_marks_inside(part)]
    return found


def fill(model: type[Form], given: Mapping[str, object]) -> Filled:
    """Validate what was given and take it apart.

    Args:
        model: the step's form.
        given: fields as they came in.

    Raises:
        InputError: `case.form`; `data["fields"]` names wrong fields and kinds of mistake, never what was typed.
    """
    try:
        form = model.model_validate(given)
    except ValidationError as wrong:
        raise form_error(wrong) from None
    dumped = form.model_dump(mode="json", exclude_none=True) if model.model_fields else {}
    words: dict[str, dict[str, object]] = {}
    for name, readers in personal_fields(model).items():
        said = dumped.pop(name, None)
        if said:
            words.setdefault(readers, {})[name] = said
    return Filled(form, dumped, words, _said(dumped, words))


def form_error(wrong: ValidationError) -> InputError:
    """The same complaint without the values: they may be a resident's words."""
    fields = {
        ".".join(str(part) for part in error["loc"]): error["type"]
        for error in wrong.errors(include_input=False, include_url=False, include_context=False)
    }
    return InputError(f"The form is wrong in: {', '.join(sorted(fields))}.", code="case.form", data={"fields": fields})


def _said(plain: Mapping[str, object], words: Mapping[str, Mapping[str, object]]) -> bytes:
    return _encode([plain, words]).encode()
