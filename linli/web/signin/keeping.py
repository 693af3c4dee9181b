"""What somebody had typed when their session ended: kept, encrypted, until the same person signs in again.

Kept in the session that follows, so it ends with it. Files are not kept. Is not: the drafts that the browser keeps.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from linli.journal.keyring import key_ring

KEPT, OF = "linli_kept", "linli_kept_of"
_BOUND = b"web.kept"
# Passwords, and where somebody stood: a position is for one request alone.
_LEFT_OUT = frozenset(
    {"csrfmiddlewaretoken", "request_id", "password", "oldpassword", "password1", "password2", "lon", "lat"}
)
_MOST_BYTES = 64 * 1024


def keep(request: HttpRequest) -> str:
    """Keep the fields of a form that came too late.

    Returns:
        The address of the page that holds the form; "" when there was no form, or no page to come back to.
    """
    back = _page_of(request)
    if request.method != "POST" or not back:
        return ""
    fields = {name: values for name, values in request.POST.lists() if name not in _LEFT_OUT}
    content = json.dumps({"path": request.path, "fields": fields}).encode()
    if fields and len(content) <= _MOST_BYTES:
        key_id, cipher = key_ring().seal(content, _BOUND)
        request.session[KEPT] = [key_id, base64.b64encode(cipher).decode()]
    return back


def kept_fields(request: HttpRequest, path: str) -> Mapping[str, list[str]]:
    """The fields kept for a form that is sent to `path`; read once, by the person who typed them."""
    kept = request.session.get(KEPT)
    if not kept or request.session.get(OF) != request.user.pk:
        return {}
    key_id, cipher = kept
    content = json.loads(key_ring().open(key_id, base64.b64decode(cipher), _BOUND))
    if content["path"] != path:
        return {}
    del request.session[KEPT]
    fields: dict[str, list[str]] = content["fields"]
    return fields


def _page_of(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return ""
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
