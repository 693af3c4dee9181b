"""The forms of steps as schemas: one for each form of each kind, made from its pydantic model.

They stand in the OpenAPI document as components (`request_Dispatch`), so that one generic operation serves every step of
every kind and a client still knows each form.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import JsonValue

from linli.cases.forms import Form, NoForm
from linli.cases.registry import KindCode, kind_code


def form_name(kind: str, form: str | None) -> str:
    """Name of a form's schema among the components."""
    return f"{kind}_{form or 'NoForm'}"


def form_schema(kind: str, form: str | None) -> dict[str, JsonValue]:
    """A form as JSON Schema, whole in itself."""
    return _schema(kind_code(kind).form(form))


@cache
def _schema(model: type[Form]) -> dict[str, Any]:
    return model.model_json_schema()


def form_components(kinds: Iterable[KindCode]) -> dict[str, dict[str, Any]]:
    """Schemas of all forms of some kinds, by name, with what they refer to."""
    found: dict[str, dict[str, Any]] = {}
    for code in sorted(kinds, key=lambda one: one.name):
        forms: dict[str, type[Form]] = {**code.forms, "NoForm": NoForm}
        for form, model in sorted(forms.items()):
            if model is not Form:
                found |= _components(form_name(code.name, form), model)
    return found


def _components(name: str, model: type[Form]) -> dict[str, dict[str, Any]]:
    """A form and, under names of their own, the parts that it is made of."""
    schema = model.model_json_schema(ref_template=f"#/components/schemas/{name}.{{model}}")
    inner = {f"{name}.{part}": found for part, found in schema.pop("$defs", {}).items()}
    return {name: {**schema, "title": name}, **inner}
