"""Declarations are found where they stand."""

from __future__ import annotations

from types import ModuleType

import pytest

from linli.kernel.errors import BrokenError
from linli.rules.discovery import declarations, gather
from linli.rules.parameters import Duration, Integer, Parameter, PersonalField


def module(**held: object) -> ModuleType:
    made = ModuleType("made")
    vars(made).update(held)
    return made


def test_constants_are_gathered_alone_and_in_tuples() -> None:
    found = gather(
        [module(A=Parameter("a.b", Duration), MANY=(Parameter("a.c", Integer), PersonalField("voice.phone")), other=3)]
    )
    assert set(found.parameters) == {"a.b", "a.c"}
    assert found.personal == {"voice.phone"}


def test_one_key_with_two_types_is_broken() -> None:
    with pytest.raises(BrokenError, match=r"a.b is declared as limit and as integer"):
        gather([module(A=Parameter("a.b", Duration)), module(A=Parameter("a.b", Integer))])


def test_the_program_declares_personal_fields() -> None:
    assert "voice.identity" in declarations().personal
