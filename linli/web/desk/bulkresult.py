"""What came of a step for several cases: kept in the session for a while of the pack, as numbers and reasons.

Is: read again under the number of the form that was sent. Is not: a record; the journal of each case is that. Titles are not
kept: they are asked for anew, of what this person may see then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.web.desk.bulk import Chosen, Left, Outcome, chosen_cases, step_words
from linli.web.desk.live import live_for

MINUTES = "desk.bulk_result_minutes"
_KEY = "desk_bulk"
_MOST = 5


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome as its page shows it. `title` is that of the step."""

    title: str
    done: tuple[Chosen, ...]
    left: tuple[Left, ...]


def result_keep(session: SessionBase, number: str, step: str, outcome: Outcome, at: datetime) -> None:
    """Keep an outcome under the number of its form; only the last few are kept.

    Args:
        session: of the person who took the step.
        number: of the form, which a second sending shares.
        step: its id.
        outcome: what was done, and what was not.
        at: aware UTC.
    """
    kept: dict[str, Any] = dict(session.get(_KEY, {}))
    kept.pop(number, None)
    kept[number] = {
        "at": int(at.timestamp()),
        "step": step,
        "done": [one.no for one in outcome.done],
        "left": [[one.no, one.why] for one in outcome.left],
    }
    session[_KEY] = dict(list(kept.items())[-_MOST:])


def result_of(session: SessionBase, number: str, actor: Actor, at: datetime) -> Result:
    """The outcome that was kept under a number.

    Raises:
        NotFoundError: there is none in this session, or its time is over.
    """
    row: Mapping[str, Any] | None = session.get(_KEY, {}).get(number)
    span = timedelta(minutes=live_for(actor, at).rules.integer(MINUTES))
    if row is None or at.timestamp() - row["at"] > span.total_seconds():
        raise NotFoundError("There is no such outcome any more.", code="desk.no_outcome")
    reasons: Sequence[Sequence[str]] = row["left"]
    every = {one.no: one for one in chosen_cases(actor, [*row["done"], *(no for no, _ in reasons)])}
    left = tuple(Left(no, every[no].title if no in every else "", why) for no, why in reasons)
    named = next(
        (one for one in every.values() if one.seen and f"step.{row['step']}" in one.seen.procedure.titles), None
    )
    title = step_words(named, row["step"]) if named else row["step"]
    return Result(title, tuple(every[no] for no in row["done"] if no in every), left)
