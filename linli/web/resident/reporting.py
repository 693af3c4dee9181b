"""Reporting: the first page, the form, "is it this one?", and the page with number and link. No account, no script needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from linli.cases.evidence import PHOTOS_MOST, bounds_of, loose_of, open_photo
from linli.cases.publicly import Likely
from linli.cases.rules import rules_for
from linli.intake.drafting import Case
from linli.intake.residents import outside, report_send, same_nearby, understood
from linli.intake.written import draft_of, hash_of, holder_of, keep_draft, link_of_draft, new_secret
from linli.journal.keyring import key_ring
from linli.kernel.errors import InputError
from linli.matters.domain import Matter
from linli.matters.selectors import catalogue
from linli.places.selectors import place_names
from linli.web.base.pages import PUBLIC, Asked, page
from linli.web.base.words import english, limit_words, local, plain_day
from linli.web.resident.bodies import with_photos
from linli.web.resident.here import Here, here, show
from linli.web.resident.limits import WINDOW, may_guess, may_report
from linli.web.resident.told import Told, checked, photos_taken, told_again, told_in

NONE = "none"
_TOPICS = "topic"
HANDLE = "request.handle_within"


@page(PUBLIC)
def home(request: Asked) -> HttpResponseBase:
    """The first page."""
    return show(request, "home.html", {}, private=False)


@with_photos
@page(PUBLIC, methods=("GET", "POST"))
def report(request: Asked) -> HttpResponseBase:
    """The form; sent, it leads to "is it this one?" or to number and link."""
    where = here(request.at)
    if request.method != "POST":
        return _form(request, where, Told(draft=new_secret()))
    told = told_in(request)
    try:
        sent = link_of_draft(told.draft)
    except InputError:
        told, sent = replace(told, draft=new_secret()), ""
    if sent:
        return redirect("report_done", token=sent)
    told = _with_photos(request, told, where)
    if request.POST.get("again"):  # a photo was dropped or added: nothing is sent yet
        return _form(request, where, replace(told, errors={}))
    told = checked(told, where)
    if told.errors:
        return _form(request, where, told, status=422)
    return _checked(request, where, told)


def _with_photos(request: Asked, told: Told, where: Here) -> Told:
    uploads: Sequence[UploadedFile[bytes]] = [one for one in request.FILES.getlist("photos") if one]
    holder = holder_of(told.draft)
    kept, wrong = photos_taken(uploads, request.POST.getlist("drop"), holder, where, request.at)
    return replace(told, photos=kept, errors={"photos": wrong} if wrong else {})


def _checked(request: Asked, where: Here, told: Told) -> HttpResponseBase:
    """The form is complete: place and frequency are looked at, then it is sent or compared."""
    case = understood(told.telling(), request.at)
    metres = outside(case)
    if metres is not None and not told.where:
        words = _("This place is outside the city, {km} km from the nearest grid. Please check the address.")
        return _form(request, where, replace(told, errors={"where": words.format(km=_km(metres))}), status=422)
    if not may_report(request, where.rules, request.at):
        words = _("Many reports from this connection today. Try again in {n} minutes or call {number}.")
        return _form(
            request,
            where,
            replace(told, errors={"words": words.format(n=where.rules[WINDOW], number=where.call)}),
            status=429,
        )
    if same_nearby(case, request.at):
        keep_draft(told.draft, told.kept(), request.at)
        return redirect("report_nearby", draft=told.draft)
    return _send(request, told)


def _km(metres: int) -> str:
    return f"{metres // 1000}.{metres % 1000 // 100}"


def _send(request: Asked, told: Told, same: Likely | None = None) -> HttpResponseBase:
    opened = report_send(told.telling(), told.draft, told.photos, same=same, at=request.at)
    token = opened.token or link_of_draft(told.draft)
    return redirect("report_done", token=token)


def _form(request: Asked, where: Here, told: Told, *, status: int = 200) -> HttpResponse:
    case = understood(told.telling(), request.at) if told.words and told.errors else None
    values = {
        "told": told,
        "errors": [(name, words) for name, words in told.errors.items()],
        "guess": _guess(case, request.at) if case else None,
        "majors": _majors(where) if case else (),
        "most_photos": where.rules[PHOTOS_MOST],
        "photo_megabytes": bounds_of(where.snapshot, request.at).megabytes,
    }
    return show(request, "report.html", values, status=status)


# what it seems to be


@page(PUBLIC, methods=("POST",))
def guess(request: Asked) -> HttpResponseBase:
    """What the words being typed seem to be, for the live region under them."""
    where = here(request.at)
    told = told_in(request)
    if len(told.words) < 4 or not may_guess(request, where.rules, request.at):
        return HttpResponse("")
    case = understood(told.telling(), request.at)
    seems = _guess(case, request.at)
    if seems is None:
        return HttpResponse("")
    return show(request, "guess.html", {"guess": seems, "majors": _majors(where), "told": told})


def _guess(case: Case, at: datetime) -> dict[str, object] | None:
    """The matter in words with its limit; numbers to ring first where words are of danger; nothing of an accusation."""
    urgent = bool(case.findings.danger) or case.compartment == "protected"
    matter = case.findings.subject.matter
    if case.compartment != "open":
        return {"urgent": True} if urgent else None
    if matter is None:
        return {"urgent": urgent, "unsure": True}
    rules = rules_for(case.rules.snapshot, case.placed.code, at)
    found = rules.clock_limit(("matter.handle", HANDLE), matter.code)
    words = limit_words(f"{found[0].amount} {found[0].unit}") if found else ""
    return {"title": _title(matter), "limit": words, "urgent": urgent, "code": matter.code}


def _title(matter: Matter) -> str:
    return matter.title_en if english() else matter.title_zh


def _majors(where: Here) -> list[tuple[str, list[tuple[str, str]]]]:
    """Matters that a resident may choose, by code and title; protected ones are found by their words alone."""
    rows = [one for one in catalogue(where.snapshot) if one.catalogue == _TOPICS and not one.protected]
    return [("", [(one.code, _title(one)) for one in sorted(rows, key=_title)])]


# is it this one?


@page(PUBLIC, methods=("GET", "POST"))
def nearby(request: Asked, draft: str) -> HttpResponseBase:
    """At most three public matters near the place told; the resident says whether it is one of them."""
    try:
        kept, sent = draft_of(draft), link_of_draft(draft)
    except InputError:
        raise Http404 from None
    if sent:
        return redirect("report_done", token=sent)
    if kept is None:
        return redirect("report")
    told = replace(told_again(draft, kept), photos=tuple(one.id for one in loose_of(holder_of(draft))))
    case = understood(told.telling(), request.at)
    found = {_key(draft, one): one for one in same_nearby(case, request.at)}
    if request.method == "POST":
        choice = request.POST.get("choice", "")
        if choice == NONE or choice in found:
            return _send(request, told, found.get(choice))
    rows = [_row(key, one, request) for key, one in found.items()]
    values = {"rows": _named(rows, found, request), "draft": draft, "wrong": request.method == "POST"}
    return show(request, "nearby.html", values)


def _key(draft: str, one: Likely) -> str:
    """Names a row to this draft alone: no number or id of the neighbour's case leaves the server."""
    return key_ring().fingerprint(b"nearby|" + hash_of(draft) + str(one.case).encode()).hex()[:24]


def _row(key: str, one: Likely, request: Asked) -> dict[str, object]:
    matter = catalogue(here(request.at).snapshot).find(one.shown.matter)
    return {
        "key": key,
        "title": _title(matter) if matter else "",
        "community": one.shown.community,
        "since": plain_day(one.shown.since, local(request.at).date()),
        "state": one.shown.state_title,
    }


def _named(rows: list[dict[str, object]], found: dict[str, Likely], request: Asked) -> list[dict[str, object]]:
    names = place_names([one.shown.community for one in found.values()], request.at)
    return [{**row, "place": names.get(str(row["community"]), "")} for row in rows]


# photos of a form not sent yet


@page(PUBLIC)
def draft_photo(request: Asked, draft: str, photo: int) -> HttpResponseBase:
    """A photo that was kept for a form, for whoever fills it in."""
    try:
        content = open_photo(photo, holder=holder_of(draft))
    except InputError:
        raise Http404 from None
    return jpeg(content)


def jpeg(content: bytes) -> HttpResponse:
    """A photo as an answer that can be nothing else."""
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = "inline"
    answer["X-Robots-Tag"] = "noindex"
    return answer
