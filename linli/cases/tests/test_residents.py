"""The holder of a private link: follows, adds, puts right, judges, leaves; knows what is held, corrects and erases it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from linli.cases.evidence import Holder, keep_photo, open_photo, open_work_photo, work_photos
from linli.cases.following import follow, photos_of
from linli.cases.models import Case, Voice
from linli.cases.mydata import my_data, my_data_correct, my_data_erase, my_wishes_change, voice_told
from linli.cases.residents import Said, bodies_ever, link_of, take_as_reporter
from linli.cases.selectors import history, reporter_view
from linli.cases.tests.desk import VOICE, in_hand, later, open_one, rules, take
from linli.cases.tests.test_evidence import BOUNDS, HOLDER, photo
from linli.cases.voices import PartRequest, photos_open, voice_open, words_open
from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError
from tests.statements import statements
from tests.town import Town

SECRETS = ("赵明月", "13912345678", "桂花苑三栋402", "老鼠乱窜", "我家楼下")


def say(
    link: Any, step: Any, case: Any = None, photos: Any = (), holder: Any = HOLDER, at: Any = None, **form: Any
) -> Any:
    said = Said(step, form, photos, holder)
    return take_as_reporter(case or link.home, link, said, request_id=uuid4(), at=at or later(minutes=20))


def matter(**wanted: Any) -> Any:
    return next(c for c, row in rules().matters().items() if all(row[name] == is_ for name, is_ in wanted.items()))


ASKED = matter(check="reporter", protected=False)
SHARED = matter(joinable=True)


def answered(town: Town, **changes: Any) -> Any:
    opened = in_hand(town, **changes)
    take(opened.case, "reply", town.ref("han"), later(hours=1), result="solved", words="已清运。", note="内部一句")
    return opened


def test_a_link_shows_the_course_with_bodies_and_public_words_and_nothing_internal(town: Town) -> None:
    opened = in_hand(town)
    take(opened.case, "note", town.ref("han"), later(minutes=18), note="内部一句")
    take(opened.case, "say", town.ref("han"), later(minutes=19), words="已安排。")
    seen = follow(link_of(opened.token), later(hours=1))
    assert (seen.no, seen.stage, seen.owner, seen.voices, seen.joined) == (
        opened.no,
        "in_hand",
        town.sanitation,
        1,
        False,
    )
    assert [one.step for one in seen.happened] == ["open", "dispatch", "sign", "begin", "say"]
    assert (seen.happened[1].organisation, seen.happened[1].sent_to) == (town.street_desk, town.sanitation)
    assert seen.happened[-1].words == {"words": "已安排。"}
    assert seen.due is not None
    assert not seen.due.late
    assert 0 < seen.due.used < 1000
    assert seen.due.stretches
    assert {"add", "remind", "withdraw"} <= seen.steps
    assert "correct" not in seen.steps
    assert "rate" not in seen.steps
    assert not [secret for secret in (*SECRETS, "内部一句", "韩") if secret in str(seen)]


def test_a_page_costs_few_statements(town: Town) -> None:
    opened = answered(town)
    follow(link_of(opened.token), later(hours=2))
    with statements() as seen:
        follow(link_of(opened.token), later(hours=2))
    assert len(seen) <= 6


def test_what_a_reporter_says_later_is_in_nobodys_history_and_a_desk_opens_it_with_a_reason(town: Town) -> None:
    opened = answered(town, matter=ASKED)
    link = link_of(opened.token)
    say(link, "add", words="还有一处在西门")
    say(link, "remind", words="女儿明天回来")
    say(link, "rate", at=later(hours=2), solved="yes", satisfied="no", words="太慢")
    own = ("还有一处在西门", "女儿明天回来", "太慢", "satisfied")
    for reader in ("duan", "he", "han", "su"):
        told = history(town.actor(reader), opened.case, later(hours=3))
        assert not [one for one in own if one in str(told)], reader
        kept = {m.step for m in told if m.kept == link.voice}
        assert kept == ({"add", "remind", "rate"} if reader in ("duan", "he") else set()), reader
    asked = PartRequest(opened.case, link.voice, "words", "核对第二处")
    for stranger in ("han", "fang", "deng", "su"):
        with pytest.raises((NotFoundError, RefusedError)):
            words_open(asked, town.ref(stranger), request_id=uuid4(), at=later(hours=3))
    words = words_open(asked, town.ref("duan"), request_id=uuid4(), at=later(hours=3))
    assert words.first["text"] == VOICE.original
    assert [(one.step, dict(one.words)) for one in words.later] == [
        ("add", {"words": "还有一处在西门"}),
        ("remind", {"words": "女儿明天回来"}),
        ("rate", {"satisfied": "no", "words": "太慢"}),
    ]
    assert [(one.what, one.reason) for one in follow(link, later(hours=4)).openings] == [("words", "核对第二处")]


def test_more_words_and_photos_reach_nobody_until_they_are_opened(town: Town) -> None:
    opened = in_hand(town)
    link = link_of(opened.token)
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=1))
    say(link, "add", photos=[kept.id], words="我女儿赵小月也看见了")
    assert photos_of(link, later(hours=1)) == {kept.id: opened.case}
    assert open_photo(kept.id, case=opened.case)
    (mine,) = [one for one in follow(link, later(hours=1)).happened if one.step == "add"]
    assert mine.words == {"words": "我女儿赵小月也看见了"}
    for reader in ("duan", "han"):
        assert "赵小月" not in str(history(town.actor(reader), opened.case, later(hours=1))), reader
    assert work_photos(opened.case) == []
    for reader in ("duan", "han"):
        told = [m for m in history(town.actor(reader), opened.case, later(hours=1)) if m.step == "add"]
        assert [m.data.get("form") for m in told] == [{}], reader
    with pytest.raises(NotFoundError):
        open_work_photo(kept.id, opened.case)


def test_opening_photos_is_the_desks_alone_with_a_reason_that_the_reporter_reads(town: Town) -> None:
    opened = in_hand(town)
    link = link_of(opened.token)
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=1))
    say(link, "add", photos=[kept.id])
    asked = PartRequest(opened.case, link.voice, "photos", "核对井盖位置")
    before = Case.objects.get(pk=opened.case).seq
    for stranger in ("han", "fang", "deng"):
        with pytest.raises((NotFoundError, RefusedError)):
            photos_open(asked, town.ref(stranger), request_id=uuid4(), at=later(hours=1))
    assert Case.objects.get(pk=opened.case).seq == before
    (content,) = photos_open(asked, town.ref("duan"), request_id=uuid4(), at=later(hours=1))
    assert content.startswith(b"\xff\xd8")
    (one,) = follow(link, later(hours=2)).openings
    assert (one.what, one.reason) == ("photos", "核对井盖位置")


def test_a_photo_of_somebody_else_is_not_taken_and_nothing_is_written(town: Town) -> None:
    opened = open_one()
    link = link_of(opened.token)
    kept = keep_photo(photo(), Holder(draft=b"x" * 32), BOUNDS, later(minutes=1))
    with pytest.raises(InputError):
        say(link, "add", photos=[kept.id], words="…")
    assert Case.objects.get(pk=opened.case).seq == opened.seq


def test_words_are_put_right_for_ten_minutes_and_only_before_work_begins(town: Town) -> None:
    opened = open_one()
    link = link_of(opened.token)
    fixed = {"words": "是北墙，不是南墙", "title": "北墙外垃圾", "task_text": "北墙外有垃圾。"}
    say(link, "correct", at=later(minutes=10), **fixed)
    case = Case.objects.get(pk=opened.case)
    assert (case.title, case.task_text, case.counts["corrected"]) == ("北墙外垃圾", "北墙外有垃圾。", 1)
    with pytest.raises(RefusedError) as late:
        say(link, "correct", at=later(minutes=11), **fixed)
    assert late.value.code == "case.correct_late"


def test_solved_closes_and_is_said_once(town: Town) -> None:
    opened = answered(town, matter=ASKED)
    link = link_of(opened.token)
    assert "rate" in follow(link, later(hours=2)).steps
    say(link, "rate", at=later(hours=2), solved="yes", satisfied="no", words="太慢")
    assert Case.objects.get(pk=opened.case).state == "closed"
    assert follow(link, later(hours=3)).rated
    with pytest.raises(RefusedError) as twice:
        say(link, "rate", at=later(hours=3), solved="yes")
    assert twice.value.code == "case.rated"
    bodies = str(history(town.actor("han"), opened.case, later(hours=3)))
    assert "太慢" not in bodies
    assert "satisfied" not in bodies


def test_not_solved_goes_back_to_work_on_a_fresh_clock(town: Town) -> None:
    opened = answered(town, matter=ASKED)
    link = link_of(opened.token)
    say(link, "rate", at=later(hours=2), solved="no")
    case = Case.objects.get(pk=opened.case)
    assert (case.state, case.counts["redos"]) == ("in_hand", 1)
    due = follow(link, later(hours=3)).due
    assert due is not None
    assert due.started_at == later(hours=2)
    take(opened.case, "reply", town.ref("han"), later(hours=5), result="solved", words="又清了。")
    say(link, "rate", at=later(hours=6), solved="partly")
    assert Case.objects.get(pk=opened.case).state == "replied"


def test_not_solved_after_closing_opens_it_again_by_the_procedure(town: Town) -> None:
    opened = answered(town, matter=ASKED)
    link = link_of(opened.token)
    take(opened.case, "call_back", town.ref("duan"), later(hours=2), solved="no_answer")
    say(link, "rate", at=later(hours=3), solved="no")
    say(link, "reopen", at=later(hours=3), reason="还是没有清")
    case = Case.objects.get(pk=opened.case)
    assert (case.state, case.marks.get("rated"), case.counts["reopened"]) == ("received", None, 1)


def test_a_reporter_joins_a_neighbours_and_reads_its_answers_but_not_the_neighbour(town: Town) -> None:
    first, second = in_hand(town, matter=SHARED), open_one(matter=SHARED)
    link = link_of(second.token)
    say(link, "join", into=first.no)
    say(link_of(first.token), "add", at=later(minutes=30), words="第一位的话")
    take(first.case, "say", town.ref("han"), later(minutes=40), words="下午再来一车。")
    link = link_of(second.token)
    seen = follow(link, later(hours=1))
    assert (seen.joined, seen.voices, seen.no, seen.stage) == (True, 2, second.no, "in_hand")
    assert [one.words for one in seen.happened if one.words] == [{"words": "下午再来一车。"}]
    assert "第一位的话" not in str(seen)
    assert first.no not in str(seen)
    assert "unjoin" in seen.steps
    say(link, "unjoin", at=later(hours=2))
    assert not follow(link_of(second.token), later(hours=2)).joined


def test_only_ones_own_case_is_reached(town: Town) -> None:
    mine, other = open_one(), open_one()
    link = link_of(mine.token)
    with pytest.raises(NotFoundError):
        say(link, "add", case=other.case, words="…")
    with pytest.raises(NotFoundError):
        link_of("A" * 32)
    with pytest.raises(RefusedError):
        say(link, "dispatch", organisation=town.sanitation)
    with pytest.raises(ConflictError):
        say(link, "rate", solved="yes")


def test_who_opened_the_identity_is_told_with_the_reason(town: Town) -> None:
    opened = in_hand(town)
    link = link_of(opened.token)
    voice_open(
        PartRequest(opened.case, link.voice, "identity", "约定上门"),
        town.ref("duan"),
        request_id=uuid4(),
        at=later(hours=1),
    )
    (one,) = follow(link, later(hours=2)).openings
    assert (one.organisation, one.what, one.reason) == (town.street_desk, "identity", "约定上门")
    assert bodies_ever(opened.case) == (town.sanitation,)


def test_what_is_held_is_told_with_its_purpose_and_its_last_day(town: Town) -> None:
    opened = open_one()
    link = link_of(opened.token)
    told = my_data(link)
    by_key = {one.what: one for one in told.held}
    assert by_key["voice.identity"].content == {"name": VOICE.name, "phone": VOICE.phone, "address": VOICE.address}
    assert by_key["voice.original"].content == {"text": VOICE.original} or VOICE.original in str(
        by_key["voice.original"].content
    )
    assert all(one.purpose["zh"] and one.basis["zh"] and one.until is None and one.days for one in told.held)


def test_a_wrong_telephone_is_put_right_and_the_old_one_is_gone(town: Town) -> None:
    opened = open_one()
    link = link_of(opened.token)
    old = Voice.objects.get(pk=link.voice).identity
    my_data_correct(link, {"phone": "13800001111", "state": "closed"}, later(minutes=3))
    assert voice_told(link).phone == "13800001111"
    assert voice_told(link).name == VOICE.name
    assert Voice.objects.get(pk=link.voice).identity != old
    assert "13912345678" not in str(my_data(link))
    assert "corrected" not in [m.step for m in history(town.actor("duan"), opened.case, later(hours=1))]
    take(opened.case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.sanitation)
    assert reporter_view(opened.token, later(hours=1)).no == opened.no


def test_wishes_are_changed_and_the_others_stay(town: Town) -> None:
    opened = open_one()
    link = link_of(opened.token)
    Voice.objects.filter(pk=link.voice).update(wishes=["by_message", "may_ring", "confidential"])
    my_wishes_change(link, "link_only", may_ring=False, at=later(minutes=3))
    assert my_data(link).wishes == ("link_only", "confidential")


def test_erasing_takes_identity_words_and_photos_and_leaves_the_record(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    opened = in_hand(town)
    link = link_of(opened.token)
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=1))
    say(link, "add", photos=[kept.id], words="补一句")
    with django_capture_on_commit_callbacks(execute=True):
        outcomes = my_data_erase(link, later(hours=1))
    assert {one.outcome for one in outcomes} == {"erased"}
    assert len(outcomes) == 3
    told = my_data(link)
    assert {one.state for one in told.held} == {"erased"}
    assert not told.photos
    assert not [secret for secret in (*SECRETS, "补一句") if secret in str(told)]
    with pytest.raises(NotFoundError):
        open_photo(kept.id, case=opened.case)
    take(opened.case, "reply", town.ref("han"), later(hours=2), result="solved", words="已清运。")
    assert follow(link, later(hours=3)).happened[-1].words == {"words": "已清运。"}
