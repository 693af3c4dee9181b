"""The duty roster of a desk as it is read: the shifts of some days, and the one that waits to be taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, QuerySet

from linli.organisations.domain import ShiftRef
from linli.organisations.models import Shift

MOST_SHIFTS = 100
"""More shifts of one desk are not read for a page of a week."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift with how it was handed on: `noted` somebody wrote what is open, `taken_at` somebody took it."""

    shift: ShiftRef
    noted: bool
    taken_at: datetime | None


def shifts_between(organisation: int, since: datetime, until: datetime) -> list[Turn]:
    """The shifts of a desk that touch `[since, until)`, in their order; index organisations_shift_one_at_a_time.

    Args:
        organisation: id of the body whose desk it is.
        since: first instant, aware.
        until: the instant after the last, aware.
    """
    period = DateTimeTZRange(since, until)
    return [_turn(row) for row in _shifts(organisation).filter(valid__overlap=period).order_by("valid")[:MOST_SHIFTS]]


def last_begun(organisation: int, at: datetime) -> Turn | None:
    """The latest shift of a desk that has begun: the one that runs, or the one that ended last; None without any."""
    row = _shifts(organisation).filter(valid__startswith__lte=at).order_by("-valid").first()
    return _turn(row) if row is not None else None


def waiting_before(organisation: int, since: datetime) -> Turn | None:
    """The shift that ended last before an instant; None without any.

    Args:
        organisation: id of the body whose desk it is.
        since: aware; usually the beginning of the shift that runs.
    """
    row = _shifts(organisation).filter(valid__endswith__lte=since).order_by("-valid").first()
    return _turn(row) if row is not None else None


def _shifts(organisation: int) -> QuerySet[Shift]:
    rows = Shift.objects.filter(organisation_id=organisation, recorded__upper_inf=True)
    return rows.annotate(taken_by=F("hand_over__taken_by"), taken_at=F("hand_over__at"), note_of=F("note__pk"))


def _turn(row: Shift) -> Turn:
    found = vars(row)
    period = row.valid
    ref = ShiftRef(
        row.pk,
        row.organisation_id,
        period.lower,
        period.upper,
        row.head_id,
        row.leader_id,
        row.substitute_id,
        found["taken_by"],
    )
    return Turn(ref, found["note_of"] is not None, found["taken_at"])
