"""Places, matters, rules and answers by key: as they hold at a place on a day."""

from __future__ import annotations

import pytest

from linli.api.tests.conftest import Keyed
from linli.knowledge.tests.scene import LAMP_ASKED, LAMP_SAID, write
from tests.town import DISTRICT, GRIDS, OSMANTHUS, STREET, Town, point_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(town: Town) -> None:
    town.ground()


@pytest.mark.usefixtures("ground")
def test_the_tree_from_the_district_to_the_grid(keyed: Keyed) -> None:
    assert [one["code"] for one in keyed.mo.get("/places").json()["below"]] == [DISTRICT]
    street = keyed.mo.get(f"/places/{STREET}").json()
    assert [one["code"] for one in street["above"]] == [DISTRICT]
    assert OSMANTHUS in [one["code"] for one in street["below"]]
    grid = keyed.mo.get(f"/places/{GRIDS[0]}").json()
    assert [one["code"] for one in grid["above"]] == [DISTRICT, STREET, OSMANTHUS]
    assert grid["below"] == []
    assert keyed.mo.get("/places/990000").status_code == 404


@pytest.mark.usefixtures("ground")
def test_a_point_lies_in_a_grid(keyed: Keyed) -> None:
    lon, lat = point_in(GRIDS[2])
    body = keyed.mo.get("/places/locate", lon=lon, lat=lat).json()
    assert (body["grid"], body["distance_m"], body["on_edge"]) == (GRIDS[2], 0, False)
    shifted = keyed.mo.get("/places/locate", lon=lon, lat=lat, crs="gcj02").json()
    assert (shifted["lon"], shifted["lat"]) != (lon, lat)
    assert keyed.mo.get("/places/locate", lon=181, lat=0).status_code == 422


def test_the_catalogue_of_a_place(keyed: Keyed) -> None:
    body = keyed.mo.get("/matters", place=STREET, under="event.01").json()
    codes = [one["code"] for one in body["matters"]]
    assert "event.01.002" in codes
    assert codes == sorted(codes)
    one = keyed.mo.get("/matters/event.01.002", place=STREET).json()
    assert one["limits"]
    missing = keyed.mo.get("/matters/event.99.999")
    assert (missing.status_code, missing.json()["code"]) == (404, "matters.unknown")


def test_a_rule_has_its_source_file_and_line(keyed: Keyed) -> None:
    keys = [one["key"] for one in keyed.mo.get("/rules", begins="request.").json()["rules"]]
    assert "request.sign_within" in keys
    rule = keyed.mo.get("/rules/request.sign_within", place=STREET).json()
    assert rule["sources"]
    assert rule["line"] > 0
    assert keyed.mo.get("/rules/no.such_rule").status_code == 404
    assert keyed.mo.get("/rules", day="1990-01-01").status_code == 404


def test_kinds_tell_their_states_steps_and_forms(keyed: Keyed) -> None:
    kinds = {one["kind"]: one for one in keyed.mo.get("/rules/kinds").json()["kinds"]}
    assert {"event", "request"} <= set(kinds)
    dispatch = next(one for one in kinds["request"]["steps"] if one["step"] == "dispatch")
    assert dispatch["form"] == "request_Dispatch"


def test_answers_are_found_by_a_question_at_a_place(keyed: Keyed, town: Town) -> None:
    town.ground()
    entry = write(town)
    (found,) = keyed.duan.get("/answers", q="灯不亮了找谁", place=STREET).json()["answers"]
    assert (found["id"], found["number"], found["answer"], found["place"]) == (entry, 1, LAMP_SAID, STREET)
    assert (found["questions"], found["owner"], found["source"]) == (list(LAMP_ASKED), town.street_desk, "照明条例")
    assert "post" not in str(found.keys())
    assert keyed.duan.get("/answers", q="灯不亮了找谁", place="990000").json()["answers"] == []
    assert keyed.duan.get("/answers", q="户口怎么迁", place=STREET).json()["answers"] == []
    for name in ("mo", "beth"):
        refused = keyed.caller(name).get("/answers", q="灯不亮了找谁")
        assert (refused.status_code, refused.json()["code"]) == (403, "knowledge.no_desk")
    for query in ({}, {"q": ""}, {"q": "长" * 401}, {"q": "灯", "place": "x"}, {"q": "灯", "limit": "0"}):
        assert keyed.duan.get("/answers", None, **query).status_code == 422
