"""What the holder of a private link does: a step of the procedure, with the photos that belong to it, in one transaction.

Is: the link looked up, the step taken as that voice. Is not: a right of its own; the procedure says what a reporter may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.decide import denial
from linli.cases.drafts import CaseDraft, Opened, StepResult
from linli.cases.engine import take_step
from linli.cases.evidence import NOBODY, Holder, attach
from linli.cases.numbers import token_hash
from linli.cases.opening import open_cases
from linli.cases.reading import run
from linli.cases.relations import NOT_SEEN
from linli.kernel.actors import ActorRef

_HEARD = (
    "SELECT c.no, c.place, array(SELECT v.id FROM cases_voice v WHERE v.case_id = c.id ORDER BY v.id)"
    " FROM cases_case c WHERE c.id = %(case)s AND c.compartment = 'open'"
)
_COMPARTMENT = "SELECT compartment FROM cases_case WHERE id = %(case)s"
_LINK = "SELECT id, case_id, home_id FROM cases_voice WHERE token = %(token)s"


@dataclass(frozen=True, slots=True)
class Link:
    """What a private link opens: a voice, the case where it counts, and the one it came with."""

    voice: int
    case: int
    home: int

    @property
    def actor(self) -> ActorRef:
        """The reporter behind the link."""
        return ActorRef("reporter", voice=self.voice)

    @property
    def is_joined(self) -> bool:
        """Whether the voice counts in another case than its own."""
        return self.case != self.home


@dataclass(frozen=True, slots=True)
class Said:
    """A step asked for by a reporter, with the photos that it names."""

    step: str
    form: Mapping[str, object]
    photos: Sequence[int] = ()
    holder: Holder = NOBODY


def link_of(token: str) -> Link:
    """What a private link opens.

    Raises:
        NotFoundError: no such link.
    """
    row = run(_LINK, {"token": token_hash(token)}).fetchone()
    if row is None:
        raise denial(NOT_SEEN)
    return Link(*row)


def compartment_of(link: Link) -> str:
    """Where the matter of a link lies: `open`, `sealed` or `protected`."""
    row = run(_COMPARTMENT, {"case": link.home}).fetchone()
    if row is None:
        raise denial(NOT_SEEN)
    return str(row[0])


def take_as_reporter(case: int, link: Link, said: Said, *, request_id: UUID, at: datetime) -> StepResult:
    """Take a step of one's own matter; the photos become its evidence, or nothing happens at all.

    Args:
        case: the voice's own case, or the one it was joined to.
        link: who asks.
        said: step, form, photos.
        request_id: see `take_step`.
        at: the server's clock.

    Raises:
        LinliError: see `take_step`; InputError also for a photo that is not the reporter's.
    """
    form = {**said.form, **({"evidence": list(said.photos)} if said.photos else {})}
    with transaction.atomic():
        result = take_step(case, said.step, link.actor, form, request_id=request_id, at=at)
        if said.photos and not result.repeated:
            attach(said.photos, said.holder, case, side="reporter", voice=link.voice)
    return result


def open_for_resident(draft: CaseDraft, photos: Sequence[int], holder: Holder, *, at: datetime) -> Opened:
    """Open a resident's case; the photos are its evidence from the first moment, and the log says so.

    Args:
        draft: with a voice.
        photos: ids, kept by `holder`.
        holder: the draft's secret.
        at: the server's clock.

    Raises:
        LinliError: see `open_cases`; InputError also for a photo that is not the reporter's.
    """
    with transaction.atomic():
        (opened,) = open_cases([draft], ActorRef("reporter"), at=at)
        if photos and not opened.known:
            link = link_of(opened.token)
            said = Said("add", {}, photos, holder)
            take_as_reporter(opened.case, link, said, request_id=UUID(bytes=holder.draft[:16]), at=at)
    return opened


def bodies_ever(case: int) -> tuple[int, ...]:
    """Every body that ever had a case before it: kept away from what its reporter says of them."""
    rows = run("SELECT DISTINCT organisation FROM cases_assignment WHERE case_id = %(case)s ORDER BY 1", {"case": case})
    return tuple(row[0] for row in rows.fetchall())


@dataclass(frozen=True, slots=True)
class Heard:
    """A matter that is open to its desk: its number, its place, and the voices heard in it."""

    no: str
    place: str
    voices: tuple[int, ...]


def matter_heard(case: int) -> Heard | None:
    """A matter and its voices, by number alone; None for one in a closed compartment, whose receiver has it already."""
    row = run(_HEARD, {"case": case}).fetchone()
    return Heard(row[0], row[1], tuple(row[2])) if row is not None else None
