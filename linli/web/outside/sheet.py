"""An order as its desk gets it, once: a sheet to print, or a link to send. The reporter is not on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linli.access.orders import heard_code, order_of, spoken_code
from linli.cases.deskcase import CaseFile
from linli.cases.orders import orders_out
from linli.kernel.errors import NotFoundError
from linli.organisations.selectors import organisation_names
from linli.web.base.pages import Asked
from linli.web.base.qr import qr_drawing
from linli.web.base.words import when, when_exact
from linli.web.outside.orderpage import task_of
from linli.web.resident.here import here


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order that holds, as its desk sees it."""

    body: str
    organisation: int
    on_paper: bool
    until: str
    uses: int
    used: str


def order_lines(file: CaseFile, request: Asked) -> tuple[OrderLine, ...]:
    """The orders of a case that hold, for its desk; no query while there are none."""
    found = orders_out(file.facts) if file.seen.is_desk else []
    names = organisation_names([one.order.organisation for one in found], request.at) if found else {}
    return tuple(
        OrderLine(
            body=names.get(one.order.organisation, ""),
            organisation=one.order.organisation,
            on_paper=one.made_as == "paper",
            until=when_exact(one.order.expires_at, request.at),
            uses=one.uses,
            used=when(one.used_at, request.at) if one.used_at else "",
        )
        for one in found
    )


def order_sheet(request: Asked, file: CaseFile, secret: str) -> HttpResponse:
    """The page with the secret: shown this one time.

    Args:
        request: of the desk.
        file: the case after the step.
        secret: what the step returned.
    """
    found = order_of(secret, request.at)
    if found is None:
        raise NotFoundError("There is no such order.", code="case.no_order")
    address = request.build_absolute_uri(reverse("order", args=[secret]))
    where = here(request.at)
    on_paper = heard_code(secret) == secret
    values = {
        "task": task_of(file, found.organisation, request.at),
        "code": spoken_code(secret) if on_paper else "",
        "address": address,
        "enter": request.build_absolute_uri(reverse("order_enter")),
        "qr": qr_drawing(address),
        "until": when_exact(found.expires_at, request.at),
        "city": where.city,
        "call": where.call,
        "now": request.at,
    }
    response = render(request, "outside/sheet.html", values)
    response["Cache-Control"] = "no-store"
    return response
