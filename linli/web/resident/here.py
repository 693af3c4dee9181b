"""What every page of residents knows beforehand: the city, its rules, whom to ring; and how such a page is answered.

Is: read once for each change of rules or register, two small queries a request. Is not: anything about who asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render

from linli.cases.rules import local_date
from linli.intake.placing import home_place
from linli.packs.selectors import snapshot_by_hash, snapshot_for
from linli.places.selectors import place_names, register_version
from linli.rules.parameters import Integer, Parameter, Table, Text
from linli.rules.snapshot import Rules, Snapshot
from linli.web.base.pages import Asked

CALL_LINE = Parameter("resident.call_line", Text)
HELP_LINES = Parameter("resident.help_lines", Table)
EXIT_ADDRESS = Parameter("resident.exit_address", Text)
LONGEST = Parameter("resident.longest_words", Integer)
CORRECT_MINUTES = Parameter("resident.correct_minutes", Integer)
_CITY = 4
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Here:
    """The installation's city and its rules on a day.

    Attributes:
        place: code of the city or district that holds every registered place; "" for none.
        city: its name as people say it, "" where none is registered.
    """

    place: str
    city: str
    snapshot: Snapshot
    rules: Rules

    @property
    def prefix(self) -> str:
        """What every code inside begins with."""
        return self.place[:_CITY] if self.place.endswith("00") else self.place

    @property
    def call(self) -> str:
        """Number of the hotline."""
        return self.rules[CALL_LINE]

    @property
    def help_lines(self) -> Sequence[Mapping[str, object]]:
        """Numbers to ring at once; columns `number`, `zh`, `en`."""
        return self.rules[HELP_LINES]

    @property
    def correct_minutes(self) -> int:
        """For how long a report can be put right."""
        return self.rules[CORRECT_MINUTES]

    @property
    def exit_address(self) -> str:
        """Where the quick exit leads: a page that says nothing of this one."""
        return self.rules[EXIT_ADDRESS]


def here(at: datetime) -> Here:
    """The city and its rules at an instant.

    Raises:
        NoRulesError: no rules are published.
    """
    place, city = _city(register_version(), at.replace(minute=0, second=0, microsecond=0))
    snapshot = snapshot_for(place, at)
    return Here(place, city, snapshot, _rules(snapshot.hash, local_date(at)))


@lru_cache(maxsize=_KEPT)
def _city(_version: int, hour: datetime) -> tuple[str, str]:
    place = home_place(hour)
    code = f"{place}00" if len(place) == _CITY else place
    return place, place_names([code], hour).get(code, "").removesuffix("市")


@lru_cache(maxsize=_KEPT)
def _rules(hash_: str, day: date) -> Rules:
    snapshot = snapshot_by_hash(hash_)
    return snapshot.at(snapshot.place, day)


def show(
    request: Asked, template: str, values: Mapping[str, object], *, status: int = 200, private: bool = True
) -> HttpResponse:
    """A page of residents, with the city and the numbers to ring.

    Args:
        request: the request.
        template: name below `resident/`.
        values: for the template.
        status: of the answer.
        private: nobody on the way, and no search engine, keeps it.
    """
    where = here(request.at)
    common = {"now": request.at, "city": where.city, "call": where.call, "help_lines": where.help_lines}
    common |= {"exit_address": where.exit_address, "correct_minutes": where.correct_minutes}
    response = render(request, f"resident/{template}", {**common, **values}, status=status)
    if private:
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
    return response
