from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.kernel.errors import InputError, NotFoundError
from linli.matters.domain import Catalogue, Matter, StagedLimit, in_season, next_extension_code

ROW: dict[str, Any] = {
    "title": {"zh": "私搭乱建", "en": "Unauthorised building"},
    "filing": {"zh": "未经批准搭建", "en": ""},
    "limits": [{"stage": "handle", "amount": 4, "unit": "work_hour", "when": {"condition": "danger"}}],
    "closing": {"zh": "拆除", "en": "", "shown_by": ["photo"]},
    "evidence": ["photo"],
    "check": "site",
    "joinable": True,
    "public": False,
    "protected": False,
    "auto_dispatch": False,
    "requests": [],
    "duty": "duty.enforcement",
    "area_class": None,
    "source": "S34",
    "confidence": "low",
    "words": ["违建"],
    "examples": [],
}

LIMITS = (
    StagedLimit("handle", 5, "workday"),
    StagedLimit("handle", 2, "clock_hour", condition="danger"),
    StagedLimit("handle", 3, "workday", area_class="A"),
    StagedLimit("handle", 1, "clock_hour", condition="danger", area_class="A"),
    StagedLimit("handle", 8, "workday", season="11-15/03-15"),
    StagedLimit("removal", 20, "workday"),
)
LAMP = Matter("event.01.001", "灯", "Lamp", "不亮", "亮", "duty.lighting", limits=LIMITS)


@pytest.mark.parametrize(
    ("asked", "amount"),
    [
        ({"stage": "handle"}, 5),
        ({"stage": "handle", "condition": "danger"}, 2),
        ({"stage": "handle", "area_class": "A"}, 3),
        ({"stage": "handle", "condition": "danger", "area_class": "A"}, 1),
        ({"stage": "handle", "condition": "other", "area_class": "B"}, 5),
        ({"stage": "handle", "day": date(2027, 1, 3)}, 8),
        ({"stage": "handle", "day": date(2027, 6, 3)}, 5),
        ({"stage": "handle", "condition": "danger", "day": date(2027, 1, 3)}, 2),
        ({"stage": "removal", "condition": "danger"}, 20),
    ],
)
def test_the_limit_that_names_most_wins(asked: dict[str, Any], amount: int) -> None:
    limit = LAMP.limit(**asked)
    assert limit is not None
    assert limit.amount == amount


def test_no_limit_for_a_stage_that_the_matter_does_not_know() -> None:
    assert LAMP.limit("penalty") is None


@pytest.mark.parametrize(
    ("season", "day", "inside"),
    [
        ("06-01/09-30", date(2027, 6, 1), True),
        ("06-01/09-30", date(2027, 9, 30), False),
        ("11-15/03-15", date(2027, 12, 31), True),
        ("11-15/03-15", date(2028, 2, 29), True),
        ("11-15/03-15", date(2027, 3, 15), False),
    ],
)
def test_seasons_are_half_open_and_run_over_the_new_year(season: str, day: date, inside: bool) -> None:
    assert in_season(season, day) is inside


def test_row_becomes_a_matter() -> None:
    from linli.matters.selectors import matter_of

    matter = matter_of("event.01.001", ROW)
    assert (matter.catalogue, matter.major, matter.duty) == ("event", "event.01", "duty.enforcement")
    assert matter.shown_by == matter.evidence == ("photo",)
    limit = matter.limit("handle", condition="danger")
    assert limit == StagedLimit("handle", 4, "work_hour", condition="danger")
    assert matter.limit("handle") is None


def test_unknown_matter_is_named() -> None:
    with pytest.raises(NotFoundError) as caught:
        Catalogue([LAMP], "abc").matter("event.09.001")
    assert caught.value.data == {"matter": "event.09.001", "snapshot": "abc"}


def test_majors_are_in_order() -> None:
    other = Matter("event.01.002", "b", "b", "", "", "duty.x")
    grouped = Catalogue([other, LAMP]).majors()
    assert [m.code for m in grouped["event.01"]] == ["event.01.001", "event.01.002"]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], "event.01.999"),
        (["event.01.079", "event.02.999"], "event.01.999"),
        (["event.01.999", "event.01.998"], "event.01.997"),
        (["event.01.999", "event.01.997"], "event.01.998"),
    ],
)
def test_extensions_are_numbered_from_the_top_down(codes: list[str], expected: str) -> None:
    assert next_extension_code(codes, "event.01") == expected


def test_full_major_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        next_extension_code([f"event.01.{n:03d}" for n in range(80, 1000)], "event.01")
    assert caught.value.code == "matters.full"
