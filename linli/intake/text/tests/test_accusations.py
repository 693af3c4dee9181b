"""An accusation is of an official, a worker or a unit; anger and tip-offs about firms are none."""

from __future__ import annotations

import pytest

from linli.intake.text.accusations import accusation
from linli.intake.text.danger import dangers, protections
from linli.intake.text.lists import WordLists

SPAN = 45


@pytest.mark.parametrize(
    "text",
    [
        "我们社区主任收了好处，把低保给了他亲戚",
        "城管队员动手打人，视频都有",
        "实名举报街道办在拆迁里弄虚作假",
        "举报所长",
        "派出所包庇开赌场的人",
        "请纪委查一查这个工程",
        "窗口人员把我的电话告诉了楼上的人",
        "村干部 贪污 修路的钱",
        "环卫所的队长收了装修队的钱，垃圾不清",
        "王主任收了施工队的红包",
    ],
)
def test_accusations(text: str, lists: WordLists) -> None:
    found = accusation(text.replace(" ", ""), lists, SPAN)
    assert found.is_one
    assert found.subjects or found.openings


@pytest.mark.parametrize(
    "text",
    [
        "工作人员态度不好，没人管",
        "举报化工厂夜里偷排污水",
        "实名举报饭店用地沟油",
        "物业工作人员打人",
        "我想找社区主任反映路灯问题",
        "孩子的班主任收礼",
        "遮阳伞的保护伞坏了，找居委会",
        "街道办什么时候上班",
        "老板弄虚作假，派出所在旁边",
    ],
)
def test_what_is_no_accusation(text: str, lists: WordLists) -> None:
    assert not accusation(text, lists, SPAN).is_one


def test_subject_and_act_must_be_near_and_in_one_sentence(lists: WordLists) -> None:
    assert not accusation("找过社区主任。后来听说有个老板受贿被抓", lists, SPAN).is_one
    assert not accusation("社区主任" + "很热心地帮忙找人来看" * 6 + "别处有人受贿", lists, SPAN).is_one


def test_only_words_of_the_lists_are_told(lists: WordLists) -> None:
    found = accusation("王某某这个站长收红包，电话13812345678", lists, SPAN)
    known = {word for name in lists.by_name for word in lists.words(name)}
    assert {*found.subjects, *found.acts, *found.openings} <= known


@pytest.mark.parametrize(
    "text", ["楼道里着火了冒浓烟", "电线掉下来了", "老人被困在电梯里", "水管爆了淹到二楼", "有人拿刀"]
)
def test_danger(text: str, lists: WordLists) -> None:
    assert dangers(text, lists)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("老公打我，不敢回家", "protected.domestic_violence"), ("老板拖欠工资半年", "protected.wages"),
        ("活不下去了", "protected.suicide"), ("班上有校园霸凌", "protected.child"),
    ],
)  # fmt: skip
def test_protected_matters(text: str, name: str, lists: WordLists) -> None:
    assert name in [found.list for found in protections(text, lists)]


def test_set_phrases_are_none(lists: WordLists) -> None:
    assert not protections("商场跳楼价大甩卖，跳楼机排队", lists)
    assert not dangers("路灯不亮", lists)
