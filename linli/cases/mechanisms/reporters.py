"""The reporter's side: reminders, tries to reach them, and what follows when nobody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from linli.cases.domain import Effects, Notice
from linli.cases.forms import DeskWords, Form, PublicWords, Words
from linli.cases.registry import handler
from linli.journal.domain import instant_text
from linli.kernel.errors import RefusedError

if TYPE_CHECKING:
    from linli.cases.decide import Turn

_HOUR = slice(0, 13)


class Remind(Form):
    """The reporter urges."""

    words: DeskWords | None = None


class Contact(Form):
    """How the reporter was spoken with, and an internal note."""

    way: Literal["phone", "message", "visit", "desk"]
    note: Words | None = None


class Try(Form):
    """A try to reach the reporter that nobody answered."""

    way: Literal["phone", "message", "visit"]


class Say(Form):
    """Words for the reporter while the work goes on."""

    words: PublicWords


@handler
def remind(turn: Turn, form: Remind) -> Effects:
    """Counted and shown; no clock starts again for it."""
    told = (Notice("reminder", "owner", turn.case.owner),) if turn.case.owner else (Notice("reminder", "desk"),)
    return Effects(counts=("reminders",), notices=told)


@handler
def note_try(turn: Turn, form: Try) -> Effects:
    """One more try, with its hour: tries inside one hour are one."""
    tries = [*_tries(turn), instant_text(turn.at)]
    return Effects(marks={"tries": tries}, counts=("tries",))


@handler
def give_up_reaching(turn: Turn, form: PublicNote) -> Effects:
    """The reporter could not be reached at different hours, as often as the pack asks.

    Raises:
        RefusedError: too few tries, or all in one hour.
    """
    least = turn.rules.cap("cases.tries_least")
    hours = {one[_HOUR] for one in _tries(turn)}
    if least is not None and len(hours) < least:
        raise RefusedError(
            "Try again at another hour first.", code="case.tries_few", data={"hours_tried": len(hours), "least": least}
        )
    return Effects()


class PublicNote(Form):
    """What the reporter will read when they look again."""

    words: PublicWords


def _tries(turn: Turn) -> list[str]:
    found = turn.case.marks.get("tries", [])
    return [str(one) for one in found] if isinstance(found, list) else []
