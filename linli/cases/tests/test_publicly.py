"""What anybody may see: only public things, rounded, late, without a person; and finding answers everything alike."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from linli.cases.finding import find
from linli.cases.models import Case
from linli.cases.publicly import Asking, likely_the_same, public_matters, rounded
from linli.cases.tests.desk import VOICE, in_hand, later, open_one, rules
from linli.places.domain import PlaceKind
from tests.statements import statements
from tests.town import GRIDS, Town

LON, LAT = 118.7654321, 32.0612345
PUBLIC = next(
    code for code, row in rules().matters().items() if row["public"] and row["joinable"] and not row["protected"]
)
PRIVATE = next(code for code, row in rules().matters().items() if not row["public"] and not row["protected"])
DATA = {"request_type": "help"}
ASKING = Asking(LON, LAT, PUBLIC, "request")


def here(at: Any = None, lon: Any = LON, lat: Any = LAT, **changes: Any) -> Any:
    return open_one(**{"matter": PUBLIC, "data": DATA, "lon": lon, "lat": lat, **changes})


def shown(at: Any) -> Any:
    return public_matters(rules(), "", at)


def test_a_public_matter_is_told_by_its_kind_its_square_and_its_day(town: Town) -> None:
    here()
    (one,) = shown(later(hours=3))
    assert (one.matter, one.community, one.stage) == (PUBLIC, GRIDS[0][:12], "received")
    assert (one.lon, one.lat) == rounded(LON, LAT, 100) != (LON, LAT)
    told = str(asdict(one))
    case = Case.objects.get()
    assert not [x for x in (case.no, case.title, case.task_text, VOICE.name, VOICE.phone, "9876") if x in told]


@pytest.mark.parametrize(
    "changes",
    [
        {"matter": PRIVATE},
        {"compartment": "protected"},
        {"compartment": "sealed"},
        {"data": {"request_type": "complaint"}},
        {"data": {"request_type": "tip_off"}},
        {"lon": None, "lat": None},
        {"matter": None, "flags": ("to_class",)},
    ],
    ids=["private", "protected", "sealed", "complaint", "tip-off", "nowhere", "unclassed"],
)
def test_what_is_not_of_public_space_is_never_shown(town: Town, changes: Any) -> None:
    here(**changes)
    assert shown(later(hours=3)) == []
    assert likely_the_same(rules(), ASKING, later(hours=3)) == []


def test_ground_of_a_firm_or_a_house_is_not_public(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    here()
    monkeypatch.setattr("linli.cases.publicly.place_kinds", lambda codes, at: dict.fromkeys(codes, PlaceKind.DEDICATED))
    assert shown(later(hours=3)) == []


def test_it_is_shown_only_after_the_delay_and_not_for_ever(town: Town) -> None:
    here()
    assert shown(later(minutes=119)) == []
    assert len(shown(later(minutes=121))) == 1
    assert shown(later(days=31)) == []


def test_nearness_is_measured_from_squares_so_that_asking_again_tells_nothing_finer(town: Town) -> None:
    here()
    at = later(hours=3)
    inside = [likely_the_same(rules(), replace(ASKING, lon=LON + d), at) for d in (-0.0004, -0.0002, 0.0, 0.0002)]
    squares = {rounded(LON + d, LAT, 100) for d in (-0.0004, -0.0002, 0.0, 0.0002)}
    assert len({str([one.shown for one in found]) for found in inside if found}) == 1
    assert len(squares) <= 2
    assert likely_the_same(rules(), replace(ASKING, lon=LON + 0.01), at) == []
    assert likely_the_same(rules(), replace(ASKING, matter=PRIVATE), at) == []
    assert likely_the_same(rules(), replace(ASKING, kind="event"), at) == []


def test_at_most_three_are_offered_the_nearest_first_and_none_that_is_over(town: Town) -> None:
    for step in range(5):
        here(lon=LON + step * 0.0003)
    done = here()
    Case.objects.filter(pk=done.case).update(state="closed", closed_at=later(hours=1))
    found = likely_the_same(rules(), ASKING, later(hours=3))
    assert len(found) == 3
    assert done.case not in [one.case for one in found]


def test_finding_answers_with_the_state_alone(town: Town) -> None:
    opened = in_hand(town)
    found = find(f"{opened.no[:4]} {opened.no[4:8]}-{opened.no[8:]}", "5678")
    assert found is not None
    assert (found.stage, found.owner) == ("in_hand", town.sanitation)
    assert found.due_at is not None
    assert not [x for x in (VOICE.name, VOICE.phone, "垃圾") if x in str(found)]


def test_whatever_does_not_fit_is_one_answer(town: Town) -> None:
    opened = open_one()
    silent = open_one(voice=replace(VOICE, phone=""))
    confidential = open_one(voice=replace(VOICE, wishes=("confidential",)))
    sealed = open_one(compartment="sealed")
    tries = [
        (opened.no, "0000"), (opened.no, ""), (opened.no, "678"), ("", "5678"), ("1" * 12, "5678"), ("abc", "5678"),
        (silent.no, ""), (silent.no, "5678"), (confidential.no, "5678"), (sealed.no, "5678"), (opened.no, "５６７"),
    ]  # fmt: skip
    assert [find(no, digits) for no, digits in tries] == [None] * len(tries)
    assert find(opened.no, "５６７８") is not None


def test_a_wrong_number_costs_the_same_statements_as_a_right_one(town: Town) -> None:
    opened = open_one()
    for no in (opened.no, "000000000000"):
        with statements() as seen:
            find(no, "0000")
        assert len(seen) == 3


def test_rounding_keeps_within_the_square() -> None:
    lon, lat = rounded(LON, LAT, 100)
    assert abs(lat - LAT) < 0.0005
    assert abs(lon - LON) < 0.0006
