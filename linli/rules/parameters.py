"""Parameters that code declares and packs give values to; the types of those values. Reads no pack.

SIGN_WITHIN = Parameter("whistle.sign_within", Duration)
limit = snapshot.at(place, day)[SIGN_WITHIN]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from linli.kernel.errors import InputError
from linli.kernel.worktime import Limit, Unit

T_co = TypeVar("T_co", covariant=True)

TableRow = Mapping[str, object]
"""A row of a table: column -> text, integer, boolean, or a list of these."""


class ValueShapeError(ValueError):
    """A value is not in the shape of its type; the text says which shape was expected."""


@dataclass(frozen=True, slots=True)
class ParameterType(Generic[T_co]):
    """How the value of one type is written in YAML and read from a snapshot.

    Attributes:
        name: the word in the pack's `type:`.
        read: turns plain data into the typed value; raises `ValueShapeError`.
    """

    name: str
    read: Callable[[object], T_co]


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T_co]):
    """A key that code reads. Declare it once, as a module constant where it is used: checks find it there."""

    key: str
    type: ParameterType[T_co]


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A personal field that code stores, as a module constant: every pack gives it purpose, basis and period."""

    key: str


def _limit(data: object) -> Limit:
    if not isinstance(data, Mapping) or set(data) != {"amount", "unit"}:
        raise ValueShapeError("{amount: 5, unit: workday}")
    amount, unit = data["amount"], data["unit"]
    if type(amount) is not int or unit not in set(Unit):
        raise ValueShapeError("{amount: 5, unit: clock_hour | work_hour | workday | day}")
    try:
        return Limit(amount, Unit(str(unit)))
    except InputError as error:
        raise ValueShapeError("{amount: 5, unit: workday}, hours above 0") from error


def _integer(data: object) -> int:
    if type(data) is not int:
        raise ValueShapeError("an integer without quotes: 3")
    return data


def _fraction(data: object) -> Fraction:
    parts = data.split("/") if isinstance(data, str) else []
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() for p in parts) or int(parts[1]) == 0:
        raise ValueShapeError('a fraction of two integers in quotes: "2/3"')
    return Fraction(int(parts[0]), int(parts[1]))


def _text(data: object) -> str:
    if not isinstance(data, str) or not data:
        raise ValueShapeError("a text, not empty")
    return data


def _boolean(data: object) -> bool:
    if not isinstance(data, bool):
        raise ValueShapeError("true or false")
    return data


def _list(data: object) -> tuple[str, ...]:
    if not isinstance(data, Sequence) or isinstance(data, str) or not all(isinstance(x, str) for x in data):
        raise ValueShapeError('a list of texts: [web, phone], codes in quotes: ["320106"]')
    if len(set(data)) != len(data):
        raise ValueShapeError("a list in which nothing stands twice")
    return tuple(str(x) for x in data)


def _cell(data: object) -> object:
    if isinstance(data, list):
        return tuple(_cell(x) for x in data)
    if isinstance(data, Mapping):
        return {str(k): _cell(v) for k, v in data.items()}
    if not isinstance(data, (str, int, bool)):
        raise ValueShapeError("a table whose cells are texts, integers, booleans or lists of these")
    return data


def _table(data: object) -> tuple[TableRow, ...]:
    if not isinstance(data, Sequence) or not all(isinstance(row, Mapping) for row in data) or not data:
        raise ValueShapeError("a table: a list of rows {column: value}, at least one")
    return tuple({str(k): _cell(v) for k, v in row.items()} for row in data)


Duration: ParameterType[Limit] = ParameterType("limit", _limit)
Integer: ParameterType[int] = ParameterType("integer", _integer)
Share: ParameterType[Fraction] = ParameterType("fraction", _fraction)
Text: ParameterType[str] = ParameterType("text", _text)
TextList: ParameterType[tuple[str, ...]] = ParameterType("list", _list)
Boolean: ParameterType[bool] = ParameterType("boolean", _boolean)
Table: ParameterType[tuple[TableRow, ...]] = ParameterType("table", _table)

TYPES: Mapping[str, ParameterType[object]] = {
    t.name: t for t in (Duration, Integer, Share, Text, TextList, Boolean, Table)
}
