"""Health in sentences: what is as it should be, what is not, since when, and what to do. No gauges, no person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.health import MOST_COUNTED, due_health, unreceived
from linli.journal.health import LogHealth, log_health
from linli.kernel.codes import Tier
from linli.organisations.known import posts_empty
from linli.packs.errors import NoRulesError
from linli.packs.selectors import live_rules
from linli.places.selectors import places_under
from linli.routing.gaps import duties_unheld
from linli.rules.parameters import Integer, Parameter
from linli.rules.resolver import rule_day
from linli.web.administration.duties import duty_titles
from linli.web.administration.jobs import job_rows
from linli.web.base.words import plain_day, span_words, when

PATIENCE = timedelta(minutes=5)
"""Work that waits no longer than this is simply next."""
JOB_PATIENCE = timedelta(hours=26)
SEAL_PATIENCE_DAYS = 2
BACKUP_PATIENCE = timedelta(hours=26)
CALENDAR_AHEAD_DAYS = 45
SMALLEST_ACCUSATIONS = Parameter("people.smallest_accusation_count", Integer)
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing about the system: `ok`, `warn` or `late`, and what to do where something is to be done."""

    tone: str
    words: str
    what_to_do: str = ""


def health_sentences(at: datetime) -> list[Sentence]:
    """All sentences, those that need somebody first.

    Args:
        at: now, aware UTC.
    """
    log = log_health(at)
    found = [_due(at), _outbox(log, at), *_dead(log), _jobs(at), _seal(log, at), _backup(log, at), *_log(log)]
    found += [*_calendar(at), *_gaps(at), _receivers(at)]
    order = {"late": 0, "warn": 1, "ok": 2}
    return sorted(found, key=lambda one: order[one.tone])


def _due(at: datetime) -> Sentence:
    found = due_health(at)
    if found.oldest is None:
        return Sentence("ok", _("No case waits for a worker."))
    waits = span_words(int((at - found.oldest).total_seconds() // 60))
    count = f"{found.waiting}+" if found.waiting == MOST_COUNTED else str(found.waiting)
    words = ngettext(
        "{count} case is due; the oldest has waited for {span}.",
        "{count} cases are due; the oldest has waited for {span}.",
        found.waiting,
    ).format(count=count, span=waits)
    if at - found.oldest <= PATIENCE:
        return Sentence("ok", words)
    return Sentence("late", words, _("Look whether workers run: linli work, or linli serve with --workers."))


def _outbox(log: LogHealth, at: datetime) -> Sentence:
    if log.outbox.oldest is None:
        return Sentence("ok", _("Nothing waits in the outbox."))
    waits = span_words(int((at - log.outbox.oldest).total_seconds() // 60))
    words = ngettext(
        "{n} message waits in the outbox, the oldest for {span}.",
        "{n} messages wait in the outbox, the oldest for {span}.",
        log.outbox.waiting,
    ).format(n=log.outbox.waiting, span=waits)
    return Sentence("ok" if at - log.outbox.oldest <= PATIENCE else "warn", words)


def _dead(log: LogHealth) -> Iterator[Sentence]:
    if log.outbox.dead:
        words = ngettext(
            "{n} message was given up after many tries.",
            "{n} messages were given up after many tries.",
            log.outbox.dead,
        )
        yield Sentence("late", words.format(n=log.outbox.dead), _("Jobs and outbox shows them and tries again."))


def _jobs(at: datetime) -> Sentence:
    rows = job_rows()
    failed = [row.title for row in rows if row.failed]
    late = [row.title for row in rows if row.last and at - row.last > JOB_PATIENCE]
    if failed:
        return Sentence(
            "late", _("Jobs that failed: {names}.").format(names=_named(failed)), _("See the log of the workers.")
        )
    if late:
        return Sentence("warn", _("Jobs that have not run for a day: {names}.").format(names=_named(late)))
    if not any(row.last for row in rows):
        return Sentence("warn", _("No regular job has run yet."), _("They run where linli work runs."))
    return Sentence("ok", _("Regular jobs run."))


def _seal(log: LogHealth, at: datetime) -> Sentence:
    if log.sealed_day is None or log.sealed_at is None:
        return Sentence("ok", _("No day is sealed yet; the first one is after it ends."))
    today = rule_day(at)
    words = _("The last sealed day is {day}, sealed {when}.").format(
        day=plain_day(log.sealed_day, today), when=when(log.sealed_at, at)
    )
    late = (today - log.sealed_day).days > SEAL_PATIENCE_DAYS
    return Sentence("late" if late else "ok", words, _("Run: linli audit seals") if late else "")


def _backup(log: LogHealth, at: datetime) -> Sentence:
    if log.backup_at is None:
        return Sentence("warn", _("No backup was made yet."), _("Run: linli backup FILE"))
    words = _("The last backup was made {when}.").format(when=when(log.backup_at, at))
    late = at - log.backup_at > BACKUP_PATIENCE
    return Sentence("warn" if late else "ok", words, _("Run: linli backup FILE") if late else "")


def _log(log: LogHealth) -> Iterator[Sentence]:
    if log.strays:
        words = ngettext("{n} entry lies outside its month.", "{n} entries lie outside their month.", log.strays)
        yield Sentence("late", words.format(n=log.strays), _("See docs/howto/keep-the-log.md."))
    else:
        yield Sentence("ok", _("Every entry lies in its month; the default partition is empty."))
    if log.months_missing:
        words = ngettext(
            "The log lacks room for {n} month ahead.", "The log lacks room for {n} months ahead.", log.months_missing
        )
        yield Sentence("warn", words.format(n=log.months_missing), _("Run: linli setup"))


def _calendar(at: datetime) -> Iterator[Sentence]:
    today = rule_day(at)
    try:
        live = live_rules(at)
        calendar = live.snapshot_for(live.publications[0].place if live.publications else "").calendar()
    except NoRulesError:
        yield Sentence("late", _("No rules are published."), _("Run: linli rules publish NAME"))
        return
    last = max(
        (
            date(year, 12, 31)
            for year in range(today.year - 1, today.year + 4)
            if not calendar.day(date(year, 12, 31)).provisional
        ),
        default=date(today.year - 1, 12, 31),
    )
    words = _("The work calendar is known until {day}.").format(day=plain_day(last, today))
    near = (last - today).days < CALENDAR_AHEAD_DAYS
    todo = _("Later deadlines are provisional. Publish next year's calendar with the pack.") if near else ""
    yield Sentence("warn" if near else "ok", words, todo)


def _gaps(at: datetime) -> Iterator[Sentence]:
    try:
        missing = duties_unheld((place.code for place in places_under("", at, Tier.COMMUNITY)), at)
    except NoRulesError:
        missing = {}
    if missing:
        names = _named(duty_titles(list(missing), at))
        words = ngettext(
            "{n} duty has no body at some places: {names}.",
            "{n} duties have no body at some places: {names}.",
            len(missing),
        )
        yield Sentence("warn", words.format(n=len(missing), names=names), _("Gaps shows them by place."))
    else:
        yield Sentence("ok", _("Every duty has a body at every place."))
    if empty := posts_empty(at):
        words = ngettext("{n} post has no holder.", "{n} posts have no holder.", empty)
        yield Sentence("warn", words.format(n=empty), _("Posts and appointments shows them."))


def _receivers(at: datetime) -> Sentence:
    """Reports that accuse somebody or are protected, and lie where nobody may see them: a number only if not small."""
    try:
        live = live_rules(at)
        place = live.publications[0].place if live.publications else ""
        least = live.snapshot_for(place).at(place, rule_day(at))[SMALLEST_ACCUSATIONS]
    except NoRulesError:
        return Sentence("warn", _("Whether every closed report has a receiver is not known: no rules are published."))
    found = unreceived(least)
    if not found.any:
        return Sentence("ok", _("Every sealed or protected report has a receiver."))
    if found.count is None:
        words = _("There are sealed or protected reports that nobody receives, fewer than {least}.").format(least=least)
    else:
        words = ngettext(
            "{n} sealed or protected report has nobody who receives it.",
            "{n} sealed or protected reports have nobody who receives them.",
            found.count,
        ).format(n=found.count)
    todo = _("Appoint receivers at the tiers above. Gaps shows for each place whether a report would have one.")
    return Sentence("late", words, todo)


def _named(names: list[str]) -> str:
    more = _(" and {n} more").format(n=len(names) - _NAMED) if len(names) > _NAMED else ""
    return _(", ").join(names[:_NAMED]) + more
