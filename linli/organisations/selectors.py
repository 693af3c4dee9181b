"""Reads of organisations: what stood when, who holds a duty, who is in charge of a post.

Holds the SQL fragments that other areas may join; they see no model of this area.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from django.db import connection
from django.db.models import F, Q, QuerySet

from linli.kernel.actors import Holding
from linli.organisations.domain import (
    DutyTable,
    Held,
    InCharge,
    OrganisationRef,
    PostRef,
    ShiftRef,
    StoodIn,
    duty_table_of,
    in_charge_of,
    place_prefix,
)
from linli.organisations.errors import OrganisationMissingError
from linli.organisations.models import Appointment, DutyLink, Organisation, Post, Shift, Stamp, StandIn, Standing
from linli.organisations.posts import sort_of
from linli.packs.selectors import LIVE_HASH_SQL

PLACE_PREFIX_SQL = "CASE WHEN length(p.place) = 6 AND right(p.place, 2) = '00' THEN left(p.place, 4) ELSE p.place END"
"""Prefix of all codes inside the place of post `p`."""

HOLDINGS_SQL = f"""
SELECT p.id AS post, p.role, p.organisation_id AS organisation, {PLACE_PREFIX_SQL} AS place,
       NULL::bigint AS stand_in_for
  FROM organisations_appointment a JOIN organisations_post p ON p.id = a.post_id
 WHERE a.account_id = %(account)s AND upper_inf(a.recorded) AND a.valid @> %(at)s::timestamptz
UNION ALL
SELECT p.id, p.role, p.organisation_id, {PLACE_PREFIX_SQL}, a.id
  FROM organisations_standin s
  JOIN organisations_appointment a ON a.id = s.appointment_id
  JOIN organisations_post p ON p.id = a.post_id
 WHERE s.account_id = %(account)s AND upper_inf(s.recorded) AND s.valid @> %(at)s::timestamptz
   AND upper_inf(a.recorded) AND a.valid @> %(at)s::timestamptz
"""  # noqa: S608 - put together from constants
"""Rows (post, role, organisation, place, stand_in_for) of account %(account)s at %(at)s, by appointment or for
somebody else; `place` is a prefix of all codes inside. Served by organisations_appointment_held and
organisations_standin_held."""

PARTIES_SQL = """
SELECT s.organisation_id AS organisation,
       CASE WHEN length(s.place) = 6 AND right(s.place, 2) = '00' THEN left(s.place, 4) ELSE s.place END AS place
  FROM organisations_standing s
 WHERE s.organisation_id = ANY(%(parties)s::bigint[]) AND upper_inf(s.recorded) AND s.valid @> %(at)s::timestamptz
"""
"""Rows (organisation, place) of those of the bodies %(parties)s that stand at %(at)s; `place` is a prefix."""


@dataclass(frozen=True, slots=True)
class AppointmentRef:
    """A live appointment: who holds which post, from when to when (None = open)."""

    id: int
    post: int
    account: int
    since: datetime | None
    until: datetime | None


_Link = tuple[str, str, int, datetime, datetime]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The duty links of one stamp, and the table made of them last, with the period in which it holds."""

    rows: tuple[_Link, ...]
    table: DutyTable
    since: datetime
    until: datetime


class _Process:
    """What this process keeps between look-ups; replaced whole, never changed in place."""

    kept: _Kept | None = None


Row = TypeVar("Row", Appointment, StandIn, DutyLink)

_MIN = datetime.min.replace(tzinfo=UTC)
_MAX = datetime.max.replace(tzinfo=UTC)


def stamp() -> int:
    """The number of the last change of organisations; look-up tables hold until it moves."""
    return Stamp.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def duty_table(at: datetime) -> DutyTable:
    """All duty links that hold at an instant; kept in the process while nothing changes: one small query then.

    Args:
        at: aware UTC.

    Returns:
        The table for pure look-ups.
    """
    number, kept = stamp(), _Process.kept
    if kept is None or kept.table.stamp != number:
        kept = _table_at(_duty_rows(), at, number)
    elif not kept.since <= at < kept.until:
        kept = _table_at(kept.rows, at, number)
    _Process.kept = kept
    return kept.table


def responsible(role: str, place: str, at: datetime) -> OrganisationRef | None:
    """Who holds a duty at a place: the link of the most specific place wins.

    Args:
        role: duty role, e.g. `duty.sanitation`.
        place: code of any tier; "" = everywhere.
        at: aware UTC.

    Returns:
        The body, or None.
    """
    holder = duty_table(at).holder(role, place)
    return organisations_at(at, [holder.organisation]).get(holder.organisation) if holder else None


def organisations_at(at: datetime, ids: Iterable[int] | None = None) -> dict[int, OrganisationRef]:
    """Bodies as they stood at an instant, by id.

    Args:
        at: aware UTC.
        ids: only these; all else.
    """
    rows = Standing.objects.filter(recorded__upper_inf=True, valid__contains=at)
    if ids is not None:
        rows = rows.filter(organisation_id__in=list(ids))
    values = rows.values_list("organisation_id", "organisation__key", "name", "kind", "line", "place", "parent_id")
    return {row[0]: OrganisationRef(*row) for row in values}


def organisation_at(organisation: int, at: datetime) -> OrganisationRef:
    """One body as it stood at an instant.

    Raises:
        OrganisationMissingError: it did not stand then.
    """
    found = organisations_at(at, [organisation]).get(organisation)
    if found is None:
        raise OrganisationMissingError("The body does not stand at that time.", data={"organisation": organisation})
    return found


def organisation_names(ids: Collection[int], at: datetime) -> dict[int, str]:
    """Names of bodies at an instant, by id; a body that did not stand then is left out."""
    rows = Standing.objects.filter(recorded__upper_inf=True, valid__contains=at, organisation_id__in=ids)
    return dict(rows.values_list("organisation_id", "name"))


def organisation_ids(keys: Iterable[str]) -> dict[str, int]:
    """Ids of bodies by key; unknown keys are left out."""
    return dict(Organisation.objects.filter(key__in=list(keys)).values_list("key", "id"))


def duties_of(organisation: int, at: datetime) -> dict[tuple[str, str], int]:
    """The duties a body holds at an instant: (role, place code) -> id of the link."""
    rows = _live_at(DutyLink.objects.filter(organisation_id=organisation), at)
    return {(role, place): link for link, role, place in rows.values_list("id", "duty_role", "place")}


def posts_of(organisation: int, at: datetime) -> dict[str, PostRef]:
    """The posts of a body at an instant, by key."""
    rows = Post.objects.filter(organisation_id=organisation, valid__contains=at).order_by("id")
    return {row.key: _post_ref(row) for row in rows}


def post_at(post: int, at: datetime) -> PostRef:
    """A post.

    Raises:
        OrganisationMissingError: there is no such post at that time.
    """
    row = Post.objects.filter(pk=post, valid__contains=at).first()
    if row is None:
        raise OrganisationMissingError("There is no such post at that time.", data={"post": post})
    return _post_ref(row)


def post_roles(posts: Collection[int]) -> dict[int, str]:
    """What posts do, by id, whether they stand today or not: for the posts in which something was done."""
    return dict(Post.objects.filter(pk__in=posts).values_list("pk", "role"))


def appointments_of(post: int, at: datetime) -> list[AppointmentRef]:
    """Who holds a post at an instant, the longest there first."""
    rows = _live_at(Appointment.objects.filter(post_id=post), at).order_by("valid", "id")
    return [AppointmentRef(r.pk, r.post_id, r.account_id, r.valid.lower, r.valid.upper) for r in rows]


def appointments_held(account: int, at: datetime) -> list[AppointmentRef]:
    """The appointments an account holds at an instant or will hold after it."""
    rows = Appointment.objects.filter(account_id=account, recorded__upper_inf=True).filter(
        Q(valid__contains=at) | Q(valid__startswith__gt=at)
    )
    return [AppointmentRef(r.pk, r.post_id, r.account_id, r.valid.lower, r.valid.upper) for r in rows.order_by("id")]


def stand_ins_of(account: int, at: datetime) -> list[int]:
    """Ids of the stand-ins that an account does at an instant or will do after it."""
    rows = StandIn.objects.filter(account_id=account, recorded__upper_inf=True).filter(
        Q(valid__contains=at) | Q(valid__startswith__gt=at)
    )
    return list(rows.order_by("id").values_list("id", flat=True))


def in_charge(post: int, at: datetime) -> InCharge:
    """Who acts in a post: a stand-in while there is one, else the holder, else whoever acts in the next named post.

    Args:
        post: id of the post.
        at: aware UTC.

    Returns:
        The account, the post in which it acts, and how; `nobody` when the whole chain is empty.
    """
    posts = _chain(post)
    ids = list(posts)
    live = _live_at(Appointment.objects.filter(post_id__in=ids), at).order_by("valid", "id")
    held = [Held(row.pk, row.post_id, row.account_id) for row in live]
    stood = _live_at(StandIn.objects.filter(appointment_id__in=[h.appointment for h in held]), at)
    return in_charge_of(ids, held, [StoodIn(row.appointment_id, row.account_id) for row in stood])


def holders(role: str, place: str, at: datetime) -> list[tuple[int, Holding]]:
    """Everybody who acts in a post of that role for exactly that place at an instant: (account, holding).

    Args:
        role: role of the posts.
        place: code of the posts' place; "" = everywhere.
        at: aware UTC.
    """
    return [(account, holding) for account, holding in _acting(Q(post__role=role, post__place=place), at)]


def all_holdings(at: datetime, organisations: Collection[int] | None = None) -> list[tuple[int, Holding]]:
    """Every (account, holding) at an instant, stand-ins included; of some bodies only where named."""
    return _acting(Q() if organisations is None else Q(post__organisation_id__in=organisations), at)


def holdings_of(accounts: Collection[int], at: datetime) -> list[tuple[int, Holding]]:
    """Every (account, holding) of those accounts at an instant, stand-ins included."""
    return [pair for pair in _acting(Q(), at, accounts) if pair[0] in accounts]


def on_duty(organisation: int, at: datetime) -> ShiftRef | None:
    """The shift of a desk at an instant, or None when the roster has none.

    Args:
        organisation: id of the body whose desk it is.
        at: aware UTC.
    """
    row = (
        Shift.objects.filter(organisation_id=organisation, recorded__upper_inf=True, valid__contains=at)
        .annotate(taken_by=F("hand_over__taken_by"))
        .first()
    )
    if row is None:
        return None
    return _shift_ref(row, row.taken_by)


def _shift_ref(row: Shift, taken_by: int | None) -> ShiftRef:
    period = row.valid
    return ShiftRef(
        row.pk, row.organisation_id, period.lower, period.upper, row.head_id, row.leader_id, row.substitute_id, taken_by
    )


def shift_after(organisation: int, at: datetime) -> ShiftRef | None:
    """The next shift of a desk that begins at or after an instant, or None when the roster has none."""
    rows = Shift.objects.filter(organisation_id=organisation, recorded__upper_inf=True, valid__startswith__gte=at)
    row = rows.order_by("valid").first()
    return _shift_ref(row, None) if row is not None else None


def empty_posts(at: datetime) -> list[PostRef]:
    """Posts that stand at an instant and have no holder, in the order of their ids."""
    held = _live_at(Appointment.objects.all(), at).values("post_id")
    return [_post_ref(row) for row in Post.objects.filter(valid__contains=at).exclude(pk__in=held).order_by("id")]


def _acting(where: Q, at: datetime, accounts: Collection[int] | None = None) -> list[tuple[int, Holding]]:
    held = _live_at(Appointment.objects.filter(where), at)
    stood = StandIn.objects.filter(recorded__upper_inf=True, valid__contains=at)
    if accounts is not None:
        held = held.filter(account_id__in=accounts)
        stood = stood.filter(account_id__in=accounts)
    else:
        stood = stood.filter(appointment__in=_live_at(Appointment.objects.filter(where), at))
    # columns alone: a city has ten thousand posts, and a sealed report asks for all of them
    own = held.order_by("id").values_list("account_id", *(f"post__{name}" for name in _POST_COLUMNS))
    other = stood.order_by("id").values_list(
        "account_id", *(f"appointment__post__{name}" for name in _POST_COLUMNS), "appointment_id"
    )
    rows = [*((*row, None) for row in own), *other]
    rules = _rules_at(at) if rows else None
    return [
        (account, Holding(post, role, body, place_prefix(place), stood_for, sort_of(role, rules, at)))
        for account, post, role, body, place, stood_for in rows
    ]


def _rules_at(at: datetime) -> str | None:
    """Hash of the widest rules that hold, which say what each kind of post is for."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {LIVE_HASH_SQL}", {"at": at})
        row = cursor.fetchone()
    return row[0] if row else None


_POST_COLUMNS = ("id", "role", "organisation_id", "place")


def _live_at(rows: QuerySet[Row], at: datetime) -> QuerySet[Row]:
    return rows.filter(recorded__upper_inf=True, valid__contains=at)


def _post_ref(row: Post) -> PostRef:
    return PostRef(row.pk, row.organisation_id, row.role, row.title, row.place, row.single, row.next_post_id)


def _chain(post: int) -> Mapping[int, None]:
    chain: dict[int, None] = {}
    step: int | None = post
    while step is not None and step not in chain:
        row = Post.objects.filter(pk=step).values_list("next_post_id", flat=True)
        if not row:
            raise OrganisationMissingError("There is no such post.", data={"post": step})
        chain[step] = None
        step = row[0]
    return chain


def _duty_rows() -> tuple[_Link, ...]:
    rows = DutyLink.objects.filter(recorded__upper_inf=True).values_list(
        "duty_role", "place", "organisation_id", "valid"
    )
    return tuple(
        (role, place, body, v.lower or _MIN, v.upper or _MAX) for role, place, body, v in rows if not v.isempty
    )


def _table_at(rows: tuple[_Link, ...], at: datetime, number: int) -> _Kept:
    edges = [edge for row in rows for edge in row[3:]]
    links = [(role, place, body) for role, place, body, since, until in rows if since <= at < until]
    table = duty_table_of(links, organisation_names({body for _, _, body in links}, at), number)
    since = max((edge for edge in edges if edge <= at), default=_MIN)
    return _Kept(rows, table, since, min((edge for edge in edges if edge > at), default=_MAX))
