"""Rows become cases: flags, queues, owners, compartments, numbers known, batches that survive one bad row."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DataError

from linli.cases import selectors
from linli.cases.drafts import CaseDraft
from linli.cases.models import Case
from linli.cases.opening import open_cases
from linli.intake import imports
from linli.intake.lines import FIELDS
from linli.intake.tests.conftest import TakeIn, row
from linli.kernel.errors import BusyError
from tests.town import AT, BRIDGE, DISTRICT, GRIDS, OSMANTHUS, STREET, Town, point_in

ACCUSING = "社区主任收了好处，把低保给了亲戚"
FRIGHTENED = "老公打我，不敢回家"


def test_a_plain_report_says_all_that_the_contract_asks(take_in: TakeIn) -> None:
    (line,) = take_in(row())
    assert list(line) == list(FIELDS)
    assert line["status"] == "accepted"
    assert line["flags"] == []
    assert (line["grid"], line["community"], line["street"], line["district"]) == (
        GRIDS[0],
        OSMANTHUS,
        STREET,
        DISTRICT,
    )
    assert (line["matter"], line["matter_by"]) == ("topic.01.001", "model")
    assert 0.6 <= float(str(line["confidence"])) <= 1
    assert line["owner"] == "桂花街道环卫所"
    assert datetime.fromisoformat(str(line["deadline"])) > AT
    assert line["duplicate_of"] is None


def test_the_same_file_again_opens_nothing(take_in: TakeIn) -> None:
    rows = [row(), row(external_id="H-2", text=ACCUSING), row(external_id="H-3", text=FRIGHTENED), row(external_id="")]
    first, again = take_in(*rows), take_in(*rows)
    assert [line["status"] for line in first] == ["accepted", "sealed", "accepted", "accepted"]
    assert [line["status"] for line in again] == ["known", "sealed", "known", "known"]
    assert [line.get("case") for line in again] == [line.get("case") for line in first]
    assert all(line["matter"] is None for line in again if line["status"] == "known")


def test_another_channel_has_numbers_of_its_own(take_in: TakeIn) -> None:
    assert take_in(row())[0]["case"] != take_in(row(), channel="web")[0]["case"]


def test_a_number_twice_in_a_file_opens_once_and_other_words_are_told(take_in: TakeIn) -> None:
    first, same, other = take_in(row(), row(), row(text="路灯不亮"))
    assert (first["status"], same["status"], other["status"]) == ("accepted", "known", "known")
    assert same["case"] == other["case"] == first["case"]
    assert same["errors"] == []
    assert other["errors"] == [imports.TWICE]


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        ({"lon": "", "lat": ""}, ["to_locate"]),
        ({"lon": "118.78", "lat": "32.05"}, ["to_locate"]),
        ({"lon": "x", "lat": "y"}, ["to_locate"]),
        ({"crs": "marsian"}, ["to_locate"]),
        ({"matter": "topic.99.999"}, ["to_class"]),
        ({"title": "", "text": "请帮忙看看"}, ["to_class"]),
        ({"reported_at": "2099-01-01"}, ["time_unsure"]),
        ({"reported_at": "1900-01-01"}, ["time_unsure"]),
        ({"reported_at": "前天"}, ["time_unsure"]),
        ({"reported_at": ""}, ["time_unsure"]),
        ({"matter": "topic.01.001", "text": "垃圾没人清运，桶满了" * 1000}, ["cut"]),
        ({"text": "垃圾没人\x00清运，垃圾桶满了，垃圾车不来"}, ["cleaned"]),
        ({"matter": "topic.01.001", "text": "垃圾着火了，垃圾桶没人清运，冒浓烟"}, ["danger"]),
        ({"text": FRIGHTENED}, ["protected"]),
        ({"matter": "topic.01.001", "text": "😡😡 垃圾没人清运，垃圾桶满了 \u202bالماء"}, ["cleaned"]),
    ],
)
def test_what_is_odd_is_taken_in_with_its_flag(cells: dict[str, str], flags: list[str], take_in: TakeIn) -> None:
    (line,) = take_in(row(**cells))
    assert line["status"] == "accepted"
    assert line["flags"] == flags
    assert line["case"]
    assert line["deadline"]


def test_flagged_reports_wait_in_the_queue_that_mends_them_with_a_clock(take_in: TakeIn, town: Town) -> None:
    lines = take_in(row(lon="", lat=""), row(external_id="H-2", title="", text="请帮忙看看"))
    desk = town.actor("duan")
    views = [selectors.desk_view(desk, selectors.access_case(desk, str(lines[1]["case"]), AT), AT)]
    assert views[0].order.state == "to_class"
    assert {clock.name for clock in views[0].order.clocks} == {"answer", "mend"}
    assert lines[0]["flags"] == ["to_locate"]


@pytest.mark.parametrize("text", ["", "？？？", "😡", " \u200b "])
def test_only_a_row_without_words_or_unreadable_is_refused(text: str, take_in: TakeIn) -> None:
    (line,) = take_in(row(title=text, text=text))
    assert (line["status"], line["case"]) == ("refused", None)
    assert line["errors"] == [imports.NO_WORDS]


@pytest.mark.parametrize(("crs", "east", "north"), [("gcj02", 0.0, 0.0), ("GCJ-02", 0.0, 0.0), ("EPSG:4490", 0.0, 0.0)])
def test_points_of_other_systems_are_turned(crs: str, east: float, north: float, take_in: TakeIn) -> None:
    (line,) = take_in(row(crs=crs))
    found = dict(line["why"])["place"]  # type: ignore[call-overload]
    assert found["by"] == "point"


def test_degrees_the_other_way_round_are_turned_and_told(take_in: TakeIn) -> None:
    lon, lat = point_in(GRIDS[0])
    (line,) = take_in(row(lon=lat, lat=lon))
    assert line["grid"] == GRIDS[0]
    assert line["errors"]


def test_a_name_in_the_words_places_a_report_without_a_point(take_in: TakeIn) -> None:
    (line,) = take_in(row(lon="", lat="", text="桥头社区的垃圾桶满了，垃圾车不来，没人清运"))
    assert (line["grid"], line["community"]) == (None, BRIDGE)
    assert "to_locate" not in line["flags"]  # type: ignore[operator]
    assert dict(line["why"])["place"]["by"] == "words"  # type: ignore[call-overload]


def test_an_address_tells_no_more_than_a_street(take_in: TakeIn) -> None:
    (line,) = take_in(row(lon="", lat="", address="桂花街道桂花社区三栋402"))
    assert (line["community"], line["street"]) == (None, STREET)
    assert line["flags"] == ["to_locate"]


def test_a_sealed_row_shows_nothing_else(take_in: TakeIn) -> None:
    assert take_in(row(text=ACCUSING)) == [{"external_id": "H-1", "status": "sealed"}]


def test_a_sealed_case_is_seen_by_its_receiver_alone(take_in: TakeIn, town: Town) -> None:
    take_in(row(text=ACCUSING, title="反映"))
    page = selectors.queue_page(town.actor("tan"), "named")
    assert [(found.title, found.matter) for found in page.rows] == [("", None)]
    assert Case.objects.get(pk=page.rows[0].case).title == "密封件"
    for name in ("duan", "hu", "liang", "han", "adam"):
        actor = town.actor(name)
        assert not selectors.queue_page(actor, "place").rows
        assert not selectors.queue_page(actor, "named").rows


def test_a_protected_report_without_a_place_still_reaches_its_receiver(take_in: TakeIn, town: Town) -> None:
    (line,) = take_in(row(text=FRIGHTENED, title="", lon="", lat="", matter="topic.01.001"))
    assert line["matter"] == "topic.09.011"
    assert line["owner"] == "青石区妇女联合会"
    assert line["flags"] == ["to_locate", "protected"]
    page = selectors.queue_page(town.actor("fu"), "named")
    assert [found.title for found in page.rows] == ["特别保护事项"]


def test_the_machine_dispatches_only_what_the_white_list_names_and_says_so(take_in: TakeIn, town: Town) -> None:
    lamp, noise, hot = take_in(
        row(matter="topic.02.001", title="", text="路灯不亮"),
        row(external_id="H-2", matter="topic.05.001", title="", text="夜里施工太吵"),
        row(external_id="H-3", matter="topic.02.001", title="", text="路灯杆漏电触电了，路灯不亮"),
    )
    states = [_state(line["case"], town) for line in (lamp, noise, hot)]
    assert states == ["dispatched", "received", "received"]
    assert dict(lamp["why"])["dispatched_by"] == "machine"  # type: ignore[call-overload]
    assert "dispatched_by" not in dict(noise["why"])  # type: ignore[call-overload]


def _state(number: object, town: Town) -> str:
    desk = town.actor("duan")
    return selectors.desk_view(desk, selectors.access_case(desk, str(number), AT), AT).order.state


def test_duplicates_are_proposed_within_a_batch_and_across_batches(take_in: TakeIn) -> None:
    first, second = take_in(row(), row(external_id="H-2", title="", text="路口垃圾桶满了好几天，臭得很，没人清运"))
    (third,) = take_in(row(external_id="H-3"))
    assert first["duplicate_of"] is None
    assert second["duplicate_of"] == first["case"]
    assert third["duplicate_of"] in {first["case"], second["case"]}
    assert third["status"] == "accepted"


@pytest.mark.parametrize(
    "cells",
    [
        {"lon": str(point_in(GRIDS[3])[0]), "lat": str(point_in(GRIDS[3])[1])},
        {"reported_at": (AT - timedelta(days=40)).isoformat()},
        {"matter": "topic.01.002"},
        {"title": "", "text": "垃圾分类亭开门太晚"},
        {"text": "举报：路口垃圾桶满了好几天，垃圾车一直不来，没人清运。"},
    ],
)
def test_what_is_far_old_other_or_a_tip_off_is_no_duplicate(cells: dict[str, str], take_in: TakeIn) -> None:
    take_in(row(matter="topic.01.001"))
    (line,) = take_in(row(**{"external_id": "H-2", "matter": "topic.01.001", **cells}))
    assert line["status"] == "accepted"
    assert line["duplicate_of"] is None


def test_protected_reports_are_never_compared(take_in: TakeIn) -> None:
    lines = take_in(row(text=FRIGHTENED), row(external_id="H-2", text=FRIGHTENED))
    assert [line["duplicate_of"] for line in lines] == [None, None]


def test_one_row_that_cannot_be_recorded_takes_no_other_with_it(
    take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = open_cases

    def picky(drafts: list[CaseDraft], *args: object, **known: object) -> object:
        if any(draft.external_id == "BAD" for draft in drafts):
            raise DataError("13912345678 did not fit")
        return real(drafts, *args, **known)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "open_cases", picky)
    lines = take_in(row(), row(external_id="BAD"), row(external_id="H-3"))
    assert [line["status"] for line in lines] == ["accepted", "refused", "accepted"]
    assert lines[1]["errors"] == ["could not be recorded (DataError)"]


def test_a_batch_is_tried_again_when_another_process_was_first(
    take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = open_cases, iter([True, True, False])

    def busy(*args: object, **known: object) -> object:
        if next(calls):
            raise BusyError("meanwhile")
        return real(*args, **known)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "open_cases", busy)
    assert take_in(row())[0]["status"] == "accepted"
