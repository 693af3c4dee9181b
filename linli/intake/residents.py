"""A report that a resident writes themselves: the same way as every other report, one at a time, with their own link.

Is: what a resident told, read as `imports` reads a row; the preview of what it seems to be; the opening, alone or beside a
neighbour's. Is not: a page, nor a second way in. No word of a report is logged or raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from linli.cases.drafts import CaseDraft, Opened, VoiceDraft
from linli.cases.evidence import Holder
from linli.cases.publicly import Asking, Likely, likely_the_same
from linli.cases.residents import Link, Said, bodies_ever, link_of, open_for_resident, take_as_reporter
from linli.intake.drafting import KIND, Case, draft_of
from linli.intake.duplicates import keep_sketches
from linli.intake.imports import Intake
from linli.intake.reports import Report, report_of
from linli.intake.rules import task_wording
from linli.intake.times import CHINA
from linli.intake.written import draft_sent, hash_of
from linli.kernel.actors import ActorRef
from linli.kernel.errors import BusyError, RefusedError
from linli.packs.selectors import snapshot_for
from linli.places.domain import Located
from linli.rules.parameters import Parameter, Text

CHANNEL = "web"
TROUBLED_WORDS = Parameter("resident.troubled_words", Text)
_TRIES = 3
_TELLING = {"message": "by_message", "call": "by_call", "link": "link_only"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a resident told, as they typed it.

    Attributes:
        where: address, grid or compound of the matter, in words.
        lon, lat: of a pin, WGS 84; None without one.
        matter: code that the resident chose; "" = let the words speak.
        tell: how they want to be told: `message`, `call`, `link`.
        may_ring: the body at work may ring them.
        helper, relation: who writes for them, with their consent.
    """

    words: str
    where: str = ""
    lon: float | None = None
    lat: float | None = None
    matter: str = ""
    name: str = ""
    phone: str = ""
    tell: str = "link"
    may_ring: bool = False
    helper: str = ""
    relation: str = ""

    @property
    def wishes(self) -> tuple[str, ...]:
        """Wishes as the voice keeps them."""
        asked = [_TELLING[self.tell]]
        asked += ["may_ring"] if self.may_ring and self.phone else []
        return (*asked, *(["by_helper"] if self.helper else []))


def understood(telling: Telling, at: datetime, *, number: str = "") -> Case:
    """What a report seems to be, before anything is recorded.

    Args:
        telling: what was told.
        at: now, aware UTC.
        number: the channel's own number.

    Raises:
        SetupError: no rules are published here.
    """
    return _INTAKE.single(at).understood(_report(telling, number), telling.where)


def outside(case: Case) -> int | None:
    """Metres from a pin to the nearest grid, where it lies in none; None where all is well or there is no pin."""
    located: Located | None = case.placed.located
    if located is None or located.grid or located.community:
        return None
    return located.distance_m or 0


def same_nearby(case: Case, at: datetime) -> list[Likely]:
    """Public matters that may be this one, within the bounds of `publicly`; none without a point or for a closed compartment."""
    lon, lat, matter = case.placed.lon, case.placed.lat, case.matter
    if case.compartment != "open" or matter is None or lon is None or lat is None:
        return []
    return likely_the_same(case.rules.snapshot, Asking(lon, lat, matter, KIND), at)


def report_send(
    telling: Telling, secret: str, photos: Sequence[int], *, same: Likely | None = None, at: datetime
) -> Opened:
    """Open a resident's case, and join it where they said which one it is; the same secret opens once.

    Args:
        telling: what was told.
        secret: of the draft; photos were kept under it.
        photos: ids.
        same: the public matter that the resident says it is.
        at: now, aware UTC.

    Returns:
        The case with its link; for a secret sent before, known and without a link (`written.link_of_draft` has it).
    """
    for _ in range(_TRIES - 1):
        try:
            return _sent(telling, secret, photos, same=same, at=at)
        except BusyError:
            continue
    return _sent(telling, secret, photos, same=same, at=at)


def _sent(telling: Telling, secret: str, photos: Sequence[int], *, same: Likely | None, at: datetime) -> Opened:
    digest = hash_of(secret)
    chosen = replace(telling, matter=same.shown.matter) if same else telling
    intake = _INTAKE.single(at)
    case = intake.understood(_report(chosen, f"web-{digest.hex()[:32]}"), telling.where)
    near, marks = intake.compared(case)
    draft = draft_of(case, near, intake.accused_in(case))
    draft = replace(draft, voice=_voice(telling), auto=draft.auto and same is None)
    with transaction.atomic():
        opened = open_for_resident(draft, photos, Holder(draft=digest), at=at)
        if opened.known:
            return opened
        if marks is not None:
            keep_sketches({opened.case: marks}, at)
        if same is not None and case.compartment == "open":
            _join(opened, same, digest, at)
        draft_sent(secret, opened.token, at)
    return opened


def _join(opened: Opened, same: Likely, digest: bytes, at: datetime) -> None:
    """Add the voice to the neighbour's; where that is no longer possible, the case is heard alone."""
    said = Said("join", {"into": same.no})
    try:
        with transaction.atomic():
            take_as_reporter(opened.case, link_of(opened.token), said, request_id=UUID(bytes=digest[16:]), at=at)
    except RefusedError:
        return


def corrected_task(telling: Telling, at: datetime) -> tuple[str, str, str]:
    """Title and task text of corrected words, and the compartment to which they belong."""
    case = understood(telling, at)
    draft = draft_of(case, (), ())
    return draft.title, draft.task_text, draft.compartment


def troubled(link: Link, no: str, place: str, voice: VoiceDraft, at: datetime) -> Opened:
    """Somebody was troubled over this: a sealed case of its own, away from everybody who ever had the matter.

    Nothing in the log of the matter tells of it.

    Args:
        link: who says it.
        no: the matter's public number, for the receiver.
        place: code of the matter's place.
        voice: who says it and what; the matter's number is put before the words.
        at: now, aware UTC.
    """
    bodies = {*bodies_ever(link.home), *bodies_ever(link.case)}
    return open_for_resident(trouble_draft(no, place, bodies, voice, at), (), Holder(), at=at)


def trouble_draft(no: str, place: str, bodies: Iterable[int], voice: VoiceDraft, at: datetime) -> CaseDraft:
    """A sealed case about trouble over a matter, to be opened.

    Args:
        no: the matter's public number, put before the words.
        place: code of the matter's place.
        bodies: every body that ever had the matter; kept away.
        voice: who was troubled, and what they said.
        at: now, aware UTC.
    """
    rules = snapshot_for(place, at)
    day = at.astimezone(CHINA).date()
    begin = rules.at(rules.place, day)[TROUBLED_WORDS].format(no=no)
    title = task_wording(rules, day).sealed
    return CaseDraft(
        kind=KIND,
        title=title,
        task_text=title,
        snapshot=rules,
        received_at=at,
        channel=CHANNEL,
        place=place,
        compartment="sealed",
        accused=tuple(sorted(bodies)),
        voice=replace(voice, original=f"{begin}{voice.original}"),
    )


_INTAKE = Intake(CHANNEL, lambda: datetime.now(UTC), ActorRef("reporter"))
"""One a process: names, models and rules stay read between two reports."""


def _report(telling: Telling, number: str) -> Report:
    where = f"\n地点：{telling.where}" if telling.where else ""
    point = {} if telling.lon is None else {"lon": str(telling.lon), "lat": str(telling.lat), "crs": "WGS84"}
    return report_of(0, {"external_id": number, "text": f"{telling.words}{where}", "matter": telling.matter, **point})


def _voice(telling: Telling) -> VoiceDraft:
    where = f"\n地点：{telling.where}" if telling.where else ""
    return VoiceDraft(
        name=telling.name,
        phone=telling.phone,
        original=f"{telling.words}{where}",
        wishes=telling.wishes,
        helper=telling.helper,
        relation=telling.relation,
    )
