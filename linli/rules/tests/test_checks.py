"""What `rules check` finds: every refused example with the words of its refusal, and what areas add."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from linli.kernel.errors import InputError
from linli.rules import checks
from linli.rules.checks import check_pack, check_source, packs_in, parameters_have_values, personal_fields_have_periods
from linli.rules.forbidden import forbidden, offends
from linli.rules.packfiles import PackSource, read_chain
from linli.rules.parameters import Duration, Integer, Parameter
from linli.rules.problems import Problem
from linli.rules.tests.folders import PACKS, tries, write_pack

ASKED_OF_PARENTS = {"rules.no_value", "rules.no_period"}
REFUSED = PACKS / "examples" / "refused"


@cache
def problems_of(name: str) -> tuple[Problem, ...]:
    return tuple(check_pack(REFUSED / name))


@pytest.fixture
def in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKS.parent)


@pytest.mark.usefixtures("in_project")
@pytest.mark.parametrize("name", sorted(os.listdir(REFUSED)))
def test_a_forbidden_thing_is_refused_with_file_line_and_mend(name: str) -> None:
    expected = (REFUSED / name / "expected.txt").read_text(encoding="utf-8").strip()
    problems = problems_of(name)
    found = [str(p) for p in problems if f"refused/{name}/" in p.file and p.code not in ASKED_OF_PARENTS]
    assert len(found) == 1
    assert found[0].startswith(expected)
    assert len(found[0]) > len(expected) + 5, "the mend is missing"


@pytest.mark.usefixtures("in_project")
def test_every_entry_of_the_forbidden_list_has_its_example() -> None:
    codes = {p.code for name in os.listdir(REFUSED) for p in problems_of(name)}
    wanted = {f"forbidden.{row.id}" for row in forbidden().words}
    wanted |= {"forbidden.grouped_by_person", "forbidden.input", "forbidden.floor", "forbidden.protected"}
    assert wanted | {"forbidden.evidence", "rules.unconfirmed"} <= codes


@pytest.mark.parametrize(
    "key",
    ["case.follow_link", "calendar.opening", "whistle.sign_within", "clock.due", "routing.target", "places.tolerance"],
)
def test_ordinary_keys_are_not_refused(key: str) -> None:
    assert offends(key) is None


@pytest.mark.parametrize("folder", packs_in(PACKS), ids=lambda p: p.name)
def test_the_packs_that_come_with_linli_are_in_order(folder: Path) -> None:
    assert [str(p) for p in check_pack(folder)] == []


def test_every_shipped_value_has_a_source_and_a_confidence() -> None:
    for folder in packs_in(PACKS):
        for pack in read_chain(folder).chain:
            for entry in pack.parameters.values():
                assert all(v.source.strip() and v.confidence for v in entry.row.values)


def test_a_declared_key_without_a_value_is_named_with_file_and_type(tmp_path: Path) -> None:
    source = read_chain(
        write_pack(tmp_path, "land", files={"parameters/trial.yaml": tries("from: 2025-01-01, value: 3")})
    )
    declared = [Parameter("trial.tries", Duration), Parameter("whistle.sign_within", Duration)]
    found = parameters_have_values(source, declared)
    assert [p.message for p in found] == [
        "trial.tries is a integer, the code reads a limit",
        "the parameter whistle.sign_within has no value",
    ]
    assert "parameters/whistle.yaml with type limit" in found[1].mend
    assert parameters_have_values(source, [Parameter("trial.tries", Integer)]) == []


def test_a_personal_field_without_a_period_is_named(tmp_path: Path) -> None:
    source = read_chain(write_pack(tmp_path, "land"))
    assert [p.message for p in personal_fields_have_periods(source, ["voice.phone"])] == [
        "the personal field voice.phone has no period"
    ]


def test_an_area_adds_its_check_and_a_check_that_cannot_run_fails_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_CHECKS", {})
    source = read_chain(write_pack(tmp_path, "land"))
    checks.register_check("trial.says_so", lambda s: [Problem(s.name, 0, "trial.x", "no", "Yes")])
    assert [str(p) for p in check_source(source)] == ["land: no. Yes"]

    def broken(_: PackSource) -> list[Problem]:
        raise ZeroDivisionError

    checks.register_check("trial.breaks", broken)
    with pytest.raises(ZeroDivisionError):
        check_source(source)


@pytest.mark.parametrize(
    ("opening", "message"),
    [
        ('{weekdays: [1], intervals: ["12:00-09:00"]}', "open spans must follow one another"),
        ('{weekdays: [8], intervals: ["09:00-12:00"]}', "opening hours are not readable"),
        ('{weekdays: [1], intervals: ["09:00-12:00"], season: "06-01/09-30"}', "every row has a season"),
    ],
)
def test_opening_hours_that_do_not_hold_are_refused(tmp_path: Path, opening: str, message: str) -> None:
    rows = (
        "calendar.opening:\n  title: {zh: 时, en: Hours}\n  type: table\n  values:\n    - from: 2004-01-01\n"
        f"      value:\n        - {opening}\n      source: A1\n      confidence: high\n"
    )
    source = read_chain(write_pack(tmp_path, "land", files={"parameters/calendar.yaml": rows}))
    assert any(message in p.message for p in checks.calendar_is_whole(source))


def test_a_folder_without_packs_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no pack in"):
        packs_in(tmp_path)
