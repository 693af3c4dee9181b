"""Finds what the program declares for packs, so that a check knows all of it.

Modules keep `Parameter(…)` and `PersonalField(…)` as constants where these are used; a check that knew only
the modules imported so far would pass a pack that lacks what the others read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import linli
from linli.kernel.errors import BrokenError
from linli.rules.parameters import Parameter, PersonalField

_DECLARES = re.compile(r"\b(Parameter|PersonalField)\(")
_APART = {"tests", "migrations", "demo"}


@dataclass(frozen=True, slots=True)
class Declarations:
    """What code asks of every pack."""

    parameters: Mapping[str, Parameter[object]]
    personal: frozenset[str]


@cache
def declarations() -> Declarations:
    """What all modules of the program declare; those that declare something are imported (Django must be set up).

    Raises:
        BrokenError: one key is declared with two types.
    """
    return gather([import_module(name) for name in _modules(Path(linli.__file__).parent)])


def gather(modules: list[ModuleType]) -> Declarations:
    """What these modules declare as constants, alone or in a tuple.

    Raises:
        BrokenError: one key is declared with two types.
    """
    parameters: dict[str, Parameter[object]] = {}
    personal: set[str] = set()
    for found in (v for module in modules for held in vars(module).values() for v in _constants(held)):
        if isinstance(found, PersonalField):
            personal.add(found.key)
            continue
        known = parameters.setdefault(found.key, found)
        if known.type.name != found.type.name:
            raise BrokenError(f"{found.key} is declared as {known.type.name} and as {found.type.name}")
    return Declarations(parameters, frozenset(personal))


def _constants(held: object) -> Iterator[Parameter[object] | PersonalField]:
    for one in held if isinstance(held, tuple) else (held,):
        if isinstance(one, (Parameter, PersonalField)):
            yield one


def _modules(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        if not _APART & set(parts) and _DECLARES.search(path.read_text(encoding="utf-8")):
            yield ".".join(parts).removesuffix(".__init__")
