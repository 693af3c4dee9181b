"""Paging by key: a page ends at a row, the next one begins behind it. The one paginator of pages and API; pure.

A page is asked for by its sort and by where the page before ended (`After`), never by an offset, so the thousandth
page costs what the first does. Rows without a key come last. SQL is handed out as fragments of constants; nothing
here knows a table or runs a statement. `cursor_of` and `after_of` turn an `After` into text for addresses and back.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Literal, TypeVar

from linli.kernel.errors import InputError

Key = datetime | int | str | None
Row = TypeVar("Row")

MOST_ROWS = 200
"""Most rows of one page, whoever asks."""

_LARGEST_ID = 2**63 - 1
_LONGEST_CURSOR = 600


@dataclass(frozen=True, slots=True)
class After:
    """Where a page ended: the sort key and the id of its last row."""

    key: Key
    id: int


@dataclass(frozen=True, slots=True)
class Sort:
    """One order in which rows may be paged. An index on (column, id) must serve it.

    Attributes:
        name: in cursors; a cursor of another sort is refused.
        column, id: SQL expressions of the sort key and of the unique id; constants of the code, never input.
        kind: what the key is.
        is_descending: the largest key first; rows without a key are last either way.
        has_gaps: whether the column may be null.
    """

    name: str
    column: str
    id: str
    kind: Literal["time", "number", "text"]
    is_descending: bool = False
    has_gaps: bool = True

    @property
    def order(self) -> str:
        """The ORDER BY."""
        way = "DESC" if self.is_descending else "ASC"
        gaps = " NULLS LAST" if self.is_descending and self.has_gaps else ""
        return f"ORDER BY {self.column} {way}{gaps}, {self.id} {way}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One statement's part of a page.

    Attributes:
        where: a condition to add with AND; "true" when there is none.
        order: the ORDER BY.
        values: parameters `after_key`, `after_id` as far as `where` names them, and `row_limit`.
    """

    where: str
    order: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and where they ended if there are more."""

    rows: tuple[Row, ...]
    after: After | None


def turn_page(
    sort: Sort,
    after: After | None,
    limit: int,
    fetch: Callable[[Stretch], Sequence[Row]],
    key_of: Callable[[Row], After],
) -> Page[Row]:
    """One page.

    Args:
        sort: the order.
        after: where the page before ended; None = the first page.
        limit: most rows, 1 to `MOST_ROWS`.
        fetch: runs a statement with a stretch's `where`, `order` and `LIMIT %(row_limit)s`; asked once or twice.
        key_of: the sort key and id of a row.

    Raises:
        InputError: `paging.limit`.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise InputError(f"A page has 1 to {MOST_ROWS} rows.", code="paging.limit", data={"most": MOST_ROWS})
    rows: list[Row] = []
    for where, values in _conditions(sort, after):
        rows += fetch(Stretch(where, sort.order, {**values, "row_limit": limit + 1 - len(rows)}))
        if len(rows) > limit:
            break
    page = tuple(rows[:limit])
    return Page(page, key_of(page[-1]) if len(rows) > limit else None)


def _conditions(sort: Sort, after: After | None) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Conditions, one a statement, in the order of their rows; each is a plain range of the index."""
    sign = "<" if sort.is_descending else ">"
    if after is None:
        if sort.has_gaps and sort.is_descending:
            yield f"{sort.column} IS NOT NULL", {}
            yield f"{sort.column} IS NULL", {}
        else:
            yield "true", {}
    elif after.key is None:
        yield f"{sort.column} IS NULL AND {sort.id} {sign} %(after_id)s::bigint", {"after_id": after.id}
    else:
        cast = {"time": "timestamptz", "number": "bigint", "text": "text"}[sort.kind]
        row = f"(%(after_key)s::{cast}, %(after_id)s::bigint)"
        yield f"({sort.column}, {sort.id}) {sign} {row}", {"after_key": after.key, "after_id": after.id}
        if sort.has_gaps:
            yield f"{sort.column} IS NULL", {}


def cursor_of(sort: Sort, after: After) -> str:
    """The text for an address that asks for the page behind `after`."""
    key = after.key.astimezone(UTC).isoformat() if isinstance(after.key, datetime) else after.key
    text = json.dumps([sort.name, key, after.id], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def after_of(sort: Sort, cursor: str) -> After:
    """Where the page before ended, from an address.

    Raises:
        InputError: `paging.cursor`: it is none of ours, or of another sort.
    """
    wrong = InputError(
        "This is no page of this list.", code="paging.cursor", hint="Begin with the first page, without a cursor."
    )
    if len(cursor) > _LONGEST_CURSOR:
        raise wrong
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, key, id_ = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        found = After(_key(sort, key), id_)
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        raise wrong from None
    if name != sort.name or type(id_) is not int or not 0 <= id_ <= _LARGEST_ID:
        raise wrong
    return found


def _key(sort: Sort, key: object) -> Key:
    if key is None and sort.has_gaps:
        return None
    if sort.kind == "time" and isinstance(key, str):
        return datetime.fromisoformat(key).astimezone(UTC)
    if sort.kind == "number" and type(key) is int and abs(key) <= _LARGEST_ID:
        return key
    if sort.kind == "text" and isinstance(key, str) and "\0" not in key.encode().decode():
        return key
    raise ValueError
