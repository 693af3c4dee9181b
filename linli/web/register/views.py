"""Two pages that are read only: a place and a body, as they stood on a day."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from linli.web.base.pages import Asked, page
from linli.web.register.bodypage import body_page
from linli.web.register.dayseen import day_iso
from linli.web.register.placepage import place_page
from linli.web.register.policies import REGISTER


@page(REGISTER)
def place(request: Asked, place: str) -> HttpResponse:
    """A place: who is responsible, what is open, what lies in it. `?on=` asks for a day."""
    shown = place_page(request.actor, place, request.GET, request.at)
    values = {"place": shown, "seen": shown.seen, "today": day_iso(request.at), "now": request.at}
    return render(request, "register/place.html", values, status=422 if shown.seen.wrong else 200)


@page(REGISTER)
def organisation(request: Asked, organisation: int) -> HttpResponse:
    """A body: who holds its posts, what it may handle, what is open with it. `?on=` asks for a day."""
    shown = body_page(request.actor, organisation, request.GET, request.at)
    values = {"body": shown, "seen": shown.seen, "today": day_iso(request.at), "now": request.at}
    return render(request, "register/organisation.html", values, status=422 if shown.seen.wrong else 200)
