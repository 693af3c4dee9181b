"""Pages behind a private link: follow, add, put right, take back, leave the joint case, say whether it is solved.

Each act is a step of the procedure; a page shows only those that the procedure allows now. A link that is none is answered
like any wrong address, with what else can be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.evidence import open_photo
from linli.cases.following import Follow, follow, photos_of
from linli.cases.mydata import my_data, voice_told
from linli.cases.numbers import spoken
from linli.cases.residents import Link, Said, link_of, take_as_reporter
from linli.intake.residents import troubled
from linli.intake.speaking import Judged, judge, put_right
from linli.intake.written import holder_of, new_secret
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from linli.matters.selectors import catalogue
from linli.organisations.selectors import organisation_names
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import place_names
from linli.web.base.pages import PUBLIC, Asked, page
from linli.web.base.qr import qr_drawing
from linli.web.base.refusals import refusal_words
from linli.web.base.words import english
from linli.web.resident import sentences
from linli.web.resident.bodies import with_photos
from linli.web.resident.here import LONGEST, here, show
from linli.web.resident.reporting import jpeg
from linli.web.resident.told import Told, photos_taken, told_in

SOLVED = ("yes", "partly", "no", "unsure")
SATISFIED = ("yes", "fairly", "no")
_COMMUNITY = 12


def _linked(request: Asked, token: str) -> Link | HttpResponse:
    try:
        return link_of(token)
    except NotFoundError:
        return show(request, "dead_link.html", {}, status=404)


@page(PUBLIC)
def done(request: Asked, token: str) -> HttpResponseBase:
    """The page after sending: number, link, printed code."""
    link = _linked(request, token)
    if isinstance(link, HttpResponse):
        return link
    values = _seen(request, link, token)
    address = request.build_absolute_uri(reverse("follow", args=[token]))
    return show(request, "done.html", {**values, "address": address, "code": qr_drawing(address)})


@page(PUBLIC)
def follow_page(request: Asked, token: str) -> HttpResponseBase:
    """Where it is, who has it, until when and why, what happened."""
    link = _linked(request, token)
    if isinstance(link, HttpResponse):
        return link
    address = request.build_absolute_uri(reverse("follow", args=[token]))
    said = request.GET.get("said", "")
    return show(request, "follow.html", {**_seen(request, link, token), "address": address, "said": said})


def _seen(request: Asked, link: Link, token: str) -> dict[str, object]:
    view = follow(link, request.at)
    bodies = {one for line in view.happened for one in (line.organisation, line.sent_to)}
    bodies |= {view.owner, *(one.organisation for one in view.openings)}
    names = organisation_names([one for one in bodies if one is not None], request.at)
    owner = names.get(view.owner or 0, "")
    due = view.due
    return {
        "token": token,
        "view": view,
        "subject": _subject(view, request),
        "clauses": sentences.clauses(view, owner, request.at),
        "ladder": sentences.ladder(view.stage),
        "owner": owner,
        "due": sentences.due_words(due, request.at) if due else "",
        "bar": sentences.due_bar(due, request.at) if due else None,
        "why": sentences.why_words(due, request.at) if due else (),
        "days": sentences.day_lines(due.stretches, request.at) if due else (),
        "because": sentences.because(view),
        "lines": sentences.lines(view, names),
        "openings": [(one, names.get(one.organisation or 0, "")) for one in view.openings],
        "urgent": view.compartment == "protected" or "danger" in view.flags,
        "open": view.stage not in ("done", "over"),
    }


def _subject(view: Follow, request: Asked) -> str:
    """What it is about: the matter and the community; the task's title is a machine's and stays inside."""
    matter = catalogue(snapshot_by_hash(view.snapshot)).find(view.matter or "")
    if view.compartment != "open" or matter is None:
        return ""
    name = place_names([view.place[:_COMMUNITY]], request.at).get(view.place[:_COMMUNITY], "")
    title = matter.title_en if english() else matter.title_zh
    return f"{name} {title}".strip()


@page(PUBLIC)
def link_photo(request: Asked, token: str, photo: int) -> HttpResponseBase:
    """A photo of the matter that the holder of the link may see."""
    link = link_of(token)
    case = photos_of(link, request.at).get(photo)
    if case is None:
        raise NotFoundError("There is no such photo.", code="evidence.not_found")
    return jpeg(open_photo(photo, case=case))


# steps


def _take(request: Asked, link: Link, said: Said) -> str:
    """Take a step; "" or the words of the refusal."""
    return _refused(lambda: take_as_reporter(link.home, link, said, request_id=_request_id(request), at=request.at))


def _refused(act: Callable[[], object]) -> str:
    """Act; "" or the words of the refusal."""
    try:
        act()
    except ConflictError:
        return _("This is no longer possible: the matter has moved on.")
    except (RefusedError, InputError) as error:
        return refusal_words(error)
    return ""


def _request_id(request: Asked) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid4()


def _back(token: str, said: str) -> HttpResponseBase:
    return redirect(f"{reverse('follow', args=[token])}?said={said}")


def _step_page(request: Asked, link: Link, token: str, form: Mapping[str, object], *, bad: bool) -> HttpResponse:
    values = {**_seen(request, link, token), "request_id": uuid4(), **form}
    return show(request, cast("str", form["template"]), values, status=422 if bad else 200)


@with_photos
@page(PUBLIC, methods=("GET", "POST"))
def add(request: Asked, token: str) -> HttpResponseBase:
    """More words and photos."""
    link = _linked(request, token)
    if isinstance(link, HttpResponse):
        return link
    told = Told(draft=new_secret())
    errors: dict[str, str] = {}
    if request.method == "POST":
        told, errors = _added(request)
        if not errors:
            said = {"words": told.words} if told.words else {}
            wrong = _take(request, link, Said("add", said, told.photos, holder_of(told.draft)))
            if not wrong:
                return _back(token, "added")
            errors = {"words": wrong}
    form = {"template": "add.html", "told": told, "errors": list(errors.items())}
    return _step_page(request, link, token, form, bad=bool(errors))


def _added(request: Asked) -> tuple[Told, dict[str, str]]:
    from dataclasses import replace

    told, where = told_in(request), here(request.at)
    try:
        holder = holder_of(told.draft)
    except InputError:
        told = replace(told, draft=new_secret())
        holder = holder_of(told.draft)
    uploads = request.FILES.getlist("photos")
    photos, wrong = photos_taken(uploads, request.POST.getlist("drop"), holder, where, request.at)
    told = replace(told, photos=photos)
    errors = {"photos": wrong} if wrong else {}
    if not told.words and not photos:
        errors["words"] = _("Write something, or choose a photo.")
    if len(told.words) > where.rules[LONGEST]:
        errors["words"] = _("This is longer than {n} characters. Please shorten it.").format(n=where.rules[LONGEST])
    return told, errors


@page(PUBLIC, methods=("GET", "POST"))
def correct(request: Asked, token: str) -> HttpResponseBase:
    """Other words for the same matter, for some minutes; what turns out to be for closed eyes is opened anew as such."""
    link = _linked(request, token)
    if isinstance(link, HttpResponse):
        return link
    before = next((one.content.get("text", "") for one in my_data(link).held if one.what == "voice.original"), "")
    told, error = Told(words=before), ""
    if request.method == "POST":
        told = told_in(request)
        error = _corrected(request, link, told)
        if not error:
            return _back(token, "corrected")
    form = {"template": "correct.html", "told": told, "errors": [("words", error)] if error else []}
    return _step_page(request, link, token, form, bad=bool(error))


def _corrected(request: Asked, link: Link, told: Told) -> str:
    most = here(request.at).rules[LONGEST]
    if not any(sign.isalnum() for sign in told.words):
        return _("Say what is wrong.")
    if len(told.words) > most:
        return _("This is longer than {n} characters. Please shorten it.").format(n=most)
    return _refused(lambda: put_right(link, told.words, request_id=_request_id(request), at=request.at))


@page(PUBLIC, methods=("GET", "POST"))
def withdraw(request: Asked, token: str) -> HttpResponseBase:
    """Take it back; somebody calls to ask that nobody made the reporter do so."""
    link = _linked(request, token)
    if isinstance(link, HttpResponse):
        return link
    error = ""
    if request.method == "POST":
        words = told_in(request).words
        error = _take(request, link, Said("withdraw", {"reason": words} if words else {}))
        if not error:
            return _back(token, "withdrawn")
    form = {"template": "withdraw.html", "errors": [("words", error)] if error else []}
    return _step_page(request, link, token, form, bad=bool(error))


@page(PUBLIC, methods=("POST",))
def leave(request: Asked, token: str) -> HttpResponseBase:
    """Leave the joint case and be heard alone."""
    return _plain(request, token, "unjoin", "left")


@page(PUBLIC, methods=("POST",))
def remind(request: Asked, token: str) -> HttpResponseBase:
    """Remind whoever has it."""
    return _plain(request, token, "remind", "reminded")


def _plain(request: Asked, token: str, step: str, said: str) -> HttpResponseBase:
    link = _linked(request, token)
    if isinstance(link, HttpResponse):
        return link
    error = _take(request, link, Said(step, {}))
    if error:
        return show(request, "refused.html", {"words": error, "token": token}, status=409)
    return _back(token, said)


# solved?


@page(PUBLIC, methods=("GET", "POST"))
def rate(request: Asked, token: str) -> HttpResponseBase:
    """Whether it is solved, and whether anybody has troubled the reporter over it."""
    link = _linked(request, token)
    if isinstance(link, HttpResponse):
        return link
    given = {name: request.POST.get(name, "") for name in ("solved", "satisfied", "troubled")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        if given["solved"] not in SOLVED:
            errors["solved"] = _("Say whether it is solved.")
        if given["satisfied"] not in ("", *SATISFIED):
            errors["satisfied"] = _("Choose one of these.")
        errors = errors or _rated(request, link, given)
        if not errors:
            sealed = _troubled(request, link) if given["troubled"] == "yes" else ""
            return _thanks(request, link, token, given, sealed)
    seen = _seen(request, link, token)
    if request.method != "POST" and not _is_asked(cast("Follow", seen["view"])):
        return show(
            request, "not_to_rate.html", {**seen, "state": sentences.sentence(cast("tuple[str, ...]", seen["clauses"]))}
        )
    form = {"given": given, "errors": list(errors.items()), "words": request.POST.get("words", "")}
    return show(request, "rate.html", {**seen, "request_id": uuid4(), **form}, status=422 if errors else 200)


def _is_asked(view: Follow) -> bool:
    return "rate" in view.steps and not view.rated


def _rated(request: Asked, link: Link, given: Mapping[str, str]) -> dict[str, str]:
    """Say it, and open a closed matter again where it is not solved; what is wrong by field, else nothing."""
    words = told_in(request).words[: here(request.at).rules[LONGEST]]
    form = {name: text for name, text in (("satisfied", given["satisfied"]), ("words", words)) if text}
    form["solved"] = given["solved"]
    reason = words or _("Not solved.")
    judged: list[Judged] = []
    wrong = _refused(lambda: judged.append(judge(link, form, reason, request_id=_request_id(request), at=request.at)))
    if judged and judged[0].not_reopened:
        wrong = refusal_words(judged[0].not_reopened)
    return {"solved": wrong} if wrong else {}


def _troubled(request: Asked, link: Link) -> str:
    """Open the sealed case; its own private link."""
    from dataclasses import replace

    view = follow(link, request.at)
    words = request.POST.get("trouble", "").strip()[: here(request.at).rules[LONGEST]]
    voice = replace(voice_told(link), original=words)
    return troubled(link, spoken(view.no), view.place, voice, request.at).token


def _thanks(request: Asked, link: Link, token: str, given: Mapping[str, str], sealed: str) -> HttpResponse:
    values = {**_seen(request, link, token), "given": given}
    values["sealed"] = request.build_absolute_uri(reverse("follow", args=[sealed])) if sealed else ""
    return show(request, "thanks.html", values)
