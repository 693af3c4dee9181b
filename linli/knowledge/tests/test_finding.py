"""Entries found by a caller's words: which, in which order, at which place and when; and what that costs."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import connection
from pytest_django import DjangoAssertNumQueries

from linli.access.selectors import system_actor
from linli.knowledge.selectors import entries_for, entry_at
from linli.knowledge.services import entry_change, entry_open
from linli.knowledge.tests.scene import draft, write
from tests.town import AT, BRIDGE, CITY, DISTRICT, GRIDS, OSMANTHUS, OTHER_STREET, STREET, Town

DAY = timedelta(days=1)
RUBBISH = "event.01.002"


def found(words: str, place: str = GRIDS[0], **more: object) -> list[int]:
    return [one.id for one in entries_for(words, place, AT, limit=10, **more)]  # type: ignore[arg-type]


def test_nothing_asked_or_nothing_known_finds_nothing(town: Town) -> None:
    assert found("") == found("……？") == found("居住证怎么办", matter=RUBBISH) == []
    assert entry_at(1, AT) is None


def test_what_callers_say_finds_the_answer_however_they_ask(town: Town) -> None:
    lamp = write(town, "lamp")
    permit = write(town, "permit", questions=("居住证怎么办", "外地人在这里要办什么证"), answer="带身份证到派出所。")
    dog = write(town, "dog", questions=("养狗要办证吗", "楼上的狗老叫怎么办"), answer="先在社区登记。")
    assert found("我们小区门口的路灯坏了好几天，黑灯瞎火的")[0] == lamp
    assert found("外地来的，要办什么证")[0] == permit
    assert found("楼上那家的狗天天叫")[0] == dog
    assert set(found("办证")) == {dog}
    assert found("请问路灯")[:1] == found("路　灯路灯")[:1] == [lamp]
    assert set(found("怎么办")) == {permit, dog}  # nothing else is left to look for
    assert lamp not in found("楼道里堆杂物")


def test_rare_words_weigh_more_than_common_ones(town: Town) -> None:
    for number in range(5):
        write(town, f"common-{number}", questions=(f"小区门口的事情{'甲乙丙丁戊'[number]}",), answer="……")
    lamp = write(town, "lamp", questions=("路灯",), answer="找照明。")
    assert found("门口的路灯")[0] == lamp
    assert len(found("门口的事情")) == 5


def test_an_answer_is_searched_too_where_a_search_asks_for_it(town: Town) -> None:
    lamp = write(town, answer="打照明热线。", source="城市照明管理规定")
    assert found("照明热线") == []
    assert found("照明热线", wide=True) == [lamp]
    assert found("照明管理规定", wide=True) == [lamp]


def test_entries_of_a_matter_are_offered_with_it(town: Town) -> None:
    rubbish = write(town, "rubbish", questions=("垃圾什么时候收",), answer="每天两次。", matter=RUBBISH)
    assert found("味道很大", matter=RUBBISH) == [rubbish]
    assert found("味道很大") == []


def test_of_one_question_the_deepest_place_wins(town: Town) -> None:
    city = entry_open("lamp", CITY, draft(town), system_actor(), AT)
    street = write(town, "lamp", STREET, answer="本街道由街道修。")
    assert found("路灯不亮") == [street]
    assert found("路灯不亮", OTHER_STREET) == [city]
    assert set(found("路灯不亮", DISTRICT)) == {city, street}
    assert set(found("路灯不亮", "")) == {city, street}
    bridge = entry_open("", BRIDGE, draft(town), system_actor(), AT)
    assert set(found("路灯不亮", OSMANTHUS)) == {street}
    assert set(found("路灯不亮", GRIDS[2])) == {street, bridge}


def test_a_deeper_answer_counts_only_while_it_holds(town: Town) -> None:
    city = entry_open("lamp", CITY, draft(town), system_actor(), AT)
    write(town, "lamp", STREET, since=AT + 5 * DAY)
    assert [one.id for one in entries_for("路灯不亮", GRIDS[0], AT, limit=5)] == [city]
    assert [one.id for one in entries_for("路灯不亮", GRIDS[0], AT + 6 * DAY, limit=5)] != [city]


def test_closed_versions_are_not_found(town: Town) -> None:
    entry = write(town)
    entry_change(entry, draft(town, questions=("水管爆了",)), town.actor("he"), AT)
    assert found("路灯不亮") == []
    assert found("水管爆了") == [entry]


def test_a_search_is_two_statements_and_quick_among_many(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH e AS (INSERT INTO knowledge_entry (key, place, opened_at, checked_at, versions)"
            " SELECT 'many-' || n, %(place)s, %(at)s, %(at)s, 1 FROM generate_series(1, 3000) n RETURNING id)"
            " INSERT INTO knowledge_version (entry_id, number, questions, answer, owner, source, matter, asked, pairs, valid,"
            " recorded) SELECT id, 1, array['小区里的事' || id], '问社区', 1, '', '', p.a, p.a,"
            " tstzrange(%(at)s, NULL), tstzrange(%(at)s, NULL) FROM e, LATERAL (SELECT array_agg(x) AS a FROM"
            " (SELECT '小区' AS x UNION SELECT '区里' UNION SELECT substr(md5((e.id * 40 + k)::text), 1, 2)"
            " FROM generate_series(1, 40) k) t) p",
            {"place": STREET, "at": AT},
        )
        cursor.execute("ANALYZE knowledge_entry, knowledge_version")
    lamp = write(town)
    with django_assert_num_queries(2):
        assert found("我们小区里门口的路灯坏了好几天了，晚上走路看不见，老人容易摔跤")[0] == lamp
    began = time.perf_counter()
    found("我们小区里门口的路灯坏了好几天了，晚上走路看不见，老人容易摔跤")
    took = time.perf_counter() - began
    print("took", took)
    assert took < 1.0
