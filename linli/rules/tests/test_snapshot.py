"""Compiling, hashing, reading for a place and day, explaining."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from linli.kernel.actors import Allowed, Denied
from linli.kernel.calendars import DayKind, Origin
from linli.kernel.errors import BrokenError, NotFoundError, RuleError
from linli.kernel.worktime import Limit, Unit
from linli.rules.compiler import compile_pack
from linli.rules.explained import may_bite
from linli.rules.parameters import Boolean, Duration, Integer, Parameter, Share, Table, Text, TextList
from linli.rules.problems import RuleErrors
from linli.rules.snapshot import Snapshot, content_hash
from linli.rules.tests.folders import PACKS, tries, write_pack

WITHIN = Parameter("example.answer_within", Duration)
TRIES = Parameter("trial.tries", Integer)
IN_2026 = date(2026, 3, 1)


@pytest.fixture(scope="module")
def whole() -> Snapshot:
    return compile_pack(PACKS / "examples", "whole")


def test_every_type_comes_typed(whole: Snapshot) -> None:
    rules = whole.at("990102", IN_2026)
    assert rules[WITHIN] == Limit(5, Unit.WORKDAY)
    assert rules[Parameter("example.tries", Integer)] == 3
    assert rules[Parameter("example.share", Share)] == Fraction(1, 20)
    assert rules[Parameter("example.note", Text)] == "您的诉求已收到。"
    assert rules[Parameter("example.channels", TextList)] == ("web", "phone", "counter")
    assert rules[Parameter("example.open_on_saturday", Boolean)] is False
    assert rules[Parameter("calendar.opening", Table)][0]["weekdays"] == (1, 2, 3, 4, 5)


def test_the_day_decides(whole: Snapshot) -> None:
    assert whole.at("", date(2025, 12, 31))[WITHIN] == Limit(10, Unit.WORKDAY)
    assert whole.at("", date(2026, 1, 1))[WITHIN] == Limit(5, Unit.WORKDAY)


def test_before_the_first_value_there_is_none(whole: Snapshot) -> None:
    with pytest.raises(RuleError, match=r"no value of example.answer_within holds on 2024-12-31") as caught:
        whole.at("", date(2024, 12, 31))[WITHIN]
    assert caught.value.code == "rules.no_value"


def test_another_type_than_the_code_reads_is_refused(whole: Snapshot) -> None:
    with pytest.raises(RuleError, match="is a limit in the pack whole, the code reads a integer"):
        whole.at("", IN_2026)[Parameter("example.answer_within", Integer)]


def test_a_place_outside_is_refused(whole: Snapshot) -> None:
    with pytest.raises(RuleError, match="serves 9901, not 320106"):
        whole.at("320106", IN_2026)


def test_explain_names_source_file_line_confidence_and_dates(whole: Snapshot) -> None:
    why = whole.explain(WITHIN, "990102", date(2025, 6, 1))
    assert (why.pack, why.file, why.line) == ("whole", "parameters/example.yaml", 5)
    assert (why.since, why.until) == (date(2025, 1, 1), date(2026, 1, 1))
    assert [(s.key, s.locator, s.title, s.grade) for s in why.sources] == [("X1", "art 3", "样例办法", "A")]
    assert why.snapshot == whole.hash
    assert why.as_dict()["value"] == {"amount": 10, "unit": "workday"}


def test_a_value_of_low_confidence_bites_nobody_until_an_office_confirms_it(whole: Snapshot) -> None:
    assert isinstance(may_bite(whole.explain(WITHIN, "", IN_2026)), Allowed)
    assert may_bite(whole.explain("example.tries", "", IN_2026)) == Denied(
        "rules.unconfirmed", "This rule is uncertain: it binds nobody until a named office confirms it."
    )
    assert not may_bite(whole.explain("example.share", "", date(2026, 1, 31)))
    assert may_bite(whole.explain("example.share", "", date(2026, 2, 1)))


def test_the_child_beats_the_parent_and_says_so(tmp_path: Path) -> None:
    write_pack(tmp_path, "land", files={"parameters/trial.yaml": tries("from: 2025-01-01, value: 3")})
    files = {"parameters/trial.yaml": tries("from: 2026-01-01, to: 2026-07-01, value: 5")}
    write_pack(tmp_path, "town", parent="land", place="9901", files=files)
    town = compile_pack(tmp_path, "town")
    held = [town.at("9901", day)[TRIES] for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 1))]
    assert held == [3, 5, 3]
    why = town.explain(TRIES, "9901", date(2026, 2, 1))
    assert (why.pack, why.until, [(b.pack, b.value) for b in why.beaten]) == ("town", date(2026, 7, 1), [("land", 3)])
    assert town.chain == ("land", "town")


def test_two_values_of_one_day_name_both_lines(tmp_path: Path) -> None:
    rows = tries("from: 2025-01-01, value: 3", "from: 2025-01-01, value: 4")
    write_pack(tmp_path, "land", files={"parameters/trial.yaml": rows})
    with pytest.raises(RuleErrors, match=r"trial.yaml:5 and .*trial.yaml:6"):
        compile_pack(tmp_path, "land")


def test_one_key_in_two_files_names_both(tmp_path: Path) -> None:
    rows = tries("from: 2025-01-01, value: 3")
    write_pack(tmp_path, "land", files={"parameters/one.yaml": rows, "parameters/two.yaml": rows})
    with pytest.raises(RuleErrors, match=r"trial.tries stands twice: .*one.yaml:1 and .*two.yaml:1"):
        compile_pack(tmp_path, "land")


def test_the_hash_is_of_what_the_rules_say(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, "land", files={"parameters/trial.yaml": tries("from: 2025-01-01, value: 3")})
    first = compile_pack(tmp_path, "land")
    path = folder / "parameters/trial.yaml"
    path.write_text("# a word\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    commented = compile_pack(tmp_path, "land")
    assert commented.hash == first.hash
    assert commented == first
    assert commented.explain(TRIES, "", IN_2026).line == first.explain(TRIES, "", IN_2026).line + 2
    path.write_text(tries("from: 2025-01-01, value: 4"), encoding="utf-8")
    assert compile_pack(tmp_path, "land").hash != first.hash


def test_content_that_was_changed_is_found_out(whole: Snapshot) -> None:
    torn = {**whole.content, "place": "3201"}
    with pytest.raises(BrokenError, match="have other content"):
        Snapshot.of(torn, expected_hash=whole.hash)
    assert content_hash(whole.content) == whole.hash


def test_the_calendar_is_the_packs(whole: Snapshot) -> None:
    calendar = whole.calendar("990102")
    assert calendar is whole.calendar("")
    assert calendar.day(date(2027, 1, 1)).kind == DayKind.HOLIDAY
    assert calendar.day(date(2027, 1, 2)).workday
    sunday = calendar.day(date(2027, 1, 3))
    assert (sunday.spans, sunday.workday, sunday.origin) == (((540, 720),), False, Origin.PACK)
    assert not calendar.day(date(2027, 5, 3)).provisional
    assert calendar.day(date(2028, 5, 3)).provisional
    assert calendar.day(date(2026, 7, 1)).spans == ((540, 720), (840, 1080))
    assert calendar.day(date(2026, 11, 2)).spans == ((540, 720), (810, 1050))


def test_roles_change_hands_by_day(whole: Snapshot) -> None:
    before, after = whole.office("duty.sanitation", date(2018, 12, 31)), whole.office("duty.sanitation", IN_2026)
    assert before is not None
    assert after is not None
    assert (before["office"], after["office"]) == (
        {"zh": "市容局", "en": "City Appearance Office"}, {"zh": "城市管理局", "en": "City Management Office"},
    )  # fmt: skip
    assert whole.office("duty.sanitation", date(2014, 1, 1)) is None


def test_rows_and_lists_are_there(whole: Snapshot) -> None:
    assert whole.matters()["event.01.002"]["duty"] == "duty.sanitation"
    assert whole.majors()["event.01"]["title"] == {"zh": "市容环境", "en": "City appearance"}
    assert whole.routing()["route.rubbish_at_night"]["rank"] == 0
    assert whole.words("danger") == ("着火", "跳楼")
    assert whole.personal("voice.phone")["period"] == {"amount": 730, "unit": "day"}


@pytest.mark.parametrize("ask", ["words", "role", "personal", "procedure", "resolved"])
def test_what_is_not_there_is_said(whole: Snapshot, ask: str) -> None:
    with pytest.raises(NotFoundError, match="the pack whole has no"):
        getattr(whole, ask)("nothing.here")


def test_a_word_list_can_add_to_its_parents(tmp_path: Path) -> None:
    row = "{title: {zh: 词, en: Words}, words: [甲], source: A1, confidence: high}"
    more = "{title: {zh: 词, en: Words}, words: [乙, 甲], extends: true, source: A1, confidence: high}"
    write_pack(tmp_path, "land", files={"text/a.yaml": f"danger: {row}\nother: {row}\n"})
    own = row.replace("甲", "丙")
    write_pack(tmp_path, "town", parent="land", files={"text/a.yaml": f"danger: {more}\nother: {own}\n"})
    town = compile_pack(tmp_path, "town")
    assert (town.words("danger"), town.words("other")) == (("甲", "乙"), ("丙",))


def test_a_pack_may_not_be_its_own_grandparent(tmp_path: Path) -> None:
    write_pack(tmp_path, "land", parent="town")
    write_pack(tmp_path, "town", parent="land")
    with pytest.raises(RuleErrors, match="town is its own parent"):
        compile_pack(tmp_path, "town")
