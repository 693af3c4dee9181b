"""Pages of the ground, of bodies, of posts and of who holds them; what stood when, as known when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.access.selectors import account_ids, accounts
from linli.kernel.codes import Tier, place_code
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from linli.organisations.appointments import AppointmentDraft, appoint, appointment_end
from linli.organisations.known import Seat, View, Wanted, appointments_once, body_history, seat, seats
from linli.organisations.known import bodies as bodies_page
from linli.organisations.selectors import AppointmentRef, organisation_names
from linli.places.selectors import lineage_of, place_at, place_names, places_under
from linli.routing.gaps import gaps_at
from linli.web.administration.asking import Typed, address_with, after_in, day_in, day_start, typed, view_of
from linli.web.administration.duties import duty_titles
from linli.web.administration.files import bodies_workbook, places_workbook
from linli.web.base.errors import status_of
from linli.web.base.pages import KEEPS_ACCOUNTS, KEEPS_BODIES, KEEPS_POSTS, Asked, page
from linli.web.base.refusals import refusal_words
from linli.web.base.words import CHINA, local, role_title
from linli.web.base.workbook import download

ROWS = 100
_BELOW = {Tier.CITY: Tier.DISTRICT, Tier.DISTRICT: Tier.STREET, Tier.STREET: Tier.COMMUNITY, Tier.COMMUNITY: Tier.GRID}


@page(KEEPS_BODIES)
def places(request: Asked) -> HttpResponse:
    """The places right under one, on a day; of a grid what it came from."""
    view = view_of(request.GET, request.at)
    under = request.GET.get("under", "")
    here = place_at(under, view.at) if under else None
    if under and here is None:
        raise Http404
    tier = _BELOW.get(here.tier) if here else Tier.CITY
    rows = places_under(under, view.at, tier) if tier else []
    parents = [one for one in _parents(under) if one != under]
    values = {
        "here": here,
        "rows": rows,
        "crumbs": sorted(place_names(parents, view.at).items(), key=lambda pair: len(pair[0])),
        "lineage": lineage_of(under, datetime(2000, 1, 1, tzinfo=CHINA), view.at)
        if here and here.tier is Tier.GRID
        else (),
    }
    return _shown(request, "places", values)


@page(KEEPS_BODIES)
def places_file(request: Asked) -> FileResponse:
    """The places below one, of every tier, as an Excel file."""
    under, view = request.GET.get("under", ""), view_of(request.GET, request.at)
    here = place_at(under, view.at) if under else None
    if under and here is None:
        raise Http404
    file = places_workbook(here, view, request.actor, request.at)
    return download(file, f"places-{local(request.at):%Y%m%d-%H%M}.xlsx")


def _parents(code: str) -> list[str]:
    return (
        [code[:4] + "00", *(code[:digits] for digits in (6, 9, 12) if len(code) > digits)]
        if len(code) > 6
        else ([code[:4] + "00"] if code and not code.endswith("00") else [])
    )


@page(KEEPS_BODIES)
def organisations(request: Asked) -> HttpResponse:
    """Bodies by place and name."""
    view = view_of(request.GET, request.at)
    rows = bodies_page(_wanted(request), view, after=after_in(request.GET), limit=ROWS + 1)
    more = address_with(request.GET, after=rows[ROWS - 1].id) if len(rows) > ROWS else ""
    return _shown(request, "organisations", {"rows": rows[:ROWS], "more": more})


@page(KEEPS_BODIES)
def organisations_file(request: Asked) -> FileResponse:
    """The same bodies as an Excel file."""
    file = bodies_workbook(_wanted(request), view_of(request.GET, request.at), request.actor, request.at)
    return download(file, f"organisations-{local(request.at):%Y%m%d-%H%M}.xlsx")


@page(KEEPS_BODIES)
def organisation(request: Asked, organisation: int) -> HttpResponse:
    """One body: what it was called when, and its posts."""
    view = view_of(request.GET, request.at)
    history = body_history(organisation, view.known)
    if not history:
        raise Http404
    held = seats(Wanted(organisation=organisation), view, limit=ROWS)
    parents = {one.parent for one, _since, _until in history if one.parent}
    values = {
        "body": history[0][0],
        "history": history,
        "parents": organisation_names(parents, view.at) if parents else {},
        "seats": _seat_rows(held, {}, view.at),
    }
    return _shown(request, "organisation", values)


@page(KEEPS_BODIES)
def gaps(request: Asked) -> HttpResponse:
    """What is missing at a place."""
    place = _place(request)
    found = gaps_at(place, request.at) if place else None
    duties = duty_titles(found.duties, request.at) if found else []
    return _shown(request, "gaps", {"found": found, "duties": duties, "place": place})


@page(KEEPS_POSTS)
def posts(request: Asked) -> HttpResponse:
    """Posts with their holders."""
    view = view_of(request.GET, request.at)
    wanted = Wanted(_place(request), request.GET.get("q", "").strip(), empty_only="empty" in request.GET)
    found = seats(wanted, view, after=after_in(request.GET), limit=ROWS + 1)
    more = address_with(request.GET, after=found[ROWS - 1].post.id) if len(found) > ROWS else ""
    names = organisation_names({one.post.organisation for one in found}, view.at)
    return _shown(request, "posts", {"seats": _seat_rows(found[:ROWS], names, view.at), "more": more})


@page(KEEPS_POSTS)
def post(request: Asked, post: int) -> HttpResponse:
    """One post: who held it when, and the form by which somebody is appointed."""
    return _post(request, post, Typed({}))


@page(KEEPS_ACCOUNTS, methods=("POST",))
def appoint_to(request: Asked, post: int) -> HttpResponseBase:
    """Appoint somebody."""
    form = typed(request.POST)
    since, until = day_in(form, "since"), day_in(form, "until")
    name = form.values.get("account", "")
    account = account_ids([name]).get(name)
    if account is None:
        form.wrong["account"] = _("There is no open account of that name.")
    if form.wrong or account is None:
        return _post(request, post, form, status=422)
    # A day that has begun is meant from now on: nobody had the post this morning unnoticed.
    start = max(day_start(since), request.at) if since else request.at
    draft = AppointmentDraft(post, account, start, day_start(until) if until else None)
    try:
        appoint(draft, request.actor, request.at)
    except (InputError, ConflictError, RefusedError, NotFoundError) as error:
        form.wrong["account"] = refusal_words(error)
        return _post(request, post, form, status=status_of(error))
    messages.success(request, _("Appointed."))
    return redirect("admin_post", post)


@page(KEEPS_ACCOUNTS, methods=("POST",))
def end_appointment(request: Asked, post: int, appointment: int) -> HttpResponseBase:
    """End an appointment now; the rights end with it."""
    form = typed(request.POST)
    until = day_in(form, "until")
    if form.wrong:
        return _post(request, post, form, status=422)
    end = max(day_start(until), request.at) if until else request.at
    appointment_end(appointment, request.actor, end, request.at)
    messages.success(request, _("The appointment ends; the rights end with it."))
    return redirect("admin_post", post)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a post: the appointment, the name, and whether it holds, is to come, or is over."""

    held: AppointmentRef
    name: str
    account: int
    state: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A post as a row."""

    id: int
    title: str
    role: str
    body: str
    organisation: int
    place: str
    single: bool
    holders: tuple[Holder, ...]
    stand_ins: tuple[str, ...]


def _seat_rows(found: list[Seat], bodies: dict[int, str], at: datetime) -> list[SeatRow]:
    ids = {held.account for one in found for held in one.held} | {a for one in found for a in one.stand_ins}
    people = {key: ref.display_name or ref.name for key, ref in accounts(ids).items()} if ids else {}
    return [
        SeatRow(
            one.post.id, one.post.title, role_title(one.post.role), bodies.get(one.post.organisation, ""),
            one.post.organisation, one.post.place, one.post.single,
            tuple(_holder(held, people, at) for held in one.held),
            tuple(people.get(account, "") for account in one.stand_ins),
        )
        for one in found
    ]  # fmt: skip


def _holder(held: AppointmentRef, people: dict[int, str], at: datetime) -> Holder:
    over = held.until is not None and held.until <= at
    coming = held.since is not None and held.since > at
    return Holder(held, people.get(held.account, ""), held.account, "coming" if coming else "over" if over else "holds")


def _post(request: Asked, post: int, form: Typed, status: int = 200) -> HttpResponse:
    view = view_of(request.GET, request.at)
    found = seat(post, View(view.at, view.known))
    if found is None:
        raise Http404
    once = appointments_once(post, view.known)
    people = {key: ref.display_name or ref.name for key, ref in accounts({one.account for one in once}).items()}
    (row,) = _seat_rows([found], organisation_names([found.post.organisation], view.at), view.at)
    values = {
        "seat": row,
        "history": [_holder(one, people, view.at) for one in once],
        "form": form,
        "may_appoint": KEEPS_ACCOUNTS.admits(request.actor),
    }
    return _shown(request, "post", values, status)


def _wanted(request: Asked) -> Wanted:
    return Wanted(place=_place(request), words=request.GET.get("q", "").strip())


def _place(request: Asked) -> str:
    text = request.GET.get("place", "").strip()
    return str(place_code(text)) if text else ""


def _shown(request: Asked, template: str, values: Mapping[str, object], status: int = 200) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("place", "q", "on", "known", "under")}
    shown = {**values, "asked": asked, "now": request.at}
    return render(request, f"administration/{template}.html", shown, status=status)
