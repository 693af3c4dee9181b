"""The first page of answers, and the lists for whoever writes them: wrong or missing, and what is to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.kernel.keyset import after_of, cursor_of
from linli.kernel.pairs import runs_of
from linli.knowledge.domain import ReportRef
from linli.knowledge.queues import (
    BY_CHECK,
    BY_NEWEST,
    BY_REPORT,
    WriterScope,
    ending_entries,
    entries_page,
    reports_page,
    unchecked_page,
    writer_scope,
)
from linli.knowledge.rules import KnowledgeRules, knowledge_rules
from linli.knowledge.selectors import entries_for
from linli.organisations.policies import ADMINISTRATORS
from linli.places.selectors import place_names
from linli.web.base.words import when
from linli.web.knowledge.lines import Line, lines_of

ROWS, MOST_FOUND, MOST_ASKED = 30, 12, 100


@dataclass(frozen=True, slots=True)
class Answers:
    """What the first page shows: what was asked, the lines, and whether this person writes answers."""

    asked: str
    lines: tuple[Line, ...]
    next: str
    writes: bool
    is_short: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """An open report as its list shows it."""

    id: int
    entry: int | None
    title: str
    words: str
    place: str
    since: str


@dataclass(frozen=True, slots=True)
class Reports:
    """A page of open reports."""

    lines: tuple[ReportLine, ...]
    next: str


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """What ends, and what nobody has checked for long."""

    ending: tuple[Line, ...]
    unchecked: tuple[Line, ...]
    next: str


def own_place(actor: Actor) -> str:
    """The place whose answers somebody reads first: that of their first post."""
    return next((one.place for one in actor.holdings if one.role not in ADMINISTRATORS), "")


def answers_page(actor: Actor, query: QueryDict, at: datetime) -> Answers:
    """Answers to what is asked in the address (`q`), the best first; all that hold, the newest first, without a question.

    Args:
        actor: with the posts held now.
        query: of the address; `place` narrows to a place.
        at: now, aware UTC.
    """
    asked = query.get("q", "").strip()[:MOST_ASKED]
    named = query.get("place", "")
    place = named if named.isascii() and named.isdigit() else own_place(actor)
    writes = bool(writer_scope(actor, knowledge_rules(at)))
    if asked:
        is_short = not runs_of(asked)
        found = () if is_short else entries_for(asked, place, at, limit=MOST_FOUND, wide=True)
        return Answers(asked, lines_of(found, at, asked), "", writes, is_short)
    cursor = query.get("after", "")
    page = entries_page(place, at, after=after_of(BY_NEWEST, cursor) if cursor else None, limit=ROWS)
    following = _next(query, cursor_of(BY_NEWEST, page.after) if page.after else "")
    return Answers("", lines_of(page.rows, at), following, writes, False)


def reports_list(actor: Actor, query: QueryDict, at: datetime) -> Reports:
    """Open reports that this person settles.

    Raises:
        NotFoundError: they write no answers.
    """
    scope, _rules = writing_scope(actor, at)
    cursor = query.get("after", "")
    page = reports_page(scope, after=after_of(BY_REPORT, cursor) if cursor else None, limit=ROWS)
    places = {one.place for one in page.rows if one.place}
    names = place_names(places, at) if places else {}
    following = _next(query, cursor_of(BY_REPORT, page.after) if page.after else "")
    return Reports(tuple(report_line(one, names, at) for one in page.rows), following)


def report_line(one: ReportRef, names: dict[str, str], at: datetime) -> ReportLine:
    """A report in words."""
    title = one.title if one.entry else one.asked or _("A question whose words have ended")
    return ReportLine(one.id, one.entry, title, one.words, names.get(one.place, one.place), when(one.at, at))


def look_list(actor: Actor, query: QueryDict, at: datetime) -> ToLookAt:
    """What this person's answers need looking at: ends, and what nobody has checked for long.

    Raises:
        NotFoundError: they write no answers.
    """
    scope, rules = writing_scope(actor, at)
    cursor = query.get("after", "")
    after = after_of(BY_CHECK, cursor) if cursor else None
    old = unchecked_page(scope, rules.check_before(scope.place), at, after=after, limit=ROWS)
    ending = ending_entries(scope, rules.ends_between(scope.place), limit=ROWS) if after is None else ()
    following = _next(query, cursor_of(BY_CHECK, old.after) if old.after else "")
    return ToLookAt(lines_of(ending, at), lines_of(old.rows, at), following)


def writing_scope(actor: Actor, at: datetime) -> tuple[WriterScope, KnowledgeRules]:
    """What somebody writes, and the rules of now.

    Raises:
        NotFoundError: they write no answers; the page is not there for them.
    """
    rules = knowledge_rules(at)
    scope = writer_scope(actor, rules)
    if not scope:
        raise NotFoundError("Your posts write no answers.", code="knowledge.not_a_writer")
    return scope, rules


def _next(query: QueryDict, cursor: str) -> str:
    rest = query.copy()
    rest["after"] = cursor
    return f"?{rest.urlencode()}" if cursor else ""
