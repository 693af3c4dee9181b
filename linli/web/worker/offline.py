"""The first opening without a network: a service worker, and the two shells that it keeps on the phone.

Is: an empty inbox and an empty form, with when they were kept. Is not: a case, a message, a name; nothing of the work is kept
on a phone but what its holder wrote and has not sent (`frontend/queue.js`). Signing out takes the shells away.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from linli.web.base.assets import asset_pieces, asset_styles, asset_url
from linli.web.base.pages import PUBLIC, Asked, page
from linli.web.base.words import when_exact
from linli.web.worker import reporting
from linli.web.worker.policies import WORKER
from linli.web.worker.shell import show

SCOPE = "/w"
_SOURCE = Path(__file__).parent / "templates" / "worker" / "service.js"
_SCRIPTS = ("linli.js", "worker.js")


@page(PUBLIC)
def service(request: Asked) -> HttpResponse:
    """The service worker; it changes when a script, a style or this changes, and the phone then takes the new ones."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = SCOPE
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _script() -> str:
    source = _SOURCE.read_text(encoding="utf-8")
    assets = [one for name in _SCRIPTS for one in (asset_url(name), *asset_pieces(name), *asset_styles(name))]
    told = {
        "assets": [*dict.fromkeys((asset_url("css/linli.css"), *assets, f"{settings.STATIC_URL}mark.svg"))],
        "inbox": [reverse("work"), reverse("work_shell")],
        "form": [reverse("work_new"), reverse("work_new_shell")],
    }
    version = hashlib.sha256(f"{told}{source}".encode()).hexdigest()[:12]
    return f"const LINLI = {json.dumps({**told, 'version': version})};\n{source}"


@page(WORKER)
def inbox_shell(request: Asked) -> HttpResponse:
    """An inbox without work in it."""
    return show(request, "shell.html", {"unread": "", "kept_at": _kept(request)}, tab="in")


@page(WORKER)
def new_shell(request: Asked) -> HttpResponse:
    """The form for an event, to be filled in without a network; its number is made on the phone."""
    form = reporting.new_form(request.actor, request.at)
    return show(request, "new.html", {"unread": "", "kept_at": _kept(request), "form": form}, tab="new")


def _kept(request: Asked) -> str:
    """When a shell was made, by its date: it may be looked at days later."""
    return when_exact(request.at, request.at)
