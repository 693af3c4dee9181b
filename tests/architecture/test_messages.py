"""Chinese is complete: every msgid of the pages has a translation with the same placeholders, and none is left over."""

from __future__ import annotations

import re

from tests.architecture import messages

_PLACEHOLDER = re.compile(r"\{(\w+)\}|%\((\w+)\)[sd]")


def test_every_message_of_a_face_is_translated() -> None:
    known = {message.id for face in messages.faces() for message in messages.catalogue(face) if message.string}
    singles = {one[0] if isinstance(one, tuple) else one for one in known}
    missing = [
        f"{face.name}/{file}: {said!r}"
        for face in messages.faces()
        for said, file in messages.used_by(face).items()
        if said not in known and (isinstance(said, tuple) or said not in singles)
    ]
    assert missing == []


def test_no_translation_is_left_over() -> None:
    used: set[messages.Msgid] = {said for face in messages.faces() for said in messages.used_by(face)}
    used |= set(messages.reasons("cases")) | set(messages.reasons("intake"))
    left = [
        f"{face.name}: {message.id!r}"
        for face in messages.faces()
        for message in messages.catalogue(face)
        if message.id and message.id not in used and "refusal" not in message.auto_comments
    ]
    assert left == []


def test_no_message_has_two_translations() -> None:
    """The catalogues of all faces are one at run time: of two translations of the same words only one is ever shown."""
    found: dict[tuple[object, object], dict[str, str]] = {}
    for face in messages.faces():
        for message in messages.catalogue(face):
            if message.id:
                found.setdefault((message.id, message.context), {}).setdefault(str(message.string), face.name)
    assert {said: strings for said, strings in found.items() if len(strings) > 1} == {}


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = []
    for face in messages.faces():
        for message in messages.catalogue(face):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and _names(str(ids[-1])) != _names(str(strings[-1])):
                wrong.append(f"{face.name}: {message.id!r}")
    assert wrong == []


def test_every_reason_that_the_engine_gives_is_translated() -> None:
    """What a desk reads beside a refused step, or after one; sentences put together at run time go by their code."""
    known = {message.id for face in messages.faces() for message in messages.catalogue(face) if message.string}
    assert sorted(set(messages.reasons("cases")) - known) == []


def test_no_message_is_vague_or_shouts() -> None:
    """Words that the house does not use: they blame, hurry or say nothing."""
    words = ("请稍后重试", "系统繁忙", "！", "亲，", "登陆", "帐号", "其它", "输入有误")
    found = [
        f"{face.name}: {message.string!r}"
        for face in messages.faces()
        for message in messages.catalogue(face)
        if any(word in str(message.string) for word in words)
    ]
    assert found == []


def _names(text: str) -> set[str]:
    return {one or other for one, other in _PLACEHOLDER.findall(text)}
