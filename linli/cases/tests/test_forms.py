"""No words of anybody get into the plain part of an entry: every text of every form is marked or is a code."""

from __future__ import annotations

from typing import Annotated, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from linli.cases.forms import DeskWords, Form, PublicWords, Words, fill, personal_fields
from linli.cases.registry import all_kinds
from linli.kernel.errors import InputError


class Said(Form):
    open: PublicWords
    note: Words | None = None
    desk: DeskWords | None = None
    number: int = 0


def test_words_are_kept_apart_by_who_may_read_them() -> None:
    filled = fill(Said, {"open": "已办", "note": "内部", "number": 3})
    assert filled.plain == {"number": 3}
    assert filled.words == {"public": {"open": "已办"}, "internal": {"note": "内部"}}


def test_an_error_names_the_field_and_never_what_was_typed() -> None:
    with pytest.raises(InputError) as wrong:
        fill(Said, {"open": "", "secret": "13912345678"})
    assert wrong.value.data == {"fields": {"open": "string_too_short", "secret": "extra_forbidden"}}
    assert "13912345678" not in str(wrong.value)
    assert wrong.value.__cause__ is None
    assert wrong.value.__suppress_context__


def _free_texts(model: type[BaseModel]) -> set[str]:
    found = set()
    for name, info in model.model_fields.items():
        limited = any(getattr(mark, "pattern", None) for mark in info.metadata)
        if not limited and _holds_text(info.annotation):
            found.add(name)
    return found


def _holds_text(annotation: object) -> bool:
    if get_origin(annotation) is Literal:
        return False
    if get_origin(annotation) is Annotated:
        return _holds_text(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(_free_texts(annotation))
    return annotation is str or any(_holds_text(part) for part in get_args(annotation))


@pytest.mark.parametrize("kind", sorted(all_kinds()) or ["request"])
def test_every_free_text_of_every_form_is_marked(kind: str) -> None:
    for name, form in all_kinds()[kind].forms.items():
        assert _free_texts(form) <= set(personal_fields(form)), name
