"""An event that somebody at work found: the way of every report, with the matter that they chose and no reporter behind it.

Is: reading, placing, routing and opening, in one transaction; the photos and, where it was done on the spot, that step with
it. Is not: a second way in. What must not stand in a work order (an accusation, a protected matter) goes as every report
of that sort does, and whoever sent it is answered alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.db import transaction

from linli.cases.attaching import take_with_photos
from linli.cases.drafts import CaseDraft, Opened
from linli.cases.evidence import Holder, attach
from linli.cases.nearby import Near, Sought, open_near
from linli.cases.opening import open_within
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.intake.drafting import Case, draft_of
from linli.intake.duplicates import Marks, box_around, keep_sketches
from linli.intake.imports import Intake
from linli.intake.reports import Report, report_of
from linli.journal.errors import RequestReusedError
from linli.journal.keyring import key_ring
from linli.journal.receipts import Receipt, keep_receipt, receipt_of, settle_receipt
from linli.kernel.actors import ActorRef
from linli.kernel.errors import BusyError, InputError, NotFoundError, RefusedError
from linli.rules.parameters import Integer, Parameter

KIND, CHANNEL, STEP = "event", "worker", "open"
JOIN_METRES = Parameter("worker.join_metres", Integer)
_ON_THE_SPOT = "done_on_the_spot"
_TRIES = 3
_MOST_LIKE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, as it was told.

    Attributes:
        matter: code of the catalogue; "" = let the words speak.
        words: what is to be seen there; names, numbers and homes are blanked before anybody reads them.
        where: place in words.
        place: code of a place that the finder works in; a point wins over it.
        lon, lat: WGS 84, None without a point.
        photos: ids kept by the finder's account.
        done: what was done on the spot; "" = it waits.
        found_at: when, aware; None = now.
        said: everything given, as bytes, to know the same request again; never kept.
    """

    said: bytes
    matter: str = ""
    words: str = ""
    where: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    photos: Sequence[int] = ()
    done: str = ""
    found_at: datetime | None = None

    @property
    def text(self) -> str:
        """Words and place together, as a report has them."""
        return "\n".join(part for part in (self.words, f"地点：{self.where}" if self.where else "") if part)


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of it: its number, and numbers of like ones close by, the nearest first."""

    no: str
    like: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(slots=True)
class _Process:
    """What this process keeps between two reports: names, models and rules as they were read last."""

    intake: Intake = field(default_factory=lambda: Intake(CHANNEL, lambda: datetime.now(UTC)))


_PROCESS = _Process()


def event_report(found: Found, actor: ActorRef, *, request_id: UUID, at: datetime) -> Reported:
    """Take in one event.

    Args:
        found: what was found.
        actor: who found it.
        request_id: the same id with the same event opens once and is answered alike.
        at: the server's clock.

    Raises:
        InputError: neither a matter nor words; a photo that is not there; done on the spot without a place.
        RefusedError: done on the spot where the finder may not say so.
        ConflictError: the request id was used for another event.
        RuleError: a routing rule cannot run.
        NoRulesError: no rules are published for the place.
        BusyError: another process answers the same request; call again.
    """
    if not found.matter and not found.words:
        raise InputError("Say what it is.", code="event.no_matter", data={"fields": {"matter": "missing"}})
    fingerprint = key_ring().fingerprint(STEP.encode() + b"|" + found.said)
    for _ in range(_TRIES):
        first = settle_receipt(receipt_of(actor, request_id), STEP, fingerprint)
        if first is not None:
            return Reported(str(first["no"]), _numbers(first.get("like")), repeated=True)
        try:
            return _reported(found, actor, (request_id, fingerprint), at)
        except (RequestReusedError, BusyError):
            continue
    raise BusyError("This request is being answered already.", code="event.busy", hint="Ask again.")


def _numbers(like: object) -> tuple[str, ...]:
    return tuple(str(one) for one in like) if isinstance(like, list) else ()


def _reported(found: Found, actor: ActorRef, asked: tuple[UUID, bytes], at: datetime) -> Reported:
    case, draft, marks, near = _drafted(found, actor, asked[0], at)
    with transaction.atomic():
        (opened,) = open_within([draft], actor, at=at)
        if opened.known:
            raise BusyError("This request is being answered already.", code="event.busy", hint="Ask again.")
        if marks is not None:
            keep_sketches({opened.case: marks}, at)
        _complete(opened, found, case, (actor, asked[0], at))
        like = [one.no for one in near]
        result = {"no": opened.no, "like": like}
        keep_receipt(actor, asked[0], Receipt(f"case:{opened.case}", STEP, asked[1], result), at)
    return Reported(opened.no, tuple(like))


def _drafted(
    found: Found, actor: ActorRef, request_id: UUID, at: datetime
) -> tuple[Case, CaseDraft, Marks | None, list[Near]]:
    intake = replace(_PROCESS.intake, actor=actor)
    single = intake.single(at)
    _PROCESS.intake = intake
    case = single.understood(_report(found))
    same, marks = single.compared(case)
    draft = draft_of(case, same, single.accused_in(case))
    external = f"{actor.account}-{request_id.hex}"
    happened = found.found_at if found.found_at is not None and found.found_at <= at else None
    draft = replace(draft, external_id=external, happened_at=happened, received_at=at)
    if case.compartment != "open":
        return case, draft, marks, []
    near = _close_by(case, at)
    return case, _as_event(draft, found, case, near), marks, near


def _report(found: Found) -> Report:
    point = {} if found.lon is None else {"lon": repr(found.lon), "lat": repr(found.lat), "crs": "WGS84"}
    return replace(report_of(0, {"text": found.text, "matter": found.matter, **point}), place=found.place)


def _as_event(draft: CaseDraft, found: Found, case: Case, near: Sequence[Near]) -> CaseDraft:
    """The draft as an event: no reporter; the finder's words, without names, numbers and homes, are the task."""
    if found.done and not case.placed.is_sure:
        raise InputError("Say where it is.", code="event.no_place", data={"fields": {"where": "missing"}})
    visible = case.findings.screened.visible.strip("。 \n") if case.findings.screened else ""
    photos = () if found.done else tuple(found.photos)
    alike = tuple(dict.fromkeys((*draft.candidates, *(one.case for one in near))))
    return replace(
        draft,
        kind=KIND,
        voice=None,
        task_text=visible if found.words and visible else draft.task_text,
        data={"found_by": "grid_worker", "evidence": photos},
        candidates=() if found.done else alike,
        auto=draft.auto and not found.done and not alike,
    )


def _close_by(case: Case, at: datetime) -> list[Near]:
    """Open cases of the same matter within a few metres."""
    placed, matter = case.placed, case.findings.subject.matter
    if matter is None or not matter.joinable or placed.lon is None or placed.lat is None:
        return []
    rules = case.rules.snapshot.at(case.rules.snapshot.place, case.office.day)
    box = box_around(placed.lon, placed.lat, rules[JOIN_METRES])
    since = datetime(1970, 1, 1, tzinfo=UTC)
    (near,) = open_near([Sought(matter.code, placed.code, since, at, box)], _MOST_LIKE)
    return near


def _complete(opened: Opened, found: Found, case: Case, who: tuple[ActorRef, UUID, datetime]) -> None:
    """The photos, and the step that says that it is done, in the transaction that opens the case."""
    actor, request_id, at = who
    holder = Holder(account=actor.account)
    if case.compartment != "open":
        if found.photos:
            said = Said("add", {}, tuple(found.photos), holder)
            take_as_reporter(opened.case, link_of(opened.token), said, request_id=request_id, at=at)
        return
    if found.done:
        _done_at_once(opened, found, who)
    elif found.photos:
        attach(tuple(found.photos), holder, opened.case, side="body")


def _done_at_once(opened: Opened, found: Found, who: tuple[ActorRef, UUID, datetime]) -> None:
    actor, request_id, at = who
    form = {"note": found.done, "evidence": list(found.photos)}
    step_id = uuid5(request_id, _ON_THE_SPOT)
    try:
        take_with_photos(opened.case, _ON_THE_SPOT, actor, form, request_id=step_id, at=at)
    except NotFoundError:
        raise RefusedError(
            "This is outside the place that you look after.",
            code="event.not_your_place",
            hint="Report it; it is sent to whoever looks after it.",
        ) from None
