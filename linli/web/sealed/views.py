"""Pages of the sealed desk. Whoever receives nothing finds no page: the same answer as for a wrong address."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.cases.engine import take_step
from linli.cases.lookedin import LOOK_IN, need_look_in
from linli.cases.numbers import heard
from linli.cases.sealeddesk import NEWEST, is_in_line, is_named, see_as_receiver
from linli.cases.seeing import Seen, numbered
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from linli.kernel.keyset import after_of
from linli.web.base.fieldwords import wrong_words
from linli.web.base.pages import Asked, Policy, page, works_on_cases
from linli.web.base.refusals import refusal_words
from linli.web.sealed.desk import left_of, named_options, sealed_page, what_words

SEALED = Policy("sealed", True, works_on_cases)
_LONGEST = 4000


@page(SEALED)
def sealed(request: Asked) -> HttpResponse:
    """The closed cases that this person receives; those that nobody can receive, where the rule names this person."""
    in_line = is_in_line(request.actor, request.at)
    if not in_line and not is_named(request.actor):
        raise _not_there()
    cursor = request.GET.get("after", "")
    after = after_of(NEWEST, cursor) if cursor else None
    closed = request.GET.get("state") == "closed"
    shown = sealed_page(request.actor, request.at, closed=closed, in_line=in_line, after=after)
    return _private(render(request, "sealed/desk.html", {"sealed": shown, "now": request.at}))


@page(SEALED, methods=("GET", "POST"))
def look_in(request: Asked, no: str) -> HttpResponseBase:
    """A receiver says why, which the log keeps; then the page of the case opens."""
    seen = see_as_receiver(request.actor, numbered(no))
    if seen is None:
        raise _not_there()
    case = seen.bundle.case
    wrong = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        if not reason or len(reason) > _LONGEST:
            wrong = wrong_words(_("Reason for opening"), "string_too_long" if reason else "missing")
        else:
            asked = _request_id(request)
            take_step(case.id, LOOK_IN, request.actor.ref, {"reason": reason}, request_id=asked, at=request.at)
            return redirect("desk_case", case.no)
    elif _is_open(seen, request):
        return redirect("desk_case", case.no)
    values = {
        "no": case.no,
        "what": what_words(case.compartment),
        "wrong": wrong,
        "errors": [("reason", wrong)] if wrong else [],
        "reason": request.POST.get("reason", ""),
        "request_id": str(uuid4()),
        "now": request.at,
    }
    return _private(render(request, "sealed/open.html", values, status=422 if wrong else 200))


@page(SEALED, methods=("GET", "POST"))
def receive(request: Asked, no: str) -> HttpResponseBase:
    """Somebody whom the rule names today says who receives a case that nobody can."""
    left = left_of(request.actor, heard(no), request.at)
    if left is None:
        raise _not_there()
    wrong, status = "", 200
    if request.method == "POST":
        account = request.POST.get("account", "")
        form = {"account": int(account)} if account.isascii() and account.isdigit() and len(account) < 19 else {}
        try:
            asked = _request_id(request)
            take_step(numbered(no), "name_receiver", request.actor.ref, form, request_id=asked, at=request.at)
        except InputError:
            wrong, status = _("Choose who receives it."), 422
        except (RefusedError, ConflictError) as error:
            wrong, status = refusal_words(error), 403
        else:
            messages.success(request, _("It has a receiver."))
            return redirect("sealed")
    values = {
        "no": left.no,
        "what": what_words(left.compartment),
        "people": named_options(left.named, request.at),
        "wrong": wrong,
        "errors": [("account", wrong)] if wrong else [],
        "request_id": str(uuid4()),
        "now": request.at,
    }
    return _private(render(request, "sealed/receive.html", values, status=status))


def _is_open(seen: Seen, request: Asked) -> bool:
    try:
        need_look_in(seen, request.at)
    except RefusedError:
        return False
    return True


def _request_id(request: Asked) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        raise InputError("The form came without its number; load the page again.", code="web.request_id") from None


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


def _not_there() -> NotFoundError:
    return NotFoundError("There is no such page.", code="web.not_found")
