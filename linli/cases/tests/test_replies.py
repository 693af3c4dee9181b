"""Reply templates: those of the pack are whole, fit by matter, state and step, and never say who reported."""

from __future__ import annotations

from datetime import date

import pytest

from linli.cases import replychecks
from linli.cases.forms import fill
from linli.cases.mechanisms.checking import Reply
from linli.cases.placeholders import PLACEHOLDERS, filled, holes, known
from linli.cases.replies import Situation, closeness, template, templates
from linli.kernel.errors import InputError
from linli.rules.compiler import compile_pack
from linli.rules.packfiles import read_chain
from linli.rules.snapshot import Snapshot
from linli.rules.tests.folders import PACKS

DAY = date(2026, 11, 24)
OF_REPORTERS = ("反映人", "姓名", "手机", "住址", "诉求人", "来电人", "reporter", "name", "caller")


@pytest.fixture(scope="module")
def national() -> Snapshot:
    return compile_pack(PACKS, "national")


def keys(snapshot: Snapshot, step: str, state: str, matter: str, day: date = DAY) -> list[str]:
    return [one.key for one in templates(snapshot, Situation(step, state, matter), day)]


def test_the_pack_has_templates_for_the_common_situations(national: Snapshot) -> None:
    rows = national.section("replies")
    assert len(rows) >= 25
    results = {row["fills"].get("result") for row in rows.values()}  # type: ignore[attr-defined]
    assert {"solved", "partly", "explained", "not_accepted", "referred"} <= results
    assert keys(national, "ask_extension", "in_hand", "")
    assert keys(national, "ask_shelf", "in_hand", "")
    assert "unreachable.closed" in keys(national, "give_up", "in_hand", "")


def test_the_closest_matter_comes_first_and_others_do_not_come(national: Snapshot) -> None:
    found = keys(national, "reply", "in_hand", "topic.02.001")
    assert found[0] == "solved.lamp"
    assert "solved.general" in found
    assert "solved.lift" not in found
    assert "solved.lamp" not in keys(national, "reply", "in_hand", "")


def test_state_and_step_decide_too(national: Snapshot) -> None:
    assert "say.still_shelved" in keys(national, "say", "shelved", "")
    assert "say.still_shelved" not in keys(national, "say", "in_hand", "")
    assert keys(national, "note", "in_hand", "") == []


def test_the_day_decides_which_words_hold(national: Snapshot) -> None:
    assert keys(national, "reply", "in_hand", "", date(2025, 12, 31)) == []
    row = {**national.section("replies")["solved.general"]}
    first, second = dict(row["values"][0]), dict(row["values"][0])  # type: ignore[index]
    second |= {"from": "2027-01-01", "words": {"zh": "新的", "en": "new"}}
    later = Snapshot.of({**national.content, "replies": {"solved.general": {**row, "values": [first, second]}}})
    for day, words in ((DAY, first["words"]["zh"]), (date(2027, 1, 1), "新的")):
        found = template(later, Situation("reply", "in_hand"), "solved.general", day)
        assert found is not None
        assert found.words["zh"] == words


def test_a_snapshot_from_before_there_were_templates_has_none(national: Snapshot) -> None:
    old = Snapshot.of({name: part for name, part in national.content.items() if name != "replies"})
    assert keys(old, "reply", "in_hand", "") == []


def test_nothing_about_a_reporter_is_on_the_white_list() -> None:
    for one in PLACEHOLDERS:
        assert not [word for word in OF_REPORTERS if word in f"{one.zh} {one.en}".lower().split()], one.name
        assert not [word for word in OF_REPORTERS if word in one.zh], one.name
    assert len({one.zh for one in PLACEHOLDERS}) == len({one.en for one in PLACEHOLDERS}) == len(PLACEHOLDERS)


@pytest.mark.parametrize("one", PLACEHOLDERS, ids=lambda one: one.name)
def test_every_placeholder_is_found_as_it_is_written(one: object) -> None:
    for language in ("zh", "en"):
        written = one.written(language)  # type: ignore[attr-defined]
        assert [known(hole, language) for hole in holes(written)] == [one]


def test_what_is_known_is_put_in_and_the_rest_named() -> None:
    done = filled("{编号}在{地点}，电话{单位电话}，{地点}", "zh", {"number": "1234", "place": "颐和路"})
    assert done.words == "1234在颐和路，电话{单位电话}，颐和路"
    assert done.left == ("单位电话",)


def test_a_fact_with_braces_opens_nothing() -> None:
    assert filled("{承办单位}", "zh", {"owner": "环卫{编号}所"}).left == ()


@pytest.mark.parametrize("words", ["电话{单位电话}", "Call {other phone}", "今天{某物}办好"])
def test_words_with_something_open_are_no_answer_at_any_door(words: str) -> None:
    with pytest.raises(InputError) as refused:
        fill(Reply, {"result": "solved", "words": words})
    assert refused.value.data["fields"] == {"words": "placeholder"}


@pytest.mark.parametrize("words", ["办好了。", "用 {} 表示", "{{7*7}}", "a { b } c"])
def test_other_braces_are_words(words: str) -> None:
    assert fill(Reply, {"result": "solved", "words": words}).words["public"] == {"words": words}


@pytest.mark.parametrize(
    ("pattern", "matter", "near"),
    [("*", "", 0), ("topic.*", "topic.02.001", 1), ("topic.02.*", "topic.02.001", 2), ("topic.02.001", "topic.02.001", 3),
     ("topic.02.001", "topic.02.003", -1), ("topic.02.*", "event.02.001", -1), ("topic.02.001", "", -1)],
)  # fmt: skip
def test_how_close_a_pattern_is(pattern: str, matter: str, near: int) -> None:
    assert closeness(pattern, matter) == near


def test_the_checks_pass_on_what_is_published() -> None:
    source = read_chain(PACKS / "national")
    for check in (
        replychecks.placeholders_are_known,
        replychecks.texts_are_dated,
        replychecks.steps_write_to_residents,
    ):
        assert check(source) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("steps: [note]", "replies.no_words"),
        ("states: [nowhere]", "replies.state"),
        ('matters: ["topic.99.*"]', "replies.matter"),
        ("fills: {result: splendid}", "replies.fills"),
        ("fills: {colour: red}", "replies.fills"),
    ],
)
def test_a_template_that_leads_nowhere_is_named(change: str, code: str, tmp_path: object) -> None:
    from linli.rules.tests.folders import write_pack

    steps = "" if change.startswith("steps") else "  steps: [reply]\n"
    text = (
        f"a.b:\n  title: {{zh: 一, en: One}}\n{steps}  {change}\n  values:\n"
        "    - {from: 2026-01-01, words: {zh: 好, en: ok}, source: A1, confidence: high}\n"
    )
    write_pack(tmp_path, "one", files={"replies/x.yaml": text})  # type: ignore[arg-type]
    source = read_chain(tmp_path / "one")  # type: ignore[operator]
    assert [problem.code for problem in replychecks.steps_write_to_residents(source)] == [code]
    assert [problem.line for problem in replychecks.steps_write_to_residents(source)] == [3 if steps == "" else 4]
