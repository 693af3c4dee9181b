"""Sketches are keyed, likeness is symmetric, candidates are few and found by index, sketches go when they are old."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.engine import take_step
from linli.cases.nearby import Box, Sought, open_near
from linli.cases.seeing import numbered
from linli.intake.duplicates import Sketcher, alike, content_words, distance, lightened, likeness, packed, unpacked
from linli.intake.models import Sketch
from linli.intake.tasks import drop_old_sketches
from linli.intake.tests.conftest import TakeIn, row
from linli.intake.text.lists import word_lists
from linli.intake.text.masks import screen
from linli.rules.snapshot import Snapshot
from tests.town import AT, BRIDGE, GRIDS, Town, point_in

MATTER = "topic.01.001"
MARKS = st.dictionaries(st.integers(0, 2**48 - 1), st.integers(1, 255), max_size=12)


@given(MARKS, MARKS)
def test_likeness_is_symmetric_and_whole_only_of_the_same(one: dict[int, int], other: dict[int, int]) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1000
    assert likeness(one, one) == (1000 if one else 0)


@given(MARKS)
def test_a_sketch_goes_through_the_table(marks: dict[int, int]) -> None:
    assert unpacked(packed(marks)) == marks
    assert all(0 <= value < 2**63 for value in packed(marks))


def test_a_sketch_is_keyed_and_names_and_numbers_are_not_in_it(national: Snapshot) -> None:
    lists = word_lists(national)
    bare = screen("垃圾桶满了没人清运", lists)
    named = screen("我叫慕容秋白，电话13987654321。垃圾桶满了没人清运", lists)
    assert content_words(named) == content_words(bare)
    made = Sketcher(lambda _word: 1.0).sketch(named)
    assert made == Sketcher(lambda _word: 1.0).sketch(bare)
    assert not {hash(word) for word in content_words(named)} & set(made)


def test_what_every_report_of_a_matter_says_weighs_little(national: Snapshot) -> None:
    words = screen("垃圾桶满了，菜场门口", word_lists(national))
    plain, expected = (Sketcher(lambda _word: 5.0).sketch(words, said) for said in ("", "垃圾桶"))
    assert sum(expected.values()) < sum(plain.values())
    assert plain.keys() == expected.keys()


def test_pairs_of_a_whole_set() -> None:
    sketches = [{1: 9, 2: 9}, {1: 9, 2: 9}, {1: 9, 3: 9}, {4: 9}]
    times = [AT, AT + timedelta(days=40), AT + timedelta(days=1), AT]
    found = {(one, other): degree for one, other, degree in alike(sketches, times, timedelta(days=30), 300)}
    assert found == {(0, 2): 333}


def test_metres() -> None:
    assert distance(118.0, 32.0, 118.0, 32.001) == 111
    assert distance(118.0, 32.0, 118.001, 32.0) == 94
    assert distance(118.0, 32.0, None, None) is None


def test_candidates_are_capped_and_asked_in_one_query(take_in: TakeIn) -> None:
    take_in(*(row(external_id=f"H-{n}") for n in range(12)))
    lon, lat = point_in(GRIDS[0])
    box = Box(lon - 0.001, lon + 0.001, lat - 0.001, lat + 0.001)
    asked = [Sought("topic.01.001", GRIDS[0], AT - timedelta(days=30), AT, box)] * 3
    with CaptureQueriesContext(connection) as queries:
        found = open_near(asked, 5)
    assert [len(near) for near in found] == [5, 5, 5]
    assert len(queries) <= 1


@pytest.mark.parametrize(("place", "found"), [(BRIDGE, 1), (GRIDS[2], 0), (GRIDS[0][:12], 0)])
def test_without_a_point_the_community_is_asked(place: str, found: int, take_in: TakeIn) -> None:
    take_in(row(lon="", lat="", matter="topic.01.001", text="桥头社区垃圾桶满了"))
    sought = Sought("topic.01.001", place, AT - timedelta(days=30), AT, None)
    assert len(open_near([sought], 200)[0]) == found


def test_old_sketches_go(take_in: TakeIn) -> None:
    take_in(row())
    assert drop_old_sketches(AT + timedelta(days=30)) == 0
    assert drop_old_sketches(AT + timedelta(days=31)) == 1
    assert not Sketch.objects.exists()


def test_words_of_a_matter_weigh_little_in_a_sketch_made_before_it_was_known(national: Snapshot) -> None:
    words = screen("垃圾桶满了，菜场门口", word_lists(national))
    sketcher = Sketcher(lambda _word: 5.0)
    before, after = sketcher.sketch(words), sketcher.sketch(words, "垃圾桶 清运")
    assert before != after
    assert lightened(before, sketcher.expected("垃圾桶 清运")) == after
    assert lightened(after, sketcher.expected("")) == after


UNCLEAR = {"title": "", "text": "请来看看，白铁皮棚子，菜场后墙，木板箱子，电动车"}
LATER = AT + timedelta(hours=1)


def test_a_case_that_a_person_classed_is_proposed_for_the_next(take_in: TakeIn, town: Town) -> None:
    (first,) = take_in(row(**UNCLEAR))
    assert first["matter"] is None
    form = {"matter": MATTER}
    take_step(numbered(str(first["case"])), "classify", town.ref("duan"), form, request_id=uuid4(), at=LATER)
    (second,) = take_in(row(external_id="H-2", matter=MATTER, **UNCLEAR), at=LATER)
    assert second["duplicate_of"] == first["case"]


def test_a_case_nobody_classed_is_proposed_for_none(take_in: TakeIn) -> None:
    take_in(row(**UNCLEAR))
    (second,) = take_in(row(external_id="H-2", matter=MATTER, **UNCLEAR), at=LATER)
    assert second["duplicate_of"] is None


def test_of_what_is_nobody_elses_no_sketch_is_kept(take_in: TakeIn) -> None:
    (line,) = take_in(row(**UNCLEAR | {"text": "我要举报，请来看看"}))
    assert line["flags"] == ["to_class"]
    assert not Sketch.objects.exists()
