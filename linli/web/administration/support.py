"""Pages of support: who from outside may look, for what, until when; and the log of the system without any person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.access.policies import SUPPORT
from linli.access.selectors import account_ids
from linli.access.selectors import accounts as accounts_of
from linli.access.support import SupportDraft, SupportRef, support_end, support_grant, support_rules, support_sessions
from linli.journal.seals import day_of
from linli.journal.search import Search, entries_found
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from linli.organisations.known import View, Wanted, seats
from linli.organisations.selectors import organisation_names
from linli.web.administration.asking import Typed, address_with, after_in, day_start, typed
from linli.web.base.errors import status_of
from linli.web.base.fieldwords import option_words
from linli.web.base.pages import KEEPS_ACCOUNTS, READS_RUNNING, Asked, page
from linli.web.base.refusals import refusal_words

ROWS = 50
LINES = 100
KINDS = ("api", "installation", "journal", "pack")
"""Kinds of subjects that are about the system: no person, place, post or case."""
_FIELD = {"access.support_hours": "hours", "access.support_purpose": "purpose", "access.support_post": "post"}


@page(KEEPS_ACCOUNTS, methods=("GET", "POST"))
def support(request: Asked) -> HttpResponseBase:
    """Sessions, and the form by which one begins."""
    form = typed(request.POST)
    if request.method == "GET":
        return _support(request, form)
    draft = _draft(form)
    if draft is None:
        return _support(request, form, status=422)
    try:
        support_grant(draft, request.actor, request.at)
    except (InputError, ConflictError, RefusedError, NotFoundError) as error:
        form.wrong[_FIELD.get(error.code, "account")] = refusal_words(error)
        return _support(request, form, status=status_of(error))
    messages.success(request, _("The session runs; it ends by itself."))
    return redirect("admin_support")


@page(KEEPS_ACCOUNTS, methods=("POST",))
def end_support(request: Asked, session: int) -> HttpResponseBase:
    """End a session now."""
    support_end(session, request.actor, request.at)
    messages.success(request, _("Ended. What was opened stays in the log."))
    return redirect("admin_support")


def _draft(form: Typed) -> SupportDraft | None:
    values = form.values
    account = account_ids([values.get("account", "")]).get(values.get("account", ""))
    if account is None:
        form.wrong["account"] = _("There is no open account of that name.")
    post, hours = values.get("post", ""), values.get("hours", "")
    if not (post.isascii() and post.isdigit()) or len(post) > 18:
        form.wrong["post"] = _("Choose a post of support.")
    if not (hours.isascii() and hours.isdigit()) or len(hours) > 4:
        form.wrong["hours"] = _("Say how many hours.")
    if form.wrong or account is None:
        return None
    return SupportDraft(account, int(post), values.get("purpose", ""), int(hours))


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as a row."""

    session: SupportRef
    name: str
    purpose: str


def _support(request: Asked, form: Typed, status: int = 200) -> HttpResponse:
    found = support_sessions(request.at, after=after_in(request.GET), limit=ROWS + 1)
    more = address_with(request.GET, after=found[ROWS - 1].id) if len(found) > ROWS else ""
    people = accounts_of({one.account for one in found}) if found else {}
    rules = support_rules(request.at)
    posts = [one.post for one in seats(Wanted(role=SUPPORT), View(request.at, request.at))]
    bodies = organisation_names({one.organisation for one in posts}, request.at) if posts else {}
    values = {
        "rows": [
            SessionRow(one, people[one.account].name, option_words("purpose", one.purpose)) for one in found[:ROWS]
        ],
        "more": more,
        "form": form,
        "hours_most": rules.hours_most,
        "purposes": [(one, option_words("purpose", one)) for one in rules.purposes],
        "posts": [(str(one.id), f"{bodies.get(one.organisation, '')} {one.title}") for one in posts],
        "now": request.at,
    }
    return render(request, "administration/support.html", values, status=status)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the system's own log: nobody's name, no facts."""

    at: datetime
    subject: str
    verb: str
    hash: str


@page(READS_RUNNING)
def log(request: Asked) -> HttpResponse:
    """What the system did, the last seven days, the latest first; entries about persons, posts and cases are not there."""
    until = day_start(day_of(request.at)) + timedelta(days=1)
    found = entries_found(Search(KINDS, until - timedelta(days=7), until), before=_before(request), limit=LINES + 1)
    more = ""
    if len(found) > LINES:
        last = found[LINES - 1]
        more = address_with(request.GET, before=f"{last.entry.recorded_at.timestamp():.6f}_{last.id}")
    rows = [
        Line(one.entry.recorded_at, one.entry.subject, one.entry.verb, one.entry.hash.hex()[:12])
        for one in found[:LINES]
    ]
    return render(request, "administration/log.html", {"rows": rows, "more": more, "now": request.at})


def _before(request: Asked) -> tuple[datetime, int] | None:
    at, _mark, id_ = request.GET.get("before", "").partition("_")
    try:
        return (datetime.fromtimestamp(float(at), tz=day_start(date(2000, 1, 1)).tzinfo), int(id_)) if at else None
    except (ValueError, OverflowError):
        raise InputError(_("The address is not whole."), code="web.after") from None
