from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from linli.kernel.actors import Allowed
from linli.kernel.errors import NotFoundError, RuleError
from linli.organisations.domain import duty_table_of
from linli.routing.domain import Facts, Party, RoutingTable, cut_to_tier, facts_at, may_assign, route
from linli.routing.rows import Fallback, Lost, Row
from linli.routing.selectors import row_of

DAY = date(2027, 3, 1)
LAMP = "event.01.001"
CHILD = "topic.09.012"
PLACE = "320106003001002"
DUTIES = duty_table_of(
    [
        ("duty.lighting", "320106", 1),
        ("duty.street_desk", "320106003", 2),
        ("duty.person_safe", "320106", 3),
    ]
)


def table(*rows: Row, order: tuple[str, ...] = ("school", "market")) -> RoutingTable:
    return RoutingTable(
        rows,
        {LAMP: False, CHILD: True},
        order,
        (Fallback("duty.street_desk", "street"), Fallback("duty.person_safe", "district")),
        "hash",
    )


def row(name: str, **more: Any) -> Row:
    return Row(
        **{"id": name, "patterns": (LAMP,), "role": "duty.lighting", "tier": "street", "origin": f"p/r.yaml:{name}"}
        | more
    )


def at(**more: Any) -> Facts:
    known: dict[str, Any] = {"matter": LAMP, "place": PLACE, "day": DAY, "local_minute": 600}
    return Facts(**known | more)


def test_trace_keeps_winner_losers_and_snapshot() -> None:
    rows = (
        row("plain"),
        row("night", hours=(1320, 360)),
        row("other", classes=("school",)),
        row("major", patterns=("event.01.*",)),
    )
    found = route(at(), table(*rows), DUTIES)
    assert (found.organisation, found.row_id, found.reason, found.fallback) == (1, "plain", "row", False)
    assert set(found.lost) == {Lost("night", "hours"), Lost("other", "place_class"), Lost("major", "outranked")}
    trace = found.trace()
    assert trace["snapshot"] == "hash"
    assert {"row": "night", "why": "hours"} in list(cast("list[object]", trace["lost"]))


def test_report_to_class_goes_to_the_fallback() -> None:
    found = route(at(matter=""), table(row("plain")), DUTIES)
    assert (found.organisation, found.role, found.reason, found.fallback) == (2, "duty.street_desk", "no_row", True)


def test_duty_without_holder_goes_to_the_fallback_and_keeps_the_row() -> None:
    found = route(at(), table(row("plain", role="duty.gas")), DUTIES)
    assert (found.organisation, found.row_id, found.reason) == (2, "plain", "no_holder")


def test_protected_matter_never_falls_back_to_the_desk_next_door() -> None:
    found = route(at(matter=CHILD), table(row("plain")), DUTIES)
    assert (found.organisation, found.reason) == (3, "no_row")


def test_report_to_locate_finds_nobody_and_says_so() -> None:
    found = route(at(place=""), table(row("plain")), DUTIES)
    assert (found.organisation, found.reason, found.fallback) == (None, "nobody", True)


def test_unknown_matter_is_named() -> None:
    with pytest.raises(NotFoundError) as caught:
        route(at(matter="event.99.001"), table(row("plain", patterns=("*",))), DUTIES)
    assert caught.value.code == "matters.unknown"


def test_equal_rows_stop_the_routing_and_name_both_lines() -> None:
    with pytest.raises(RuleError) as caught:
        route(at(), table(row("one"), row("two")), DUTIES)
    assert "p/r.yaml:one" in caught.value.message
    assert "p/r.yaml:two" in caught.value.message
    assert caught.value.data["rows"] == ["one", "two"]


def test_two_classes_are_told_apart_by_the_order() -> None:
    rows = (row("market", classes=("market",)), row("school", classes=("school",)))
    facts = at(place_classes=frozenset({"school", "market"}))
    assert route(facts, table(*rows), DUTIES).row_id == "school"
    assert route(facts, table(*rows, order=("market", "school")), DUTIES).row_id == "market"


def test_class_without_weight_is_an_error_when_it_has_to_decide() -> None:
    rows = (row("market", classes=("market",)), row("school", classes=("school",)))
    with pytest.raises(RuleError) as caught:
        route(at(place_classes=frozenset({"school", "market"})), table(*rows, order=()), DUTIES)
    assert caught.value.code == "routing.class"


@pytest.mark.parametrize(("day", "wins"), [(date(2027, 2, 28), "old"), (date(2027, 3, 1), "new")])
def test_rows_hold_from_and_to_a_day(day: date, wins: str) -> None:
    rows = (row("old", until=date(2027, 3, 1)), row("new", since=date(2027, 3, 1)))
    assert route(at(day=day), table(*rows), DUTIES).row_id == wins


def test_condition_that_cannot_be_judged_is_an_error() -> None:
    with pytest.raises(RuleError) as caught:
        row_of(
            "r", {"when": {"matter": "*", "weather": "snow"}, "to": {"role": "duty.x", "tier": "street"}, "source": "S"}
        )
    assert caught.value.data["conditions"] == ["weather"]


@pytest.mark.parametrize(
    ("place", "tier", "cut"),
    [
        (PLACE, "street", "320106003"),
        (PLACE, "city", "3201"),
        ("320106", "street", "320106"),
        ("", "street", ""),
        (PLACE, "grid", PLACE),
    ],
)
def test_place_is_cut_to_the_tier(place: str, tier: str, cut: str) -> None:
    assert cut_to_tier(place, tier) == cut


def test_unknown_tier_is_an_error() -> None:
    with pytest.raises(RuleError):
        cut_to_tier(PLACE, "province")


@pytest.mark.parametrize(
    ("instant", "day", "minute"),
    [
        (datetime(2027, 2, 28, 15, 59, 59, tzinfo=UTC), date(2027, 2, 28), 1439),
        (datetime(2027, 2, 28, 16, 0, tzinfo=UTC), date(2027, 3, 1), 0),
        (datetime(2028, 2, 29, 2, 30, tzinfo=UTC), date(2028, 2, 29), 630),
    ],
)
def test_facts_are_told_by_the_clock_of_the_place(instant: datetime, day: date, minute: int) -> None:
    facts = facts_at(LAMP, PLACE, instant)
    assert (facts.day, facts.local_minute) == (day, minute)


@pytest.mark.parametrize("sender", [None, Party(1), Party(2, "320106")])
def test_assigning_is_open_where_no_list_restricts_it(sender: Party | None) -> None:
    assert may_assign(LAMP, sender, Party(1, "320106003001"), "lead", datetime(2027, 3, 1, tzinfo=UTC)) == Allowed()
