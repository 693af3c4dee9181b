"""Errors as `application/problem+json` (RFC 9457), with the codes of the one tree; nothing typed is ever repeated.

Is: the mapping of the tree to statuses, and the shape of a problem. Is not: a decision; the sentences come from below.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field, JsonValue

from linli.kernel.errors import (
    ConflictError,
    InputError,
    LinliError,
    NotFoundError,
    RefusedError,
    SetupError,
    TooOftenError,
    UnknownActorError,
)

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[LinliError], int] = {
    InputError: 422,
    UnknownActorError: 401,
    RefusedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    TooOftenError: 429,
    SetupError: 503,
}

DECLARED: Mapping[int, str] = {
    400: "The body is no JSON, or holds what no text may hold.",
    401: "No key, or none that holds.",
    403: "The key was not made for this, or the posts of its holder do not allow it.",
    404: "There is no such thing, or it is not for this key to see: one answer for both.",
    409: "It moved on meanwhile, or the request id was used for something else.",
    413: "The body is too large.",
    422: "What was handed in is wrong; `data.fields` names fields and kinds of mistake.",
    429: "Too many requests in this minute; the header `Retry-After` says for how long.",
}
"""Every operation may answer with these."""

log = structlog.get_logger("api")


class Problem(Schema):
    """What went wrong, for people in `title` and `hint`, for machines in `code` and `data`."""

    type: str = Field(description="`urn:linli:problem:` and the code.")
    title: str
    status: int
    code: str = Field(description="Stable name of the error, e.g. `case.not_seen`.")
    hint: str = ""
    data: dict[str, JsonValue] = Field(default_factory=dict)
    retryable: bool = Field(False, description="Whether the same request may succeed a moment later.")


def problem(status: int, error: LinliError) -> HttpResponse:
    """An error of the tree as a response."""
    body = {
        "type": f"urn:linli:problem:{error.code}",
        "title": error.message,
        "status": status,
        "code": error.code,
        "hint": error.hint,
        "data": error.data,
        "retryable": error.retryable,
    }
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="linli"'
    if status == 429:
        response["Retry-After"] = str(error.data.get("seconds", 1))
    return response


def add_handlers(api: NinjaAPI) -> None:
    """Let every error of an operation leave as a problem."""
    handlers: tuple[tuple[type[Exception], Callable[[Any], HttpResponse]], ...] = (
        (LinliError, _of_tree),
        (ValidationError, _of_schema),
        (HttpError, _of_framework),
        (RequestDataTooBig, _too_big),
        (Exception, _broken),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, partial(_answered, handler))


def _answered(handler: Callable[[Any], HttpResponse], request: HttpRequest, error: Any) -> HttpResponse:
    return handler(error)


def _of_tree(error: LinliError) -> HttpResponse:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)
    return problem(status, error)


def _of_schema(error: ValidationError) -> HttpResponse:
    fields = {_place(one["loc"]): str(one["type"]) for one in error.errors}
    return problem(422, field_error(fields))


def field_error(fields: Mapping[str, str]) -> InputError:
    """The error that names wrong fields and kinds of mistake, never what was sent."""
    return InputError(
        f"Wrong: {', '.join(sorted(fields))}.", code="api.fields", data={"fields": dict(sorted(fields.items()))}
    )


def _place(location: Iterable[object]) -> str:
    """Where a mistake is: `body.contact.phone`, `query.place.0`; the name of the operation's own parameter is left out."""
    parts = [str(part) for part in location]
    named_by_us = len(parts) > {"body": 2, "query": 3}.get(parts[0], len(parts))
    return ".".join([parts[0], *parts[2:]] if named_by_us else parts)


def _of_framework(error: HttpError) -> HttpResponse:
    status = error.status_code if error.status_code in DECLARED else 400
    return problem(status, InputError("The body is no JSON that can be read.", code="api.body"))


def _too_big(_: RequestDataTooBig) -> HttpResponse:
    return problem(413, InputError("The body is too large.", code="api.too_large"))


def _broken(error: Exception) -> HttpResponse:
    """A crash: a number that finds the log line, and nothing else."""
    number = secrets.token_hex(4)
    log.error("api.broke", number=number, exc_info=error)
    body = LinliError("Something broke; tell the administrator the number.", code="broken", data={"number": number})
    return problem(500, body)
