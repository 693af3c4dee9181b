"""What a resident reads of a matter, as sentences: how far it is, what happened, why until then.

The words of states come from the procedure; here are those of the stages that every procedure's states belong to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from linli.cases.following import RELEASE, Due, Follow, Happened
from linli.cases.numbers import spoken
from linli.kernel.stretches import Stretch, StretchRule
from linli.web.base.marks import Bar, clock_bar
from linli.web.base.words import english, limit_words, local, plain_day, titled, weekday, when, when_exact

LADDER = (
    ("received", gettext_lazy("Received")),
    ("sent", gettext_lazy("Sent on")),
    ("in_hand", gettext_lazy("In hand")),
    ("check", gettext_lazy("Check")),
    ("done", gettext_lazy("Done")),
)
_AT = {"received": 0, "sent": 1, "in_hand": 2, "on_hold": 2, "check": 3, "done": 5}
_NOT_DONE: Mapping[str, Promise] = {
    "partly": gettext_lazy("Partly solved"),
    "explained": gettext_lazy("Explained"),
    "not_accepted": gettext_lazy("Cannot be done"),
    "referred": gettext_lazy("Passed on to where it belongs"),
}
"""Results that are not a matter put right: nobody is told that theirs is done when it is not."""
OPEN_STAGES = ("received", "sent", "in_hand")
_NAMED_DAYS = 4


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: `past`, `now` or neither."""

    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what happened.

    Attributes:
        kind: `new` for the latest, `p` for people, "" for the system.
    """

    at: datetime
    kind: str
    text: str
    who: str
    photos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day on the way to the deadline: whether it counts, and why."""

    day: str
    counted: bool
    reason: str


def ladder(stage: str) -> tuple[Rung, ...]:
    """The five rungs; none for a matter that ended in another way."""
    if stage not in _AT:
        return ()
    here = _AT[stage]
    places = ("past" if n < here else "now" if n == here else "" for n in range(len(LADDER)))
    return tuple(Rung(str(title), place) for (_stage, title), place in zip(LADDER, places, strict=True))


def clauses(view: Follow, body: str, now: datetime) -> tuple[str, ...]:
    """The state as a sentence, in clauses between which a line may break."""
    late = view.due is not None and view.due.late and view.due.state == "running" and view.stage in OPEN_STAGES
    if late:
        told = _("the head of {unit} has been told").format(unit=body) if body else _("the duty desk has been told")
        return _("Past its limit;"), told
    if view.stage == "received":
        return _("Received;"), _("finding who it belongs to")
    if view.stage == "sent":
        return _("Passed to {unit};").format(unit=body or _("a unit")), _("waiting for them to take it")
    if view.stage == "in_hand":
        return _in_hand(view.due, now)
    return _later_clauses(view)


def sentence(clauses: Sequence[str]) -> str:
    """Clauses as one sentence with its full stop."""
    return _("{state}.").format(state=(" " if english() else "").join(clauses).rstrip("。."))


def _in_hand(due: Due | None, now: datetime) -> tuple[str, ...]:
    if due is None or due.due_at is None:
        return (_("Being worked on"),)
    return _("In hand;"), _("due {when}").format(when=when(due.due_at, now))


def _later_clauses(view: Follow) -> tuple[str, ...]:
    if view.stage == "on_hold":
        reason = _last_words(view.happened)
        return (_("On hold:"), reason) if reason else (_("On hold"),)
    if view.stage == "check":
        return _("Answered;") if view.result in _NOT_DONE else _("Done;"), _("being checked")
    if view.stage == "done":
        return (str(_NOT_DONE.get(view.result) or pgettext("of a matter", "Done")),)
    return (titled(view.state_title),)


def because(view: Follow) -> str:
    """Why it ended without being done, in the words of whoever ended it; "" where it was done or is under way."""
    ended = view.stage == "over" or (view.stage == "done" and view.result in _NOT_DONE)
    return _last_words(view.happened) if ended else ""


def _last_words(happened: Sequence[Happened]) -> str:
    said = [" ".join(one.words.values()) for one in happened if one.words and not one.mine]
    return said[-1] if said else ""


def lines(view: Follow, names: Mapping[int, str]) -> list[Line]:
    """What happened, the newest first."""
    told = [_line(one, view, names) for one in view.happened]
    newest = len(told) - 1
    return [
        Line(line.at, "new" if number == newest and line.kind else line.kind, line.text, line.who, line.photos)
        for number, line in reversed(list(enumerate(told)))
    ]


def _line(one: Happened, view: Follow, names: Mapping[int, str]) -> Line:
    by = names.get(one.organisation or 0, "")
    who = "" if one.step == "open" else _("You") if one.mine else _("By the system") if one.by_machine else by
    if one.step == RELEASE:
        return Line(one.at, "p", _("The desk shows what it looks like there."), by, one.photos)
    text = " ".join(one.words.values()) if one.words and not one.mine else _own(one, view) if one.mine else ""
    return Line(
        one.at, "" if one.by_machine or one.step == "open" else "p", text or _moved(one, names), who, one.photos
    )


def _own(one: Happened, view: Follow) -> str:
    words = " ".join(text for name, text in one.words.items() if name not in ("title", "task_text"))
    if one.step == "open":
        return _("We received your report, number {no}.").format(no=spoken(view.no).replace(" ", "\u00a0"))
    texts = {
        "add": _("You added: {words}") if words else _("You added photos."),
        "correct": _("You put it right: {words}"),
        "withdraw": _("You took it back."),
        "reopen": _("You said it is not solved; it goes back."),
        "remind": _("You reminded them."),
        "unjoin": _("You left the joint case; yours is heard alone."),
        "join": _("Joined to a neighbour's report of the same thing."),
    }
    return texts.get(one.step, titled(one.state_title)).format(words=words)


def _moved(one: Happened, names: Mapping[int, str]) -> str:
    to = names.get(one.sent_to or 0, "")
    state = titled(one.state_title)
    return _("{state}: passed to {unit}.").format(state=state, unit=to) if to else _("{state}.").format(state=state)


# until when, and why


def due_words(due: Due, now: datetime) -> str:
    """The deadline with its weekday."""
    return when_exact(due.due_at, now) if due.due_at else _("Not running while it is on hold.")


def due_bar(due: Due, now: datetime) -> Bar | None:
    """The clock bar; none once the clock has stopped."""
    if due.state == "paused":
        return Bar("hold", 50, None, _("Paused, not counting"))
    if due.due_at is None or due.state == "stopped":
        return None
    return clock_bar(due.started_at, due.due_at, now)


def why_words(due: Due, now: datetime) -> list[str]:
    """Why then, in sentences: the limit, from when it counts, what does not count."""
    told = [
        _("This kind of matter is to be done within {limit}.").format(limit=limit_words(due.limit)),
        _("Yours came in {when}; the time counts from then.").format(when=when(due.started_at, now)),
    ]
    skipped = _skipped(day_lines(due.stretches, now))
    if skipped:
        told.append(_("Not counted: {days}.").format(days=_(", ").join(skipped)))
    elif due.stretches:
        told.append(_("Every day in between counts."))
    if due.unsure:
        told.append(_("This limit waits for an office to confirm it."))
    return told


def _skipped(days: Sequence[DayLine]) -> list[str]:
    """The days that do not count, by reason, at most so many of each by name."""
    by_reason: dict[str, list[str]] = {}
    for line in days:
        if not line.counted:
            by_reason.setdefault(line.reason, []).append(line.day)
    return [_("{reason} ({days})").format(reason=reason, days=_few(named)) for reason, named in by_reason.items()]


def _few(named: Sequence[str]) -> str:
    shown = _(", ").join(named[:_NAMED_DAYS])
    return _("{days} and others").format(days=shown) if len(named) > _NAMED_DAYS else shown


def day_lines(stretches: Sequence[Stretch], now: datetime) -> list[DayLine]:
    """The days from the start to the deadline, each with whether it counts; a day counts if any part of it does."""
    found = []
    today = local(now).date()
    for day, parts in groupby(stretches, key=lambda one: one.day):
        pieces = list(parts)
        counted = any(one.counted for one in pieces)
        reason = "" if counted else _reason(pieces)
        found.append(DayLine(_day(day, today), counted, reason))
    return found


def _day(day: date, today: date) -> str:
    return f"{plain_day(day, today)} {weekday(day)}"


def _reason(pieces: Sequence[Stretch]) -> str:
    rules = {one.rule for one in pieces}
    named = next((one.day_name for one in pieces if one.day_name), "")
    if StretchRule.HOLIDAY in rules:
        return named or _("holiday")
    if StretchRule.PAUSED in rules:
        return _("on hold")
    if StretchRule.START_DAY in rules:
        return _("the day it came in")
    if StretchRule.REST in rules:
        return _("day of rest")
    return _("outside working hours")
