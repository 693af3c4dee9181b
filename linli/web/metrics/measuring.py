"""Measures and logs each request by the pattern of its address: never the address itself, which may hold a private link.

A line has route, method, status and milliseconds; no query, no form, no account, no network address.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

REQUESTS = Counter("linli_requests", "Requests answered, by route.", ("route", "method", "status"))
SECONDS = Histogram(
    "linli_request_seconds",
    "Time until the answer, by route.",
    ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0),
)
NO_ROUTE = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger("web")


class MeasuringMiddleware:
    """The outermost layer: what it measures holds all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note how long it took."""
        start = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - start
        route = request.resolver_match.route if request.resolver_match else NO_ROUTE
        method = request.method if request.method in METHODS else "OTHER"
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(seconds)
        log.info("web.request", route=route, method=method, status=response.status_code, ms=round(seconds * 1000, 1))
        return response
