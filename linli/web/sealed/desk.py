"""The sealed desk as a page: rows without a title or a word, those that nobody can receive, and names to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.access.selectors import accounts
from linli.cases.domain import Receiver
from linli.cases.rules import procedure_for
from linli.cases.sealeddesk import NEWEST, LeftLine, SealedLine, left_lines, receivers_today, sealed_sheet
from linli.cases.seeing import Seen
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, cursor_of
from linli.organisations.selectors import organisation_names
from linli.packs.selectors import snapshot_by_hash
from linli.web.base.marks import Mark, state_mark
from linli.web.base.words import left_words, when


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A closed case: number, what kind of closing, when it came, where it stands, what is left of its nearest limit."""

    no: str
    what: str
    came: str
    mark: Mark
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A closed case without a receiver."""

    no: str
    what: str
    came: str


@dataclass(frozen=True, slots=True)
class SealedPage:
    """What the template of the sealed desk shows."""

    rows: tuple[SealedRow, ...]
    left: tuple[LeftRow, ...]
    next: str
    closed: bool


def sealed_page(actor: Actor, at: datetime, *, closed: bool, in_line: bool, after: After | None) -> SealedPage:
    """The sealed desk for a person.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
        closed: show what has ended.
        in_line: whether the person could be named, and is shown what nobody receives.
        after: where the page before ended.
    """
    sheet = sealed_sheet(actor, closed=closed, after=after)
    left = left_lines(actor, at) if in_line and not closed and after is None else ()
    return SealedPage(
        rows=tuple(_row(line, at) for line in sheet.rows),
        left=tuple(LeftRow(one.no, what_words(one.compartment), when(one.opened_at, at)) for one in left),
        next=cursor_of(NEWEST, sheet.after) if sheet.after else "",
        closed=closed,
    )


def what_words(compartment: str) -> str:
    """What kind of closed case it is."""
    return _("Protected matter") if compartment == "protected" else _("Accusation")


def _row(line: SealedLine, at: datetime) -> SealedRow:
    procedure = procedure_for(snapshot_by_hash(line.snapshot), line.kind)
    return SealedRow(
        no=line.no,
        what=what_words(line.compartment),
        came=when(line.opened_at, at),
        mark=state_mark(procedure, line.state),
        due=left_words(line.limit_at, at) if line.limit_at else "",
        is_late=line.limit_at is not None and line.limit_at < at,
    )


def left_of(actor: Actor, no: str, at: datetime) -> LeftLine | None:
    """The case of that number, where nobody receives it and the rule names this person today."""
    return next((line for line in left_lines(actor, at) if line.no == no), None)


def named_options(named: Sequence[Receiver], at: datetime) -> list[tuple[str, str]]:
    """Those whom the rule names, to choose one: account, and name with body."""
    people = accounts({one.account for one in named if one.account is not None})
    bodies = organisation_names({one.organisation for one in named}, at) if named else {}
    found = []
    for one in named:
        person = people.get(one.account or 0)
        if person is not None:
            words = f"{person.display_name or person.name}，{bodies.get(one.organisation, '')}"
            found.append((str(person.id), words))
    return found


def receiver_options(seen: Seen, at: datetime) -> list[tuple[str, str]]:
    """Whom a receiver may hand a closed case to."""
    if seen.bundle.case.compartment == "open":
        return []
    return named_options(receivers_today(seen, at), at)
