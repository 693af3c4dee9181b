"""Handing a desk from one shift to the next: what is handed on is written down, and the next takes it with one press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.journal.domain import PersonalDraft
from linli.journal.selectors import open_parts
from linli.journal.services import PersonalRef, write_personal
from linli.kernel.actors import Actor
from linli.organisations.changes import change
from linli.organisations.errors import (
    OrganisationConflictError,
    OrganisationError,
    OrganisationMissingError,
    OrganisationRefusedError,
)
from linli.organisations.models import HandOver, HandOverNote, Shift
from linli.organisations.policies import may_keep_roster, may_take_desk
from linli.organisations.selectors import organisation_at
from linli.packs.selectors import snapshot_for
from linli.rules.parameters import PersonalField
from linli.rules.resolver import rule_day

WORDS = PersonalField("roster.words")
MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Point:
    """Something that is open: what kind of it, how many cases, and the public numbers of the first of them."""

    what: str
    count: int
    nos: tuple[str, ...] = ()

    def as_row(self) -> dict[str, object]:
        """As the table keeps it."""
        return {"what": self.what, "count": self.count, "nos": list(self.nos)}


@dataclass(frozen=True, slots=True)
class Handed:
    """What the head of a shift wrote for the next. `words` is "" once they are erased."""

    shift: int
    by: int
    at: datetime
    points: tuple[Point, ...]
    words: str


def write_hand_over(shift: int, points: Sequence[Point], words: str, actor: Actor, at: datetime) -> None:
    """Write what is handed on; the next takes it with `take_over`.

    Args:
        shift: id of the shift that ends.
        points: what is open, found by the caller.
        words: for the next; they lie encrypted and are erased after the pack's days.
        actor: head or substitute of the shift, or who keeps the roster of the desk.
        at: the server's clock.

    Raises:
        OrganisationConflictError: it was written already.
        OrganisationError: the words are too long, or the shift has not begun.
        OrganisationMissingError: no such live shift.
        OrganisationRefusedError: it is another's shift.
    """
    if len(words) > MOST_WORDS:
        raise OrganisationError(
            "The words for the next shift are too long.", code="organisations.words_long", data={"most": MOST_WORDS}
        )
    account = _person(actor)
    with change(actor, at) as done:
        row = _live(shift)
        if account not in (row.head_id, row.substitute_id):
            done.allow(may_keep_roster(actor, row.organisation_id, ""))
        if row.valid.lower > at:
            raise OrganisationError("This shift has not begun.", code="organisations.shift_ahead")
        if HandOverNote.objects.filter(shift=row).exists():
            raise OrganisationConflictError("This shift has handed on already.", code="organisations.handed_on")
        part = _kept(row, words.strip(), at)
        HandOverNote.objects.create(
            shift=row,
            written_by_id=account,
            at=at,
            points=[point.as_row() for point in points],
            words=part.id if part else None,
        )
        told = {"shift": shift, "points": {point.what: point.count for point in points}}
        done.log(f"organisation:{row.organisation_id}", "organisations.shift.noted", told, part=part)


def take_over(shift: int, open_cases: int, actor: Actor, at: datetime) -> None:
    """Take the desk over from a shift that has handed on, or that has ended without a word.

    Args:
        shift: id of the shift that was before.
        open_cases: cases open on the desk, counted by the caller.
        actor: who takes it: somebody of the desk, not who handed it on.
        at: the server's clock.

    Raises:
        OrganisationConflictError: it was taken already.
        OrganisationError: the shift runs and nothing was handed on; or one would take from oneself.
        OrganisationMissingError: no such live shift.
        OrganisationRefusedError: the actor holds no post of this desk.
    """
    account = _person(actor)
    with change(actor, at) as done:
        row = _live(shift)
        done.allow(may_take_desk(actor, row.organisation_id))
        note = HandOverNote.objects.filter(shift=row).first()
        if note is None and row.valid.upper > at:
            raise OrganisationError("This shift has not handed on yet.", code="organisations.shift_runs")
        if account == (note.written_by_id if note else row.head_id):
            raise OrganisationError("Nobody takes a desk over from themselves.", code="organisations.own_shift")
        if HandOver.objects.filter(shift=row).exists():
            raise OrganisationConflictError("This shift was taken over already.", code="organisations.taken_over")
        HandOver.objects.create(shift=row, taken_by_id=account, at=at, open_cases=open_cases)
        data = {"shift": shift, "taken_by": account, "open_cases": open_cases}
        done.log(f"organisation:{row.organisation_id}", "organisations.shift.handed_over", data)


def handed_on(shift: int) -> Handed | None:
    """What was written for the shift after this one; None where nothing was."""
    row = HandOverNote.objects.filter(shift=shift).first()
    if row is None:
        return None
    content = open_parts([row.words]).get(row.words) if row.words is not None else None
    points = tuple(_point(one) for one in row.points)
    return Handed(shift, row.written_by_id, row.at, points, content.decode() if content else "")


def _person(actor: Actor) -> int:
    """The account of whoever acts: a desk is handed from one person to another."""
    if actor.ref.account is None:
        raise OrganisationRefusedError("A person hands a desk on.", code="organisations.no_person")
    return actor.ref.account


def _point(row: Mapping[str, object]) -> Point:
    nos, count = row["nos"], row["count"]
    return Point(str(row["what"]), count if isinstance(count, int) else 0, tuple(nos) if isinstance(nos, list) else ())


def _kept(shift: Shift, words: str, at: datetime) -> PersonalRef | None:
    if not words:
        return None
    place = organisation_at(shift.organisation_id, at).place
    period = snapshot_for(place, at).personal(WORDS.key)["period"]
    days = int(str(period["amount"])) if isinstance(period, Mapping) else 0
    last = rule_day(shift.valid.upper) + timedelta(days=days)
    subject = f"organisation:{shift.organisation_id}"
    (part,) = write_personal([PersonalDraft(subject, WORDS.key, words.encode(), last)], at)
    return part


def _live(shift: int) -> Shift:
    row = Shift.objects.filter(pk=shift, recorded__upper_inf=True).first()
    if row is None:
        raise OrganisationMissingError("There is no such shift.", data={"shift": shift})
    return row
