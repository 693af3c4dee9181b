"""Bodies of requests that carry photos: refused by their size before anything of them is read.

The check against forged forms reads the body, so it comes after the size, inside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from linli.cases.evidence import PHOTOS_MOST, bounds_of
from linli.cases.pictures import MEGA
from linli.web.base.errors import error_page
from linli.web.base.pages import Asked
from linli.web.resident.here import here

P = ParamSpec("P")
Shown = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def with_photos(view: Shown[P]) -> Shown[P]:
    """Let a view take photos, within what the pack allows for all of them together."""
    protected = csrf_protect(view)

    @wraps(view)
    def sized(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        asked = cast("Asked", request)
        if request.method == "POST" and _length(request) > _most(asked):
            words = _("The photos together are too big. Send fewer or smaller ones.")
            answer = error_page(request, 413, words)
            # What was not read of the body must not be taken for the next request.
            answer["Connection"] = "close"
            return answer
        return protected(request, *args, **kwargs)

    exempt: Any = csrf_exempt(sized)
    return cast("Shown[P]", exempt)


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else 0


def _most(asked: Asked) -> int:
    where = here(asked.at)
    return where.rules[PHOTOS_MOST] * bounds_of(where.snapshot, asked.at).bytes + MEGA
