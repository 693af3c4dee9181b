"""The view of the queue that somebody left: kept in their browser, so that they come back to it. Holds no words of a search."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict

from linli.web.base.pages import Asked
from linli.web.desk.filters import SAVED_NAMES, kept

COOKIE = "desk_view"
_LONGEST = 1500
_DAYS_90 = 90 * 24 * 3600


def last_of(request: Asked) -> str:
    """The filter that this person left, as the end of an address; "" for none, or where somebody else left it."""
    account, _, query = request.COOKIES.get(COOKIE, "").partition(".")
    if account != str(request.actor.ref.account):
        return ""
    return kept(QueryDict(query[:_LONGEST]), SAVED_NAMES).urlencode()


def last_kept(request: Asked, answer: HttpResponse, query: str) -> None:
    """Keep the filter of a page that was shown, where it is another than before."""
    value = f"{request.actor.ref.account}.{query}"
    if request.COOKIES.get(COOKIE) != value and len(value) <= _LONGEST:
        answer.set_cookie(
            COOKIE, value, max_age=_DAYS_90, samesite="Lax", secure=request.is_secure(), httponly=True, path="/desk"
        )
