"""The duty roster of a desk: shifts with a head, a leader on duty and a substitute; and the hand-over between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actors import Actor
from linli.organisations.changes import change, period
from linli.organisations.errors import OrganisationError, OrganisationMissingError
from linli.organisations.models import HandOver, Shift
from linli.organisations.policies import may_keep_roster


@dataclass(frozen=True, slots=True)
class ShiftDraft:
    """One stretch of a desk. Times are aware UTC; accounts are ids.

    Attributes:
        head: who leads the desk (值班长).
        leader: the leader on duty (带班领导).
        substitute: who steps in for the head.
        replaces: id of a live shift that this one takes the place of, when the roster is changed.
    """

    organisation: int
    place: str
    since: datetime
    until: datetime
    head: int
    leader: int
    substitute: int | None = None
    replaces: int | None = None


def shift_set(draft: ShiftDraft, actor: Actor, at: datetime) -> int:
    """Put a shift on the roster, in the place of another one where named.

    Args:
        draft: desk, period, people.
        actor: the head of the body or its desk, or who may appoint.
        at: the server's clock.

    Returns:
        Id of the shift.

    Raises:
        OrganisationConflictError: the desk has another shift then.
        OrganisationError: head and substitute are one.
        OrganisationMissingError: the shift to be replaced is not there.
    """
    with change(actor, at) as done:
        done.allow(may_keep_roster(actor, draft.organisation, draft.place))
        if draft.substitute == draft.head:
            raise OrganisationError("Head and substitute must be two people.", code="organisations.substitute")
        if draft.replaces is not None:
            done.close(_live_shift(draft.replaces, draft.organisation))
        row = Shift.objects.create(
            organisation_id=draft.organisation,
            head_id=draft.head,
            leader_id=draft.leader,
            substitute_id=draft.substitute,
            valid=period(draft.since, draft.until),
            recorded=done.live(),
        )
        data = {
            "shift": row.pk,
            "head": draft.head,
            "leader": draft.leader,
            "substitute": draft.substitute,
            "replaces": draft.replaces,
            "until": draft.until.isoformat(),
        }
        done.log(f"organisation:{draft.organisation}", "organisations.shift.set", data, draft.since)
        return row.pk


def shift_drop(shift: int, organisation: int, actor: Actor, at: datetime) -> None:
    """Take a shift that has not begun off the roster.

    Args:
        shift: id of the shift.
        organisation: id of the body whose desk it is.
        actor: see `shift_set`.
        at: the server's clock.

    Raises:
        OrganisationError: it has begun.
        OrganisationMissingError: no such live shift of this desk.
    """
    with change(actor, at) as done:
        done.allow(may_keep_roster(actor, organisation, ""))
        row = _live_shift(shift, organisation)
        if row.valid.lower <= at:
            raise OrganisationError("A shift that has begun stays on the roster.", code="organisations.shift_begun")
        done.close(row)
        done.log(f"organisation:{organisation}", "organisations.shift.dropped", {"shift": shift})


def hand_over(shift: int, taken_by: int, open_cases: int, actor: Actor, at: datetime) -> None:
    """The head of a shift hands the desk to the next: who took it, and how much was open.

    Args:
        shift: id of the shift that ends.
        taken_by: id of the account that takes the desk.
        open_cases: cases open on the desk, counted by the caller.
        actor: head or substitute of the shift.
        at: the server's clock.

    Raises:
        OrganisationConflictError: it was handed over already.
        OrganisationMissingError: no such live shift.
        OrganisationRefusedError: the actor keeps no roster of this desk and is not of this shift.
    """
    with change(actor, at) as done:
        row = Shift.objects.filter(pk=shift, recorded__upper_inf=True).first()
        if row is None:
            raise OrganisationMissingError("There is no such shift.", data={"shift": shift})
        if actor.ref.account is None or actor.ref.account not in (row.head_id, row.substitute_id):
            done.allow(may_keep_roster(actor, row.organisation_id, ""))
        HandOver.objects.create(shift=row, taken_by_id=taken_by, at=at, open_cases=open_cases)
        data = {"shift": shift, "taken_by": taken_by, "open_cases": open_cases}
        done.log(f"organisation:{row.organisation_id}", "organisations.shift.handed_over", data)


def _live_shift(shift: int, organisation: int) -> Shift:
    row = Shift.objects.filter(pk=shift, organisation_id=organisation, recorded__upper_inf=True).first()
    if row is None:
        raise OrganisationMissingError("There is no such shift.", data={"shift": shift})
    return row
