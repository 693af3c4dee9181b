"""What the forms and addresses of the administration ask for, read into days, times and numbers; mistakes in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel.errors import InputError
from linli.organisations.known import View
from linli.web.base.words import CHINA

LARGEST_ID = 2**63 - 1


@dataclass(slots=True)
class Typed:
    """What was typed into a form, and what is wrong with it: field -> words."""

    values: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For the summary of errors: id of the field, words."""
        return [(f"f-{name}", words) for name, words in self.wrong.items()]


def typed(post: QueryDict | Mapping[str, str]) -> Typed:
    """What was sent, without the token."""
    return Typed({name: str(post[name]).strip() for name in post if name != "csrfmiddlewaretoken"})


def day_start(day: date) -> datetime:
    """The first instant of a day in China, aware UTC."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def day_in(form: Typed, name: str, *, required: bool = False) -> date | None:
    """A day of a form; a mistake is noted."""
    text = form.values.get(name, "")
    if not text:
        if required:
            form.wrong[name] = _("Name a day.")
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        form.wrong[name] = _("A day looks like 2027-01-01.")
        return None


def view_of(query: QueryDict, at: datetime) -> View:
    """The two times of a page: `on` (how things stood that day) and `known` (as known at the end of that day).

    Raises:
        InputError: one of them is no day.
    """
    return View(_at(query.get("on", ""), at), _at(query.get("known", ""), at))


def _at(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        end = day_start(date.fromisoformat(text)) + timedelta(days=1) - timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise InputError(_("A day looks like 2027-01-01."), code="web.day") from None
    return min(end, now)


def after_in(query: QueryDict) -> int:
    """Where the page before ended, 0 = at the beginning.

    Raises:
        InputError: no number.
    """
    text = query.get("after", "0")
    if not text.isdecimal() or int(text) > LARGEST_ID:
        raise InputError(_("The address is not whole."), code="web.after")
    return int(text)


def address_with(query: QueryDict, **change: object) -> str:
    """The query of this page with some of it changed."""
    changed = query.copy()
    for name, value in change.items():
        changed[name] = str(value)
    return f"?{changed.urlencode()}"
