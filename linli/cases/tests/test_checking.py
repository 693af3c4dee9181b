"""Who checks, doing it again, coming back, tries, splitting, withdrawing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.due import take_due
from linli.cases.models import Case, Clock
from linli.cases.tests.desk import in_hand, later, open_one, take
from linli.cases.voices import voice_of_token
from linli.kernel.actors import ActorRef
from linli.kernel.errors import RefusedError
from tests.town import AT, Town


def found(case: int) -> Any:
    return Case.objects.get(pk=case)


def replied(town: Town, **changes: Any) -> Any:
    opened = in_hand(town, **changes)
    take(opened.case, "reply", town.ref("han"), later(hours=3), result="solved", words="已清理")
    return opened


@pytest.fixture(scope="module")
def matters() -> Any:
    """One matter of the pack for each way of checking."""
    from linli.cases.tests.desk import rules

    ways: dict[str, str] = {}
    for code, row in rules().matters().items():
        ways.setdefault(str(row["check"]), code)
    return ways


@pytest.mark.parametrize(
    ("way", "state"), [("reporter", "replied"), ("site", "checking"), ("desk", "reviewing"), ("sample", "closed")]
)
def test_the_matter_says_who_looks_whether_it_is_done(
    town: Town, matters: dict[str, str], way: str, state: str
) -> None:
    if way not in matters:
        pytest.skip(f"no matter of the pack is checked by {way}")
    assert found(replied(town, matter=matters[way]).case).state == state


def test_a_doer_and_their_unit_never_check_themselves(town: Town) -> None:
    opened = open_one()
    take(opened.case, "take_up", town.ref("mei"))
    take(opened.case, "reply", town.ref("mei"), later(hours=1), result="solved", words="已清理")
    for same_unit in ("mei", "fang"):
        with pytest.raises(RefusedError) as refused:
            take(opened.case, "check_on_site", town.ref(same_unit), later(hours=2), done=True)
        assert refused.value.code == "case.own_work"
    take(opened.case, "check_on_site", town.ref("duan"), later(hours=2), done=True)
    assert found(opened.case).state == "closed"


def test_a_failed_check_is_rework_on_fresh_clocks(town: Town) -> None:
    opened = replied(town)
    take(opened.case, "check_on_site", town.ref("fang"), later(hours=4), done=False)
    case = found(opened.case)
    assert (case.state, case.counts["reworks"], case.owner) == ("in_hand", 1, town.sanitation)
    running = set(Clock.objects.filter(case=case, state="running").values_list("name", flat=True))
    assert running == {"handle", "answer"}


def test_unsolved_when_called_back_is_done_again_and_satisfaction_stays_at_the_desk(
    town: Town, matters: dict[str, str]
) -> None:
    opened = replied(town, matter=matters["reporter"])
    take(opened.case, "call_back", town.ref("hong"), later(hours=4), solved="no", satisfied="no", words="根本没人来")
    case = found(opened.case)
    assert (case.state, case.counts["redos"]) == ("in_hand", 1)
    from linli.cases.selectors import history

    handler = history(town.actor("han"), opened.case, later(hours=5))[-1]
    desk = history(town.actor("duan"), opened.case, later(hours=5))[-1]
    assert handler.data["form"] == {"solved": "no"}
    assert handler.words == {}
    assert desk.words == {"satisfied": "no", "words": "根本没人来"}


def test_nobody_came_to_look_in_time(town: Town) -> None:
    opened = replied(town)
    due = Clock.objects.get(case=opened.case, name="check").due_at
    assert due is not None
    while take_due(due + timedelta(minutes=1)):
        pass
    case = found(opened.case)
    assert (case.state, case.counts["unchecked"]) == ("closed", 1)


def test_reopened_by_the_reporter_with_their_link(town: Town, matters: dict[str, str]) -> None:
    opened = replied(town, matter=matters["reporter"])
    take(opened.case, "call_back", town.ref("hong"), later(hours=4), solved="yes")
    reporter = ActorRef("reporter", voice=voice_of_token(opened.token))
    take(opened.case, "reopen", reporter, later(days=2), reason="又堆起来了")
    case = found(opened.case)
    assert (case.state, case.counts["reopened"], case.closed_at, case.owner) == ("received", 1, None, None)
    take(opened.case, "dispatch", town.ref("duan"), later(days=2, hours=1), organisation=town.sanitation)
    assert found(opened.case).owner == town.sanitation


def test_reminders_are_counted_and_move_no_clock(town: Town) -> None:
    opened = in_hand(town)
    reporter = ActorRef("reporter", voice=voice_of_token(opened.token))
    before = list(Clock.objects.filter(case=opened.case).order_by("id").values())
    for hour in (2, 3):
        take(opened.case, "remind", reporter, later(hours=hour), words="请快一点")
    assert found(opened.case).counts["reminders"] == 2
    assert list(Clock.objects.filter(case=opened.case).order_by("id").values()) == before


def test_another_reporter_is_a_stranger(town: Town) -> None:
    opened, other = open_one(), open_one()
    reporter = ActorRef("reporter", voice=voice_of_token(other.token))
    from linli.kernel.errors import NotFoundError

    with pytest.raises(NotFoundError):
        take(opened.case, "remind", reporter)


def test_unreachable_only_after_tries_at_different_hours(town: Town) -> None:
    opened = in_hand(town)
    for minute in (60, 70, 80):
        take(opened.case, "note_try", town.ref("han"), later(minutes=minute), way="phone")
    with pytest.raises(RefusedError) as refused:
        take(opened.case, "give_up", town.ref("duan"), later(hours=2), words="多次联系未果")
    assert refused.value.code == "case.tries_few"
    for hour in (5, 26):
        take(opened.case, "note_try", town.ref("han"), later(hours=hour), way="phone")
    take(opened.case, "give_up", town.ref("duan"), later(hours=27), words="多次联系未果")
    assert found(opened.case).state == "unreachable"


def test_withdrawn_is_called_back_and_open_again_when_it_was_pressure(town: Town) -> None:
    opened = in_hand(town)
    reporter = ActorRef("reporter", voice=voice_of_token(opened.token))
    take(opened.case, "withdraw", reporter, later(hours=1), reason="算了")
    assert found(opened.case).state == "withdrawn"
    take(opened.case, "call_back_withdrawn", town.ref("hong"), later(hours=2), solved="no", troubled="yes")
    assert found(opened.case).state == "received"


def test_split_gives_each_part_a_log_and_the_first_receipt(town: Town) -> None:
    opened = open_one(received_at=AT - timedelta(hours=5))
    parts = [
        {"title": "路灯不亮", "task_text": "路口路灯不亮", "matter": "event.01.002"},
        {"title": "不知何事", "task_text": "另有一事"},
    ]
    result = take(opened.case, "split", town.ref("duan"), parts=parts)
    children = Case.objects.filter(parent=opened.case).order_by("id")
    assert [c.id for c in children] == list(result.opened)
    assert [c.state for c in children] == ["received", "to_class"]
    assert {c.received_at for c in children} == {AT - timedelta(hours=5)}


def test_void_by_the_duty_head_with_a_reason(town: Town) -> None:
    opened = open_one()
    with pytest.raises(RefusedError):
        take(opened.case, "void", town.ref("duan"), reason="测试")
    take(opened.case, "void", town.ref("he"), reason="测试件")
    assert found(opened.case).state == "void"


def test_located_and_classed_by_a_person_it_goes_on(town: Town) -> None:
    opened = open_one(located=None, place="8701", matter=None, matter_by="none", flags=("to_locate", "to_class"))
    assert opened.state == "to_locate"
    desk = town.ref("su")
    from linli.kernel.errors import NotFoundError

    with pytest.raises(NotFoundError):
        take(opened.case, "locate", town.ref("fang"), place="870102001001001")
    del desk
    take(opened.case, "locate", _city_desk(town), place="870102001001001", lon=101.005, lat=25.005)
    assert found(opened.case).state == "to_class"
    take(opened.case, "classify", town.ref("duan"), matter="event.01.002")
    case = found(opened.case)
    assert (case.state, case.matter_by, case.flags, case.lon) == ("received", "person", [], 101.005)


def _city_desk(town: Town) -> Any:
    from linli.access.selectors import system_actor
    from linli.organisations.appointments import AppointmentDraft, appoint
    from linli.organisations.domain import PostDraft
    from linli.organisations.services import post_open
    from tests.town import FOUNDED

    draft = PostDraft(town.district_desk, "desk", "duty_desk", "desk", FOUNDED, place="870100")
    post = post_open(draft, system_actor(), FOUNDED)
    appoint(AppointmentDraft(post, town.people["mo"], FOUNDED), system_actor(), FOUNDED)
    return town.ref("mo")
