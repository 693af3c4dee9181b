"""Pages of the desk: parse, fetch, show. What they show is put together in `rows`, `casepage` and `whypage`."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.deskcase import CaseFile, case_file
from linli.cases.evidence import open_work_photo
from linli.cases.numbers import heard, is_number
from linli.cases.searching import BY_NEWEST
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from linli.kernel.keyset import after_of
from linli.organisations.selectors import organisation_names
from linli.web.base.errors import status_of
from linli.web.base.pages import CASE_WORK, Asked, page
from linli.web.base.refusals import refusal_words
from linli.web.base.stepform import NOTHING_SENT, PHOTOS, Sent
from linli.web.desk.casepage import case_page, step_title
from linli.web.desk.course import THEN, Course, course_with
from linli.web.desk.replying import USE
from linli.web.desk.searchpage import search_page
from linli.web.desk.stepping import (
    OPEN_PART,
    OpenForm,
    Posted,
    find_step,
    open_form,
    part_open,
    put_template,
    step_done,
)
from linli.web.desk.whypage import deadlines, matter_facts, owner_chain, rows_lost
from linli.web.outside.sheet import order_lines, order_sheet
from linli.web.register.reading import reader_of
from linli.web.signin.keeping import KEPT as SESSION_KEPT
from linli.web.signin.keeping import kept_fields

ROWS = 40


@page(CASE_WORK)
def find(request: Asked) -> HttpResponseBase:
    """A number typed into the search opens its case; words find the cases in which they stand."""
    asked = request.GET.get("q", "")
    if is_number(heard(asked)):
        return redirect(reverse("desk_case", args=[heard(asked)]))
    cursor = request.GET.get("after", "")
    after = after_of(BY_NEWEST, cursor) if cursor else None
    found = search_page(request.actor, request.GET, request.at, after=after, limit=ROWS)
    status = 200 if found.hits or not found.asked else 404
    return render(request, "desk/search.html", {"found": found, "now": request.at}, status=status)


@page(CASE_WORK)
def case(request: Asked, no: str) -> HttpResponse:
    """The page of a case; `?show=` filters what happened."""
    file = case_file(request.actor, no, request.at)
    return _case(request, file)


@page(CASE_WORK, methods=("GET", "POST"))
def step(request: Asked, no: str, step: str) -> HttpResponseBase:
    """A step's form, open on the page of its case; sent, it is taken and the page shows the case as it stands then."""
    file = case_file(request.actor, no, request.at)
    if step == OPEN_PART:
        return _open_part(request, file)
    wanted = find_step(file, step)
    if request.method == "GET":
        named = Sent({"into": [request.GET["into"]]}) if request.GET.get("into") else NOTHING_SENT
        kept = Sent(kept_fields(request, request.path)) if SESSION_KEPT in request.session else named
        return _case(request, file, form=open_form(file, wanted, request.actor, request.at, sent=kept))
    if "preview" in request.POST or USE in request.POST:
        sent = Sent(dict(request.POST.lists()))
        if USE in request.POST:
            sent = put_template(file, wanted, sent, request.actor, request.at)
        return _case(request, file, form=open_form(file, wanted, request.actor, request.at, sent=sent))
    try:
        posted = Posted(request.POST, request.FILES.getlist(PHOTOS))
        course = course_with(request.actor, request.GET, file.facts, request.at)
        done = step_done(file, wanted, request.actor, posted, request.at)
    except (RefusedError, ConflictError) as error:
        sent, words = Sent(dict(request.POST.lists())), refusal_words(error)
        form = open_form(file, wanted, request.actor, request.at, sent=sent, refusal=words)
        return _case(request, file, form=form, status=status_of(error))
    if isinstance(done, Sent):
        return _case(request, file, form=open_form(file, wanted, request.actor, request.at, sent=done), status=422)
    if done.order:
        return order_sheet(request, case_file(request.actor, no, request.at), done.order)
    messages.success(request, _("Done: {step}").format(step=step_title(file, step)))
    return _after(request, no, course)


@page(CASE_WORK, methods=("POST",))
def preview(request: Asked, no: str, step: str) -> HttpResponse:
    """What the resident will read, while somebody writes."""
    file = case_file(request.actor, no, request.at)
    form = open_form(file, find_step(file, step), request.actor, request.at, sent=Sent(dict(request.POST.lists())))
    return render(request, "desk/preview.html", {"form": form})


@page(CASE_WORK)
def photo(request: Asked, no: str, photo: int) -> HttpResponse:
    """A photo that a body took, for whoever may read the case; a reporter's has no address, it is opened."""
    file = case_file(request.actor, no, request.at)
    answer = HttpResponse(open_work_photo(photo, file.facts.id), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


def _case(
    request: Asked, file: CaseFile, *, form: OpenForm | None = None, opened: object = None, status: int = 200
) -> HttpResponse:
    show = request.GET.get("show", "all")
    shown = case_page(file, request.at, show)
    reader = reader_of(request.actor, request.at, also=(shown.owner_id,) if shown.owner_id else ())
    values = {
        "page": shown,
        "places_open": [code for code, _name in shown.crumbs if reader.may_place(code)],
        "owner_open": reader.may_body(shown.owner_id),
        "orders": order_lines(file, request),
        "form": form,
        "opened": opened,
        "show": show,
        "course": course_with(request.actor, request.GET, file.facts, request.at),
        "link": request.build_absolute_uri(reverse("desk_case", args=[file.facts.no])),
        "now": request.at,
    }
    return render(request, "desk/case.html", values, status=status)


def _after(request: Asked, no: str, course: Course) -> HttpResponseBase:
    """Back to the case; to the queue where the step took it out of this person's sight. The next one stays the next."""
    then = f"&{THEN}={course.behind}" if course.behind else ""
    try:
        case_file(request.actor, no, request.at)
    except NotFoundError:
        back = f"{course.ends}&cur={course.behind}" if course.carried else ""
        return redirect(reverse("desk_queue") + back)
    return redirect(reverse("desk_case", args=[no]) + (f"{course.ends}{then}" if course.carried else ""))


def _open_part(request: Asked, file: CaseFile) -> HttpResponseBase:
    """Open a reporter's identity, words or photos: the reason is written down first, then they are shown, once."""
    wanted = find_step(file, OPEN_PART)
    sent = Sent(dict((request.POST if request.method == "POST" else request.GET).lists()))
    if request.method == "GET":
        return _case(request, file, form=open_form(file, wanted, request.actor, request.at, sent=sent))
    try:
        content = part_open(file, request.actor, request.POST, request.at)
    except InputError as error:
        fields = error.data.get("fields")
        wrong = {str(k): str(v) for k, v in fields.items()} if isinstance(fields, dict) else {}
        form = open_form(file, wanted, request.actor, request.at, sent=Sent(sent.values, wrong))
        return _case(request, file, form=form, status=422)
    answer = _case(request, case_file(request.actor, file.facts.no, request.at), opened=content)
    answer["Cache-Control"] = "no-store"
    return answer


@page(CASE_WORK)
def why(request: Asked, no: str, what: str) -> HttpResponse:
    """Why this deadline, this owner, this matter."""
    file = case_file(request.actor, no, request.at)
    values: dict[str, object] = {"page": case_page(file, request.at), "what": what, "now": request.at}
    if what == "deadline":
        values["clocks"] = deadlines(file, request.at)
    elif what == "owner":
        names = organisation_names([file.facts.owner], request.at) if file.facts.owner else {}
        places = dict(case_page(file, request.at).crumbs)
        values |= {"chain": owner_chain(file, names, places), "lost": rows_lost(file)}
    elif what == "matter":
        values["chain"] = matter_facts(file)
    else:
        raise NotFoundError("There is no such question.", code="desk.no_why")
    return render(request, "desk/why.html", values)
