"""Rows as they come: cleaned, pointed, never lost for what is odd about them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.intake.reports import COLUMNS, report_of


def test_control_signs_go_and_are_told() -> None:
    report = report_of(2, {"title": "路灯\x00坏了", "text": "\u202e倒着写\u202c 😡"})
    assert (report.title, report.text) == ("路灯坏了", "倒着写 😡")
    assert report.flags == ("cleaned",)


def test_plain_rows_are_not_called_cleaned() -> None:
    report = report_of(2, {"title": " 路灯坏了 ", "text": "第一行\n第二行"})
    assert report.flags == ()
    assert report.text == "第一行\n第二行"


def test_broken_letters_are_kept_and_told() -> None:
    assert report_of(2, {"text": "路\ufffd坏了"}).flags == ("cleaned",)


@pytest.mark.parametrize("text", ["", "   ", "？？！", "😡😡😡", "\x00\x00", "…—"])
def test_rows_without_words(text: str) -> None:
    assert not report_of(2, {"title": text, "text": text}).has_words


@pytest.mark.parametrize("text", ["路", "123", "a", "الماء", "Wasser"])
def test_any_letter_or_digit_is_a_word(text: str) -> None:
    assert report_of(2, {"text": text}).has_words


@pytest.mark.parametrize(
    ("lon", "lat", "found", "told"),
    [
        ("118.78", "32.05", (118.78, 32.05), False), ("32.05", "118.78", (118.78, 32.05), True), ("", "", None, False),
        ("abc", "32", None, True), ("nan", "32", None, True), ("118.78", "", None, True), ("inf", "1", None, True),
        ("118,78", "32,05", (118.78, 32.05), False),
    ],
)  # fmt: skip
def test_points(lon: str, lat: str, found: tuple[float, float] | None, told: bool) -> None:
    report = report_of(2, {"text": "路灯", "lon": lon, "lat": lat})
    assert (report.point and (report.point.lon, report.point.lat)) == found
    assert bool(report.errors) is told


@pytest.mark.parametrize("problem", ["too_few_cells", "too_many_cells"])
def test_rows_of_another_width_are_taken_and_told(problem: str) -> None:
    report = report_of(2, {"text": "路灯坏了"}, problem)
    assert report.has_words
    assert report.errors
    assert report.flags == ("cleaned",)


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=60)))
def test_any_row_is_a_report_and_errors_never_repeat_it(values: dict[str, str]) -> None:
    report = report_of(2, values)
    told = " ".join(report.errors)
    for value in values.values():
        assert len(value.strip()) < 8 or value not in told
