"""Differences between two snapshots, in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from linli.rules.compiler import compile_pack
from linli.rules.diff import differences, in_words
from linli.rules.snapshot import Snapshot
from linli.rules.tests.folders import write_pack

LIMIT = """whistle.sign_within:
  title: {{zh: 签收时限, en: Signing limit}}
  type: limit
  values:
    - {{from: 2023-08-04, value: {{amount: 1, unit: clock_hour}}, source: A1, confidence: high}}
{more}"""
CHANGED = "    - {from: 2027-01-01, value: {amount: 2, unit: clock_hour}, source: A1, confidence: high}\n"


def snapshot(root: Path, name: str, files: dict[str, str]) -> Snapshot:
    write_pack(root, name, files=files)
    return compile_pack(root, name)


def test_a_changed_value_is_said_with_its_day(tmp_path: Path) -> None:
    old = snapshot(tmp_path, "old", {"parameters/whistle.yaml": LIMIT.format(more="")})
    new = snapshot(tmp_path, "new", {"parameters/whistle.yaml": LIMIT.format(more=CHANGED)})
    (found,) = differences(old, new)
    assert found.zh == "签收时限由 1 小时改为 2 小时，2027-01-01 起"
    assert found.en == "Signing limit from 1 hour to 2 hours, from 1 Jan 2027"
    assert (found.since, found.until, found.where) == (date(2027, 1, 1), None, "new/parameters/whistle.yaml:6")
    assert differences(old, old) == []


def test_a_value_that_moves_to_the_child_is_no_change(tmp_path: Path) -> None:
    old = snapshot(tmp_path, "land", {"parameters/whistle.yaml": LIMIT.format(more="")})
    write_pack(tmp_path, "town", parent="land", files={"parameters/whistle.yaml": LIMIT.format(more="")})
    assert differences(old, compile_pack(tmp_path, "town")) == []


def test_rows_of_other_sections_are_compared_whole(tmp_path: Path) -> None:
    role = "lead.x:\n  title: {zh: 牵头, en: Lead}\n  held_by: [{from: 2020-01-01, office: {zh: 甲, en: A}, source: A1, confidence: high}]\n"
    old = snapshot(tmp_path, "old", {"roles.yaml": role})
    new = snapshot(tmp_path, "new", {"roles.yaml": role.replace("zh: 甲", "zh: 乙")})
    none = snapshot(tmp_path, "none", {})
    assert [d.en for d in differences(old, new)] == ["Role Lead (lead.x) changed: held_by"]
    assert [d.zh for d in differences(none, old)] == ["新增职责牵头（lead.x）"]
    assert [d.change for d in differences(old, none)] == ["dropped"]


def test_values_in_words() -> None:
    assert in_words({"amount": 1, "unit": "workday"}) == ("1 个工作日", "1 workday")
    assert in_words(["web", "phone"]) == ("web、phone", "web, phone")
    assert in_words(True) == ("是", "yes")
    rows = [{"weekdays": [1, 2], "intervals": ["09:00-12:00"]}, {"weekdays": [6], "intervals": ["10:00-12:00"]}]
    assert in_words(rows)[1] == "weekdays 1, 2 intervals 09:00-12:00; weekdays 6 intervals 10:00-12:00"
    assert in_words({"zh": "甲", "en": "A"}) == ("甲", "A")
    assert in_words(None) == ("—", "—")
