"""The page behind the link of a slip: somebody opens their own account by choosing a password. The link works once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.access.enrolment import enrol as use_link
from linli.access.enrolment import enrolling
from linli.kernel.errors import NotFoundError
from linli.web.base.pages import PUBLIC, Asked, page

_LONGEST = 256
_UNWELL = 422


@page(PUBLIC, methods=("GET", "POST"))
def enrol(request: Asked, token: str) -> HttpResponseBase:
    """Choose a password; a link that opens nothing says so, for whatever reason."""
    found = enrolling(token, request.at)
    if found is None:
        return _shown(request, "sheets/enrol_dead.html", {}, 404)
    if request.method == "GET":
        return _shown(request, "sheets/enrol.html", {"account": found})
    wrong = _wrong(request.POST.get("password", ""), request.POST.get("again", ""))
    if wrong:
        values = {"account": found, "wrong": wrong, "errors": [(f"f-{name}", words) for name, words in wrong.items()]}
        return _shown(request, "sheets/enrol.html", values, _UNWELL)
    try:
        use_link(token, request.POST["password"], request.at)
    except NotFoundError:
        return _shown(request, "sheets/enrol_dead.html", {}, 404)
    messages.success(request, _("Your account is open. Sign in with the password that you have just chosen."))
    return redirect("account_login")


def _wrong(password: str, again: str) -> dict[str, str]:
    if len(password) > _LONGEST:
        return {"password": _("Too long: at most 256 characters.")}
    try:
        validate_password(password)
    except ValidationError:
        return {
            "password": _("At least 12 characters, not only digits, and none of the passwords that everybody knows.")
        }
    return {} if password == again else {"again": _("The two are not alike.")}


def _shown(request: Asked, template: str, values: dict[str, object], status: int = 200) -> HttpResponse:
    answer = render(request, template, {**values, "now": request.at}, status=status)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
