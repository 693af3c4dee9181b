"""Bodies, posts and who holds them, page by page, as they stood at one instant and as they were known at another.

`at` is when a thing held in the world, `known` when this system held it for true: "who was head on 1 March, as we knew it on
31 December". Is not: who may do what now (`selectors`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.organisations.domain import OrganisationRef, PostRef, place_prefix
from linli.organisations.models import Appointment, Post, StandIn, Standing
from linli.organisations.selectors import AppointmentRef


@dataclass(frozen=True, slots=True)
class View:
    """The two times of a page, aware UTC; equal for what holds now, as known now."""

    at: datetime
    known: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: a place with all below it, and words of a name, title or role. "" = any."""

    place: str = ""
    words: str = ""
    role: str = ""
    organisation: int | None = None
    empty_only: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """A post with who holds it in that view, and who stands in for them (account ids)."""

    post: PostRef
    held: tuple[AppointmentRef, ...]
    stand_ins: tuple[int, ...]


def bodies(wanted: Wanted, view: View, *, after: int = 0, limit: int = 100) -> list[OrganisationRef]:
    """Bodies by id, the first ones behind `after`."""
    rows = Standing.objects.filter(_in_view(view), organisation_id__gt=after)
    if wanted.place:
        rows = rows.filter(place__startswith=place_prefix(wanted.place))
    if wanted.words:
        rows = rows.filter(name__contains=wanted.words)
    return [
        OrganisationRef(
            row.organisation_id, row.organisation.key, row.name, row.kind, row.line, row.place, row.parent_id
        )
        for row in rows.select_related("organisation").order_by("organisation_id")[:limit]
    ]


def body_history(organisation: int, known: datetime) -> list[tuple[OrganisationRef, datetime | None, datetime | None]]:
    """What a body was from when to when, the latest first, as known at an instant."""
    rows = Standing.objects.filter(organisation_id=organisation, recorded__contains=known).select_related(
        "organisation"
    )
    return [
        (
            OrganisationRef(organisation, row.organisation.key, row.name, row.kind, row.line, row.place, row.parent_id),
            row.valid.lower,
            row.valid.upper,
        )
        for row in rows.order_by("-valid")
    ]


def seats(wanted: Wanted, view: View, *, after: int = 0, limit: int = 100) -> list[Seat]:
    """Posts by id with their holders, the first ones behind `after`: three statements.

    Appointments that begin later are shown too where the view is of now, so that one can be taken back.
    """
    posts = list(_posts(wanted, view).filter(pk__gt=after).order_by("id")[:limit])
    held = _held([row.pk for row in posts], view)
    stood = StandIn.objects.filter(_in_view(view), appointment_id__in=[one.id for one in held])
    acting = {row.appointment_id: row.account_id for row in stood}
    return [
        Seat(
            _post(row),
            tuple(one for one in held if one.post == row.pk),
            tuple(acting[one.id] for one in held if one.post == row.pk and one.id in acting),
        )
        for row in posts
    ]


def seat(post: int, view: View) -> Seat | None:
    """One post; None where there is none at that time."""
    row = Post.objects.filter(pk=post, valid__contains=view.at).first()
    if row is None:
        return None
    held = _held([post], view)
    stood = StandIn.objects.filter(_in_view(view), appointment_id__in=[one.id for one in held])
    return Seat(_post(row), tuple(held), tuple(stood.values_list("account_id", flat=True)))


def appointments_once(post: int, known: datetime) -> list[AppointmentRef]:
    """Every appointment to a post, past ones too, the latest first, as known at an instant."""
    rows = Appointment.objects.filter(post_id=post, recorded__contains=known).order_by("-valid", "-id")
    return [_appointment(row) for row in rows]


def posts_empty(at: datetime) -> int:
    """How many posts stand at an instant and have no holder."""
    return _posts(Wanted(empty_only=True), View(at, at)).count()


def _posts(wanted: Wanted, view: View) -> QuerySet[Post]:
    rows = Post.objects.filter(valid__contains=view.at)
    if wanted.organisation is not None:
        rows = rows.filter(organisation_id=wanted.organisation)
    if wanted.place:
        rows = rows.filter(place__startswith=place_prefix(wanted.place))
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.words:
        named = Standing.objects.filter(_in_view(view), organisation=OuterRef("organisation"))
        rows = rows.filter(Q(title__contains=wanted.words) | Exists(named.filter(name__contains=wanted.words)))
    if wanted.empty_only:
        rows = rows.filter(~Exists(Appointment.objects.filter(_in_view(view), post=OuterRef("pk"))))
    return rows


def _held(posts: Collection[int], view: View) -> list[AppointmentRef]:
    holds = Q(recorded__contains=view.known) & (Q(valid__contains=view.at) | Q(valid__startswith__gt=view.at))
    rows: Iterable[Appointment] = Appointment.objects.filter(holds, post_id__in=posts).order_by("valid", "id")
    return [_appointment(row) for row in rows]


def _in_view(view: View) -> Q:
    return Q(recorded__contains=view.known, valid__contains=view.at)


def _appointment(row: Appointment) -> AppointmentRef:
    return AppointmentRef(row.pk, row.post_id, row.account_id, row.valid.lower, row.valid.upper)


def _post(row: Post) -> PostRef:
    return PostRef(row.pk, row.organisation_id, row.role, row.title, row.place, row.single, row.next_post_id)
