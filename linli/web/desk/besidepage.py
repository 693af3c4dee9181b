"""Two cases side by side, with what joins them and takes them apart: the steps of the procedure, each with why it may not be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from linli.cases.deskcase import CaseFile, StepStanding, why_not_joined
from linli.cases.domain import CaseFacts
from linli.intake.duplicates import distance
from linli.web.desk.casepage import CasePage, case_page, step_title, why_denied


@dataclass(frozen=True, slots=True)
class Act:
    """Joining one case into the other, or taking it out again.

    Attributes:
        no: the case that takes the step; `into` is the other's number, "" where the step asks for none.
        why_not: why it may not be taken; "" where it may.
        leads: whether it is the page's one leading button.
    """

    no: str
    step: str
    title: str
    words: str
    into: str
    why_not: str
    leads: bool
    request_id: str


@dataclass(frozen=True, slots=True)
class BesidePage:
    """What the template of two cases shows. `metres` is how far apart they are; None where a point is missing."""

    left: CasePage
    right: CasePage
    same_matter: bool
    metres: int | None
    acts: tuple[Act, ...]


def beside_page(left: CaseFile, right: CaseFile, at: datetime) -> BesidePage:
    """The page of two cases that this person may see.

    Args:
        left: the case one came from.
        right: the other.
        at: aware UTC.
    """
    a, b = left.facts, right.facts
    return BesidePage(
        case_page(left, at),
        case_page(right, at),
        same_matter=a.matter is not None and a.matter == b.matter,
        metres=distance(a.lon, a.lat, b.lon, b.lat),
        acts=_acts(left, right, at),
    )


def _acts(left: CaseFile, right: CaseFile, at: datetime) -> tuple[Act, ...]:
    """Where one carries the other: taking it apart. Else joining, the later one into the earlier one first."""
    pairs = [(left, right), (right, left)]
    apart = [(one, other) for one, other in pairs if one.facts.joined_to == other.facts.id]
    found: list[Act] = []
    if apart:
        for one, other in apart:
            found += [_act(one, other, standing, "") for standing in _by_handler(one, "unjoin")]
        return tuple(found)
    pairs.sort(key=lambda pair: _order(pair[0].facts), reverse=True)
    for one, other in pairs:
        for standing in _by_handler(one, "join"):
            act = _act(one, other, standing, other.facts.no)
            refusal = act.why_not or why_not_joined(one, other, at)
            found.append(replace(act, why_not=_(refusal) if refusal else ""))
    leading = next((act for act in found if not act.why_not), None)
    return tuple(replace(act, leads=act is leading) for act in found)


def _by_handler(file: CaseFile, handler: str) -> list[StepStanding]:
    return [one for one in file.steps if one.spec.handler == handler]


def _order(facts: CaseFacts) -> tuple[datetime, int]:
    return facts.opened_at, facts.id


def _act(one: CaseFile, other: CaseFile, standing: StepStanding, into: str) -> Act:
    words = _("“{this}” into “{other}”") if into else _("“{this}” out of “{other}”")
    return Act(
        no=one.facts.no,
        step=standing.spec.id,
        title=step_title(one, standing.spec.id),
        words=words.format(this=one.facts.title, other=other.facts.title),
        into=into,
        why_not=why_denied(standing) if standing.denied is not None else "",
        leads=False,
        request_id=str(uuid4()),
    )
