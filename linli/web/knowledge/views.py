"""Pages of answers: finding, reading, saying what is wrong or missing, looking at what is to be checked."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel.errors import ConflictError, InputError, NotFoundError
from linli.knowledge.reporting import report_drop, report_missing, report_wrong
from linli.knowledge.services import entry_check, entry_end
from linli.web.base.pages import Asked, page
from linli.web.base.refusals import refusal_words
from linli.web.knowledge.answerpage import answer_page
from linli.web.knowledge.entering import day_end, numbers_of
from linli.web.knowledge.listpage import answers_page, look_list, own_place, reports_list
from linli.web.knowledge.policies import READS


@page(READS)
def answers(request: Asked) -> HttpResponse:
    """Answers to what a caller asks; all of them without a question."""
    shown = answers_page(request.actor, request.GET, request.at)
    status = 404 if shown.asked and not shown.lines and not shown.is_short else 200
    return render(request, "answers/list.html", {"answers": shown, "now": request.at}, status=status)


@page(READS)
def answer(request: Asked, entry: int) -> HttpResponse:
    """One entry; `?version=` shows an older one."""
    number = request.GET.get("version", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFoundError("There is no such version.", code="knowledge.missing")
    return _answer(request, entry, int(number) if number else None)


@page(READS, methods=("POST",))
def wrong(request: Asked, entry: int) -> HttpResponseBase:
    """This answer is wrong: one press; words may go with it."""
    words = request.POST.get("words", "")
    try:
        report_wrong(entry, words, request.actor, request.at)
    except InputError as error:
        return _answer(request, entry, None, said=words, refused=refusal_words(error), status=422)
    messages.success(request, _("Told: whoever writes this answer will look at it."))
    return redirect("answer", entry)


@page(READS, methods=("POST",))
def missing(request: Asked) -> HttpResponseBase:
    """There is no answer to this: one press; words may go with it."""
    asked, words = request.POST.get("asked", "").strip(), request.POST.get("words", "")
    report_missing(asked, words, own_place(request.actor), request.actor, request.at)
    messages.success(request, _("Told: whoever writes answers here will see that it is missing."))
    return redirect(reverse("answers"))


@page(READS)
def reports(request: Asked) -> HttpResponse:
    """What desks said to be wrong or missing, for whoever settles it."""
    return _reports(request)


@page(READS, methods=("POST",))
def drop(request: Asked, report: int) -> HttpResponseBase:
    """The answer stays as it is; the reason is kept."""
    try:
        report_drop(report, request.POST.get("reason", ""), request.actor, request.at)
    except InputError as error:
        return _reports(request, failed=report, refused=refusal_words(error), status=422)
    messages.success(request, _("Left as it is; the reason is kept."))
    return redirect("answer_reports")


@page(READS)
def look(request: Asked) -> HttpResponse:
    """What ends soon, and what nobody has checked for long."""
    shown = look_list(request.actor, request.GET, request.at)
    return render(request, "answers/look.html", {"look": shown, "now": request.at})


@page(READS, methods=("POST",))
def checked(request: Asked, entry: int) -> HttpResponseBase:
    """Checked: still right."""
    entry_check(entry, request.actor, request.at, settles=numbers_of(request.POST.getlist("settles")))
    messages.success(request, _("Noted: checked, still right."))
    return redirect(_back(request, entry))


@page(READS, methods=("POST",))
def end(request: Asked, entry: int) -> HttpResponseBase:
    """The answer ends with a day."""
    try:
        entry_end(entry, _end_of(request.POST.get("until", ""), request.at), request.actor, request.at)
    except (InputError, ConflictError) as error:
        return _answer(request, entry, None, refused_end=refusal_words(error), status=422)
    messages.success(request, _("The answer ends with that day."))
    return redirect("answer", entry)


def _answer(
    request: Asked, entry: int, number: int | None, *, said: str = "", refused: str = "", refused_end: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    values = {
        "page": answer_page(entry, request.actor, request.at, number),
        "said": said,
        "refused": refused,
        "refused_end": refused_end,
        "errors": [pair for pair in (("words", refused), ("until", refused_end)) if pair[1]],
        "now": request.at,
    }
    return render(request, "answers/answer.html", values, status=status)


def _reports(request: Asked, *, failed: int = 0, refused: str = "", status: int = 200) -> HttpResponse:
    shown = reports_list(request.actor, request.GET, request.at)
    values = {
        "reports": shown,
        "failed": failed,
        "refused": refused,
        "errors": [(f"reason-{failed}", refused)] if refused else [],
        "now": request.at,
    }
    return render(request, "answers/reports.html", values, status=status)


def _end_of(text: str, at: datetime) -> datetime:
    """The end of the day that was written; of now for an empty field."""
    return day_end(text) if text.strip() else at


def _back(request: Asked, entry: int) -> str:
    """Where the press came from: a list of this face, else the entry."""
    names = {"reports": "answer_reports", "look": "answers_look"}
    name = names.get(request.POST.get("from", ""))
    return reverse(name) if name else reverse("answer", args=[entry])
