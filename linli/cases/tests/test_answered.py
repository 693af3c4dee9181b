"""An answer of the knowledge base at work: it stays with the case that it closed, and is counted there."""

from __future__ import annotations

import pytest

from linli.access.selectors import system_actor
from linli.cases import answered
from linli.cases.answered import times_answered
from linli.cases.models import Case
from linli.cases.reading import run
from linli.cases.tests.desk import later, open_one, published, take
from linli.journal.selectors import entries_of
from linli.kernel.errors import InputError
from linli.knowledge.domain import EntryDraft
from linli.knowledge.services import entry_change, entry_end, entry_open
from tests.town import AT, Town, town_of

pytestmark = pytest.mark.django_db
SAID = {"result": "explained", "words": "带身份证到派出所办。"}


@pytest.fixture
def town() -> Town:
    published()
    return town_of()


def written(town: Town) -> int:
    """An entry that holds everywhere."""
    return entry_open("permit", "", EntryDraft(("居住证怎么办",), "带身份证。", town.street_desk), system_actor(), AT)


def test_the_entry_and_its_version_stay_with_the_case_and_in_the_log(town: Town) -> None:
    entry, opened = written(town), open_one()
    assert times_answered(entry) == 0
    take(opened.case, "answer_at_once", town.ref("hong"), later(hours=1), entry=entry, entry_version=1, **SAID)
    case = Case.objects.get(pk=opened.case)
    assert (case.state, case.marks["entry"], case.marks["entry_version"]) == ("closed", entry, 1)
    last = entries_of(f"case:{opened.case}")[-1].data
    assert last["marks"] == {"entry": entry, "entry_version": 1}
    assert times_answered(entry) == 1


def test_without_an_entry_nothing_is_said_of_one(town: Town) -> None:
    opened = open_one()
    take(opened.case, "answer_at_once", town.ref("hong"), later(hours=1), **SAID)
    assert "entry" not in Case.objects.get(pk=opened.case).marks


@pytest.mark.parametrize("wrong", [{"entry": 987654}, {"entry": 0}, {"entry": "x"}])
def test_an_unknown_entry_is_refused_and_nothing_happens(town: Town, wrong: dict[str, object]) -> None:
    opened = open_one()
    with pytest.raises(InputError) as caught:
        take(opened.case, "answer_at_once", town.ref("hong"), later(hours=1), **SAID, **wrong)
    assert "entry" in caught.value.data["fields"]  # type: ignore[operator]
    assert Case.objects.get(pk=opened.case).state == "received"


def test_another_version_than_was_read_or_one_that_ended_is_refused(town: Town) -> None:
    entry, opened = written(town), open_one()
    told = EntryDraft(("居住证怎么办",), "带身份证和照片。", town.street_desk)
    entry_change(entry, told, system_actor(), later(minutes=5))
    with pytest.raises(InputError) as caught:
        take(opened.case, "answer_at_once", town.ref("hong"), later(hours=1), entry=entry, entry_version=1, **SAID)
    assert caught.value.data["fields"] == {"entry": "changed"}
    entry_end(entry, later(minutes=10), system_actor(), later(minutes=10))
    with pytest.raises(InputError) as caught:
        take(opened.case, "answer_at_once", town.ref("hong"), later(hours=1), entry=entry, entry_version=2, **SAID)
    assert caught.value.data["fields"] == {"entry": "unknown"}


def test_what_is_opened_again_was_not_answered(town: Town) -> None:
    entry, opened = written(town), open_one()
    take(opened.case, "answer_at_once", town.ref("hong"), later(hours=1), entry=entry, **SAID)
    take(opened.case, "reopen", town.ref("duan"), later(hours=2), reason="没说清楚")
    assert times_answered(entry) == 0
    assert "entry" not in Case.objects.get(pk=opened.case).marks
    take(opened.case, "answer_at_once", town.ref("hong"), later(hours=3), **SAID)
    assert times_answered(entry) == 0


def test_the_sum_is_read_along_its_index(town: Town) -> None:
    entry = written(town)
    run("SET LOCAL enable_seqscan = off", {})
    plan = run(f"EXPLAIN {answered._COUNT}", {"entry": entry, "most": 5}).fetchall()
    assert "cases_case_answered" in str(plan)
