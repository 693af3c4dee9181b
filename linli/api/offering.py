"""How an operation is offered: under one scope, with every problem declared. There is no other way onto a router."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, TypeVar

from ninja import Router
from ninja.params.models import Query
from pydantic import BaseModel

from linli.api.keys import KeyAuth
from linli.api.problems import DECLARED, Problem
from linli.api.scopes import Scope

Operation = TypeVar("Operation", bound=Callable[..., Any])


def offer(
    router: Router, method: str, path: str, scope: Scope, answer: type[BaseModel] | str, *, status: int = 200
) -> Callable[[Operation], Operation]:
    """Offer a function as an operation.

    Args:
        router: of the area.
        method: of HTTP.
        path: below the router.
        scope: what the key must have been made for.
        answer: shape of the answer; for one that is no JSON, its media type.
        status: of success.
    """
    declared = dict.fromkeys(DECLARED, Problem)
    shape = None if isinstance(answer, str) else answer
    binary = {"schema": {"type": "string", "format": "binary"}}
    said = {"responses": {status: {"content": {answer: binary}}}} if isinstance(answer, str) else {}

    def add(function: Operation) -> Operation:
        router.api_operation(
            [method],
            path,
            auth=KeyAuth(scope, _asked_for(function)),
            response={status: shape, **declared},
            operation_id=function.__name__,
            summary=(function.__doc__ or "").partition("\n")[0].rstrip("."),
            openapi_extra={"x-linli-scope": str(scope), **said},
        )(function)
        return function

    return add


def _asked_for(function: Callable[..., Any]) -> frozenset[str]:
    """Names of the parameters that an operation takes in its address; a shape's fields go by their names there."""
    found: set[str] = set()
    for name, one in signature(function, eval_str=True).parameters.items():
        if isinstance(one.default, Query):
            shape = (
                one.annotation if isinstance(one.annotation, type) and issubclass(one.annotation, BaseModel) else None
            )
            found |= {field.alias or key for key, field in shape.model_fields.items()} if shape else {name}
    return frozenset(found)
