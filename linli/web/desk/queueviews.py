"""Pages of the queue: the queue itself, a look at one of its cases, and whether more has come in since."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from linli.cases.deskcase import case_file
from linli.cases.deskqueue import queue_newer
from linli.cases.numbers import heard, is_number
from linli.cases.queuefilters import is_id
from linli.kernel.errors import NotFoundError
from linli.web.base.pages import CASE_WORK, Asked, keeps_a_desk, page
from linli.web.desk.casepage import CasePage, case_page
from linli.web.desk.course import Course, course_of
from linli.web.desk.filters import SAVED_NAMES, kept
from linli.web.desk.last import last_kept, last_of
from linli.web.desk.live import moments_at
from linli.web.desk.queuepage import opened_view, queue_page
from linli.web.desk.saved import views_for
from linli.web.worker.policies import WORKER

ROWS = 40


@page(CASE_WORK)
def home(request: Asked) -> HttpResponseBase:
    """The first page after signing in: the view that was left; the inbox on a phone for whoever works on the street alone."""
    if {holding.sort for holding in request.actor.holdings} <= {"place"}:
        return redirect("work")
    last = last_of(request)
    return redirect(reverse("desk_queue") + (f"?{last}" if last else ""))


@page(CASE_WORK)
def queue(request: Asked) -> HttpResponseBase:
    """The queue under the filter of the address; a number typed as its words opens the case."""
    asked = heard(request.GET.get("q", ""))
    if is_number(asked):
        return redirect("desk_case", asked)
    shown = queue_page(request.actor, request.GET, request.at, limit=ROWS)
    values = {
        "queue": shown,
        "page": _looked_at(request),
        "course": Course(shown.carried),
        "saved": views_for(request.actor),
        "new": _new_case(request),
        "now": request.at,
    }
    answer = render(request, "desk/queue.html", values)
    last_kept(request, answer, kept(request.GET, SAVED_NAMES).urlencode())
    return answer


@page(CASE_WORK)
def look(request: Asked, no: str) -> HttpResponse:
    """One case of the queue, to be read beside it."""
    file = case_file(request.actor, no, request.at)
    return render(
        request,
        "desk/look.html",
        {"page": case_page(file, request.at), "course": course_of(request.GET), "now": request.at},
    )


@page(CASE_WORK)
def newer(request: Asked) -> HttpResponse:
    """Whether cases have come in since a page was drawn; nothing to say for none. Not an activity: the session may end."""
    since = request.GET.get("since", "")
    opened = opened_view(request.actor, request.GET, request.at)
    count = 0
    if is_id(since) and int(since) <= request.at.timestamp():
        begun = datetime.fromtimestamp(int(since), UTC)
        count = queue_newer(request.actor, opened.wanted, moments_at(opened.live, request.at), begun)
    if not count:
        return HttpResponse(status=204)
    return render(
        request, "desk/newer.html", {"count": count, "address": f"?{kept(request.GET, SAVED_NAMES).urlencode()}"}
    )


def _new_case(request: Asked) -> str:
    """Where this person reports something new: the phone desk, or the event of whoever works outside; "" for neither."""
    if keeps_a_desk(request.actor):
        return reverse("call")
    return reverse("work_new") if WORKER.admits(request.actor) else ""


def _looked_at(request: Asked) -> CasePage | None:
    """The case of the pane, where the address asks for one and this person may see it."""
    if not request.GET.get("look"):
        return None
    try:
        return case_page(case_file(request.actor, request.GET["look"], request.at), request.at)
    except NotFoundError:
        return None
