"""The day that a page of the register is asked for: `?on=2026-10-01` shows how things stood at its end, as known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel.errors import InputError
from linli.organisations.known import View
from linli.web.base.words import CHINA, days_words, english, local, whole_day

LARGEST_ID = 2**63 - 1
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """Of which day a page is.

    Attributes:
        view: the instant it holds for, which is also the one by which it was known.
        day: the day in words; "" for now.
        typed: what the address says.
        wrong: why that could not be read; the page is then of now.
    """

    view: View
    day: str
    typed: str
    wrong: str = ""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For the summary of errors: id of the field, words."""
        return [("on", self.wrong)] if self.wrong else []


def day_seen(query: QueryDict, at: datetime) -> Seen:
    """The day of an address; what cannot be read, and a day to come, is said.

    Args:
        query: of the address: `on`.
        at: aware UTC.
    """
    typed, now = query.get("on", "").strip(), View(at, at)
    if not typed:
        return Seen(now, "", "")
    try:
        day = date.fromisoformat(typed)
        end = datetime.combine(day, time(), CHINA) + _DAY - timedelta(seconds=1)
    except (ValueError, OverflowError):
        return Seen(
            now, "", typed[:20], _("“{typed}” is no day. A day looks like 2026-01-31.").format(typed=typed[:20])
        )
    today = local(at).date()
    if day > today:
        return Seen(now, "", typed, _("That day is still to come. Name today or an earlier day."))
    return Seen(now, "", typed) if day == today else Seen(View(end, end), whole_day(end), typed)


def day_iso(at: datetime) -> str:
    """A day with its year: `2026-01-31`."""
    return f"{local(at):%Y-%m-%d}"


def month_words(at: datetime) -> str:
    """A month with its year: `2026-03`, `Mar 2026`."""
    return f"{local(at):%b %Y}" if english() else f"{local(at):%Y-%m}"


def span_of_days(since: datetime | None, until: datetime | None) -> str:
    """From which day to which, both counted in; an end that is not set is left out."""
    return days_words(since, until)


def row_after(query: QueryDict, name: str) -> int:
    """Where the page before of a list ended, 0 = at the beginning.

    Raises:
        InputError: no number.
    """
    text = query.get(name, "0")
    if not (text.isascii() and text.isdecimal()) or int(text) > LARGEST_ID:
        raise InputError(_("The address is not whole."), code="web.after")
    return int(text)


def code_after(query: QueryDict, name: str) -> str:
    """The code behind which a list of places goes on; "" = at the beginning.

    Raises:
        InputError: no code.
    """
    return str(found) if (found := row_after(query, name)) else ""


def further(query: QueryDict, name: str, after: object) -> str:
    """The address of a list's next page."""
    changed = query.copy()
    changed[name] = str(after)
    return f"?{changed.urlencode()}#{name}"
