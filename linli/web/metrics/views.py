"""The numbers, for a monitor on this machine or one that knows the secret; to all others the page does not exist."""

from __future__ import annotations

import hmac
import ipaddress
import os

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from linli.web.base.pages import PUBLIC, Asked, page
from linli.web.metrics.standing import Standing

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
"""A request with one of these came through the proxy, so from anywhere."""


@page(PUBLIC)
def metrics(request: Asked) -> HttpResponse:
    """All numbers of all processes of this server, in the text format of Prometheus."""
    if not (_is_local(request) or _knows_secret(request)):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Standing(request.at))
    text = generate_latest(registry) + generate_latest(_counted())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


def _knows_secret(request: HttpRequest) -> bool:
    secret = str(settings.METRICS_SECRET)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())
