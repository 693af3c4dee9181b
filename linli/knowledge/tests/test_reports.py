"""Wrong or missing: said by anybody at a desk, settled by who writes the answer, and nobody is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from pytest_django import DjangoAssertNumQueries

from linli.journal.erasing import erase_due
from linli.journal.selectors import entries_of
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.keyset import After
from linli.knowledge.errors import EntryMissingError, KnowledgeError, KnowledgeRefusedError
from linli.knowledge.models import Report
from linli.knowledge.queues import (
    WriterScope,
    ending_entries,
    entries_page,
    is_reported,
    report_open,
    reports_of,
    reports_page,
    unchecked_page,
    writer_scope,
)
from linli.knowledge.reporting import report_drop, report_missing, report_wrong
from linli.knowledge.rules import knowledge_rules
from linli.knowledge.selectors import entry_at
from linli.knowledge.services import entry_change, entry_check, entry_end, entry_open
from linli.knowledge.tests.scene import draft, write
from tests.town import AT, OTHER_STREET, STREET, Town

DAY = timedelta(days=1)


def scope_of(town: Town, who: str) -> WriterScope:
    return writer_scope(town.actor(who), knowledge_rules(AT))


def listed(town: Town, who: str) -> list[int]:
    return [one.id for one in reports_page(scope_of(town, who), after=None, limit=50).rows]


def test_a_report_of_a_desk_lands_before_whoever_writes_the_answer(town: Town) -> None:
    entry = write(town, owner=town.sanitation)
    report = report_wrong(entry, "电话换了", town.actor("hong"), AT)
    for who in ("he", "wei"):  # head of the desk, head of the body that vouches
        (one,) = reports_page(scope_of(town, who), after=None, limit=5).rows
        assert (one.id, one.entry, one.number, one.words, one.title) == (report, entry, 1, "电话换了", "路灯不亮找谁修")
    for who in ("hong", "duan", "deng", "hu", "mo"):
        assert listed(town, who) == []
        assert report_open(report, scope_of(town, who)) is None
    assert is_reported(entry)


def test_words_stand_encrypted_and_nowhere_else(town: Town) -> None:
    entry = write(town)
    report = report_wrong(entry, "王大妈说早就改了", town.actor("hong"), AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM knowledge_report r")
        assert "王大妈" not in cursor.fetchone()[0]
    (logged,) = entries_of(f"knowledge_report:{report}")
    assert "王大妈" not in str(logged.data)
    assert logged.personal is not None
    assert not {"account", "actor", "post", "person"} & set(Report.__dict__)


def test_words_end_and_the_report_stays(town: Town) -> None:
    entry = write(town)
    report_wrong(entry, "电话换了", town.actor("hong"), AT)
    erase_due(AT + 92 * DAY, SYSTEM)
    (one,) = reports_page(scope_of(town, "he"), after=None, limit=5).rows
    assert one.words == ""


def test_nothing_found_can_be_said_to_be_missing(town: Town) -> None:
    report = report_missing("电梯年检", "", "", town.actor("hong"), AT)
    (one,) = reports_page(scope_of(town, "he"), after=None, limit=5).rows
    assert (one.id, one.entry, one.asked, one.place) == (report, None, "电梯年检", STREET)
    assert listed(town, "wei") == []
    made = write(town, questions=("电梯年检找谁",), answer="找物业。")
    assert listed(town, "he") == [report]
    other = entry_open("", STREET, draft(town), town.actor("he"), AT, settles=[report])
    assert listed(town, "he") == []
    assert Report.objects.get(pk=report).how == "changed"
    assert made != other


def test_said_twice_without_words_it_is_one(town: Town) -> None:
    entry = write(town)
    first = report_wrong(entry, "", town.actor("hong"), AT)
    assert report_wrong(entry, "", town.actor("duan"), AT) == first
    assert report_wrong(entry, "电话换了", town.actor("duan"), AT) != first
    assert len(reports_of(entry)) == 2


def test_a_new_version_settles_what_it_was_made_for_and_nothing_else(town: Town) -> None:
    entry = write(town)
    seen = report_wrong(entry, "电话换了", town.actor("hong"), AT)
    meanwhile = report_wrong(entry, "地址也换了", town.actor("duan"), AT)
    entry_change(entry, draft(town, answer="新电话。"), town.actor("he"), AT, settles=[seen])
    assert listed(town, "he") == [meanwhile]
    entry_check(entry, town.actor("he"), AT + DAY, settles=[meanwhile])
    assert not is_reported(entry)
    assert [one.verb for one in entries_of(f"knowledge_report:{meanwhile}")][-1] == "knowledge.report.settled"


def test_a_report_is_dropped_with_a_reason_by_who_may(town: Town) -> None:
    entry = write(town)
    report = report_wrong(entry, "", town.actor("hong"), AT)
    for who in ("hong", "deng", "hu", "mo"):
        with pytest.raises(EntryMissingError):
            report_drop(report, "不用改", town.actor(who), AT)
    with pytest.raises(KnowledgeError):
        report_drop(report, " ", town.actor("he"), AT)
    assert listed(town, "he") == [report]
    report_drop(report, "电话没有换，已核实", town.actor("he"), AT)
    assert listed(town, "he") == []
    with pytest.raises(EntryMissingError):
        report_drop(report, "再来一次", town.actor("he"), AT)


def test_another_entry_s_report_is_not_settled_on_the_way(town: Town) -> None:
    mine, other = write(town), write(town)
    report = report_wrong(other, "", town.actor("hong"), AT)
    with pytest.raises(EntryMissingError):
        entry_check(mine, town.actor("he"), AT, settles=[report])
    assert is_reported(other)
    found = entry_at(mine, AT)
    assert found is not None
    assert found.checked_at == AT


@pytest.mark.parametrize("who", ["adam", "beth", "carl", "mo"])
def test_who_reads_no_answers_says_nothing_about_them(town: Town, who: str) -> None:
    entry, actor = write(town), town.actor(who)
    with pytest.raises(KnowledgeRefusedError):
        report_wrong(entry, "", actor, AT)
    with pytest.raises(KnowledgeRefusedError):
        report_missing("x", "", "", actor, AT)
    assert Report.objects.count() == 0


def test_wrong_words_are_named(town: Town) -> None:
    entry, hong = write(town), town.actor("hong")
    with pytest.raises(KnowledgeError):
        report_wrong(entry, "长" * 501, hong, AT)
    with pytest.raises(KnowledgeError):
        report_missing("  ", "", "", hong, AT)
    with pytest.raises(EntryMissingError):
        report_wrong(0, "", hong, AT)
    assert Report.objects.count() == 0


def test_the_database_settles_once(town: Town) -> None:
    report = report_wrong(write(town), "", town.actor("hong"), AT)
    report_drop(report, "核实过", town.actor("he"), AT)
    for statement in ("UPDATE knowledge_report SET how = 'checked'", "DELETE FROM knowledge_report"):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_nobody_looked_at_for_long_is_a_queue(town: Town) -> None:
    old, fresh = write(town, at=AT - 200 * DAY), write(town)
    rules, scope = knowledge_rules(AT), scope_of(town, "he")
    page = unchecked_page(scope, rules.check_before(scope.place), AT, after=None, limit=10)
    assert [one.id for one in page.rows] == [old]
    assert unchecked_page(scope_of(town, "wei"), rules.check_before(STREET), AT, after=None, limit=10).rows == ()
    entry_check(old, town.actor("he"), AT)
    assert unchecked_page(scope, rules.check_before(scope.place), AT, after=None, limit=10).rows == ()
    assert fresh


def test_what_ends_soon_or_ended_lately_is_a_queue(town: Town) -> None:
    soon, late = write(town, until=AT + 10 * DAY), write(town, until=AT + 90 * DAY)
    gone = write(town, at=AT - 40 * DAY, until=AT - 5 * DAY)
    followed = write(town, at=AT - 40 * DAY)
    entry_end(followed, AT - 3 * DAY, town.actor("he"), AT - 10 * DAY)
    entry_change(followed, draft(town, since=AT - 3 * DAY), town.actor("he"), AT - 9 * DAY)
    scope = scope_of(town, "he")
    found = ending_entries(scope, knowledge_rules(AT).ends_between(scope.place), limit=10)
    assert [one.id for one in found] == [gone, soon]
    assert late


def test_lists_turn_pages(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    entries = [write(town) for _ in range(5)]
    with django_assert_num_queries(1):
        first = entries_page(STREET, AT, after=None, limit=3)
    second = entries_page(STREET, AT, after=first.after, limit=3)
    assert [one.id for one in (*first.rows, *second.rows)] == entries[::-1]
    assert second.after is None
    assert entries_page(OTHER_STREET, AT, after=None, limit=3).rows == ()
    assert entries_page(STREET, AT, after=After(entries[0], entries[0]), limit=3).rows == ()


def test_a_queue_of_reports_costs_the_same_however_many(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entry = write(town)
    for number in range(6):
        report_wrong(entry, f"第{number}处", town.actor("hong"), AT)
    scope = scope_of(town, "he")
    with django_assert_num_queries(2):
        page = reports_page(scope, after=None, limit=4)
    assert len(page.rows) == 4
    assert len(reports_page(scope, after=page.after, limit=4).rows) == 2


def test_nobody_s_scope_is_empty(town: Town) -> None:
    assert not writer_scope(Actor(town.ref("mo")), knowledge_rules(AT))
    assert writer_scope(town.actor("he"), knowledge_rules(AT)).places == (STREET,)
