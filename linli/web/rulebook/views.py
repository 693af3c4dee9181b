"""Pages of the rules: parse, put together, show. What they show is in `cataloguepage` and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from linli.rules.coming import changes_on, coming_days
from linli.rules.diff import Difference
from linli.web.base.pages import POST_HOLDER, Asked, page
from linli.web.base.words import english, local, plain_day
from linli.web.base.workbook import download
from linli.web.rulebook.cataloguepage import catalogue_page
from linli.web.rulebook.matterpage import matter_page
from linli.web.rulebook.mattersfile import matters_workbook
from linli.web.rulebook.procedurepage import procedure_page
from linli.web.rulebook.said import whole
from linli.web.rulebook.scope import Scope, scope_of
from linli.web.rulebook.valuepage import value_page


@page(POST_HOLDER)
def catalogue(request: Asked) -> HttpResponse:
    """The rules of a place on a day, by subject or by words looked for."""
    scope = scope_of(request.GET, request.at)
    shown = catalogue_page(scope, request.GET.get("subject", ""), request.GET.get("q", ""))
    return _shown(request, "rulebook/catalogue.html", scope, shown)


@page(POST_HOLDER)
def matters_file(request: Asked) -> FileResponse:
    """The catalogue of matters of a place on a day, as an Excel file."""
    file = matters_workbook(scope_of(request.GET, request.at), request.GET.get("q", ""), request.actor, request.at)
    return download(file, f"matters-{local(request.at):%Y%m%d-%H%M}.xlsx")


@page(POST_HOLDER)
def value(request: Asked, key: str) -> HttpResponse:
    """One rule with its history, sources and doubt."""
    scope = scope_of(request.GET, request.at)
    return _shown(request, "rulebook/value.html", scope, value_page(scope, key))


@page(POST_HOLDER)
def matter(request: Asked, code: str) -> HttpResponse:
    """One matter of the catalogue."""
    scope = scope_of(request.GET, request.at)
    return _shown(request, "rulebook/matter.html", scope, matter_page(scope, code))


@page(POST_HOLDER)
def procedure(request: Asked, kind: str) -> HttpResponse:
    """The procedure of a kind of case, drawn and as tables."""
    scope = scope_of(request.GET, request.at)
    return _shown(request, "rulebook/procedure.html", scope, procedure_page(scope, kind))


@dataclass(frozen=True, slots=True)
class Changed:
    """One change: a sentence, and both values."""

    sentence: str
    old: str
    new: str


@page(POST_HOLDER)
def changes(request: Asked) -> HttpResponse:
    """What changes on a day: the one asked for, else the next on which anything does."""
    scope = scope_of(request.GET, request.at)
    snapshot = scope.rules.snapshot
    coming = coming_days(snapshot, scope.today)
    day = scope.day if request.GET.get("on") else (coming[0] if coming else None)
    found = [_changed(one) for one in changes_on(snapshot, day)] if day else []
    values = {
        "day": plain_day(day, scope.today) if day else "",
        "changed": found,
        "coming": [(one.isoformat(), plain_day(one, scope.today)) for one in coming if one != day][:12],
    }
    return _shown(request, "rulebook/changes.html", scope, values)


def _changed(one: Difference) -> Changed:
    words = one.en if english() else one.zh
    return Changed(words, whole(one.old) if one.old is not None else "", whole(one.new) if one.new is not None else "")


def _shown(request: Asked, template: str, scope: Scope, shown: object) -> HttpResponse:
    return render(request, template, {"scope": scope, "page": shown, "now": request.at})
