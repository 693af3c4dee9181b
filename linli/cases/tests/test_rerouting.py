"""After a person says where a case is or what it is, who is responsible is asked anew, and the reasons tell it."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.models import Case
from linli.cases.rules import local_date
from linli.cases.selectors import explain
from linli.cases.tests.desk import in_hand, later, open_one, route_to, rules, take
from linli.cases.tests.folding import differences
from linli.journal.models import Entry
from linli.kernel.errors import InputError
from linli.matters.selectors import catalogue
from linli.organisations.selectors import duty_table
from linli.routing.domain import Route, facts_at, route
from linli.routing.selectors import routing_table
from tests.statements import statements
from tests.town import AT, GRIDS, STREET, Town

RUBBISH, LAMP = "event.01.002", "event.04.008"
MACHINE = {"catalogue_words": ["垃圾"]}


def expected(matter: str, place: str) -> Route:
    facts = facts_at(matter, place, AT, frozenset(), "hotline")
    return route(facts, routing_table(rules(), local_date(AT)), duty_table(AT))


def unknown(**changes: Any) -> int:
    """A case of which the machine knew neither the matter nor the grid."""
    fallback = expected("", STREET)
    assert fallback.reason != "row"
    known: dict[str, Any] = {
        "located": None, "place": STREET, "matter": None, "matter_by": "none", "flags": ("to_locate", "to_class"),
        "route": fallback, "why": {"matter": MACHINE, "place": {"on_edge": True}},
    }  # fmt: skip
    return open_one(**{**known, **changes}).case


def _title(code: str) -> str:
    matter = catalogue(rules()).find(code)
    assert matter is not None
    return matter.title_zh


def why(case: int) -> dict[str, Any]:
    found: dict[str, Any] = Case.objects.get(pk=case).why
    return found


def test_located_and_classed_the_reason_is_the_row_that_fits_now(town: Town) -> None:
    case = unknown()
    take(case, "locate", town.ref("duan"), later(minutes=1), place=GRIDS[0])
    assert why(case)["route"] == expected("", GRIDS[0]).trace()
    assert "place" not in why(case)
    assert why(case)["matter"] == MACHINE
    take(case, "classify", town.ref("duan"), later(minutes=2), matter=RUBBISH)
    wanted = expected(RUBBISH, GRIDS[0])
    assert wanted.reason == "row"
    assert why(case) == {"route": wanted.trace()}
    owner = next(one for one in explain(town.actor("duan"), case, later(minutes=3)) if one.what == "owner")
    assert (owner.rule, owner.detail[0]["organisation"]) == (wanted.row_id, wanted.organisation)


def test_a_task_without_a_matter_takes_the_name_of_the_one_it_is_given(town: Town) -> None:
    case = unknown()
    take(case, "locate", town.ref("duan"), later(minutes=1), place=GRIDS[0])
    before = Case.objects.get(pk=case)
    take(case, "classify", town.ref("duan"), later(minutes=2), matter=RUBBISH)
    named = Case.objects.get(pk=case)
    assert named.title == _title(RUBBISH) != before.title
    assert named.task_text == before.task_text
    assert not differences(case)


def test_class_mended_later_moves_the_proposed_owner(town: Town) -> None:
    case = open_one(route=route_to(town.sanitation)).case
    take(case, "classify", town.ref("duan"), later(minutes=1), matter=LAMP)
    assert why(case)["route"] == expected(LAMP, GRIDS[0]).trace()
    assert why(case)["route"]["organisation"] not in (None, town.sanitation)


def test_entry_tells_the_route_as_an_opening_does(town: Town) -> None:
    case = unknown()
    take(case, "locate", town.ref("duan"), later(minutes=1), place=GRIDS[0])
    entry = Entry.objects.filter(subject=f"case:{case}").order_by("-seq")[0]
    assert entry.data["route"] == expected("", GRIDS[0]).trace()


def test_sealed_case_keeps_no_reason(town: Town) -> None:
    case = open_one(compartment="sealed", route=None).case
    take(case, "classify", town.ref("tan"), later(minutes=1), matter=LAMP)
    assert why(case) == {}


def test_unknown_matter_is_still_a_wrong_form(town: Town) -> None:
    case = unknown()
    with pytest.raises(InputError):
        take(case, "classify", town.ref("duan"), later(minutes=1), matter="event.99.999")


def test_other_steps_cost_no_more(town: Town) -> None:
    case = in_hand(town, route=route_to(town.sanitation)).case
    with statements() as counted:
        take(case, "note", town.ref("han"), later(minutes=20), note="已到现场")
    assert len(counted) == 2, counted
