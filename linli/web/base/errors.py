"""Errors as pages: each of the tree's errors has its status and a sentence; a crash has a number for the administrator.

Nothing of what was typed and nothing of a trace is shown or logged here; the number finds the log line.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel.errors import (
    ConflictError,
    InputError,
    LinliError,
    NotFoundError,
    RefusedError,
    SetupError,
)
from linli.web.base.context import bare_shell
from linli.web.base.refusals import refusal_words

STATUS: Mapping[type[LinliError], int] = {
    InputError: 400,
    RefusedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    SetupError: 503,
}

WAYS_ON: Mapping[str, str] = {"case.look_in_first": "sealed_open"}
"""Refusals that a page can take away: code -> name of its address, with the number of the case."""

_NUL = "\x00"

log = structlog.get_logger("web")


def status_of(error: LinliError) -> int:
    """The HTTP status of an error of ours."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


class ErrorPagesMiddleware:
    """Turns an error of ours, raised in a view, into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, unchanged."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Refuse the sign that no keyboard types and no database keeps, before a view asks for it; the API does so itself."""
        if request.path.startswith("/api/"):
            return None
        if _NUL in request.path or any(_NUL in one for values in request.GET.lists() for one in values[1]):
            return bad_request(request)
        # A view that looks at the size of a body first reads the form itself, and cleans it.
        read = request.method == "POST" and not getattr(view, "csrf_exempt", False)
        if read and any(_NUL in one for values in request.POST.lists() for one in values[1]):
            return bad_request(request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of an error of ours; None leaves any other to Django."""
        if not isinstance(error, LinliError):
            return None
        way_on = _way_on(request, error)
        if way_on:
            return redirect(way_on)
        status = status_of(error)
        if status == 500:
            return server_error(request)
        if status == 404:
            return not_found(request)
        return error_page(request, status, refusal_words(error))


def _way_on(request: HttpRequest, error: LinliError) -> str:
    """The page that takes a refusal away, for a page that was only read; "" for none."""
    match = request.resolver_match
    name = WAYS_ON.get(error.code)
    if name is None or request.method != "GET" or match is None or "no" not in match.kwargs:
        return ""
    return reverse(name, args=[match.kwargs["no"]])


def error_page(request: HttpRequest, status: int, words: str) -> HttpResponse:
    """A page that says one sentence, under the heading of its status."""
    title = {
        400: _("That cannot be done like this"),
        403: _("Not allowed"),
        404: _("Not found"),
        409: _("Something changed meanwhile"),
        429: _("Too many tries"),
        503: _("Not ready"),
    }.get(status, _("Something broke"))
    values = {**bare_shell(request), "title": title, "words": words, "status": status}
    return HttpResponse(render_to_string("base/error.html", values), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for a request that cannot be read."""
    return error_page(request, 400, _("The address or the form could not be read."))


def forbidden(request: HttpRequest, reason: str = "", exception: Exception | None = None) -> HttpResponse:
    """The page for a form that did not come from our pages, or came too late."""
    return error_page(
        request, 403, _("The form was too old or did not come from this page. Go back, reload and send it again.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one page for what is missing and for what is not this person's to see."""
    return error_page(request, 404, _("There is nothing here, or it is not yours to see."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The page after a crash, with a number that stands in the log."""
    number = secrets.token_hex(2).upper()
    log.error("web.broke", number=number, exc_info=sys.exc_info())
    words = _("Something broke; nothing is lost. Tell the administrator: {number}.").format(number=number)
    return error_page(request, 500, words)
