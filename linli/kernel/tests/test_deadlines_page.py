"""Recomputes every table of docs/algorithms/deadlines.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linli.kernel.clocks import ClockState, change_limit, deadline, extend, pause, resume, start_clock
from linli.kernel.stretches import explain
from linli.kernel.tests.office import TABLE, at, limit
from linli.kernel.worktime import Unit, due, instant, minute_of

PAGE = (Path(__file__).parents[3] / "docs" / "algorithms" / "deadlines.md").read_text(encoding="utf-8")


def rows(head: str) -> list[tuple[str, ...]]:
    """The rows of the table whose first line is `head`."""
    body = PAGE.split(head + "\n", 1)[1].split("\n\n", 1)[0]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in body.split("\n")[1:]]


def after(state: ClockState, act: str) -> ClockState:
    """One act as the page writes it."""
    match = re.fullmatch(r"(\w+) ([\d-]+ [\d:]+)(?: (?:by|to) (.+))?", act)
    assert match, act
    verb, when, what = match.groups()
    if verb == "pause":
        return pause(state, at(when), "example")
    if verb == "resume":
        return resume(state, at(when), "example")
    return {"extend": extend, "change": change_limit}[verb](state, at(when), limit(what))


PLAIN = rows("| start | limit | due | why |")
ACTS = rows("| start | limit | what happens | due |")
WHY = rows("| from | to | rule | amount |")


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: f"{row[0]} {row[1]}")
def test_limits_without_a_pause(row: tuple[str, ...]) -> None:
    assert due(TABLE, at(row[0]), limit(row[1])) == at(row[2])


@pytest.mark.parametrize("row", ACTS, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_limits_with_pauses_extensions_changes(row: tuple[str, ...]) -> None:
    state = start_clock(at(row[0]), limit(row[1]))
    for act in row[2].split(", "):
        state = after(state, act)
    assert deadline(TABLE, state).due_at == (None if row[3] == "-" else at(row[3]))


def test_the_explanation() -> None:
    state = start_clock(at("2026-03-06 16:00"), limit("4 work_hour"))
    state = resume(pause(state, at("2026-03-09 10:00"), "example"), at("2026-03-09 11:00"), "example")
    told = [(one.start, one.end, str(one.rule), str(one.amount)) for one in explain(TABLE, state)]
    assert told == [(at(a), at(b), rule, amount) for a, b, rule, amount in WHY]


def test_units_and_range_are_those_of_the_code() -> None:
    assert [row[0].strip("`") for row in rows("| unit | what grows the count | where the limit ends |")] == list(Unit)
    years = (instant(TABLE.low + 480).year, instant(TABLE.high).year)
    assert "The table runs from {} to {}.".format(*years) in PAGE
    assert minute_of(at(f"{years[1] + 1}-01-01 00:00")) == TABLE.high
    assert (len(PLAIN), len(ACTS)) >= (15, 10)
