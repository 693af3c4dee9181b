"""Bodies, posts and who holds them, page by page, as they stood at one instant and as they were known at another.

`at` is when a thing held in the world, `known` when this system held it for true: "who was head on 1 March, as we knew it on
31 December". Is not: who may do what now (`selectors`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.organisations.domain import Held, OrganisationRef, PostRef, StoodIn, in_charge_of, place_prefix
from linli.organisations.models import Appointment, DutyLink, Post, StandIn, Standing
from linli.organisations.selectors import AppointmentRef


@dataclass(frozen=True, slots=True)
class View:
    """The two times of a page, aware UTC; equal for what holds now, as known now."""

    at: datetime
    known: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: a place with all below it, and words of a name, title or role. "" = any.

    `here_only` leaves out what lies below the place.
    """

    place: str = ""
    words: str = ""
    role: str = ""
    organisation: int | None = None
    empty_only: bool = False
    here_only: bool = False


@dataclass(frozen=True, slots=True)
class StandInRef:
    """Who stands in for the holder of an appointment, from when to when."""

    appointment: int
    account: int
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A post with who holds it in that view, and who stands in for them (account ids; `stood` with the dates)."""

    post: PostRef
    held: tuple[AppointmentRef, ...]
    stand_ins: tuple[int, ...]
    stood: tuple[StandInRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Instead:
    """Who acts for a post without a holder: an account, in the next named post that has one."""

    account: int
    post: PostRef


@dataclass(frozen=True, slots=True)
class DutyRef:
    """A duty that a body holds at a place, from when to when."""

    id: int
    role: str
    place: str
    since: datetime | None
    until: datetime | None


def bodies(wanted: Wanted, view: View, *, after: int = 0, limit: int = 100) -> list[OrganisationRef]:
    """Bodies by id, the first ones behind `after`."""
    rows = Standing.objects.filter(_in_view(view), organisation_id__gt=after)
    if wanted.place:
        rows = rows.filter(_at_place(wanted))
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
    acting = {row.appointment_id: _stand_in(row) for row in stood}
    return [
        Seat(
            _post(row),
            tuple(one for one in held if one.post == row.pk),
            tuple(acting[one.id].account for one in held if one.post == row.pk and one.id in acting),
            tuple(acting[one.id] for one in held if one.post == row.pk and one.id in acting),
        )
        for row in posts
    ]


def acting_instead(posts: Collection[PostRef], view: View) -> dict[int, Instead]:
    """Who acts in posts that nobody holds, by id of the post; posts for which nobody does are left out.

    All posts go one step along their chains together: a statement a step, and two for who acts.
    """
    known = {post.id: post for post in posts}
    ahead = {post.next_post for post in posts if post.next_post}
    while ahead - known.keys():
        rows = [_post(row) for row in Post.objects.filter(pk__in=ahead - known.keys(), valid__contains=view.at)]
        known |= {row.id: row for row in rows}
        ahead = {row.next_post for row in rows if row.next_post}
    held = [Held(one.id, one.post, one.account) for one in _held(known, view) if _has_begun(one, view.at)]
    rows_in = StandIn.objects.filter(_in_view(view), appointment_id__in=[one.appointment for one in held])
    stood = [StoodIn(row.appointment_id, row.account_id) for row in rows_in]
    found: dict[int, Instead] = {}
    for post in posts:
        acts = in_charge_of(_chain_in(post, known), held, stood)
        if acts.account is not None and acts.post != post.id:
            found[post.id] = Instead(acts.account, known[acts.post])
    return found


def duties_in(organisation: int, view: View, *, after: int = 0, limit: int = 100) -> list[DutyRef]:
    """The duties of a body by id, the first ones behind `after`."""
    rows = DutyLink.objects.filter(_in_view(view), organisation_id=organisation, pk__gt=after).order_by("id")[:limit]
    return [DutyRef(row.pk, row.duty_role, row.place, row.valid.lower, row.valid.upper) for row in rows]


def _chain_in(post: PostRef, known: Mapping[int, PostRef]) -> list[int]:
    chain: dict[int, None] = {}
    step: PostRef | None = post
    while step is not None and step.id not in chain:
        chain[step.id] = None
        step = known.get(step.next_post) if step.next_post else None
    return list(chain)


def _has_begun(one: AppointmentRef, at: datetime) -> bool:
    return one.since is None or one.since <= at


def _stand_in(row: StandIn) -> StandInRef:
    return StandInRef(row.appointment_id, row.account_id, row.valid.lower, row.valid.upper)


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
        rows = rows.filter(_at_place(wanted))
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


def _at_place(wanted: Wanted) -> Q:
    return Q(place=wanted.place) if wanted.here_only else Q(place__startswith=place_prefix(wanted.place))


def _in_view(view: View) -> Q:
    return Q(recorded__contains=view.known, valid__contains=view.at)


def _appointment(row: Appointment) -> AppointmentRef:
    return AppointmentRef(row.pk, row.post_id, row.account_id, row.valid.lower, row.valid.upper)


def _post(row: Post) -> PostRef:
    return PostRef(row.pk, row.organisation_id, row.role, row.title, row.place, row.single, row.next_post_id)
