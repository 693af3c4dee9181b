"""Entries are written by versions: closed, never changed, journalled; by those who may, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError

from linli.access.selectors import system_actor
from linli.journal.selectors import entries_of
from linli.kernel.errors import LinliError
from linli.knowledge.domain import EntryDraft
from linli.knowledge.errors import EntryConflictError, EntryMissingError, KnowledgeError, KnowledgeRefusedError
from linli.knowledge.models import Entry, Version
from linli.knowledge.selectors import entries_for, entry_at, entry_known, versions_of
from linli.knowledge.services import entry_change, entry_check, entry_end, entry_open
from linli.knowledge.tests.scene import LAMP_SAID, draft, says, write
from tests.town import AT, DISTRICT, GRIDS, OTHER_STREET, STREET, Town

DAY = timedelta(days=1)


def test_a_change_closes_the_version_and_opens_another(town: Town) -> None:
    entry = write(town, "lamp")
    later = AT + 10 * DAY
    assert entry_change(entry, draft(town, answer="打照明热线。"), town.actor("he"), later, was=1)
    assert (says(entry, AT).answer, says(entry, AT).number) == (LAMP_SAID, 1)
    assert (says(entry, later).answer, says(entry, later).number) == ("打照明热线。", 2)
    assert says(entry, later - timedelta(seconds=1)).number == 1
    assert [(one.entry.number, one.entry.answer) for one in versions_of(entry)] == [(2, "打照明热线。"), (1, LAMP_SAID)]
    assert Version.objects.count() == 3  # as first written, its rest, the new one
    assert [one.verb for one in entries_of(f"knowledge:{entry}")] == [
        "knowledge.entry.opened",
        "knowledge.entry.changed",
    ]
    assert entry_known("lamp", STREET) == entry
    assert entry_known("lamp", DISTRICT) is None


def test_what_is_planned_holds_from_its_day_on(town: Town) -> None:
    entry = write(town, until=AT + 30 * DAY)
    assert entry_change(entry, draft(town, answer="新办法。", since=AT + 5 * DAY), town.actor("he"), AT + DAY)
    assert says(entry, AT + 2 * DAY).number == 1
    assert says(entry, AT + 6 * DAY).answer == "新办法。"
    assert says(entry, AT + 40 * DAY).until is None


def test_saying_the_same_again_writes_nothing(town: Town) -> None:
    entry = write(town)
    assert not entry_change(entry, draft(town), town.actor("he"), AT + DAY)
    assert says(entry, AT + DAY).number == 1
    assert len(entries_of(f"knowledge:{entry}")) == 1


def test_a_check_is_remembered_with_its_post(town: Town) -> None:
    entry = write(town)
    entry_check(entry, town.actor("he"), AT + DAY)
    found = says(entry, AT + DAY)
    assert (found.checked_at, found.checked_post, found.number) == (AT + DAY, town.posts["he"], 1)
    assert entries_of(f"knowledge:{entry}")[-1].verb == "knowledge.entry.checked"


def test_an_end_takes_it_out_of_the_answers_and_leaves_what_was(town: Town) -> None:
    entry = write(town)
    entry_end(entry, AT + DAY, town.actor("he"), AT)
    assert entry_at(entry, AT + DAY) is None
    assert says(entry, AT).until == AT + DAY
    assert entries_for("路灯不亮", GRIDS[0], AT + 2 * DAY, limit=5) == ()
    with pytest.raises(KnowledgeError):
        entry_end(entry, AT + 3 * DAY, town.actor("he"), AT)
    with pytest.raises(EntryMissingError):
        entry_check(entry, town.actor("he"), AT + 2 * DAY)


def test_two_writers_do_not_overwrite_each_other(town: Town) -> None:
    entry = write(town)
    entry_change(entry, draft(town, answer="甲改的。"), town.actor("he"), AT + DAY, was=1)
    with pytest.raises(EntryConflictError, match="meanwhile"):
        entry_change(entry, draft(town, answer="乙改的。"), town.actor("he"), AT + 2 * DAY, was=1)
    assert says(entry, AT + 2 * DAY).answer == "甲改的。"


def test_a_question_has_one_answer_at_a_place(town: Town) -> None:
    write(town, "lamp")
    with pytest.raises(EntryConflictError, match="already"):
        write(town, "lamp")
    entry_open("lamp", DISTRICT, draft(town), system_actor(), AT)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "place", "owner"),
    [
        ("duan", STREET, "street_desk"),  # at the desk, not its head
        ("hong", STREET, "street_desk"),
        ("he", OTHER_STREET, "other_street_desk"),  # another street's
        ("he", DISTRICT, "district_desk"),  # a tier above
        ("he", "", "district_desk"),
        ("wei", STREET, "street_desk"),  # head of a body that does not vouch for it
        ("adam", STREET, "street_desk"),
        ("mo", STREET, "street_desk"),
    ],
)
def test_others_write_nothing(town: Town, who: str, place: str, owner: str) -> None:
    with pytest.raises(KnowledgeRefusedError):
        write(town, "lamp", place, who, owner=town.bodies[owner])
    assert Entry.objects.count() == Version.objects.count() == 0
    entry = entry_open("kept", place, draft(town, owner=town.bodies[owner]), system_actor(), AT)
    before = len(entries_of(f"knowledge:{entry}"))
    for act in (
        lambda: entry_change(entry, draft(town, answer="改了。", owner=town.bodies[owner]), town.actor(who), AT + DAY),
        lambda: entry_check(entry, town.actor(who), AT + DAY),
        lambda: entry_end(entry, AT + DAY, town.actor(who), AT + DAY),
    ):
        with pytest.raises(KnowledgeRefusedError):
            act()
    assert (says(entry, AT + 2 * DAY).answer, says(entry, AT + 2 * DAY).checked_at) == (LAMP_SAID, AT)
    assert len(entries_of(f"knowledge:{entry}")) == before


def test_the_head_of_the_body_that_vouches_writes_it(town: Town) -> None:
    entry = write(town, place=DISTRICT, who="wei", owner=town.sanitation)
    assert entry_change(entry, draft(town, answer="改了。", owner=town.sanitation), town.actor("wei"), AT + DAY)
    with pytest.raises(KnowledgeRefusedError):  # never onto another body's shoulders
        entry_change(entry, draft(town, answer="再改。", owner=town.lighting), town.actor("wei"), AT + DAY)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("questions", {"questions": ()}),
        ("questions", {"questions": ("  ",)}),
        ("questions", {"questions": ("长" * 121,)}),
        ("questions", {"questions": tuple(f"问法{n}" for n in range(13))}),
        ("answer", {"answer": " \n "}),
        ("answer", {"answer": "长" * 4001}),
        ("source", {"source": "长" * 301}),
        ("matter", {"matter": "event.99.999"}),
        ("owner", {"owner": 987654}),
        ("until", {"until": AT}),
    ],
)
def test_a_wrong_field_is_named(town: Town, field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(KnowledgeError) as caught:
        entry_open("", STREET, draft(town, **wrong), system_actor(), AT)
    assert list(caught.value.data["fields"]) == [field]  # type: ignore[call-overload]
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(("key", "place"), [("Lamp", STREET), ("路灯", STREET), ("lamp", "12"), ("lamp", "870102099")])
def test_a_wrong_key_or_place_is_named(town: Town, key: str, place: str) -> None:
    with pytest.raises(KnowledgeError):
        entry_open(key, place, draft(town), system_actor(), AT)
    assert Entry.objects.count() == 0


def test_texts_are_tidied_and_kept_in_their_lines(town: Town) -> None:
    entry = write(town, questions=(" 怎么  办 ", "怎么 办"), answer=" 一、带身份证。 \r\n\r\n二、当场办。  ")
    assert says(entry, AT).questions == ("怎么 办",)
    assert says(entry, AT).answer == "一、带身份证。\n\n二、当场办。"


def test_the_database_keeps_versions_as_they_were(town: Town) -> None:
    entry = write(town)
    for statement in (
        "UPDATE knowledge_version SET answer = 'x'",
        "DELETE FROM knowledge_version",
        "UPDATE knowledge_version SET recorded = tstzrange(lower(recorded) - interval '1 day', now())",
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert says(entry, AT).answer == LAMP_SAID


def test_an_unknown_entry_is_not_there(town: Town) -> None:
    missing: list[LinliError] = []
    for act in (
        lambda: entry_change(0, EntryDraft(("x",), "y", town.street_desk), town.actor("he"), AT),
        lambda: entry_check(0, town.actor("he"), AT),
        lambda: entry_end(0, AT, town.actor("he"), AT),
    ):
        with pytest.raises(EntryMissingError) as caught:
            act()
        missing.append(caught.value)
    assert {error.code for error in missing} == {"knowledge.missing"}
