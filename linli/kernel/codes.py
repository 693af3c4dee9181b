"""Codes of places and of organisations: each a type that refuses a wrong one.

A code is text, never a number. What the codes mean (names, dates of validity) is the register's business,
not this module's: a well-formed code need not exist.

Source: GB/T 2260 (6 digits), statistical division codes (9 and 12 digits), GB/T 30428.1 (grids),
GB 32100-2015 (unified social credit code).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from typing import ClassVar, Self

from linli.kernel.errors import InputError

GRID_DIGITS = 3
GRIDS_A_COMMUNITY = 10**GRID_DIGITS - 1

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Tier(StrEnum):
    """The five tiers of the tree of places, from the widest to the narrowest."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class PlaceCode(str):
    """A checked code of one tier; use a subclass, or `place_code` where the tier is not known.

    Raises:
        InputError: `codes.<tier>` when the text is not a code of that tier. The text itself is not
            repeated: a column out of place may hold a telephone number.
    """

    __slots__ = ()
    tier: ClassVar[Tier]
    shape: ClassVar[re.Pattern[str]]
    described: ClassVar[str]

    def __new__(cls, text: str) -> Self:
        """Check the text and take it as it is."""
        if not cls.shape.fullmatch(text):
            raise InputError(
                f"not a {cls.tier} code: {cls.described}",
                code=f"codes.{cls.tier}",
                hint=_padding_hint(text),
                data={"length": len(text), "tier": str(cls.tier)},
            )
        return super().__new__(cls, text)

    @property
    def prefix(self) -> str:
        """The digits that every code inside this place begins with."""
        return str(self)

    @property
    def parent(self) -> PlaceCode | None:
        """The code one tier up; None for a city."""
        raise NotImplementedError

    @property
    def city(self) -> CityCode:
        """The city this place lies in."""
        return CityCode(self[:4] + "00")

    @property
    def district(self) -> DistrictCode | None:
        """The district; None for a city, and in a city that has streets but no districts."""
        return None if self[4:6] == "00" else DistrictCode(self[:6])

    @property
    def street(self) -> StreetCode | None:
        """The street or town; None above that tier."""
        return StreetCode(self[:9]) if len(self) >= 9 else None

    @property
    def community(self) -> CommunityCode | None:
        """The community or village; None above that tier."""
        return CommunityCode(self[:12]) if len(self) >= 12 else None


class CityCode(PlaceCode):
    """A city of prefecture level, e.g. `320100`."""

    __slots__ = ()
    tier = Tier.CITY
    shape = re.compile(r"[1-8][0-9](?!00)[0-9]{2}00")
    described = "6 digits, the last two 00, the two before them not 00"

    @property
    def prefix(self) -> str:
        """The first four digits: those that the codes of its districts begin with."""
        return self[:4]

    @property
    def parent(self) -> None:
        """None: the tree begins at the city."""
        return None


class DistrictCode(PlaceCode):
    """A district or county, e.g. `320106`."""

    __slots__ = ()
    tier = Tier.DISTRICT
    shape = re.compile(r"[1-8][0-9](?!00)[0-9]{2}(?!00)[0-9]{2}")
    described = "6 digits, the last two not 00"

    @property
    def parent(self) -> CityCode:
        """Its city."""
        return self.city


class StreetCode(PlaceCode):
    """A street (subdistrict), town or unit of the same tier, e.g. `320106002`."""

    __slots__ = ()
    tier = Tier.STREET
    shape = re.compile(r"[1-8][0-9](?!00)[0-9]{4}(?!000)[0-9]{3}")
    described = "9 digits, the last three not 000"

    @property
    def parent(self) -> DistrictCode | CityCode:
        """Its district, or its city where there are no districts."""
        return self.district or self.city


class CommunityCode(PlaceCode):
    """A community or village, e.g. `320106002003`."""

    __slots__ = ()
    tier = Tier.COMMUNITY
    shape = re.compile(r"[1-8][0-9](?!00)[0-9]{4}(?!000)[0-9]{3}(?!000)[0-9]{3}")
    described = "12 digits, neither the last three nor the three before them 000"

    @property
    def parent(self) -> StreetCode:
        """Its street."""
        return StreetCode(self[:9])


class GridCode(PlaceCode):
    """A grid, e.g. `320106002003017`: its community's code and a sequence of three digits from 001."""

    __slots__ = ()
    tier = Tier.GRID
    shape = re.compile(r"[1-8][0-9](?!00)[0-9]{4}(?!000)[0-9]{3}(?!000)[0-9]{3}(?!000)[0-9]{3}")
    described = "15 digits, none of the last three groups of three 000"

    @property
    def parent(self) -> CommunityCode:
        """The community it hangs under; a grid never hangs under a street."""
        return CommunityCode(self[:12])

    @property
    def sequence(self) -> int:
        """Its number inside the community, from 1."""
        return int(self[12:])

    @classmethod
    def of(cls, community: CommunityCode, sequence: int) -> GridCode:
        """The code of grid number `sequence` (from 1) of a community.

        Raises:
            InputError: `codes.grid_sequence_full` beyond 999, `codes.grid` below 1.
        """
        if sequence > GRIDS_A_COMMUNITY:
            raise InputError(
                f"community {community} has no grid code left: three digits end at {GRIDS_A_COMMUNITY}",
                code="codes.grid_sequence_full",
                hint="Split the community, or merge grids that nobody staffs.",
                data={"community": str(community), "sequence": sequence},
            )
        return cls(f"{community}{max(sequence, 0):03d}")

    @classmethod
    def after(cls, community: CommunityCode, taken: Collection[str]) -> GridCode:
        """The next code never used in this community, given all codes ever `taken` there.

        Raises:
            InputError: `codes.grid_sequence_full` when 999 was given out.
        """
        used = [int(code[12:]) for code in taken if code[:12] == community]
        return cls.of(community, max(used, default=0) + 1)


_BY_LENGTH: dict[int, type[PlaceCode]] = {9: StreetCode, 12: CommunityCode, 15: GridCode}

AnyPlaceCode = CityCode | DistrictCode | StreetCode | CommunityCode | GridCode


def place_code(text: str) -> AnyPlaceCode:
    """The code as the type of its tier, told by its length (and 00 at the end of six digits).

    Raises:
        InputError: `codes.place` for a length no tier has, `codes.<tier>` for wrong digits.
    """
    kind = _BY_LENGTH.get(len(text))
    if len(text) == 6:
        kind = CityCode if text.endswith("00") else DistrictCode
    if kind is None:
        raise InputError(
            f"not a place code: 6, 9, 12 or 15 digits, not {len(text)} characters",
            code="codes.place",
            hint=_padding_hint(text),
            data={"length": len(text)},
        )
    code = kind(text)
    assert isinstance(code, AnyPlaceCode)
    return code


def contains(outer: str, inner: str) -> bool:
    """Whether the place `outer` is `inner` or holds it; "" holds everything.

    Args:
        outer: a place code, or the prefix a pack or a post is written with (`3201`).
        inner: a place code.
    """
    prefix = outer[:4] if len(outer) == 6 and outer.endswith("00") else outer
    return inner.startswith(prefix)


def _padding_hint(text: str) -> str:
    bare = re.fullmatch(r"([0-9]{6}|[0-9]{9})(?:0{3})+", text)
    if bare and len(text) == 12:
        return "Padded with zeros: write it without the groups of 000 at its end."
    if text != text.strip():
        return "There are blanks around it."
    return "Codes are text: a spreadsheet may have taken it for a number."


class SocialCreditCode(str):
    """The unified social credit code of an organisation: 18 characters, the last one a check digit.

    Source: GB 32100-2015.

    Raises:
        InputError: `codes.credit` for a wrong shape, `codes.credit_check` for a wrong check digit.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check shape and check digit."""
        if len(text) != 18 or any(letter not in CREDIT_ALPHABET for letter in text):
            raise InputError(
                "not a social credit code: 18 digits and capitals, without I, O, S, V, Z",
                code="codes.credit",
                data={"length": len(text)},
            )
        if text[17] != credit_check_digit(text[:17]):
            raise InputError(
                "the check digit of a social credit code does not fit",
                code="codes.credit_check",
                hint="One character was mistyped, or two were swapped.",
            )
        return super().__new__(cls, text)


def credit_check_digit(body: str) -> str:
    """The 18th character that belongs to the first 17 (weights are the powers of 3, modulo 31)."""
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return CREDIT_ALPHABET[-total % 31]
