"""Paging by key: every row once, in order, whatever the keys; cursors that are not ours are refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import InputError
from linli.kernel.keyset import After, Key, Sort, Stretch, after_of, cursor_of, turn_page

Pair = tuple[int | None, int]


def _sort(*, descending: bool = False, gaps: bool = True) -> Sort:
    return Sort("due", "c.due", "c.id", "number", descending, gaps)


def _table(rows: Sequence[Pair], sort: Sort) -> tuple[list[Pair], Callable[[Stretch], list[Pair]]]:
    """What a database would answer, for the four conditions that there are."""
    sign = -1 if sort.is_descending else 1
    ordered = sorted(rows, key=lambda r: (r[0] is None, sign * (r[0] or 0), sign * r[1]))

    def fits(row: Pair, stretch: Stretch) -> bool:
        key, id_ = row
        last = int(str(stretch.values.get("after_id", 0)))
        if stretch.where.startswith("("):
            least = int(str(stretch.values["after_key"]))
            return key is not None and (sign * key, sign * id_) > (sign * least, sign * last)
        if stretch.where.startswith("c.due IS NULL AND"):
            return key is None and sign * id_ > sign * last
        return {"true": True, "c.due IS NULL": key is None, "c.due IS NOT NULL": key is not None}[stretch.where]

    def fetch(stretch: Stretch) -> list[Pair]:
        return [row for row in ordered if fits(row, stretch)][: int(str(stretch.values["row_limit"]))]

    return ordered, fetch


_KEYS = st.lists(st.none() | st.integers(-3, 3), max_size=30)


@given(_KEYS, st.integers(1, 7), st.booleans())
def test_pages_hold_each_row_once_and_in_order(keys: list[int | None], limit: int, descending: bool) -> None:
    sort = _sort(descending=descending)
    ordered, fetch = _table([(key, number) for number, key in enumerate(keys, 1)], sort)
    seen: list[Pair] = []
    after: After | None = None
    while True:
        page = turn_page(sort, after, limit, fetch, lambda row: After(*row))
        seen += page.rows
        if page.after is None:
            break
        after = after_of(sort, cursor_of(sort, page.after))
    assert seen == ordered


@pytest.mark.parametrize(
    ("kind", "key"),
    [("time", datetime(2026, 11, 24, 1, tzinfo=UTC)), ("number", 7), ("text", "320102"), ("text", None)],
)
def test_a_cursor_comes_back_as_it_was(kind: Literal["time", "number", "text"], key: Key) -> None:
    sort = Sort("s", "k", "id", kind)
    assert after_of(sort, cursor_of(sort, After(key, 9))) == After(key, 9)


@given(st.text(max_size=700))
def test_a_cursor_of_somebody_else_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        after_of(_sort(), text)
    assert caught.value.code == "paging.cursor"


def test_a_cursor_of_another_sort_or_of_another_type_is_refused() -> None:
    sort = _sort()
    for other in (
        cursor_of(Sort("opened", "k", "id", "number"), After(1, 1)),
        cursor_of(sort, After("text", 1)),
        cursor_of(sort, After(2**63, 1)),
        cursor_of(sort, After(1, 2**63)),
        cursor_of(Sort("due", "k", "id", "number"), After(1, -1)),
    ):
        with pytest.raises(InputError):
            after_of(sort, other)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_a_sensible_number_of_rows(limit: int) -> None:
    with pytest.raises(InputError):
        turn_page(_sort(), None, limit, lambda _: [], lambda _: After(None, 1))
