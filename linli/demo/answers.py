"""Answers for callers in the demo city: the list `data/answers.csv` filled in for its places, and what desks say of them.

Is: rows for `knowledge.imports`, and a few reports of something wrong or missing. Is not: the import. The wording is made up
by the maintainers; it is no advice.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.resources import files

from linli.access.selectors import actor_at, system_actor
from linli.demo.bodies import served_places, words_at
from linli.demo.plan import CHINA, DemoPlan
from linli.kernel.errors import BrokenError
from linli.knowledge.imports import entries_import
from linli.knowledge.reporting import report_missing, report_wrong
from linli.knowledge.selectors import entries_for
from linli.organisations.selectors import holders
from linli.places.domain import PlaceInfo
from linli.places.selectors import places_under

LIST = "answers.csv"
_ENDS = {"soon": timedelta(days=12), "late": timedelta(days=200)}
"""How long after the week the answers end that have an end."""
_WRONG = ("电梯坏了", "救援电话那句念起来太长，先说打哪个号码")
_MISSING = ("外卖柜收费合理吗", "小区要按次收快递柜超时费，这几天好几个人问")


def answers_entered(plan: DemoPlan) -> int:
    """Enter the answers as of the day on which the city was founded, and say what is wrong or missing a day later.

    Args:
        plan: which week, which district.

    Returns:
        How many answers there are.

    Raises:
        BrokenError: the list has a fault.
    """
    at = plan.week.founded
    rows = [cells for place, known in _places(plan) for cells in _rows(plan, place, known)]
    report = entries_import(enumerate(rows, start=2), system_actor(), at)
    if report.faults:
        first = report.faults[0]
        raise BrokenError(f"The demo's answers have a fault: {first.column}: {first.message}", code="demo.answers")
    _said(plan)
    return report.opened


def _places(plan: DemoPlan) -> Iterator[tuple[PlaceInfo, Mapping[str, PlaceInfo]]]:
    places = places_under("", plan.week.founded)
    known = {str(place.code): place for place in places}
    served = served_places(known)
    # The widest last: lists begin with the newest.
    for place in sorted(places, key=lambda one: -len(str(one.code))):
        if place.tier.value == "city" or str(place.code) in served:
            yield place, known


def _rows(plan: DemoPlan, place: PlaceInfo, known: Mapping[str, PlaceInfo]) -> Iterator[Mapping[str, str]]:
    words = words_at(str(place.code), known)
    words |= {name: (plan.week.end + after).astimezone(CHINA).date().isoformat() for name, after in _ENDS.items()}
    with (files("linli.demo.data") / LIST).open("r", encoding="utf-8") as lines:
        for cells in csv.DictReader(lines):
            if cells.pop("tier") == place.tier.value:
                yield {name: text.format(**words) for name, text in cells.items()}


def _said(plan: DemoPlan) -> None:
    """A phone desk of the first district says that one answer is wrong, and that one is missing."""
    at = plan.week.founded + timedelta(days=1, hours=10)
    districts = sorted(str(place.code) for place, _ in _places(plan) if place.tier.value == "district")
    if not districts:
        return
    (account, _holding), *_others = holders("operator", districts[0], at)
    actor = actor_at(account, at)
    for entry in entries_for(_WRONG[0], districts[0], at, limit=1):
        report_wrong(entry.id, _WRONG[1], actor, at)
    report_missing(*_MISSING, districts[0], actor, at)
