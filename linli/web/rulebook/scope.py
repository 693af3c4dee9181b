"""For which place and which day rules are shown: read from the address, and said in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel.codes import place_code
from linli.kernel.errors import InputError
from linli.packs.selectors import LiveRules, live_rules
from linli.rules.resolver import rule_day
from linli.rules.snapshot import Rules
from linli.web.base.words import titled


@dataclass(frozen=True, slots=True)
class Choice:
    """A place for which rules are published."""

    code: str
    words: str
    here: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Place and day of a page of rules.

    Attributes:
        place: code or prefix as the address gives it, "" = what holds everywhere.
        chain: the packs that speak there, the widest first, in words.
        choices: places for which rules are published, the widest first.
    """

    place: str
    day: date
    today: date
    rules: Rules
    chain: tuple[str, ...]
    choices: tuple[Choice, ...]

    @property
    def query(self) -> str:
        """What a link adds to stay in this scope."""
        held = {"place": self.place, "on": "" if self.day == self.today else self.day.isoformat()}
        given = {name: text for name, text in held.items() if text}
        return f"?{urlencode(given)}" if given else ""

    @property
    def fields(self) -> dict[str, str]:
        """The same for the hidden fields of a form."""
        return {"place": self.place, "on": self.day.isoformat()}


def scope_of(query: QueryDict, at: datetime) -> Scope:
    """Read the scope: `place` (a code, or the prefix of a published pack), `on` (a day).

    Without a place the deepest published pack is meant, where there is only one line of them.

    Raises:
        InputError: no code, no day, or no rules for that place.
    """
    today = rule_day(at)
    live = live_rules(at)
    place = query.get("place", "").strip()
    if "place" not in query and live.publications:
        place = live.publications[0].place
    day = _day(query.get("on", ""), today)
    snapshot = live.snapshot_for(_known(place, live))
    chain = tuple(titled(row["title"]) for row in snapshot.content["chain"])  # type: ignore[attr-defined]
    choices = tuple(
        Choice(one.place, titled(_title(live, one.place)), one.place == place) for one in reversed(live.publications)
    )
    return Scope(place, day, today, snapshot.at(place, day), chain, choices)


def _title(live: LiveRules, place: str) -> dict[str, object]:
    chain = live.snapshot_for(place).content["chain"]
    title: dict[str, object] = chain[-1]["title"]  # type: ignore[index]
    return title


def _known(place: str, live: LiveRules) -> str:
    if place in {one.place for one in live.publications}:
        return place
    return str(place_code(place)) if place else ""


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(_("A day looks like 2027-01-01."), code="web.day") from None
