"""Other ways to look at a case: beside another one, and on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linli.cases.deskcase import case_file
from linli.kernel.errors import NotFoundError
from linli.web.base.pages import CASE_WORK, Asked, page
from linli.web.desk.besidepage import beside_page
from linli.web.desk.course import course_of
from linli.web.desk.printpage import print_page


@page(CASE_WORK)
def beside(request: Asked, no: str, other: str) -> HttpResponse:
    """Two cases side by side, both of which this person may see."""
    left, right = (case_file(request.actor, one, request.at) for one in (no, other))
    if left.facts.id == right.facts.id:
        raise NotFoundError("A case does not stand beside itself.", code="desk.not_two")
    values = {"beside": beside_page(left, right, request.at), "course": course_of(request.GET), "now": request.at}
    return render(request, "desk/beside.html", values)


@page(CASE_WORK)
def paper(request: Asked, no: str) -> HttpResponse:
    """A case as it is printed."""
    file = case_file(request.actor, no, request.at)
    link = request.build_absolute_uri(reverse("desk_case", args=[file.facts.no]))
    values = {"paper": print_page(file, request.actor, request.at, link), "now": request.at}
    return render(request, "desk/print.html", values)
