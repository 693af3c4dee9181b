"""The queue from which a case was opened: carried in the address of its page, so that the way back and the next case are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from linli.cases.deskqueue import queue_beside
from linli.cases.domain import CaseFacts
from linli.cases.numbers import is_number
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.web.desk.filters import CARRIED_NAMES, kept
from linli.web.desk.live import moments_at
from linli.web.desk.queuepage import opened_view

THEN = "then"
"""Name in the address of what was the next case before a step was taken."""


@dataclass(frozen=True, slots=True)
class Course:
    """A queue that is being worked through.

    Attributes:
        carried: its filter as the end of an address; "" where the case was not opened from a queue.
        before, behind: numbers of the neighbours; "" for none.
        cursor: the row on which the cursor stands when one goes back.
    """

    carried: str = ""
    before: str = ""
    behind: str = ""
    cursor: str = ""

    @property
    def ends(self) -> str:
        """The filter behind an address that has no question yet."""
        return f"?{self.carried}" if self.carried else ""

    @property
    def more(self) -> str:
        """The filter behind an address that asks something already."""
        return f"&{self.carried}" if self.carried else ""

    @property
    def back(self) -> str:
        """The queue, behind its address, with the cursor where one left it."""
        return f"?{self.carried}&cur={self.cursor}" if self.carried else ""


NOWHERE = Course()


def course_of(query: QueryDict) -> Course:
    """The queue that an address carries, without neighbours; no query of the database."""
    return Course(kept(query, CARRIED_NAMES).urlencode()) if query.get("view") else NOWHERE


def course_with(actor: Actor, query: QueryDict, case: CaseFacts, at: datetime) -> Course:
    """The queue that an address carries, and who stands beside a case in it.

    After a step the case stands elsewhere: then the next one is the one that was next before, named in the address.

    Args:
        actor: with the posts held at `at`.
        query: of the address.
        case: the case that is open.
        at: aware UTC.
    """
    found = course_of(query)
    if not found.carried:
        return found
    try:
        opened = opened_view(actor, query, at)
    except NotFoundError:
        return NOWHERE
    beside = queue_beside(actor, opened.wanted, moments_at(opened.live, at), case, opened.sort)
    then = query.get(THEN, "")
    told = then if is_number(then) and then != case.no else ""
    return Course(found.carried, beside.before, told or beside.behind, told or case.no)
