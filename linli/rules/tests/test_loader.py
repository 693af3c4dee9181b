"""The strict loader: what it refuses, and that it names the line."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.rules.loader import read_file, read_text, validate
from linli.rules.problems import RuleErrors
from linli.rules.schemas import PackFile, RoleRow


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: 1\nb: 1.10\n", 2, "rules.float"),
        ("a: 1e3\n", 1, "rules.float"),
        ("a: .inf\n", 1, "rules.float"),
        ("a: 010\n", 1, "rules.unquoted_code"),
        ("a:\n- 320106\n", 2, "rules.unquoted_code"),
        ("a: 320106001002\n", 1, "rules.unquoted_code"),
        ("a: 0x1F\n", 1, "rules.scalar"),
        ("a: 1\nb: 2\na: 3\n", 3, "rules.twice"),
        ("a: &x 1\nb: *x\n", 1, "rules.anchor"),
        ("a: !!python/object:os.system x\n", 1, "rules.tag"),
        ("a: !mine x\n", 1, "rules.tag"),
        ("a: 2026-13-01\n", 1, "rules.day"),
        ("a: 2026-01-01T08:00:00\n", 1, "rules.day"),
        ("320106: x\n", 1, "rules.unquoted_code"),
        ("7: x\n", 1, "rules.key"),
        ("a: [1\nb: 2\n", 2, "rules.syntax"),
        ("a: 1\n---\nb: 2\n", 2, "rules.syntax"),
    ],
)
def test_what_packs_do_not_hold_is_refused_with_its_line(text: str, line: int, code: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        read_text(text, "f.yaml")
    problem = caught.value.problems[0]
    assert (problem.line, problem.code) == (line, code)
    assert str(caught.value).startswith(f"f.yaml:{line}: ")
    assert problem.mend


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(RuleErrors) as caught:
        read_text("a: 1.5\nb: 320106\nc: 2.5\n", "f.yaml")
    assert [p.line for p in caught.value.problems] == [1, 2, 3]


def test_values_come_as_they_are_written() -> None:
    document = read_text('a: 2027-01-01\nb: "010"\nc: 100_000\nd: true\ne:\nf: 12:30\ng: yes\n', "f.yaml")
    assert document.data == {
        "a": date(2027, 1, 1), "b": "010", "c": 100_000, "d": True, "e": None, "f": "12:30", "g": "yes",
    }  # fmt: skip


def test_a_part_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    document = read_text("a:\n  b:\n    - c: 1\n    - d: 2\n", "f.yaml")
    assert document.line(("a", "b", 1, "d")) == 4
    assert document.line(("a", "b", 1, "missing", "deeper")) == 4
    assert document.line(("a", "nowhere")) == 1


def test_brackets_without_end_are_refused_not_a_crash() -> None:
    with pytest.raises(RuleErrors, match="not readable as YAML"):
        read_text("[" * 20_000 + "]" * 20_000, "f.yaml")


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert read_text("# nothing\n", "f.yaml").data == {}


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: 1\n" + "b: 邻里\n".encode("gb18030"))
    with pytest.raises(RuleErrors, match=r"f.yaml:2: this is not UTF-8"):
        read_file(path, "f.yaml")


def test_a_missing_file_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors, match="cannot be read"):
        read_file(tmp_path / "none.yaml", "none.yaml")


def test_errors_of_the_model_carry_the_line() -> None:
    text = 'name: ok\ntitle: {zh: 试, en: Trial}\nplace: "32x"\nmaintainer: m\ncolour: red\n'
    document = read_text(text, "pack.yaml")
    problems = validate(document, PackFile, document.data)
    assert isinstance(problems, list)
    assert [(p.line, p.code) for p in problems] == [(3, "rules.shape"), (5, "rules.unknown_field")]


def test_a_missing_field_points_at_its_row() -> None:
    document = read_text("lead.x:\n  title: {zh: 甲, en: A}\n  held_by:\n    - {from: 2020-01-01}\n", "roles.yaml")
    data = document.data
    assert isinstance(data, dict)
    problems = validate(document, RoleRow, data["lead.x"], ("lead.x",))
    assert isinstance(problems, list)
    assert {(p.line, p.code) for p in problems} == {(4, "rules.missing")}


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_never_a_crash(text: str) -> None:
    with contextlib.suppress(RuleErrors):
        assert read_text(text, "f.yaml").file == "f.yaml"
