"""The code of each kind of case, found by folder and put here: forms and handlers by name. The engine imports no kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from linli.cases.domain import Effects
from linli.cases.forms import Form, NoForm
from linli.kernel.errors import SetupError

if TYPE_CHECKING:
    from linli.cases.decide import Turn

Handler = Callable[["Turn", Any], Effects]


@dataclass(frozen=True, slots=True)
class KindCode:
    """What a kind brings: its folder, its data model, and the module whose names its procedure may use.

    A form or handler that the kind's own module does not have is looked for among the engine's mechanisms.
    """

    name: str
    folder: Path
    data: type[BaseModel]
    forms: Mapping[str, type[Form]] = field(default_factory=dict)
    handlers: Mapping[str, Handler] = field(default_factory=dict)

    def form(self, name: str | None) -> type[Form]:
        """The form of that name; no name, no fields.

        Raises:
            SetupError: there is none; `rules check` says so before a pack is published.
        """
        if name is None:
            return NoForm
        found = self.forms.get(name)
        if found is None:
            raise SetupError(f"The kind {self.name} has no form {name}.", code="case.no_form")
        return found

    def handler(self, name: str) -> Handler:
        """The handler of that name. Raises SetupError like `form`."""
        found = self.handlers.get(name)
        if found is None:
            raise SetupError(f"The kind {self.name} has no handler {name}.", code="case.no_handler")
        return found


_KINDS: dict[str, KindCode] = {}


def register_kind(name: str, folder: Path, module: ModuleType, shared: tuple[ModuleType, ...]) -> KindCode:
    """Make a kind known to the engine.

    Args:
        name: of the folder, and of the kind.
        folder: where `procedure.yaml` and `kind.py` lie.
        module: the loaded `kind.py`; `Data` in it is the model of the case's own facts.
        shared: modules with the engine's own forms and handlers, used where the kind has none of that name.
    """
    forms: dict[str, type[Form]] = {}
    handlers: dict[str, Handler] = {}
    for source in (*reversed(shared), module):
        for key, value in vars(source).items():
            if isinstance(value, type) and issubclass(value, Form):
                forms[key] = value
            elif callable(value) and getattr(value, "is_handler", False):
                handlers[key.rstrip("_")] = value
    kind = KindCode(name, folder, module.Data, forms, handlers)
    _KINDS[name] = kind
    return kind


def kind_code(name: str) -> KindCode:
    """The code of a kind. Raises SetupError when no folder of that name was found."""
    found = _KINDS.get(name)
    if found is None:
        raise SetupError(f"There is no kind of case {name}.", code="case.no_kind", hint="Look at settings.KIND_PATHS.")
    return found


def all_kinds() -> Mapping[str, KindCode]:
    """Every kind found, by name."""
    return dict(_KINDS)


def handler(function: Handler) -> Handler:
    """Mark a function as a handler that a procedure may name."""
    function.is_handler = True  # type: ignore[attr-defined]
    return function
