"""Reading back: what was noted of a call, its number to be said, who has it and until when, what to tell the caller.

Shown once, in answer to the form; nothing of it is kept for this page. The number that rang is masked. Of what was passed on
nothing is said but that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.cases.deskcase import CaseFile, case_file
from linli.cases.numbers import heard
from linli.intake.calltaking import Noted
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.web.base.words import when_exact
from linli.web.calls.typed import Typed
from linli.web.desk.casepage import case_page

_SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One matter read back. `no` is "" for one that was passed on: everything else is empty then.

    Attributes:
        done: what was done with it, as intake says.
        elsewhere: another desk goes on with it.
        due: until when the caller is answered, in words.
    """

    no: str
    done: str
    elsewhere: bool
    words: str = ""
    matter: str = ""
    place: str = ""
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What the page of a taken call shows."""

    lines: tuple[Line, ...]
    number: str
    name: str
    confidential: bool
    service: str
    connected: bool
    promised: str
    until: str

    @property
    def has_open(self) -> bool:
        """Whether anything was not passed on."""
        return any(line.no for line in self.lines)


def read_back(typed: Typed, noted: Sequence[Noted], actor: Actor, at: datetime) -> ReadBack:
    """The page of a taken call.

    Args:
        typed: the form that was sent.
        noted: what became of its matters, in their order.
        actor: who took it.
        at: now, aware UTC.
    """
    told = typed.told()
    lines = tuple(_line(one, told[number].words, actor, at) for number, one in enumerate(noted))
    promised = any(line.no and line.done != "answered" and not line.elsewhere for line in lines[:1])
    return ReadBack(
        lines=lines,
        number=masked_number(typed.number),
        name=masked_name(typed.name),
        confidential=typed.confidential,
        service=typed.service,
        connected=typed.connected,
        promised=typed.promised if promised else "",
        until=typed.until if promised else "",
    )


def _line(noted: Noted, words: str, actor: Actor, at: datetime) -> Line:
    if not noted.no:
        return Line("", noted.done, noted.elsewhere)
    try:
        file = case_file(actor, noted.no, at)
    except NotFoundError:
        return Line(noted.no, noted.done, elsewhere=True, words=words)
    page = case_page(file, at)
    place = " › ".join(name for _, name in page.crumbs)
    return Line(noted.no, noted.done, noted.elsewhere, words, page.matter, place, page.owner, _due(file, at))


def _due(file: CaseFile, at: datetime) -> str:
    due = next((clock.due_at for clock in file.clocks if clock.whose == "reporter" and clock.state == "running"), None)
    return when_exact(due, at) if due is not None else ""


def masked_number(number: str) -> str:
    """A telephone number as it may stay on a page: `138 **** 4021`; shorter ones show their last digits alone."""
    digits = heard(number)
    if len(digits) < 2 * _SHOWN_DIGITS:
        return f"**** {digits[-2:]}" if digits else ""
    return f"{digits[:3]} **** {digits[-_SHOWN_DIGITS:]}" if len(digits) > 9 else f"**** {digits[-_SHOWN_DIGITS:]}"


def masked_name(name: str) -> str:
    """A name as it may stay on a page: its first sign and two stars."""
    return f"{name[0]}**" if name else ""
