from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.codes import (
    CREDIT_ALPHABET,
    CityCode,
    CommunityCode,
    DistrictCode,
    GridCode,
    PlaceCode,
    SocialCreditCode,
    StreetCode,
    Tier,
    contains,
    credit_check_digit,
    place_code,
)
from linli.kernel.errors import InputError

GRID = GridCode("320106002003017")
PLACES = Path(__file__).parents[4] / "shared" / "data" / "places"

three = st.integers(1, 999).map("{:03d}".format)
two = st.integers(1, 99).map("{:02d}".format)
grids = st.builds("".join, st.tuples(st.integers(11, 82).map(str), two, two, three, three, three))


def test_a_grid_knows_everything_above_it() -> None:
    assert (GRID.community, GRID.street, GRID.district, GRID.city) == (
        "320106002003",
        "320106002",
        "320106",
        "320100",
    )
    assert GRID.sequence == 17
    assert GRID.tier is Tier.GRID
    assert CityCode("320100").parent is None
    assert CityCode("320100").district is None


def test_a_city_without_districts() -> None:
    street = place_code("441900003")
    assert street.district is None
    assert street.parent == CityCode("441900")
    assert contains("441900", street)


@given(grids)
def test_the_parents_of_a_grid_are_a_chain_of_containing_places(text: str) -> None:
    code: PlaceCode | None = place_code(text)
    tiers = []
    while code is not None:
        tiers.append(code.tier)
        assert place_code(str(code)) == code
        assert contains(code, text)
        assert text.startswith(code.prefix)
        code = code.parent
    assert tiers == list(reversed(Tier))


@given(grids, grids)
def test_containment_is_a_prefix(outer: str, inner: str) -> None:
    assert contains(outer[:12], inner) == (outer[:12] == inner[:12])
    assert contains(outer[:4] + "00", inner) == contains(outer[:4], inner) == (outer[:4] == inner[:4])
    assert contains("", inner)


@given(st.text(max_size=16) | st.from_regex(r"[0-9]{5,16}", fullmatch=True))
def test_whatever_is_taken_is_a_code(text: str) -> None:
    caught = None
    try:
        code = place_code(text)
    except InputError as error:
        caught = error
    if caught is None:
        assert code == text
        assert text.isascii()
        assert len(text) in {6, 9, 12, 15}
    else:
        assert caught.code.startswith("codes.")
        assert len(text) < 5 or text not in f"{caught} {caught.data}"


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (CityCode, "320102", "codes.city"),
        (CityCode, "320000", "codes.city"),
        (DistrictCode, "320100", "codes.district"),
        (DistrictCode, "32010", "codes.district"),
        (DistrictCode, "９20102", "codes.district"),
        (DistrictCode, "020102", "codes.district"),
        (StreetCode, "320102000", "codes.street"),
        (CommunityCode, "320102002000", "codes.community"),
        (CommunityCode, "320102000001", "codes.community"),
        (GridCode, "320102002001000", "codes.grid"),
        (GridCode, "320102002001001\n", "codes.grid"),
    ],
)
def test_a_wrong_code_is_refused(kind: type[PlaceCode], text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        kind(text)
    assert caught.value.code == code


def test_padded_codes_get_a_hint() -> None:
    with pytest.raises(InputError) as caught:
        place_code("320102002000")
    assert "000" in caught.value.hint


def test_grid_sequence_runs_to_999_and_then_is_full() -> None:
    community = CommunityCode("320106002003")
    assert GridCode.of(community, 999) == "320106002003999"
    assert GridCode.after(community, []) == "320106002003001"
    assert GridCode.after(community, ["320106002003007", "320106002004100"]) == "320106002003008"
    overflows: list[Callable[[], GridCode]] = [
        lambda: GridCode.of(community, 1000),
        lambda: GridCode.after(community, ["320106002003999"]),
    ]
    for full in overflows:
        with pytest.raises(InputError) as caught:
            full()
        assert caught.value.code == "codes.grid_sequence_full"
    with pytest.raises(InputError):
        GridCode.of(community, 0)


bodies = st.text(CREDIT_ALPHABET, min_size=17, max_size=17)


@given(bodies, st.integers(0, 16), st.sampled_from(CREDIT_ALPHABET))
def test_credit_code_notices_every_single_wrong_character(body: str, place: int, letter: str) -> None:
    check = credit_check_digit(body)
    assert SocialCreditCode(body + check) == body + check
    wrong = body[:place] + letter + body[place + 1 :]
    if wrong != body:
        with pytest.raises(InputError) as caught:
            SocialCreditCode(wrong + check)
        assert caught.value.code == "codes.credit_check"


def test_credit_code_of_the_standard() -> None:
    assert SocialCreditCode("91350100M000100Y43")  # the example of GB 32100-2015
    with pytest.raises(InputError):
        SocialCreditCode("91350100M000100Y4I")


@pytest.mark.skipif(not PLACES.exists(), reason="the shared test data are not here")
def test_every_public_code_of_nanjing_is_one() -> None:
    for name, kind in (("districts", DistrictCode), ("streets", StreetCode), ("communities", CommunityCode)):
        with (PLACES / f"nanjing_{name}.csv").open(encoding="utf-8") as file:
            codes = [place_code(row["code"]) for row in csv.DictReader(file)]
        assert codes
        assert {type(code) for code in codes} == {kind}
