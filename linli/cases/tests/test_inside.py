"""Places as ranges: what lies inside, what two lists share, and that an index serves it."""

from __future__ import annotations

import pytest

from linli.cases import deskqueue
from linli.cases.deskqueue import Moments, QueueFilter, queue_counts, queue_sheet
from linli.cases.inside import inside, within
from linli.cases.reading import run, run_once
from linli.cases.tests.desk import open_one
from tests.town import AT, DISTRICT, GRIDS, OSMANTHUS, OTHER_STREET, STREET, Town

MOMENTS = Moments(AT, AT, AT)


def test_nested_places_are_one_range_and_everywhere_is_no_condition() -> None:
    text, values = inside("in", [OSMANTHUS, GRIDS[0], OTHER_STREET])
    assert (text.count("~>=~"), text.count("left(")) == (1, 1)
    assert values == {"in_0_from": OSMANTHUS, "in_0_to": f"{OSMANTHUS}~", "in_1": OTHER_STREET}
    assert inside("in", ["", STREET]) == ("true", {})
    assert inside("in", []) == ("false", {})


@pytest.mark.parametrize(
    ("own", "asked", "common"),
    [
        ([DISTRICT], [STREET], [STREET]),
        ([STREET], [DISTRICT], [STREET]),
        ([STREET], [STREET], [STREET]),
        ([STREET], [OTHER_STREET], []),
        ([STREET, OTHER_STREET], [OSMANTHUS, OTHER_STREET], [OSMANTHUS, OTHER_STREET]),
        ([""], [OSMANTHUS], [OSMANTHUS]),
    ],
)
def test_the_ground_that_two_lists_share(own: list[str], asked: list[str], common: list[str]) -> None:
    assert within(own, asked) == common


@pytest.mark.django_db
def test_a_code_that_begins_alike_but_is_longer_lies_inside_and_its_neighbour_does_not(town: Town) -> None:
    codes = [STREET, GRIDS[0], OTHER_STREET, DISTRICT]
    assert found_in(STREET, codes) == [STREET, GRIDS[0]]
    assert found_in(OSMANTHUS, codes) == [GRIDS[0]]
    assert found_in(DISTRICT, codes) == codes


def found_in(place: str, codes: list[str]) -> list[str]:
    text, values = inside("in", [place])
    query = f"SELECT c.place FROM unnest(%(codes)s::text[]) c(place) WHERE {text}"
    return [row[0] for row in run(query, {**values, "codes": codes}).fetchall()]


@pytest.mark.django_db
def test_a_queue_is_read_along_an_index_and_what_waits_along_the_clocks(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_one()
    plans: list[str] = []

    def explained(query: str, values: dict[str, object]) -> object:
        plans.append("\n".join(row[0] for row in run_once(f"EXPLAIN {query}", values).fetchall()))
        return run_once(query, values)

    monkeypatch.setattr(deskqueue, "run_once", explained)
    run("SET LOCAL enable_seqscan = off", {})
    wanted = QueueFilter(places=(STREET,))
    assert len(queue_sheet(town.actor("duan"), wanted, MOMENTS).rows) == 1
    assert queue_counts(town.actor("duan"), {"mine": QueueFilter(mine=True)}, MOMENTS) == {"mine": 1}
    sheet, counts = plans
    # Of a handful of cases the planner may as well walk the limits; among many a street is one value of its own.
    assert any(name in sheet for name in ("cases_case_street", "cases_case_wide"))
    assert "cases_clock_" in counts
