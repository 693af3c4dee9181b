"""Pages of the duty desk: the roster of a week with its hand-over, and the brief of the morning."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.kernel.actors import Denied
from linli.kernel.errors import ConflictError, InputError, RefusedError
from linli.organisations.handing import take_over
from linli.organisations.policies import may_keep_roster
from linli.organisations.roster import shift_drop
from linli.web.base.pages import Asked, page
from linli.web.base.posts import own_post
from linli.web.base.refusals import refusal_words
from linli.web.base.words import when_exact
from linli.web.duty.entering import Entry, desk_hand_on, fresh_entry, shift_enter, week_copy
from linli.web.duty.points import open_points
from linli.web.duty.policies import DUTY
from linli.web.duty.rosterpage import desk_of, monday_of, roster_page

_BRIEF_ROWS = 4


@page(DUTY)
def brief(request: Asked) -> HttpResponse:
    """The brief of the morning: what is open on this desk, each count with its first cases and its queue."""
    found = open_points(request.actor, request.at, _BRIEF_ROWS)
    values = {
        "brief": found,
        "post": own_post(request.actor, request.at),
        "asof": when_exact(request.at, request.at),
        "now": request.at,
    }
    return render(request, "duty/brief.html", values)


@page(DUTY, methods=("GET", "POST"))
def roster(request: Asked) -> HttpResponseBase:
    """The roster of a week; a shift is entered or changed by whoever keeps it."""
    body = desk_of(request.actor, request.GET)
    if request.method == "POST":
        entry = shift_enter(body, request.POST, request.actor, request.at)
        if entry is not None:
            return _roster(request, entry, status=422)
        messages.success(request, _("The roster was changed."))
        return _back(request, request.POST.get("day", ""))
    return _roster(request)


@page(DUTY, methods=("POST",))
def copy(request: Asked) -> HttpResponseBase:
    """The shifts of the week before, once more."""
    body, monday = desk_of(request.actor, request.GET), monday_of(request.GET, request.at)
    allowed = may_keep_roster(request.actor, body, "")
    if isinstance(allowed, Denied):
        raise RefusedError(allowed.reason, code=allowed.code)
    made = week_copy(body, monday, request.actor, request.at)
    done = ngettext("{n} shift was entered.", "{n} shifts were entered.", made).format(n=made)
    messages.success(request, done if made else _("There was nothing to copy."))
    return _back(request, monday.isoformat())


@page(DUTY, methods=("POST",))
def drop(request: Asked, shift: int) -> HttpResponseBase:
    """A shift that has not begun leaves the roster."""
    shift_drop(shift, desk_of(request.actor, request.GET), request.actor, request.at)
    messages.success(request, _("The shift was taken off the roster."))
    return _back(request, request.GET.get("week", ""))


@page(DUTY, methods=("POST",))
def hand_on(request: Asked, shift: int) -> HttpResponseBase:
    """The head of a shift hands on, with what is open and words."""
    words = request.POST.get("words", "")
    try:
        desk_hand_on(shift, words, request.actor, request.at)
    except (InputError, ConflictError) as error:
        return _roster(request, words=words, wrong=refusal_words(error), status=422)
    messages.success(request, _("Handed on. The next takes over with one press."))
    return _back(request)


@page(DUTY, methods=("POST",))
def take(request: Asked, shift: int) -> HttpResponseBase:
    """The next takes the desk over."""
    take_over(shift, open_points(request.actor, request.at, 0).open_cases, request.actor, request.at)
    messages.success(request, _("You have the desk."))
    return _back(request)


def _roster(
    request: Asked, entry: Entry | None = None, *, words: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    shown = roster_page(request.actor, request.GET, request.at)
    form = entry
    if form is None and shown.may_keep:
        form = fresh_entry(shown.body, request.GET, request.at)
    values = {
        "roster": shown,
        "entry": form,
        "open": open_points(request.actor, request.at, 0) if shown.mine else None,
        "words": words,
        "wrong": wrong,
        "hand_errors": [("words", wrong)] if wrong else [],
        "now": request.at,
    }
    return render(request, "duty/roster.html", values, status=status)


def _back(request: Asked, week: str = "") -> HttpResponseBase:
    """The roster again, of the same desk and week."""
    query = request.GET.copy()
    for gone in ("edit", "day"):
        query.pop(gone, None)
    if week:
        query["week"] = week
    rest = query.urlencode()
    return redirect(f"{reverse('duty')}?{rest}" if rest else reverse("duty"))
