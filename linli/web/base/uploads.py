"""Bodies of requests: refused by their size before anything is read, and what is uploaded stays in memory.

Nothing that somebody sends touches a disk before the key ring has sealed it: there is no temporary file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linli.web.base.errors import error_page


class InMemoryHandler(MemoryFileUploadHandler):
    """Django's handler for small files, for all of them: how large a body may be is asked before."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Take every file."""
        super().handle_raw_input(*args, **kwargs)
        self.activated = True


class BodySizeMiddleware:
    """Refuses a body that is larger than the server takes, before it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, or say that it is too large."""
        given = request.META.get("CONTENT_LENGTH") or "0"
        if not (given.isascii() and given.isdigit()) or int(given) > settings.LARGEST_BODY:
            answer = error_page(request, 413, _("What was sent is too large."))
            # What was not read of the body must not be taken for the next request.
            answer["Connection"] = "close"
            return answer
        return self.get_response(request)
