"""What people type: signs that nobody types go, everything else stays; a point on earth or none."""

from __future__ import annotations

import pytest

from linli.web.base.fieldtext import cleaned, typed_point


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  路灯不亮 ", "路灯不亮"),
        ("一\n二\t三", "一\n二\t三"),
        ("a\0b\x1bc\x7f", "abc"),
        ("\u202egnp.exe\u200b\ufeff", "gnp.exe"),
        ("", ""),
    ],
)
def test_signs_that_nobody_types_go(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


@pytest.mark.parametrize(
    ("lon", "lat", "point"),
    [
        ("118.766", "32.066", (118.766, 32.066)),
        ("-180", "90", (-180.0, 90.0)),
        ("180.1", "0", None),
        ("0", "-90.1", None),
        ("nan", "1", None),
        ("1", "inf", None),
        ("", "32", None),
        ("118,7", "32", None),
    ],
)
def test_a_point_is_on_earth_or_none(lon: str, lat: str, point: tuple[float, float] | None) -> None:
    assert typed_point(lon, lat) == point
