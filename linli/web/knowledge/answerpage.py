"""One entry as its page shows it: the answer, ways of asking, what is known of it, its versions, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.answered import MOST_COUNTED, times_answered
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.knowledge.domain import Entry
from linli.knowledge.policies import may_write
from linli.knowledge.queues import is_reported, reports_of
from linli.knowledge.rules import KnowledgeRules, knowledge_rules
from linli.knowledge.selectors import VersionRef, entry_at, versions_of
from linli.web.base.words import local, plain_day, role_title, titled, when
from linli.web.knowledge.lines import Line, Names, line_of, names_of
from linli.web.knowledge.listpage import ReportLine, report_line


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history."""

    number: int
    said: str
    post: str
    holds: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Everything the template of an entry shows.

    Attributes:
        is_now: it is the version that holds.
        answered: how often it closed a case, in words.
        reports: what was said to be wrong, for whoever writes it.
    """

    entry: Entry
    line: Line
    matter: str
    is_now: bool
    is_over: bool
    answered: str
    writes: bool
    reported: bool
    reports: tuple[ReportLine, ...]
    versions: tuple[VersionLine, ...]


def answer_page(entry: int, actor: Actor, at: datetime, number: int | None = None) -> AnswerPage:
    """The page of an entry.

    Args:
        entry: id.
        actor: with the posts held now.
        at: now, aware UTC.
        number: of an older version; None = the one that holds, or else the last.

    Raises:
        NotFoundError: there is no such entry, or no such version.
    """
    versions, now = versions_of(entry), entry_at(entry, at)
    shown = _shown(versions, now, number)
    rules = knowledge_rules(at)
    names = names_of([shown, *([now] if now else [])], at, (one.made_post for one in versions))
    writes = bool(may_write(actor, shown.place, shown.owner, rules))
    is_now = now is not None and now.number == shown.number
    reports = reports_of(entry) if writes else ()
    return AnswerPage(
        entry=shown,
        line=line_of(shown, names, at),
        matter=_matter(shown, rules),
        is_now=is_now,
        is_over=now is None,
        answered=answered_words(times_answered(entry)),
        writes=writes,
        reported=bool(reports) or is_reported(entry),
        reports=tuple(report_line(one, names.places, at) for one in reports),
        versions=tuple(_version(one, names, at, shown.number) for one in versions),
    )


def _shown(versions: tuple[VersionRef, ...], now: Entry | None, number: int | None) -> Entry:
    if number is None and now is not None:
        return now
    found = next((one.entry for one in versions if number is None or one.entry.number == number), None)
    if found is None:
        raise NotFoundError("There is no such answer.", code="knowledge.missing")
    return found


def answered_words(times: int) -> str:
    """How often it closed a case: a sum over cases, of nobody in particular."""
    if not times:
        return _("no case yet")
    if times >= MOST_COUNTED:
        return _("{n} cases and more").format(n=f"{MOST_COUNTED:,}")
    return ngettext("{n} closed case", "{n} closed cases", times).format(n=f"{times:,}")


def _matter(entry: Entry, rules: KnowledgeRules) -> str:
    found = rules.matter(entry.place, entry.matter) if entry.matter else None
    return titled({"zh": found.title_zh, "en": found.title_en}) if found else ""


def _version(one: VersionRef, names: Names, at: datetime, shown: int) -> VersionLine:
    entry = one.entry
    role = names.roles.get(one.made_post or 0, "")
    since, until = _day(entry.since, at), _day(entry.until, at) if entry.until else ""
    holds = (
        _("from {since} to {until}").format(since=since, until=until)
        if until
        else _("from {since}").format(since=since)
    )
    return VersionLine(
        entry.number, when(one.made_at, at), role_title(role) if role else "", holds, entry.number == shown
    )


def _day(at: datetime, now: datetime) -> str:
    return plain_day(local(at).date(), local(now).date())
