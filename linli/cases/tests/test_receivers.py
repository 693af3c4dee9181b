"""Named receivers of a batch: what stands on the day is read once, however many cases are closed to them."""

from __future__ import annotations

import pytest

from linli.cases.models import Assignment
from linli.cases.opening import open_cases
from linli.cases.tests.desk import draft, rules
from linli.kernel.actors import SYSTEM
from tests.statements import statements
from tests.town import AT, GRIDS, Town


def protected_matter() -> str:
    return next(code for code, row in rules().matters().items() if row["protected"])


@pytest.mark.parametrize("compartment", ["sealed", "protected"])
def test_a_batch_asks_once_who_receives(compartment: str, town: Town) -> None:
    counts = {}
    # The first batch also finds what the process keeps for good.
    for number in (3, 2, 20):
        drafts = [
            draft(
                compartment=compartment,
                matter=protected_matter() if compartment == "protected" else None,
                accused=(town.street_office, town.sanitation)[: n % 3] if compartment == "sealed" else (),
                place=GRIDS[n % len(GRIDS)],
                located=None,
            )
            for n in range(number)
        ]
        with statements() as run:
            opened = open_cases(drafts, SYSTEM, at=AT)
        counts[number] = len(run)
    assert counts[2] == counts[20]
    if compartment == "sealed":
        receivers = Assignment.objects.filter(case__in=[one.case for one in opened], role="receiver")
        assert {row.case_id for row in receivers} == {one.case for one in opened}
