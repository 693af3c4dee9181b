"""What a reporter says of their matter by the private link, where it takes more than one step: put right, and judge.

Is: one way for the pages of residents and for other systems. Is not: a right; the procedure says what a reporter may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from linli.cases.drafts import StepResult
from linli.cases.following import follow
from linli.cases.residents import Link, Said, compartment_of, take_as_reporter
from linli.intake.residents import Telling, corrected_task
from linli.kernel.errors import RefusedError

_OVER = ("done", "over")


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a judgement.

    Attributes:
        result: of the step that recorded it.
        not_reopened: why a closed matter that is not solved was not opened again; None where it was, or need not be.
    """

    result: StepResult
    not_reopened: RefusedError | None = None


def put_right(link: Link, words: str, *, request_id: UUID, at: datetime) -> StepResult:
    """Other words for the same matter, for some minutes; title and task are made of them anew.

    Args:
        link: who asks.
        words: as they should have been; at least one character that says something.
        request_id: see `take_step`.
        at: the server's clock.

    Raises:
        RefusedError: the words belong to another compartment; the time for it has passed.
        LinliError: see `take_step`.
    """
    title, task, compartment = corrected_task(Telling(words=words), at)
    if compartment != compartment_of(link):
        raise RefusedError(
            "This is another matter now. Take this one back and report it anew, so that only the right people read it.",
            code="report.other_matter",
        )
    said = Said("correct", {"words": words, "title": title, "task_text": task})
    return take_as_reporter(link.home, link, said, request_id=request_id, at=at)


def judge(link: Link, form: Mapping[str, str], reason: str, *, request_id: UUID, at: datetime) -> Judged:
    """Say whether it is solved; a closed matter that is not solved is opened again where the procedure lets it.

    Args:
        link: who asks.
        form: of the step `rate`.
        reason: why it is opened again.
        request_id: of the judgement; what opens again goes under one made from it, so that a repeat acts once.
        at: the server's clock.

    Raises:
        LinliError: see `take_step`.
    """
    result = take_as_reporter(link.case, link, Said("rate", form), request_id=request_id, at=at)
    if form["solved"] != "no":
        return Judged(result)
    view = follow(link, at)
    if "reopen" not in view.steps or view.stage not in _OVER:
        return Judged(result)
    try:
        again = Said("reopen", {"reason": reason})
        take_as_reporter(link.case, link, again, request_id=uuid5(request_id, "reopen"), at=at)
    except RefusedError as error:
        return Judged(result, error)
    return Judged(result)
