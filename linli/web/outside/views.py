"""Pages behind an order: enter a code, see the task, take a step. No account; nothing here shows who reported.

A wrong code, an order that is over, withdrawn or replaced, and a case that has moved on are one answer, told by nothing but
the pack's number of misses. What may be done is the procedure's to say; every act is `take_step`.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.access.orders import heard_code
from linli.cases.orders import OrderFile, access_order
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from linli.web.base.errors import status_of
from linli.web.base.pages import PUBLIC, Asked, page
from linli.web.base.refusals import refusal_words
from linli.web.base.stepform import NOTHING_SENT, PHOTOS, Sent
from linli.web.desk.casepage import step_title
from linli.web.desk.replying import USE
from linli.web.desk.stepping import Posted, find_step, open_form, put_template, step_take
from linli.web.outside.limits import may_open, may_step, missed
from linli.web.outside.orderpage import order_page
from linli.web.resident.here import here

BOTH = ("GET", "POST")
_LONGEST = 40


def show(request: Asked, template: str, values: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """A page of this face: nobody on the way, and no search engine, keeps it."""
    where = here(request.at)
    common = {"now": request.at, "city": where.city, "call": where.call}
    response = render(request, f"outside/{template}", {**common, **values}, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@page(PUBLIC, methods=BOTH)
def enter(request: Asked) -> HttpResponseBase:
    """Type the code of a printed order."""
    typed, errors, status = "", [], 200
    if request.method == "POST":
        typed = request.POST.get("code", "").strip()[:_LONGEST]
        found = _opened(request, heard_code(typed))
        if isinstance(found, OrderFile):
            return redirect("order", heard_code(typed))
        errors, status = [("code", _missed(found))], found
    return show(request, "enter.html", {"typed": typed, "errors": errors}, status=status)


def _missed(status: int) -> str:
    if status == 429:
        return _("Too many codes that were not right. Try again in a few minutes, or call the duty desk.")
    return _("This code opens nothing. It has 12 letters and digits, like 7K3M Q2XP 9D4V.")


def _opened(request: Asked, secret: str) -> OrderFile | int:
    """The case behind a secret; or the status of the answer that it opens nothing."""
    rules = here(request.at).rules
    if not may_open(request, rules, request.at):
        return 429
    try:
        return access_order(secret, request.at)
    except NotFoundError:
        missed(request, rules, request.at)
        return 404


@page(PUBLIC)
def order(request: Asked, token: str) -> HttpResponseBase:
    """The task, its limits, and what can be done."""
    found = _opened(request, token)
    if isinstance(found, int):
        return _dead(request, found)
    return _order(request, found, token, request.GET.get("done", ""))


def _dead(request: Asked, status: int) -> HttpResponse:
    return show(request, "dead.html", {"locked": status == 429}, status=status)


def _order(
    request: Asked, found: OrderFile, token: str, done: str = "", *, refusal: str = "", status: int = 200
) -> HttpResponse:
    told = step_title(found.file, done) if done in found.file.seen.procedure.steps else ""
    values = {"page": order_page(found, request.at), "token": token, "told": told, "refusal": refusal}
    return show(request, "order.html", values, status=status)


@page(PUBLIC, methods=BOTH)
def step(request: Asked, token: str, step: str) -> HttpResponseBase:
    """A step's form; one that asks for nothing comes straight from the order's page."""
    found = _opened(request, token)
    if isinstance(found, int):
        return _dead(request, found)
    try:
        wanted = find_step(found.file, step)
    except NotFoundError:
        words = _("This step is not possible now. See below what is.")
        return _order(request, found, token, refusal=words, status=409 if request.method == "POST" else 404)
    if request.method == "GET":
        return _form(request, found, token, step)
    sent = Sent(dict(request.POST.lists()))
    if USE in request.POST:
        sent = put_template(found.file, wanted, sent, found.actor, request.at)
        return _form(request, found, token, step, sent)
    if not may_step(found.order.id, here(request.at).rules, request.at):
        words = _("Too many steps at once. Try again in a few minutes; what you wrote is still here.")
        return _form(request, found, token, step, sent, refusal=words, status=429)
    try:
        posted = Posted(request.POST, request.FILES.getlist(PHOTOS))
        wrong = step_take(found.file, wanted, found.actor, posted, request.at)
    except (RefusedError, ConflictError, InputError) as error:
        return _form(request, found, token, step, sent, refusal=refusal_words(error), status=status_of(error))
    if wrong is not None:
        return _form(request, found, token, step, wrong, status=422)
    return _after(request, token, step_title(found.file, step), step)


def _form(
    request: Asked,
    found: OrderFile,
    token: str,
    step: str,
    sent: Sent = NOTHING_SENT,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    file = found.file
    form = open_form(file, find_step(file, step), found.actor, request.at, sent=sent, refusal=refusal)
    return show(request, "step.html", {"form": form, "token": token, "title": file.facts.title}, status=status)


def _after(request: Asked, token: str, title: str, step: str) -> HttpResponseBase:
    """Back to the order; where the step took the case out of the body's hands, a last word."""
    try:
        access_order(token, request.at)
    except NotFoundError:
        return show(request, "over.html", {"title": title})
    return redirect(f"{reverse('order', args=[token])}?done={step}")
