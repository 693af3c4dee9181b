from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from linli.access.sealing import Accused, Receivers, SealRules, Town, receivers
from linli.kernel.actors import Holding
from linli.organisations.domain import OrganisationRef, duty_table_of

STREET, COMMUNITY, DISTRICT = "320106003", "320106003001", "320106"
CITY_GOV, DISTRICT_GOV, STREET_OFFICE, COMMITTEE, DISCIPLINE, PETITIONS, CITY_DISCIPLINE, FIRM = range(1, 9)
RULES = SealRules(frozenset({"system_administrator"}), "duty.discipline")


def body(number: int, place: str, parent: int | None, line: str = "government") -> tuple[int, OrganisationRef]:
    return number, OrganisationRef(number, str(number), "", "department", line, place, parent)


BODIES = dict(
    [
        body(CITY_GOV, "320100", None),
        body(DISTRICT_GOV, DISTRICT, CITY_GOV),
        body(STREET_OFFICE, STREET, DISTRICT_GOV),
        body(COMMITTEE, COMMUNITY, STREET_OFFICE),
        body(DISCIPLINE, DISTRICT, None, "discipline"),
        body(PETITIONS, DISTRICT, None, "party"),
        body(CITY_DISCIPLINE, "320100", None, "discipline"),
        body(FIRM, COMMUNITY, None, "market"),
    ]
)

WORKER, STREET_HEAD, MAYOR, LI, WANG, INSPECTOR, CITY_INSPECTOR, ADMIN = range(101, 109)


def holds(account: int, body: int, role: str, place: str) -> tuple[int, Holding]:
    return account, Holding(account * 10 + body, role, body, "3201" if place == "320100" else place)


ACTING = (
    holds(WORKER, COMMITTEE, "grid_worker", COMMUNITY),
    holds(STREET_HEAD, STREET_OFFICE, "head", STREET),
    holds(STREET_HEAD, STREET_OFFICE, "seal_receiver", STREET),
    holds(MAYOR, DISTRICT_GOV, "seal_receiver", DISTRICT),
    holds(LI, PETITIONS, "seal_receiver", DISTRICT),
    holds(WANG, PETITIONS, "seal_receiver", DISTRICT),
    holds(INSPECTOR, DISCIPLINE, "inspector", DISTRICT),
    holds(CITY_INSPECTOR, CITY_DISCIPLINE, "inspector", "320100"),
)
DUTIES = duty_table_of([("duty.discipline", DISTRICT, DISCIPLINE), ("duty.discipline", "320100", CITY_DISCIPLINE)])


def town(
    acting: tuple[tuple[int, Holding], ...] = ACTING,
    tied: Iterable[int] = (),
    closed: Iterable[int] = (),
    bodies: dict[int, OrganisationRef] | None = None,
) -> Town:
    people = frozenset(a for a, _ in acting) - set(closed)
    return Town(bodies or BODIES, acting, DUTIES, frozenset(tied), people)


def accused(organisations: Iterable[int] = (), accounts: Iterable[int] = (), place: str = COMMUNITY) -> Accused:
    return Accused(frozenset(organisations), frozenset(accounts), place)


def names(found: Receivers) -> tuple[list[int], str, str]:
    return sorted(found.accounts), found.how, found.place


def test_receivers_of_the_tier_above_without_the_superiors_in_the_line() -> None:
    assert names(receivers(accused([COMMITTEE]), town(), RULES)) == ([LI, WANG], "receiver", DISTRICT)


def test_accused_person_takes_their_units_along() -> None:
    assert names(receivers(accused(accounts=[WORKER]), town(), RULES)) == ([LI, WANG], "receiver", DISTRICT)


def test_nobody_known_means_that_all_near_bodies_count_as_accused() -> None:
    found = receivers(accused(), town(), RULES)
    assert names(found) == ([LI, WANG], "receiver", DISTRICT)


def test_declared_relatives_are_removed() -> None:
    assert names(receivers(accused(accounts=[WORKER]), town(tied=[LI]), RULES)) == ([WANG], "receiver", DISTRICT)


def test_concurrent_post_in_an_accused_unit_removes_the_person_everywhere() -> None:
    acting = (*ACTING, holds(LI, STREET_OFFICE, "member", STREET))
    assert names(receivers(accused([STREET_OFFICE]), town(acting), RULES)) == ([WANG], "receiver", DISTRICT)


def test_administrators_are_removed_too() -> None:
    acting = (*ACTING, holds(WANG, DISTRICT_GOV, "system_administrator", ""))
    assert names(receivers(accused([COMMITTEE]), town(acting), RULES)) == ([LI], "receiver", DISTRICT)


def test_closed_accounts_receive_nothing() -> None:
    assert names(receivers(accused([COMMITTEE]), town(closed=[LI]), RULES)) == ([WANG], "receiver", DISTRICT)


def test_nobody_left_means_the_discipline_office_of_that_tier() -> None:
    found = receivers(accused([COMMITTEE, PETITIONS]), town(), RULES)
    assert names(found) == ([CITY_INSPECTOR], "discipline", "3201")
    found = receivers(accused([COMMITTEE]), town(tied=[LI, WANG]), RULES)
    assert names(found) == ([INSPECTOR], "discipline", DISTRICT)


def test_accused_discipline_office_does_not_receive_itself() -> None:
    found = receivers(accused([DISCIPLINE], place=STREET), town(), RULES)
    assert names(found) == ([CITY_INSPECTOR], "discipline", "3201")


STREET_DISCIPLINE = 9
LINE = BODIES | dict(
    [
        body(STREET_DISCIPLINE, STREET, DISCIPLINE, "discipline"),
        body(DISCIPLINE, DISTRICT, CITY_DISCIPLINE, "discipline"),
    ]
)
NO_RECEIVERS = tuple(one for one in ACTING if one[1].role != "seal_receiver")


def test_nobody_known_climbs_from_no_discipline_office() -> None:
    found = receivers(accused(), town(NO_RECEIVERS, bodies=LINE), RULES)
    assert names(found) == ([INSPECTOR], "discipline", DISTRICT)


def test_nobody_known_climbs_from_no_discipline_office_of_another_line() -> None:
    bodies = LINE | dict([body(n, LINE[n].place, LINE[n].parent, "party") for n in (DISCIPLINE, CITY_DISCIPLINE)])
    bodies |= dict([body(STREET_DISCIPLINE, STREET, DISCIPLINE, "party")])
    links = [("duty.discipline", STREET, STREET_DISCIPLINE), ("duty.discipline", DISTRICT, DISCIPLINE)]
    standing = replace(town(NO_RECEIVERS, bodies=bodies), duties=duty_table_of(links))
    assert names(receivers(accused(), standing, RULES)) == ([INSPECTOR], "discipline", DISTRICT)


def test_nobody_known_keeps_the_near_discipline_office_itself_away() -> None:
    acting = (*NO_RECEIVERS, holds(INSPECTOR, STREET_DISCIPLINE, "inspector", STREET))
    found = receivers(accused(), town(acting, bodies=LINE), RULES)
    assert names(found) == ([CITY_INSPECTOR], "discipline", "3201")


def test_nobody_known_still_removes_the_superiors_of_the_government() -> None:
    found = receivers(accused(), town(bodies=LINE), RULES)
    assert names(found) == ([LI, WANG], "receiver", DISTRICT)


def test_accused_department_leaves_the_discipline_line_alone() -> None:
    department = 10
    bodies = LINE | dict([body(department, STREET, STREET_OFFICE)])
    found = receivers(accused([department]), town(bodies=bodies), RULES)
    assert names(found) == ([LI, WANG], "receiver", DISTRICT)
    found = receivers(accused([department]), town(NO_RECEIVERS, bodies=bodies), RULES)
    assert names(found) == ([INSPECTOR], "discipline", DISTRICT)


def test_accused_discipline_office_goes_to_receivers_outside_its_line_first() -> None:
    found = receivers(accused([STREET_DISCIPLINE]), town(bodies=LINE), RULES)
    assert names(found) == ([MAYOR, LI, WANG], "receiver", DISTRICT)


def test_accused_discipline_office_without_receivers_goes_to_the_one_of_the_next_tier() -> None:
    found = receivers(accused([STREET_DISCIPLINE]), town(NO_RECEIVERS, bodies=LINE), RULES)
    assert names(found) == ([INSPECTOR], "discipline", DISTRICT)
    found = receivers(accused([DISCIPLINE]), town(NO_RECEIVERS, bodies=LINE), RULES)
    assert names(found) == ([CITY_INSPECTOR], "discipline", "3201")


def test_last_resort_still_removes_the_accused_and_their_relatives() -> None:
    acting = (*NO_RECEIVERS, holds(WORKER, STREET_DISCIPLINE, "inspector", STREET))
    found = receivers(accused(accounts=[WORKER]), town(acting, tied=[INSPECTOR], bodies=LINE), RULES)
    assert names(found) == ([CITY_INSPECTOR], "discipline", "3201")
    found = receivers(accused([CITY_DISCIPLINE]), town(NO_RECEIVERS, bodies=LINE), RULES)
    assert names(found) == ([], "nobody", "")


def test_highest_accused_body_decides_the_tier() -> None:
    found = receivers(accused([COMMITTEE, DISTRICT_GOV]), town(), RULES)
    assert names(found) == ([CITY_INSPECTOR], "discipline", "3201")


def test_nobody_at_all_is_said_and_nobody_receives() -> None:
    found = receivers(accused([COMMITTEE]), town(acting=()), RULES)
    assert names(found) == ([], "nobody", "")


def test_firm_next_door_does_not_drag_the_government_in() -> None:
    found = receivers(accused([FIRM]), town(), RULES)
    assert names(found) == ([STREET_HEAD], "receiver", STREET)


@pytest.mark.parametrize("place", [COMMUNITY, COMMUNITY + "002", STREET])
def test_depth_of_the_place_does_not_matter(place: str) -> None:
    assert receivers(accused([COMMITTEE], place=place), town(), RULES).accounts == {LI, WANG}


def test_circle_in_the_tree_ends() -> None:
    bodies = BODIES | dict([body(STREET_OFFICE, STREET, COMMITTEE)])
    assert receivers(accused([COMMITTEE]), town(bodies=bodies), RULES).accounts == {LI, WANG} | {MAYOR}


def test_whoever_typed_it_in_is_kept_away_and_the_tier_finds_somebody_else() -> None:
    written = Accused(frozenset([COMMITTEE]), frozenset(), COMMUNITY, frozenset([LI, WANG]))
    assert names(receivers(written, town(), RULES)) == ([INSPECTOR], "discipline", DISTRICT)
