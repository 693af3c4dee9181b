"""Named receivers of a batch: what stands on the day is read once, however many cases are closed to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import pytest
from django.db import connection

from linli.cases.health import _UNRECEIVED, Unreceived, unreceived
from linli.cases.models import Assignment
from linli.cases.opening import open_cases
from linli.cases.tests.desk import draft, rules, uncertain_rules
from linli.kernel.actors import SYSTEM
from linli.organisations.appointments import appointment_end
from linli.packs.services import publish
from linli.rules.snapshot import Snapshot
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


def test_closed_cases_without_a_receiver_are_counted_and_a_small_count_is_not_told(town: Town) -> None:
    open_cases([draft(), draft(compartment="sealed")], SYSTEM, at=AT)
    assert unreceived(5) == Unreceived(any=False, count=None)
    for name in ("tan", "ji"):
        appointment_end(town.appointments[name], town.actor("beth"), AT, AT)
    alone = [draft(compartment="sealed", title=f"密件{n}") for n in range(5)]
    open_cases(alone[:1], SYSTEM, at=AT)
    assert unreceived(5) == Unreceived(any=True, count=None)
    open_cases(alone[1:], SYSTEM, at=AT)
    assert unreceived(5) == Unreceived(any=True, count=5)


def test_closed_cases_are_found_by_their_index(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX cases_case_place")  # as good as any other in a table of three rows
        cursor.execute(f"EXPLAIN {_UNRECEIVED}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "cases_case_unseen" in plan, plan


def test_a_protected_matter_comes_to_the_posts_that_the_pack_names_today_and_else_an_administrator_is_told(
    town: Town,
) -> None:
    matter = next(
        code for code, row in rules().matters().items() if row["protected"] and row["duty"] == "duty.person_safe"
    )
    national = uncertain_rules()
    parameters = cast("Mapping[str, Any]", national.content["parameters"])
    row = parameters["posts.receiving"]
    other = {**row, "values": [{**row["values"][0], "value": ["clerk"]}]}
    without = {key: one for key, one in parameters.items() if key != "posts.receiving"}
    for days, said in enumerate((other, without), start=1):
        at = AT + timedelta(days=days)
        [before] = open_cases([draft(compartment="protected", matter=matter)], SYSTEM, at=at - timedelta(hours=2))
        named = Assignment.objects.filter(case=before.case, role="receiver")
        assert [one.post for one in named] == ([town.posts["fu"]] if days == 1 else [])
        parts = said if said is without else {**parameters, "posts.receiving": said}
        publish(Snapshot.of({**national.content, "parameters": parts}), SYSTEM, at, replaces="confirmed")
        [after] = open_cases([draft(compartment="protected", matter=matter)], SYSTEM, at=at + timedelta(hours=2))
        assert not Assignment.objects.filter(case=after.case, role="receiver").exists()
