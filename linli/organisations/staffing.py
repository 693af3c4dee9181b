"""Posts of several bodies, and who holds several posts from now on: two queries, however many there are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from linli.organisations.domain import PostRef
from linli.organisations.models import Appointment, Post
from linli.organisations.selectors import AppointmentRef


def posts_of_bodies(bodies: Collection[int], at: datetime) -> dict[int, list[PostRef]]:
    """Posts by body, at an instant; a body without posts is left out.

    Args:
        bodies: ids.
        at: aware UTC.
    """
    found: dict[int, list[PostRef]] = {}
    rows = Post.objects.filter(organisation_id__in=list(bodies), valid__contains=at).order_by("id")
    for row in rows:
        ref = PostRef(row.pk, row.organisation_id, row.role, row.title, row.place, row.single, row.next_post_id)
        found.setdefault(row.organisation_id, []).append(ref)
    return found


def holders_from(posts: Collection[int], at: datetime) -> dict[int, list[AppointmentRef]]:
    """Who holds these posts now or later, by post; a post that nobody will hold is left out.

    Args:
        posts: ids.
        at: aware UTC.
    """
    found: dict[int, list[AppointmentRef]] = {}
    open_or_later = Q(valid__upper_inf=True) | Q(valid__endswith__gt=at)
    rows = Appointment.objects.filter(open_or_later, post_id__in=list(posts), recorded__upper_inf=True)
    for row in rows.order_by("valid", "id"):
        ref = AppointmentRef(row.pk, row.post_id, row.account_id, row.valid.lower, row.valid.upper)
        found.setdefault(row.post_id, []).append(ref)
    return found
