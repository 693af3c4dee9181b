"""My data: what is held through a private link, why, until when; put right, taken along, erased. The link is the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from linli.cases.mydata import MyData, my_data, my_data_correct, my_data_erase, my_wishes_change
from linli.cases.residents import Link, link_of
from linli.kernel.errors import NotFoundError
from linli.web.base.pages import PUBLIC, Asked, page
from linli.web.base.words import titled
from linli.web.resident.here import here, show
from linli.web.resident.told import Told, checked, told_in

WISHES = {"message": "by_message", "call": "by_call", "link": "link_only"}


@page(PUBLIC, methods=("GET", "POST"))
def my(request: Asked) -> HttpResponseBase:
    """Ask for the private link, and lead to what it opens."""
    given, errors = "", []
    if request.method == "POST":
        given = request.POST.get("link", "").strip()[:300]
        token = urlsplit(given).path.rstrip("/").rpartition("/")[2]
        try:
            link_of(token)
        except NotFoundError:
            errors = [("link", _("We hold nothing under this link."))]
        else:
            return redirect("my_data", token=token)
    return show(request, "my.html", {"given": given, "errors": errors}, status=404 if errors else 200)


@page(PUBLIC)
def mine(request: Asked, token: str) -> HttpResponseBase:
    """The table: what, why, until."""
    return _shown(request, token, link_of(token))


def _shown(request: Asked, token: str, link: Link, **more: object) -> HttpResponse:
    data = my_data(link)
    told_by = next((name for name, wish in WISHES.items() if wish in data.wishes), "link")
    identity = next((one.content for one in data.held if one.what == "voice.identity"), {})
    values = {
        "token": token,
        "data": data,
        "held": [(one, _labelled(one.content)) for one in data.held],
        "tell": told_by,
        "may_ring": "may_ring" in data.wishes,
        "identity": identity,
        "left": any(one.state == "kept" for one in data.held),
        "errors": [],
        **more,
    }
    return show(request, "my_data.html", values, status=422 if more.get("errors") else 200)


def _labelled(content: Mapping[str, str]) -> list[tuple[str, str]]:
    labels = {
        "name": _("Name"), "phone": _("Phone"), "address": _("Address"), "helper": _("Who wrote it"),
        "relation": _("How they know you"), "text": _("Your words"), "words": _("Your words"), "reason": _("Your reason"),
        "count": _("Photos"),
    }  # fmt: skip
    return [(labels[name], text) for name, text in content.items() if name in labels]


@page(PUBLIC, methods=("POST",))
def correct_mine(request: Asked, token: str) -> HttpResponseBase:
    """Put name and telephone right, and how one is told."""
    link = link_of(token)
    told = told_in(request)
    wrong = checked(Told(words="x", where="x", phone=told.phone, tell=told.tell), here(request.at)).errors
    if wrong:
        return _shown(request, token, link, errors=list(wrong.items()))
    my_data_correct(link, {"name": told.name[:60], "phone": told.phone}, request.at)
    my_wishes_change(link, WISHES[told.tell or "link"], may_ring=told.may_ring and bool(told.phone), at=request.at)
    return _shown(request, token, link, said=_("Put right."))


@page(PUBLIC, methods=("POST",))
def erase_mine(request: Asked, token: str) -> HttpResponseBase:
    """Erase what was given, once more asked for by a tick."""
    link = link_of(token)
    if request.POST.get("sure") != "yes":
        return _shown(request, token, link, errors=[("sure", _("Tick that you are sure."))])
    outcomes = my_data_erase(link, request.at)
    held = [one for one in outcomes if one.outcome != "erased" and one.outcome != "already"]
    said = _("Nobody can use it any more.") if held else _("Erased. The record of the work stays, without you in it.")
    return _shown(request, token, link, said=said, outcomes=held)


@page(PUBLIC)
def download(request: Asked, token: str) -> HttpResponseBase:
    """Everything held through the link, as a file."""
    data = my_data(link_of(token))
    answer = HttpResponse(_file(data), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="linli-{data.no}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _file(data: MyData) -> str:
    rows = [
        {
            "what": titled(one.title),
            "why": titled(one.purpose),
            "basis": titled(one.basis),
            "until": one.until.isoformat() if one.until else None,
            "days_after_the_end": one.days,
            "state": one.state,
            "content": dict(one.content),
        }
        for one in data.held
    ]
    told = {"number": data.no, "held": rows, "photos": list(data.photos), "wishes": list(data.wishes)}
    return json.dumps(told, ensure_ascii=False, indent=2)
