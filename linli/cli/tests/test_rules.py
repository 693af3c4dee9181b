"""`linli rules` from the outside: what it prints, as tables and as JSON, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.cli.rules import rules
from linli.kernel.errors import InputError
from linli.rules.problems import RuleErrors
from linli.rules.tests.folders import PACKS, SOURCES, tries, write_pack

TOWN = {"sources.yaml": SOURCES, "parameters/trial.yaml": tries("from: 2026-01-01, value: 5")}


def run(*words: str) -> Result:
    return CliRunner().invoke(rules, list(words), catch_exceptions=True)


def document(*words: str) -> dict[str, object]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A city of a parent that gives three tries, with five of its own."""
    write_pack(tmp_path, "town", parent="national", place="9901", files=TOWN)
    return tmp_path / "town"


def test_check_says_what_is_wrong_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKS.parent)
    result = run("check", "packs/examples/refused/clock-in")
    assert result.exit_code == 1
    wanted = (PACKS / "examples/refused/clock-in/expected.txt").read_text(encoding="utf-8").strip()
    assert result.stdout.startswith(wanted)


def test_check_as_json_names_file_line_and_mend() -> None:
    result = run("check", str(PACKS / "examples/refused/photo-quota"), "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["packs"] == [{"pack": "photo-quota", "problems": 1}]
    (problem,) = found["problems"]
    assert problem["line"] == 1
    assert problem["code"] == "forbidden.photo_quota"
    assert problem["mend"]


def test_check_of_a_folder_without_packs_is_an_error(tmp_path: Path) -> None:
    assert isinstance(run("check", str(tmp_path)).exception, InputError)


def test_show_explains_a_value_from_files(town: Path) -> None:
    found = document("show", "trial.tries", "--in", str(town), "--place", "990102", "--day", "2026-03-01")
    assert (found["value"], found["pack"], found["line"]) == (5, "town", 5)
    table = run("show", "trial.tries", "--in", str(town), "--day", "2026-03-01").stdout
    assert "次数｜Tries" in table
    assert "town/parameters/trial.yaml:5" in table


def test_show_lists_what_begins_with_a_name() -> None:
    rows = document("show", "people.", "--in", "national")["rows"]
    assert isinstance(rows, list)
    assert [row["name"] for row in rows] == [
        "people.smallest_accusation_count", "people.smallest_satisfaction_sum", "people.smallest_staff_group",
    ]  # fmt: skip
    assert run("show", "voice.phone", "--in", str(PACKS / "examples/whole")).exit_code == 0


def test_show_of_nothing_says_so() -> None:
    assert isinstance(run("show", "nothing.here", "--in", "national").exception, InputError)


def test_diff_begins_with_the_change_in_words(town: Path) -> None:
    result = run("diff", "national", str(town))
    assert result.stdout.splitlines()[0].startswith(
        "次数定为 5，2026-01-01 起｜Tries set to 5, from 1 Jan 2026  (town/"
    )
    found = document("diff", "national", str(town), "--on", "2026-01-01")["differences"]
    assert isinstance(found, list)
    assert [d["key"] for d in found] == ["trial.tries"]
    assert run("diff", "national", "national").stdout.strip() == "两套规则相同。｜The rules are the same."


def test_diff_with_a_word_that_means_nothing_is_an_error() -> None:
    assert isinstance(run("diff", "national", "atlantis").exception, InputError)


@pytest.mark.django_db
def test_publish_show_and_diff_what_holds(town: Path) -> None:
    first = document("publish", str(town), "--note", "trial")["published"]
    assert isinstance(first, list)
    assert (first[0]["pack"], first[0]["place"], first[0]["changed"]) == ("town", "9901", True)
    again = document("publish", str(town))["published"]
    assert isinstance(again, list)
    assert not again[0]["changed"]
    shown = document("show", "trial.tries", "--place", "990102")
    assert (shown["value"], shown["snapshot"]) == (5, first[0]["hash"])
    write_pack(
        town.parent, "town", parent="national", place="9901",
        files=TOWN | {"parameters/trial.yaml": tries("from: 2026-01-01, value: 5", "from: 2027-01-01, value: 6")},
    )  # fmt: skip
    words = run("diff", "town@live", str(town)).stdout
    assert words.startswith("次数由 5 改为 6，2027-01-01 起｜Tries from 5 to 6, from 1 Jan 2027")
    by_hash = run("diff", first[0]["hash"][:12], str(town)).stdout
    assert by_hash == words


@pytest.mark.django_db
def test_publish_refuses_what_check_refuses() -> None:
    result = run("publish", str(PACKS / "examples/refused/points-ranking"))
    assert isinstance(result.exception, RuleErrors)


@pytest.mark.django_db
def test_publish_without_a_name_needs_something_published() -> None:
    assert isinstance(run("publish").exception, InputError)
