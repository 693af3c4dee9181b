"""Planted names, numbers, homes and turns of phrase never reach a task text, whatever stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.intake.text.lists import WordLists
from linli.intake.text.masks import screen, tokens_of
from linli.intake.text.placewords import Gazetteer, place_words
from linli.intake.text.task import Parts, compose
from linli.intake.text.terms import Terms
from linli.kernel.codes import Tier
from linli.matters.selectors import catalogue
from linli.rules.snapshot import Snapshot

NAMES = ["欧阳晓红", "赵明月", "钱文斌", "李师傅", "王某某", "张阿姨", "慕容秋白"]
NUMBERS = [
    "13812345678", "025-84551234", "320106199001011234", "苏A12345", "wang_88@163.com", "QQ 445566778", "微信wx_7788abc",
    "6222020200112233445", "+86 138 1234 5678",
]  # fmt: skip
HOMES = ["12栋3单元501室", "六幢二单元402", "8号楼1202", "3-2-501", "锦绣花园5号院"]
PHRASES = ["像猫爪子挠玻璃似的", "整宿整宿烙烧饼", "这日子没法过下去了嘛", "跟拖拉机开进被窝一样"]
CARRIERS = [
    "我叫{marker}，路灯不亮好几天了，中山南路与白下路交叉口", "{marker}反映垃圾桶满了没人清", "垃圾没人清。{marker}。请尽快处理",
    "我家住{marker}，楼下噪音很大", "路灯坏了{marker}路口看不见", "联系人{marker}", "{marker}{marker}的垃圾",
    "昨晚11点半{marker}在马台街55号门口看见垃圾车漏水", "您好，{marker}小区门口路灯不亮，谢谢",
]  # fmt: skip


def task_of(text: str, pack: Snapshot, lists: WordLists) -> str:
    screened = screen(text, lists)
    terms = Terms.of(catalogue(pack), lists)
    parts = Parts("照明设施", place_words(screened, lists), terms.said(screened.visible, None), ())
    made = compose(parts, "{matter}", ["事项：{matter}", "地点：{places}", "涉及：{terms}"])
    return f"{made.title}\n{made.text}"


@settings(max_examples=400, deadline=None)
@given(marker=st.sampled_from([*NAMES, *NUMBERS, *HOMES, *PHRASES]), carrier=st.sampled_from(CARRIERS), data=st.data())
def test_a_planted_marker_never_reaches_the_task(
    marker: str, carrier: str, data: st.DataObject, pack: Snapshot, lists: WordLists
) -> None:
    around = data.draw(st.text(alphabet="的了在和，。！ 请问我们路灯垃圾", max_size=12))
    task = task_of(around + carrier.format(marker=marker) + around, pack, lists)
    assert marker not in task
    assert marker.replace(" ", "") not in task


@settings(max_examples=200, deadline=None)
@given(digits=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), carrier=st.sampled_from(CARRIERS))
def test_no_digit_reaches_the_task(digits: str, carrier: str, pack: Snapshot, lists: WordLists) -> None:
    assert not any(sign.isdigit() for sign in task_of(carrier.format(marker=digits), pack, lists))


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_screened(text: str, pack: Snapshot, lists: WordLists) -> None:
    screened = screen(text, lists)
    assert all(start < end for start, end in screened.hidden)
    assert all(screened.text[start:].startswith(word) for word, _, start in screened.shown)
    assert isinstance(task_of(text, pack, lists), str)


def test_words_of_the_task_are_the_packs_own(pack: Snapshot, lists: WordLists) -> None:
    terms = Terms.of(catalogue(pack), lists)
    screened = screen("小区路灯不亮，垃圾没人清，我昨晚摔了一跤真是倒了八辈子霉", lists)
    said = terms.said(screened.visible, None)
    assert said
    assert set(said) <= {word for matter in catalogue(pack) for word in matter.words}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("我家楼下昨晚11点半很吵", ["我", "家楼下", "昨晚", "11"]), ("本人住在三单元", ["本人", "三单元"]),
        ("从阳台看过去", ["从阳台看"]), ("电话13812345678", ["13812345678"]), ("尊敬的领导，谢谢", ["尊敬的领导", "谢谢"]),
    ],
)  # fmt: skip
def test_what_tells_who_speaks_is_hidden(text: str, gone: list[str], lists: WordLists) -> None:
    visible = screen(text, lists).visible
    assert not any(part in visible for part in gone)


def test_roads_and_compounds_stay_and_numbers_and_homes_go(lists: WordLists) -> None:
    said = place_words(screen("中山南路与白下路交叉口路灯不亮，在水游城对面", lists), lists)
    assert "中山南路" in said
    assert "白下路" in said
    assert not place_words(screen("我家住翠屏花园12栋3单元501室", lists), lists)
    assert place_words(screen("在马台街55号门口", lists), lists) == ("马台街",)


def test_a_road_that_is_a_turn_of_phrase_is_no_place(lists: WordLists) -> None:
    assert place_words(screen("走起来像一条烂泥巴路", lists), lists) == ()


def test_tokens_stand_where_they_say() -> None:
    text = "中山南路的路灯 不亮😡了"
    assert all(text[start:].startswith(word) for word, _, start in tokens_of(text))


GAZETTEER = Gazetteer(
    [
        ("870102", "云东区", Tier.DISTRICT), ("870103", "云西区", Tier.DISTRICT),
        ("870102001", "长桥街道", Tier.STREET), ("870103001", "临江街道", Tier.STREET),
        ("870102001001", "桥头社区居委会", Tier.COMMUNITY), ("870103001001", "桥头社区居委会", Tier.COMMUNITY),
        ("870102001002", "桥尾社区居委会", Tier.COMMUNITY), ("870102001002001", "桥尾社区第一网格", Tier.GRID),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("桥尾社区路灯不亮", "870102001002"), ("桥头社区路灯不亮", ""), ("长桥街道桥头社区", "870102001001"),
        ("云西区桥头社区", "870103001001"), ("长桥街道", "870102001"), ("桥尾社区第一网格", "870102001002001"),
        ("云西区桥尾社区", ""), ("路灯不亮", ""), ("桥尾社区和云东区", "870102001002"),
    ],
)  # fmt: skip
def test_names_that_repeat_count_only_where_they_agree(text: str, code: str) -> None:
    assert GAZETTEER.find(text).code == code
