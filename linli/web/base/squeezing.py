"""Pages travel compressed: a third of the bytes on a slow line.

Is: pages and outlines of ground. Is not: the API, whose callers are machines on good lines; files, which are compressed
already. Tokens against forged forms are masked anew for each answer, and each compressed answer has a random length, so that
nothing is learnt from sizes.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_KINDS = ("text/html", "application/json")


class SqueezeMiddleware(GZipMiddleware):
    """Compresses what a browser reads."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress an answer where it gains something."""
        if request.path.startswith("/api/") or not response.get("Content-Type", "").startswith(_KINDS):
            return response
        return super().process_response(request, response)
