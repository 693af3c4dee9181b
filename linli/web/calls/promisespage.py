"""The queue of promises in words: one group a day, what has passed first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from linli.cases.promises import BY_DAY, PromiseLine, promise_page
from linli.cases.rules import procedure_for
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, cursor_of
from linli.organisations.selectors import organisation_names
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import place_names
from linli.web.base.marks import Mark, state_mark
from linli.web.base.words import day_words, local, weekday
from linli.web.desk.rows import place_words

_COMMUNITY, _GRID = 12, 15


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise as the template shows it."""

    no: str
    title: str
    place: str
    owner: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class PromiseDay:
    """The promises of one day. `tone`: `late` for a day that has passed, `soon` for today."""

    key: str
    words: str
    tone: str
    rows: tuple[PromiseRow, ...]


@dataclass(frozen=True, slots=True)
class PromiseList:
    """What the page of promises shows; `next` is the address of the next page, "" at the end."""

    days: tuple[PromiseDay, ...]
    next: str


def promise_list(actor: Actor, at: datetime, *, after: After | None, limit: int) -> PromiseList:
    """One page of the desk's promises.

    Args:
        actor: with the posts held now.
        at: now, aware UTC.
        after: where the page before ended.
        limit: most rows.
    """
    page = promise_page(actor, after=after, limit=limit)
    further = reverse("promises") + "?" + urlencode({"after": cursor_of(BY_DAY, page.after)}) if page.after else ""
    return PromiseList(tuple(_days(page.rows, at)), further)


def _days(lines: Sequence[PromiseLine], at: datetime) -> Iterator[PromiseDay]:
    places = place_names({code for one in lines for code in (one.place[:_COMMUNITY], one.place[:_GRID])}, at)
    bodies = organisation_names({one.owner for one in lines if one.owner is not None}, at) if lines else {}
    today = local(at).date()
    for day in dict.fromkeys(map(_day, lines)):
        rows = tuple(
            PromiseRow(
                one.no,
                one.title,
                place_words((one.place[:_COMMUNITY], one.place[:_GRID]), places),
                bodies.get(one.owner or 0, ""),
                state_mark(procedure_for(snapshot_by_hash(one.snapshot), one.kind), one.state),
            )
            for one in lines
            if _day(one) == day
        )
        yield PromiseDay(day.isoformat(), _words(day, today), _tone(day, today), rows)


def _day(line: PromiseLine) -> date:
    """The day at whose end a promise is due."""
    return local(line.due_at - timedelta(minutes=1)).date()


def _words(day: date, today: date) -> str:
    said = f"{day_words(day, today)} {weekday(day)}"
    return _("Passed: {day}").format(day=said) if day < today else said


def _tone(day: date, today: date) -> str:
    return "late" if day < today else "soon" if day == today else ""
