"""Facts said in words: times of day, what is left of a limit, posts, bodies' relations. In the language of the request.

Times are told in China Standard Time, whatever the server's zone. Is not: the words of a procedure, which the pack has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta, timezone

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

CHINA = timezone(timedelta(hours=8))
_PAPER: ContextVar[bool] = ContextVar("on_paper", default=False)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: tuple[Promise, ...] = (
    gettext_lazy("Mon"), gettext_lazy("Tue"), gettext_lazy("Wed"), gettext_lazy("Thu"), gettext_lazy("Fri"),
    gettext_lazy("Sat"), gettext_lazy("Sun"),
)  # fmt: skip

ROLES: Mapping[str, Promise] = {
    "grid_worker": gettext_lazy("Grid worker"),
    "community_worker": gettext_lazy("Community worker"),
    "handler": gettext_lazy("Handler"),
    "head": gettext_lazy("Head"),
    "duty_desk": gettext_lazy("Duty desk"),
    "duty_head": gettext_lazy("Head of the duty desk"),
    "operator": gettext_lazy("Phone desk"),
    "arbiter": gettext_lazy("Arbiter"),
    "supervisor": gettext_lazy("Supervision"),
    "seal_receiver": gettext_lazy("Sealed desk"),
    "auditor": gettext_lazy("Auditor"),
    "support": gettext_lazy("Support"),
    "system_administrator": gettext_lazy("System administrator"),
    "security_administrator": gettext_lazy("Security administrator"),
    "audit_administrator": gettext_lazy("Audit administrator"),
}
"""The posts that procedures speak of. A post of another name is shown by that name."""


RELATIONS: Mapping[str, Promise] = {
    "owner": gettext_lazy("the body that handles it"),
    "co_owner": gettext_lazy("a helping body"),
    "desk": gettext_lazy("the duty desk of the place"),
    "receiver": gettext_lazy("a named receiver"),
    "involved": gettext_lazy("whoever has the case before them"),
    "reporter": gettext_lazy("the resident"),
    "system": gettext_lazy("the system"),
    "next_line": gettext_lazy("whoever comes next where no receiver is left"),
}
TIERS: Mapping[str, Promise] = {
    "city": gettext_lazy("city"),
    "district": gettext_lazy("district"),
    "street": gettext_lazy("sub-district"),
    "community": gettext_lazy("community"),
    "grid": gettext_lazy("grid"),
}


def relation_words(relation: str) -> str:
    """Who may take a step, in words: a relation of the procedure, such as `owner` or `place.street.duty_head`."""
    if relation in RELATIONS:
        return str(RELATIONS[relation])
    parts = relation.split(".")
    if parts[0] != "place":
        return role_title(relation)
    if parts[1:] == ["grid", "grid_worker"]:
        return role_title("grid_worker")
    tier = str(TIERS.get(parts[1], parts[1]))
    return _("{role} of the {tier}").format(tier=tier, role=role_title(parts[2])) if len(parts) > 2 else tier


def english() -> bool:
    """Whether this request speaks English."""
    return (translation.get_language() or "").startswith("en")


def titled(title: Mapping[str, object]) -> str:
    """A title of the pack in the language of the request; Chinese where there is no other."""
    return str(title.get("en" if english() else "zh") or title.get("zh") or "")


def role_title(role: str) -> str:
    """A post's role in words."""
    return str(ROLES.get(role, role))


def local(at: datetime) -> datetime:
    """An instant as clocks in China show it."""
    return at.astimezone(CHINA)


def days_words(since: datetime | None, until: datetime | None) -> str:
    """From which day to which, both counted in; an end that is not set is left out."""
    first = whole_day(since) if since else "…"
    if until is None:
        return _("since {day}").format(day=first)
    # Periods end before their end: a post until the first of a month was held through the last of the month before.
    return _("{first} to {last}").format(first=first, last=whole_day(until - timedelta(microseconds=1)))


def whole_day(at: datetime) -> str:
    """A day with its year: `2026-01-31`, `31 Jan 2026`."""
    there = local(at).date()
    return f"{there.day} {_MONTHS[there.month - 1]} {there.year}" if english() else there.isoformat()


def clock_time(at: datetime) -> str:
    """`16:20`."""
    return f"{local(at):%H:%M}"


@contextmanager
def on_paper() -> Iterator[None]:
    """Days by their dates: paper is read on another day than it is printed."""
    before = _PAPER.set(True)
    try:
        yield
    finally:
        _PAPER.reset(before)


def day_words(day: date, today: date) -> str:
    """A day: today, yesterday, tomorrow, else month and day, with the year when it is another one."""
    near = None if _PAPER.get() else {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((day - today).days)
    return near or plain_day(day, today)


def plain_day(day: date, today: date) -> str:
    """A day by its date: `11-23` or `23 Nov`, with the year when it is another one."""
    if english():
        text = f"{day.day} {_MONTHS[day.month - 1]}"
        return text if day.year == today.year else f"{text} {day.year}"
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def weekday(day: date) -> str:
    """`Fri`."""
    return str(_WEEKDAYS[day.weekday()])


def when(at: datetime, now: datetime) -> str:
    """An instant: `today 16:20`, `23 Nov 10:12`; another year by its date alone."""
    there, here = local(at).date(), local(now).date()
    day = day_words(there, here)
    return day if there.year != here.year else f"{day} {clock_time(at)}"


def when_due(due: datetime, now: datetime) -> str:
    """A limit: the end of a day is said as 24:00 of that day."""
    if local(due).time() != time.min:
        return when(due, now)
    return f"{day_words(local(due - timedelta(minutes=1)).date(), local(now).date())} 24:00"


def when_exact(at: datetime, now: datetime) -> str:
    """An instant by its date and weekday: `11 月 25 日（周三）10:12`, `Wed 25 Nov, 10:12`."""
    day = local(at).date()
    if english():
        return f"{weekday(day)} {plain_day(day, local(now).date())}, {clock_time(at)}"
    year = "" if day.year == local(now).year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日（{weekday(day)}）{clock_time(at)}"


def span_words(minutes: int) -> str:
    """A stretch of time in its two largest units: `1 day 2 h`, `3 h 53 min`, `19 min`."""
    days, rest = divmod(abs(minutes), 24 * 60)
    hours, mins = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("{n} day", "{n} days", days).format(n=days))
    if hours:
        parts.append(_("{n} h").format(n=hours))
    if mins and not days:
        parts.append(_("{n} min").format(n=mins))
    return " ".join(parts) or _("{n} min").format(n=0)


def left_words(due: datetime, now: datetime) -> str:
    """What is left until a limit, or by how much it has passed."""
    minutes = round((due - now).total_seconds() / 60)
    span = span_words(minutes)
    return _("{span} late").format(span=span) if minutes < 0 else _("{span} left").format(span=span)


def taken_words(start: datetime, end: datetime, in_time: bool) -> str:
    """How long something took, and whether that was in time."""
    span = span_words(round((end - start).total_seconds() / 60))
    if in_time:
        return _("took {span}, in time").format(span=span)
    return _("took {span}, late").format(span=span)


UNITS: Mapping[str, tuple[str, str]] = {
    "clock_hour": ("{n} hour", "{n} hours"),
    "work_hour": ("{n} working hour", "{n} working hours"),
    "workday": ("{n} workday", "{n} workdays"),
    "day": ("{n} day", "{n} days"),
}
"""The units of a limit; their words are msgids of the catalogue."""


def limit_words(limit: str) -> str:
    """A limit such as `5 workday + 3 workday` in words."""
    parts = []
    for part in limit.split(" + "):
        amount, _space, unit = part.partition(" ")
        one, many = UNITS.get(unit, ("{n}", "{n}"))
        parts.append(ngettext(one, many, int(amount)).format(n=amount))
    return " + ".join(parts)


def _catalogued() -> tuple[str, ...]:
    """The msgids that are looked up from tables above, spelled out for the catalogue."""
    return (
        ngettext("{n} hour", "{n} hours", 1),
        ngettext("{n} working hour", "{n} working hours", 1),
        ngettext("{n} workday", "{n} workdays", 1),
    )
