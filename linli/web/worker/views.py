"""Pages of whoever works outside: parse, fetch, call one service, show."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.deskcase import CaseFile, case_file
from linli.cases.evidence import open_work_photo
from linli.cases.inbox import BY_LIMIT
from linli.cases.notices import NEWEST, mark_read
from linli.cases.numbers import spoken
from linli.intake.events import Reported
from linli.journal.receipts import RECEIPTS_KEPT
from linli.kernel.errors import ConflictError, LinliError, NotFoundError, RefusedError
from linli.kernel.keyset import after_of
from linli.organisations.errors import OrganisationError
from linli.packs.selectors import installation_rules
from linli.web.base.errors import status_of
from linli.web.base.pages import Asked, page
from linli.web.base.refusals import refusal_words
from linli.web.base.stepform import NOTHING_SENT, PHOTOS, Sent
from linli.web.base.words import role_title
from linli.web.desk.casepage import step_title
from linli.web.desk.replying import USE
from linli.web.desk.stepping import Posted, find_step, open_form, put_template, step_take
from linli.web.signin.keeping import KEPT as SESSION_KEPT
from linli.web.signin.keeping import kept_fields
from linli.web.worker import reporting
from linli.web.worker.casepage import LEAVE, work_case
from linli.web.worker.handover import hand_over_page, post_hand_over, shift_hand_over
from linli.web.worker.inboxpage import inbox_page
from linli.web.worker.messagespage import deeds_page, messages_page, posts_held
from linli.web.worker.nearpage import near_page, point_sent
from linli.web.worker.policies import WORKER
from linli.web.worker.shell import show

ROWS = 30
BOTH = ("GET", "POST")
_SENT = "linli_worker_sent"


@page(WORKER)
def inbox(request: Asked) -> HttpResponse:
    """What is to be done, the nearest limit first."""
    cursor = request.GET.get("after", "")
    after = after_of(BY_LIMIT, cursor) if cursor else None
    return show(
        request, "inbox.html", {"inbox": inbox_page(request.actor, request.at, after=after, limit=ROWS)}, tab="in"
    )


@page(WORKER, methods=BOTH)
def near(request: Asked) -> HttpResponse:
    """What is around; a position comes in the body of a request and is forgotten with it."""
    if request.method == "GET":
        return show(request, "near.html", {"bands": None}, tab="near")
    point = point_sent(request.POST)
    bands = near_page(request.actor, point, request.at) if point else None
    return show(request, "near.html", {"bands": bands, "failed": point is None}, tab="near")


@page(WORKER, methods=BOTH)
def new(request: Asked) -> HttpResponseBase:
    """Report an event: by the form, or by what the phone kept until there was a network."""
    if request.method == "GET":
        return show(request, "new.html", {"form": reporting.new_form(request.actor, request.at)}, tab="new")
    by_script = request.headers.get("Accept", "").startswith("application/json")
    came = reporting.Sent(request.POST, request.FILES.getlist("photos"), request.actor, request.at)
    try:
        told = reporting.event_send(came)
    except reporting.WrongFieldsError as wrong:
        if by_script:
            return JsonResponse({"said": " ".join(wrong.fields.values())}, status=422)
        form = reporting.new_form(request.actor, request.at, wrong, request.POST)
        return show(request, "new.html", {"form": form}, tab="new", status=422)
    except (RefusedError, ConflictError) as error:
        if by_script:
            return JsonResponse({"said": refusal_words(error)}, status=status_of(error))
        refused = reporting.WrongFieldsError({"done": refusal_words(error)})
        form = reporting.new_form(request.actor, request.at, refused, request.POST)
        return show(request, "new.html", {"form": form}, tab="new", status=status_of(error))
    return _told(request, told, by_script=by_script)


def _told(request: Asked, told: Reported, *, by_script: bool) -> HttpResponseBase:
    like = reporting.like_readable(told, request.actor)
    request.session[_SENT] = {"no": told.no, "like": like}
    if by_script:
        said = _("Sent: {no}").format(no=spoken(told.no))
        return JsonResponse({"said": said, "no": told.no, "address": reverse("work_sent")}, status=201)
    return redirect("work_sent")


@page(WORKER)
def sent(request: Asked) -> HttpResponseBase:
    """What was reported last: its number, and a like one close by."""
    told = request.session.get(_SENT)
    if not told:
        return redirect("work_new")
    values = {"no": told["no"], "like": told["like"], "join_id": reporting.fresh_id()}
    readable = reporting.is_readable(told["no"], request.actor)
    return show(request, "sent.html", {**values, "readable": readable}, tab="new")


@page(WORKER, methods=BOTH)
def notices(request: Asked) -> HttpResponseBase:
    """Messages; sent, all that were on the page are read."""
    if request.method == "POST":
        upto = request.POST.get("upto", "")
        if upto.isascii() and upto.isdigit() and len(upto) < 19:
            mark_read(request.actor, int(upto))
        return redirect("work_messages")
    cursor = request.GET.get("after", "")
    after = after_of(NEWEST, cursor) if cursor else None
    return show(
        request, "messages.html", {"list": messages_page(request.actor, request.at, after=after, limit=ROWS)}, tab="msg"
    )


@page(WORKER)
def me(request: Asked) -> HttpResponse:
    """Oneself: posts, display, and one's own latest steps, seen by nobody else."""
    roles = [role_title(role) for role in posts_held(request.actor)]
    days = installation_rules(request.at)[RECEIPTS_KEPT]
    values = {"deeds": deeds_page(request.actor), "deeds_days": days, "roles": roles}
    return show(request, "me.html", values, tab="me")


@page(WORKER, methods=BOTH)
def handing_over(request: Asked) -> HttpResponseBase:
    """Hand over a shift, or one's post for some days."""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        act = shift_hand_over if "shift" in request.POST else post_hand_over
        try:
            wrong = act(request.POST, request.actor, request.at)
        except (OrganisationError, RefusedError, ConflictError) as error:
            wrong = {"account": refusal_words(error)}
        if not wrong:
            messages.success(request, _("Handed over."))
            return redirect("work_me")
    view = hand_over_page(request.actor, request.at, wrong)
    return show(request, "hand_over.html", {"view": view}, tab="me", status=422 if wrong else 200)


@page(WORKER)
def case(request: Asked, no: str) -> HttpResponse:
    """A case, in one thumb-length."""
    return _case(request, case_file(request.actor, no, request.at))


@page(WORKER)
def photo(request: Asked, no: str, photo: int) -> HttpResponse:
    """A photo that bodies took, for whoever may read the case."""
    file = case_file(request.actor, no, request.at)
    answer = HttpResponse(open_work_photo(photo, file.facts.id), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


@page(WORKER, methods=BOTH)
def step(request: Asked, no: str, step: str) -> HttpResponseBase:
    """A step's form on a page of its own; a step that asks for nothing comes straight from the case."""
    file = case_file(request.actor, no, request.at)
    try:
        wanted = find_step(file, step)
    except NotFoundError:
        if request.method == "GET":
            return redirect("work_case", file.facts.no)
        raise
    if request.method == "GET":
        kept = Sent(kept_fields(request, request.path)) if SESSION_KEPT in request.session else NOTHING_SENT
        return _form(request, file, step, kept)
    if USE in request.POST:
        sent = put_template(file, wanted, Sent(dict(request.POST.lists())), request.actor, request.at)
        return _form(request, file, step, sent)
    posted = Posted(request.POST, request.FILES.getlist(PHOTOS))
    try:
        wrong = step_take(file, wanted, request.actor, posted, request.at)
    except (RefusedError, ConflictError) as error:
        return _form(request, file, step, Sent(dict(request.POST.lists())), error)
    if wrong is not None:
        return _form(request, file, step, wrong, status=422)
    said = _("The desk knows. Nothing more is asked of you.") if step == LEAVE else _("Done: {step}")
    messages.success(request, said.format(step=step_title(file, step)))
    return _after(request, file.facts.no)


def _form(
    request: Asked, file: CaseFile, step: str, sent: Sent, error: LinliError | None = None, *, status: int = 200
) -> HttpResponse:
    wanted = find_step(file, step)
    refusal = refusal_words(error) if error else ""
    form = open_form(file, wanted, request.actor, request.at, sent=sent, refusal=refusal)
    values = {"form": form, "no": file.facts.no, "title": file.facts.title, "voices": file.voice_count}
    return show(request, "step.html", values, tab="in", status=status_of(error) if error else status)


def _case(request: Asked, file: CaseFile) -> HttpResponse:
    return show(request, "case.html", {"work": work_case(file, request.at)}, tab="in")


def _after(request: Asked, no: str) -> HttpResponseBase:
    """Back to the case; to the inbox where the step took it out of one's hands."""
    try:
        case_file(request.actor, no, request.at)
    except NotFoundError:
        return redirect("work")
    return redirect("work_case", no)
