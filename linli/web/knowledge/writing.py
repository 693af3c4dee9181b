"""Pages on which answers are written: a new one, and a change that opens a new version."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.kernel.errors import ConflictError, InputError, NotFoundError
from linli.knowledge.domain import Entry
from linli.knowledge.policies import may_write
from linli.knowledge.queues import report_open, reports_of
from linli.knowledge.selectors import entry_at, versions_of
from linli.knowledge.services import entry_change, entry_open
from linli.web.base.errors import status_of
from linli.web.base.pages import Asked, page
from linli.web.base.refusals import refusal_words
from linli.web.knowledge.entering import Form, draft_of, form_of, numbers_of, sent_of, values_of, wrong_of
from linli.web.knowledge.lines import names_of
from linli.web.knowledge.listpage import writing_scope
from linli.web.knowledge.policies import READS


@page(READS, methods=("GET", "POST"))
def new(request: Asked) -> HttpResponseBase:
    """Write an answer that is not there; `?report=` answers a desk, `?like=` writes for another place what one says."""
    scope, rules = writing_scope(request.actor, request.at)
    values = sent_of(request.POST) if request.method == "POST" else _begun(request)
    wrong: Mapping[str, str] = {}
    if request.method == "POST":
        settles = numbers_of([values["report"]])
        try:
            draft = draft_of(values)
            made = entry_open(values["key"], values["place"], draft, request.actor, request.at, settles=settles)
        except (InputError, ConflictError) as error:
            wrong = wrong_of(error) if isinstance(error, InputError) else {"questions": refusal_words(error)}
        else:
            messages.success(request, _("The answer is there, from the day you gave."))
            return redirect("answer", made)
    form = form_of(values, request.actor, rules, scope, wrong=wrong)
    return _show(request, form, status=422 if wrong else 200)


@page(READS, methods=("GET", "POST"))
def change(request: Asked, entry: int) -> HttpResponseBase:
    """Change an answer: what it said before stays with its version."""
    scope, rules = writing_scope(request.actor, request.at)
    found = _entry(request, entry)
    if not may_write(request.actor, found.place, found.owner, rules):
        raise NotFoundError("Your posts do not write this answer.", code="knowledge.not_a_writer")
    status, refused, wrong = 200, "", dict[str, str]()
    values = sent_of(request.POST) if request.method == "POST" else values_of(found)
    settles = numbers_of(request.POST.getlist("settles"))
    if request.method == "POST":
        was = next(iter(numbers_of([values["was"]])), None)
        try:
            done = entry_change(entry, draft_of(values), request.actor, request.at, was=was, settles=settles)
        except (InputError, ConflictError) as error:
            status = 422 if isinstance(error, InputError) else status_of(error)
            wrong = wrong_of(error) if isinstance(error, InputError) else {}
            refused = "" if wrong else refusal_words(error)
        else:
            messages.success(request, _("Changed: a new version holds.") if done else _("Nothing was different."))
            return redirect("answer", entry)
    reports = reports_of(entry)
    form = form_of(
        values, request.actor, rules, scope, wrong=wrong,
        place_fixed=names_of([found], request.at).place(found.place), settles=[one.id for one in reports],
    )  # fmt: skip
    return _show(request, form, entry=found, reports=[one.words for one in reports], refused=refused, status=status)


def _begun(request: Asked) -> dict[str, str]:
    """What a new answer begins with: the question of a report, or what another place's answer says."""
    scope, _rules = writing_scope(request.actor, request.at)
    report = next(iter(numbers_of([request.GET.get("report", "")])), None)
    if report is not None and (found := report_open(report, scope)) and found.entry is None:
        return {"questions": found.asked, "report": str(found.id), "place": found.place}
    like = next(iter(numbers_of([request.GET.get("like", "")])), None)
    if like is not None and (entry := entry_at(like, request.at)):
        kept = {name: value for name, value in values_of(entry).items() if name not in ("place", "was", "owner")}
        return {**kept, "key": entry.key}
    return {"questions": request.GET.get("q", "")[:100]}


def _entry(request: Asked, entry: int) -> Entry:
    """The entry as it holds now, else its last version."""
    found = entry_at(entry, request.at) or next((one.entry for one in versions_of(entry, limit=1)), None)
    if found is None:
        raise NotFoundError("There is no such answer.", code="knowledge.missing")
    return found


def _show(
    request: Asked, form: Form, *, entry: Entry | None = None, reports: list[str] | None = None, refused: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    values = {"form": form, "entry": entry, "reports": reports or [], "refused": refused, "now": request.at}
    return render(request, "answers/form.html", values, status=status)
