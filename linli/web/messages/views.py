"""Pages of the message centre."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.cases.notices import COUNTED_TO, NEWEST, mark_read, unread
from linli.kernel.keyset import after_of
from linli.web.base.pages import CASE_WORK, Asked, page
from linli.web.messages.telling import HowForm, how_form, how_keep
from linli.web.worker.messagespage import messages_page

ROWS = 40


@page(CASE_WORK, methods=("GET", "POST"))
def centre(request: Asked) -> HttpResponseBase:
    """Messages, the newest first; sent, all up to the newest on the page are read."""
    if request.method == "POST":
        upto = request.POST.get("upto", "")
        if upto.isascii() and upto.isdigit() and len(upto) < 19:
            mark_read(request.actor, int(upto))
        return redirect("messages")
    cursor = request.GET.get("after", "")
    after = after_of(NEWEST, cursor) if cursor else None
    shown = messages_page(request.actor, request.at, after=after, limit=ROWS)
    return _private(render(request, "messages/centre.html", {"list": shown, "now": request.at}))


@page(CASE_WORK)
def fresh(request: Asked) -> HttpResponse:
    """How many are new, for the side bar: a word that comes after the page and moves nothing."""
    count = unread(request.actor, request.at)
    words = f"{COUNTED_TO}+" if count > COUNTED_TO else str(count)
    return _private(render(request, "messages/new.html", {"count": words if count else ""}))


@page(CASE_WORK, methods=("GET", "POST"))
def how(request: Asked) -> HttpResponseBase:
    """How this person wishes to be told."""
    if request.method == "GET":
        return _how(request, how_form(request.actor, request.at))
    wrong = how_keep(request.actor, request.POST, request.at)
    if wrong is not None:
        return _how(request, wrong, status=422)
    messages.success(request, _("Kept for you alone."))
    return redirect("messages_how")


def _how(request: Asked, form: HowForm, status: int = 200) -> HttpResponse:
    return _private(render(request, "messages/how.html", {"form": form, "now": request.at}, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
