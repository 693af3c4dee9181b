from __future__ import annotations

import pytest

from linli.organisations.domain import (
    Held,
    Line,
    OrganisationKind,
    StandingDraft,
    StoodIn,
    duty_table_of,
    in_charge_of,
    is_role,
    place_prefix,
)

LINKS = [
    ("duty.sanitation", "320100", 1),
    ("duty.sanitation", "320106", 2),
    ("duty.sanitation", "320106003", 3),
    ("duty.water", "", 4),
]


@pytest.mark.parametrize(
    ("role", "place", "organisation", "by"),
    [
        ("duty.sanitation", "320106003001002", 3, "320106003"),
        ("duty.sanitation", "320106003001", 3, "320106003"),
        ("duty.sanitation", "320106002001", 2, "320106"),
        ("duty.sanitation", "320104001001", 1, "3201"),
        ("duty.sanitation", "320100", 1, "3201"),
        ("duty.water", "110101001001", 4, ""),
        ("duty.water", "", 4, ""),
    ],
)
def test_most_specific_place_wins(role: str, place: str, organisation: int, by: str) -> None:
    holder = duty_table_of(LINKS).holder(role, place)
    assert holder is not None
    assert (holder.organisation, holder.place) == (organisation, by)


@pytest.mark.parametrize(
    ("role", "place"), [("duty.sanitation", "110101"), ("duty.gas", "320106"), ("duty.sanitation", "")]
)
def test_nobody_holds_it(role: str, place: str) -> None:
    assert duty_table_of(LINKS).holder(role, place) is None


def test_city_without_districts_contains_its_streets() -> None:
    table = duty_table_of([("duty.roads", "441900", 9)])
    holder = table.holder("duty.roads", "441900004001")
    assert holder is not None
    assert holder.place == "4419"


def test_prefix_of_a_city_only_is_cut() -> None:
    assert [place_prefix(p) for p in ("320100", "320106", "320106000", "")] == ["3201", "320106", "320106000", ""]


CHAIN = [10, 11, 12]


@pytest.mark.parametrize(
    ("held", "stood", "account", "post", "how"),
    [
        ([Held(1, 10, 100), Held(2, 11, 101)], [], 100, 10, "holder"),
        ([Held(1, 10, 100)], [StoodIn(1, 105)], 105, 10, "stand_in"),
        ([Held(2, 11, 101)], [], 101, 11, "next_post"),
        ([Held(3, 12, 102)], [StoodIn(3, 106)], 106, 12, "next_post"),
        ([], [], None, 10, "nobody"),
        ([Held(1, 10, 100), Held(4, 10, 104)], [StoodIn(4, 106)], 100, 10, "holder"),
    ],
)
def test_who_is_in_charge(held: list[Held], stood: list[StoodIn], account: int | None, post: int, how: str) -> None:
    found = in_charge_of(CHAIN, held, stood)
    assert (found.account, found.post, found.how) == (account, post, how)
    assert found.reason


def test_line_follows_from_the_kind_unless_named() -> None:
    assert StandingDraft("x", OrganisationKind.DISCIPLINE_OFFICE, "").line == Line.DISCIPLINE
    assert StandingDraft("x", OrganisationKind.DEPARTMENT, "", named_line="party").line == Line.PARTY


@pytest.mark.parametrize(
    ("text", "is_one"), [("handler", True), ("duty.two_new", True), ("Duty", False), ("a b", False), ("", False)]
)
def test_form_of_a_role(text: str, is_one: bool) -> None:
    assert is_role(text) is is_one
