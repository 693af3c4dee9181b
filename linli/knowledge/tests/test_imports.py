"""A list of answers: good rows are taken in, bad ones told with line, column and mend; again, it changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.access.selectors import system_actor
from linli.cli.knowledge import knowledge
from linli.knowledge.imports import entries_import
from linli.knowledge.models import Entry, Version
from linli.knowledge.selectors import entries_for
from tests.town import AT, GRIDS, STREET, Town

GOOD = {
    "key": "lamp", "place": STREET, "questions": "路灯不亮 | 灯坏了", "answer": "打热线。", "owner": "duty.lighting",
    "source": "照明条例", "matter": "topic.02.001", "from": "", "until": "2026-12-31",
}  # fmt: skip


def taken(town: Town, *rows: dict[str, str], who: str = "") -> tuple[int, int, int, list[tuple[int, str]]]:
    actor = town.actor(who) if who else system_actor()
    report = entries_import(list(enumerate(rows, start=2)), actor, AT)
    return report.opened, report.changed, report.kept, [(one.line, one.column) for one in report.faults]


def test_rows_become_answers_and_the_same_again_changes_nothing(town: Town) -> None:
    assert taken(town, GOOD) == (1, 0, 0, [])
    (found,) = entries_for("灯坏了", GRIDS[0], AT, limit=5)
    assert (found.owner, found.questions, str(found.until)) == (
        town.lighting,
        ("路灯不亮", "灯坏了"),
        "2026-12-31 16:00:00+00:00",
    )
    assert taken(town, GOOD) == (0, 0, 1, [])
    assert taken(town, {**GOOD, "answer": "打新热线。"}) == (0, 1, 0, [])
    assert Version.objects.count() == 2


def test_owners_are_named_by_key_by_name_or_by_duty(town: Town) -> None:
    rows = [{**GOOD, "key": str(n), "owner": owner} for n, owner in enumerate(("town.lighting", "青石区路灯管理站"))]
    assert taken(town, *rows) == (2, 0, 0, [])
    assert set(Version.objects.values_list("owner", flat=True)) == {town.lighting}


def test_bad_rows_are_told_and_the_rest_is_kept(town: Town) -> None:
    bad = [
        {**GOOD, "questions": " | "}, {**GOOD, "answer": ""}, {**GOOD, "owner": "duty.nobody"}, {**GOOD, "owner": ""},
        {**GOOD, "matter": "x"}, {**GOOD, "place": "12"}, {**GOOD, "until": "31.12.2026"}, {**GOOD, "until": "2020-01-01"},
        {**GOOD, "from": "soon"}, {**GOOD, "key": "路灯"}, {**GOOD, "until": "9999-12-31"}, {"questions": "x"},
    ]  # fmt: skip
    opened, changed, kept, faults = taken(town, *bad, GOOD)
    assert (opened, changed, kept) == (1, 0, 0)
    assert [column for _line, column in faults] == [
        "questions", "answer", "owner", "owner", "matter", "place", "until", "until", "from", "key", "until", "answer",
    ]  # fmt: skip
    assert [line for line, _column in faults] == list(range(2, 14))


def test_a_person_s_list_is_allowed_row_by_row(town: Town) -> None:
    mine = {**GOOD, "owner": "duty.street_desk"}
    elsewhere = {**mine, "key": "wide", "place": "", "owner": "duty.lighting"}
    assert taken(town, mine, elsewhere, who="he")[0] == 1
    assert taken(town, {**mine, "key": "other"}, who="duan") == (0, 0, 0, [(2, "")])
    assert Entry.objects.count() == 1


@pytest.fixture
def listed(town: Town, tmp_path: Path) -> Path:
    file = tmp_path / "answers.csv"
    file.write_text(
        "key,questions,answer,owner\nlamp,路灯不亮|灯坏了,打热线。,青石区路灯管理站\nbad,,打热线。,青石区路灯管理站\ntwo,一,二,三,四\n",
        encoding="utf-8",
    )
    return file


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(knowledge, list(words))
    return result.exit_code, result.output


def test_the_command_tells_file_line_column_and_mend(listed: Path) -> None:
    code, said = run("import", str(listed), "--json")
    assert code == 0
    document = json.loads(said)
    assert (document["opened"], document["refused"]) == (1, 2)
    assert [(one["line"], one["column"]) for one in document["faults"]] == [(3, "questions"), (4, "")]
    assert all(one["mend"] and one["file"] == str(listed) for one in document["faults"])
    code, said = run("find", "灯坏了", "--json")
    assert code == 0
    assert json.loads(said)["answers"][0]["answer"] == "打热线。"


def test_the_command_ends_with_1_where_nothing_could_be_taken(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("questions,answer,owner\n,,\n", encoding="utf-8")
    assert run("import", str(file))[0] == 1
    file.write_text("questions,answer\n路灯,x\n", encoding="utf-8")
    assert run("import", str(file))[0] != 0
    assert Entry.objects.count() == 0
