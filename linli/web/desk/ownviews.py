"""What somebody keeps for their own work: saved views, the list of keys, and how pages look for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.queuefilters import is_id
from linli.cases.rules import local_date
from linli.kernel.errors import InputError
from linli.organisations.selectors import organisation_names
from linli.web.base.pages import CASE_WORK, SIGNED_IN, Asked, page
from linli.web.base.words import day_words
from linli.web.desk.filters import SAVED_NAMES, kept
from linli.web.desk.keylist import key_groups
from linli.web.desk.queuepage import opened_view
from linli.web.desk.saved import (
    LONGEST_NAME,
    ViewDraft,
    view_change,
    view_delete,
    view_of,
    view_save,
    view_used,
    views_for,
)

UNWELL = 422
_WRONG: Mapping[str, object] = {
    "missing": gettext_lazy("Give the view a name."),
    "long": gettext_lazy("The name is too long: at most 40 characters, in one line."),
    "number": gettext_lazy("A long number does not belong in the name of a view: it may be somebody’s telephone."),
    "taken": gettext_lazy("You have a view of that name already."),
    "many": gettext_lazy("You keep as many views as are allowed; delete one first."),
    "unknown": gettext_lazy("A view can be shared with a body of yours alone."),
}


@page(CASE_WORK, methods=("GET", "POST"))
def views(request: Asked) -> HttpResponseBase:
    """The views that somebody may use; with a filter in the address, the form that keeps it."""
    if request.method == "GET":
        return _views(request, {"name": "", "shared": ""}, ())
    shared = request.POST.get("shared", "")
    draft = ViewDraft(
        request.POST.get("name", ""), int(shared) if is_id(shared) else None, kept(request.POST, SAVED_NAMES)
    )
    try:
        key = view_save(draft, request.actor, request.at)
    except InputError as error:
        return _views(request, {"name": draft.name, "shared": shared}, _errors(error), status=UNWELL)
    messages.success(request, _("Saved: {name}").format(name=view_of(request.actor, key).name))
    return redirect("desk_views")


@page(CASE_WORK)
def view(request: Asked, key: str) -> HttpResponseBase:
    """Open a saved view: the queue under its filter, of what this person may see."""
    line = view_of(request.actor, key)
    view_used(line, request.at)
    return redirect(f"{reverse('desk_queue')}?{line.query}")


@page(CASE_WORK, methods=("GET", "POST"))
def view_edit(request: Asked, key: str) -> HttpResponseBase:
    """Rename, share or delete a view of one's own."""
    line = view_of(request.actor, key)
    if request.method == "GET":
        return _edit(request, key, {"name": line.name, "shared": str(line.organisation or "")}, ())
    if "delete" in request.POST:
        view_delete(key, request.actor, request.at)
        messages.success(request, _("Deleted: {name}").format(name=line.name))
        return redirect("desk_views")
    name, shared = request.POST.get("name", ""), request.POST.get("shared", "")
    try:
        view_change(key, name, int(shared) if is_id(shared) else None, request.actor, request.at)
    except InputError as error:
        return _edit(request, key, {"name": name, "shared": shared}, _errors(error), status=UNWELL)
    messages.success(request, _("Saved: {name}").format(name=view_of(request.actor, key).name))
    return redirect("desk_views")


@page(SIGNED_IN)
def keys(request: Asked) -> HttpResponse:
    """The list of keys, as a page."""
    return render(request, "desk/keys.html", {"groups": key_groups(), "now": request.at})


@page(SIGNED_IN)
def me(request: Asked) -> HttpResponse:
    """How pages look for this person, and whether single keys work. What is chosen stands in the address and is kept."""
    return render(
        request,
        "desk/me.html",
        {"chosen": any(name in request.GET for name in ("keys", "theme", "text")), "now": request.at},
    )


def _errors(error: InputError) -> list[tuple[str, str]]:
    fields = error.data.get("fields")
    found = fields if isinstance(fields, Mapping) else {}
    return [(str(name), str(_WRONG.get(str(how), how))) for name, how in found.items()]


def _bodies(request: Asked) -> list[tuple[str, str]]:
    ids = {holding.organisation for holding in request.actor.holdings}
    return [(str(body), name) for body, name in organisation_names(ids, request.at).items()]


@dataclass(frozen=True, slots=True)
class _Row:
    """A saved view in words."""

    key: str
    name: str
    shared: str
    used: str
    mine: bool


def _lines(request: Asked) -> list[_Row]:
    lines, today = views_for(request.actor), local_date(request.at)
    shared = {line.organisation for line in lines if line.organisation is not None}
    names = organisation_names(shared, request.at) if shared else {}
    return [
        _Row(
            line.key,
            line.name,
            names.get(line.organisation or 0, ""),
            day_words(line.used_on, today) if line.used_on else "",
            line.mine,
        )
        for line in lines
    ]


def _views(
    request: Asked, said: Mapping[str, str], errors: Sequence[tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    asked = kept(request.GET if request.method == "GET" else request.POST, SAVED_NAMES)
    opened = opened_view(request.actor, asked, request.at) if asked else None
    values = {
        "lines": _lines(request),
        "bodies": _bodies(request),
        "fields": [(name, value) for name in asked for value in asked.getlist(name)],
        "opened": opened,
        "said": said,
        "errors": errors,
        "wrong": dict(errors),
        "longest": LONGEST_NAME,
        "now": request.at,
    }
    return render(request, "desk/views.html", values, status=status)


def _edit(
    request: Asked, key: str, said: Mapping[str, str], errors: Sequence[tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    line = view_of(request.actor, key)
    values = {
        "line": line,
        "bodies": _bodies(request),
        "said": said,
        "errors": errors,
        "wrong": dict(errors),
        "longest": LONGEST_NAME,
        "now": request.at,
    }
    return render(request, "desk/view.html", values, status=status)
