"""Pages of what runs: jobs and outbox, the log, its seals, and health in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.access.selectors import account_ids, accounts
from linli.cases.health import open_among
from linli.journal.delivery import dead_rows, outbox_counts, retry_dead
from linli.journal.sealing import stored_seals
from linli.journal.seals import day_of
from linli.journal.search import Found, Search, entries_found
from linli.kernel.errors import InputError
from linli.organisations.selectors import organisation_names
from linli.web.administration.asking import Typed, day_in, day_start, typed
from linli.web.administration.healthpage import health_sentences
from linli.web.administration.jobs import job_rows
from linli.web.base.pages import ADMINISTERS, KEEPS_BODIES, READS_LOG, READS_RUNNING, Asked, page

ROWS = 100
SEALS = 100
KINDS = ("account", "api", "installation", "journal", "organisation", "pack", "place", "post")
"""Kinds of subjects that an auditor's search finds, besides cases that lie in no closed compartment."""


@page(READS_RUNNING, methods=("GET", "POST"))
def jobs(request: Asked) -> HttpResponseBase:
    """Regular work, and the outbox; what was given up can be tried again, by whoever keeps the system."""
    may_retry = KEEPS_BODIES.admits(request.actor)
    if request.method == "POST" and not may_retry:
        raise Http404
    if request.method == "POST":
        row = request.POST.get("row", "")
        count = retry_dead([int(row)] if row.isdecimal() else None, request.at)
        messages.success(request, _("Put back to be tried again: {n}").format(n=count))
        return redirect("admin_jobs")
    values = {
        "counts": outbox_counts(),
        "dead": dead_rows(),
        "jobs": job_rows(),
        "now": request.at,
        "may_retry": may_retry,
    }
    return render(request, "administration/jobs.html", values)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry as the search shows it."""

    at: datetime
    subject: str
    seq: int
    verb: str
    who: str
    body: str
    data: str
    hash: str


@page(READS_LOG)
def audit(request: Asked) -> HttpResponse:
    """Search the log."""
    form = typed(request.GET)
    rows: list[AuditRow] = []
    more = ""
    if {"subject", "verb", "who", "since"} & set(form.values):
        rows, more = _searched(request, form)
    asked = {name: form.values.get(name, "") for name in ("subject", "verb", "who", "since", "until")}
    values = {"rows": rows, "more": more, "form": form, "asked": asked, "now": request.at}
    return render(request, "administration/audit.html", values, status=422 if form.wrong else 200)


def _searched(request: Asked, form: Typed) -> tuple[list[AuditRow], str]:
    search = _search(form, request.at)
    if search is None or form.wrong:
        return [], ""
    try:
        found = entries_found(search, before=_before(form), limit=ROWS + 1)
    except InputError as error:
        form.wrong["subject" if error.code == "journal.subject" else "since"] = _(error.message)
        return [], ""
    more = ""
    if len(found) > ROWS:
        last = found[ROWS - 1]
        query = request.GET.copy()
        query["before"] = f"{last.entry.recorded_at.timestamp():.6f}_{last.id}"
        more = f"?{query.urlencode()}"
    return _rows(found[:ROWS], request.at), more


def _search(form: Typed, at: datetime) -> Search | None:
    today = day_of(at)
    since = day_in(form, "since") or (today - timedelta(days=6) if not form.values.get("subject") else date(2000, 1, 1))
    until = day_in(form, "until") or today
    account = None
    if name := form.values.get("who", ""):
        account = account_ids([name]).get(name)
        if account is None:
            form.wrong["who"] = _("There is no open account of that name.")
    if form.wrong:
        return None
    kinds = (*KINDS, "case")
    subject, verb = form.values.get("subject", ""), form.values.get("verb", "")
    return Search(kinds, day_start(since), day_start(until) + timedelta(days=1), subject, verb, account)


def _before(form: Typed) -> tuple[datetime, int] | None:
    at, _mark, id_ = form.values.get("before", "").partition("_")
    try:
        return (datetime.fromtimestamp(float(at), tz=day_start(date(2000, 1, 1)).tzinfo), int(id_)) if at else None
    except (ValueError, OverflowError):
        raise InputError(_("The address is not whole."), code="web.after") from None


def _rows(found: list[Found], at: datetime) -> list[AuditRow]:
    """Entries in words; those of cases in a closed compartment are not there for anybody here."""
    cases = {int(one.entry.subject[5:]) for one in found if one.entry.subject.startswith("case:")}
    seen = open_among(cases)
    kept = [
        one.entry for one in found if not one.entry.subject.startswith("case:") or int(one.entry.subject[5:]) in seen
    ]
    people = accounts({row.actor.account for row in kept if row.actor.account})
    bodies = organisation_names({row.organisation for row in kept if row.organisation}, at)
    kinds = {"system": _("the system"), "reporter": _("the reporter"), "key": _("a key"), "person": ""}
    return [
        AuditRow(
            at=row.recorded_at,
            subject=row.subject,
            seq=row.seq,
            verb=row.verb,
            who=" ".join(
                part
                for part in (
                    people[row.actor.account].name if row.actor.account in people else "",
                    kinds.get(row.actor.kind, ""),
                )
                if part
            ),
            body=bodies.get(row.organisation or 0, ""),
            data=_data(dict(row.data)),
            hash=row.hash.hex()[:12],
        )
        for row in kept
    ]


def _data(data: dict[str, object]) -> str:
    return "; ".join(f"{name} {value}" for name, value in sorted(data.items()))[:300]


@page(READS_LOG)
def seals(request: Asked) -> HttpResponse:
    """The seals, the latest first."""
    found = list(stored_seals())
    rows = [(one.day, one.entries, one.hash.hex()) for one in reversed(found[-SEALS:])]
    values = {"rows": rows, "count": len(found), "now": request.at}
    return render(request, "administration/seals.html", values)


@page(ADMINISTERS)
def health(request: Asked) -> HttpResponse:
    """How the system stands."""
    values = {"sentences": health_sentences(request.at), "now": request.at}
    return render(request, "administration/health.html", values)
