"""A call taken at a desk: what is heard before anything is kept, and what the desk's steps make of it within the call."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from linli.cases.models import Case, Clock, Voice
from linli.cases.mydata import my_data_erase
from linli.cases.residents import Link
from linli.cases.seeing import numbered
from linli.cases.tests.folding import differences
from linli.cases.voices import PartRequest, voice_open
from linli.intake.callers import drop_forgotten, earlier_cases, number_mark, told_in_one_call
from linli.intake.calls import Told, call_hear
from linli.intake.calltaking import Answer, Call, Noted, Promised, call_take
from linli.intake.models import Caller
from linli.journal.errors import RequestReusedError
from linli.journal.selectors import entries_of
from linli.kernel.errors import InputError
from tests.town import AT, GRIDS, LAKE, Town, point_in

RUBBISH = "路口垃圾桶满了好几天，垃圾车一直不来，没人清运。"
LITTER = "event.01.002"
PHONE = "139 1234 5678"
BRIBE = "我要举报桂花街道办事处的王主任收了施工队的红包，吃拿卡要。"
BEATEN = "我老公喝了酒打我，我不敢回家。"


def told(**more: Any) -> Told:
    lon, lat = point_in(GRIDS[0])
    return Told(**{"words": RUBBISH, "lon": lon, "lat": lat, "matter": LITTER, **more})


def take(
    town: Town, *matters: Told, who: str = "hong", request_id: UUID | None = None, **more: Any
) -> tuple[Noted, ...]:
    known: dict[str, Any] = {"act": "dispatch", "number": PHONE, "name": "赵明月"}
    parts = {**known, **more}
    call = Call(matters=matters or (told(),), said=repr((matters, sorted(parts.items(), key=str))).encode(), **parts)
    return call_take(call, town.actor(who), request_id=request_id or uuid4(), at=AT)


def case_of(noted: Noted) -> Case:
    return Case.objects.get(pk=numbered(noted.no))


def verbs(case: Case) -> list[str]:
    return [entry.verb.rpartition(".")[2] for entry in entries_of(f"case:{case.pk}")]


def voice_of(case: Case) -> int:
    return int(Voice.objects.get(home=case).pk)


# heard


def test_words_bring_likely_matters_with_what_decided_and_who_would_get_it(town: Town) -> None:
    heard = call_hear(told(matter=""), town.actor("hong"), AT)
    assert 1 <= len(heard.likely) <= 3
    assert heard.likely[0].confidence is not None
    assert heard.likely[0].because
    assert [one.confidence for one in heard.likely[1:]] == [None] * (len(heard.likely) - 1)
    assert heard.case.placed.code == GRIDS[0]
    assert heard.owner
    assert Case.objects.count() == 0


def test_an_alike_case_of_the_desks_own_place_is_offered_and_another_places_is_not(town: Town) -> None:
    (first,) = take(town, act="save")
    heard = call_hear(told(), town.actor("duan"), AT + timedelta(minutes=5))
    assert [one.found.no for one in heard.alike] == [first.no]
    assert heard.alike[0].metres == 0
    assert call_hear(told(), town.actor("deng"), AT + timedelta(minutes=5)).alike == ()


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("楼道里着火了，浓烟很大", "119"),
        ("有人昏倒在路口", "120"),
        ("有人持刀打起来了", "110"),
        (BEATEN, "110"),
        (RUBBISH, ""),
    ],
)
def test_words_of_danger_name_the_number_that_comes_first(town: Town, words: str, number: str) -> None:
    assert call_hear(told(words=words, matter=""), town.actor("hong"), AT).first == number


@pytest.mark.parametrize("words", [BRIBE, BEATEN])
def test_nothing_is_suggested_for_an_accusation_or_a_protected_matter(town: Town, words: str) -> None:
    heard = call_hear(told(words=words, matter=""), town.actor("hong"), AT)
    assert (heard.is_open, heard.likely, heard.alike, heard.owner) == (False, (), (), "")


def test_a_call_that_names_no_place_belongs_to_the_desk_that_took_it(town: Town) -> None:
    heard = call_hear(Told(words="请问身份证怎么办理"), town.actor("hong"), AT)
    assert heard.case.placed.code == town.actor("hong").holdings[0].place


# taken


def test_it_is_opened_and_sent_within_the_call_and_the_log_adds_up(town: Town) -> None:
    (noted,) = take(town)
    case = case_of(noted)
    assert (noted.done, case.state, case.channel, case.kind) == ("dispatched", "dispatched", "phone", "request")
    assert verbs(case) == ["open", "heard", "dispatch"]
    assert case.owner == town.sanitation
    assert RUBBISH not in case.task_text
    assert differences(case.pk) == {}


def test_it_may_be_saved_only_and_no_machine_sends_it(town: Town) -> None:
    (noted,) = take(town, act="save")
    assert (noted.done, case_of(noted).state) == ("saved", "received")


def test_the_desk_may_send_it_to_another_body_than_the_rules(town: Town) -> None:
    (noted,) = take(town, organisation=town.enforcement)
    assert case_of(noted).owner == town.enforcement


def test_answered_at_once_it_is_closed(town: Town) -> None:
    (noted,) = take(town, act="answer", answer=Answer("explained", "请到街道便民服务中心办理。"))
    case = case_of(noted)
    assert (noted.done, case.state, case.result) == ("answered", "closed", "explained")


def test_it_is_joined_to_the_neighbours(town: Town) -> None:
    (first,) = take(town)
    (second,) = take(town, join=first.no, number="13800000000")
    assert (second.done, case_of(second).joined_to) == ("joined", case_of(first).pk)


def test_a_caller_passed_on_and_a_promise_are_steps_of_the_case(town: Town) -> None:
    (noted,) = take(town, service="119", connected=True, promise=Promised(date(2026, 11, 26), "周四前回电"))
    case = case_of(noted)
    assert verbs(case) == ["open", "heard", "transfer", "promise", "dispatch"]
    passed = entries_of(f"case:{case.pk}")[2]
    assert passed.data["form"] == {"service": "119", "connected": True}
    clock = Clock.objects.get(case=case, name="promise")
    assert (clock.whose, clock.state) == ("desk", "running")


@pytest.mark.parametrize("until", [date(2026, 11, 23), date(9999, 12, 31)])
def test_a_promise_for_yesterday_or_beyond_the_calendar_is_refused_and_nothing_is_opened(
    town: Town, until: date
) -> None:
    with pytest.raises(InputError) as refused:
        take(town, promise=Promised(until, "回电"))
    assert refused.value.data["fields"] == {"until": "outside"}
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("matter", "field"),
    [
        ({"words": "哎", "matter": ""}, "matter"),
        ({"lon": None, "lat": None}, "where"),
        ({"words": "。。。"}, "words"),
    ],
)
def test_sending_asks_for_words_matter_and_place(town: Town, matter: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        take(town, told(**matter))
    assert field in str(refused.value.data["fields"])
    assert not Case.objects.exists()


def test_the_same_request_opens_once_and_another_call_under_its_id_is_refused(town: Town) -> None:
    request_id = uuid4()
    assert take(town, request_id=request_id) == take(town, request_id=request_id)
    assert Case.objects.count() == 1
    with pytest.raises(RequestReusedError):
        take(town, request_id=request_id, name="别人")


def test_what_is_another_desks_is_taken_in_and_left_to_it(town: Town) -> None:
    lon, lat = point_in(GRIDS[4])
    (noted,) = take(town, told(lon=lon, lat=lat), service="120", connected=False)
    case = case_of(noted)
    assert (noted.done, noted.elsewhere, case.state) == ("saved", True, "received")
    assert case.place.startswith(LAKE)
    assert verbs(case) == ["open", "heard", "transfer"]


# closed compartments


@pytest.mark.parametrize("compartment", ["sealed", "protected"])
def test_an_accusation_or_a_protected_matter_is_passed_on_and_out_of_the_desks_sight(
    town: Town, compartment: str
) -> None:
    words = BRIBE if compartment == "sealed" else BEATEN
    (noted,) = take(town, told(words=words, matter=""), service="110", connected=True)
    assert noted == Noted("", "passed_on")
    case = Case.objects.get()
    assert (case.compartment, case.owner) == (compartment, None)
    assert verbs(case) == ["open", "heard", "transfer"]
    assert not Caller.objects.exists()
    with pytest.raises(Exception, match="no such case"):
        voice_open(PartRequest(case.pk, voice_of(case), "words", "看看"), town.ref("hong"), request_id=uuid4(), at=AT)


def test_the_desk_may_say_itself_that_it_is_an_accusation(town: Town) -> None:
    (noted,) = take(town, told(accuses=True))
    assert (noted.no, Case.objects.get().compartment) == ("", "sealed")


# one call, several matters; the number


def test_several_matters_of_one_call_are_cases_that_only_the_compartment_binds(town: Town) -> None:
    lamp = told(words="桂花社区门口的路灯坏了不亮", matter="")
    first, second, third = take(town, told(), lamp, told(words=BRIBE, matter=""))
    assert third == Noted("", "passed_on")
    one, two = case_of(first), case_of(second)
    assert (one.parent, two.parent, one.candidates, two.candidates) == (None, None, [], [])
    assert (one.external_id or "")[:8] != (two.external_id or "")[:8]
    desk = town.actor("duan")
    assert told_in_one_call(desk, voice_of(one)) == [second.no]
    assert told_in_one_call(desk, voice_of(two)) == [first.no]
    logs = [entry.data for case in (one, two) for entry in entries_of(f"case:{case.pk}")]
    assert all(str(other.pk) != str(data.get("other")) for data in logs for other in (one, two))


def test_a_number_brings_what_is_open_or_the_same_matter_and_the_look_up_is_written_down(town: Town) -> None:
    (open_one,) = take(town, act="save")
    (over,) = take(town, act="answer", answer=Answer("explained", "已说明。"))
    desk = town.actor("duan")
    found = earlier_cases(desk, "+86 13912345678", "", most=5, at=AT)
    assert [one.no for one in found] == [open_one.no]
    same = earlier_cases(desk, "13912345678", LITTER, most=5, at=AT)
    assert {one.no for one in same} == {open_one.no, over.no}
    looked = entries_of(f"calls:{town.duan}")
    assert [entry.verb for entry in looked] == ["intake.number.looked_up"] * 2
    assert [entry.data for entry in looked] == [{"matter": "", "found": 1}, {"matter": LITTER, "found": 2}]


def test_a_matter_that_its_caller_erased_is_bound_to_no_other(town: Town) -> None:
    lamp = told(words="桂花社区门口的路灯坏了不亮", matter="")
    first, second = (case_of(one) for one in take(town, told(), lamp))
    my_data_erase(Link(voice_of(first), first.pk, first.pk), AT)
    assert told_in_one_call(town.actor("duan"), voice_of(second)) == []


def test_who_opened_one_matter_of_a_call_is_told_of_no_other_than_a_desk_of_its_place_sees(town: Town) -> None:
    lon, lat = point_in(GRIDS[4])
    near, far = take(town, told(), told(lon=lon, lat=lat))
    assert case_of(far).place.startswith(LAKE)
    voice = voice_of(case_of(near))
    seen = {name: told_in_one_call(town.actor(name), voice) for name in ("duan", "deng", "su", "han", "liang", "mo")}
    assert seen == {"duan": [], "deng": [far.no], "su": [far.no], "han": [], "liang": [], "mo": []}


def test_matters_of_a_caller_who_asked_for_confidence_are_not_bound_to_one_another(town: Town) -> None:
    lamp = told(words="桂花社区门口的路灯坏了不亮", matter="")
    first, _second = take(town, told(), lamp, confidential=True, number="13900000000")
    assert told_in_one_call(town.actor("duan"), voice_of(case_of(first))) == []


def test_another_number_another_desk_and_a_confidential_caller_are_not_found(town: Town) -> None:
    take(town, act="save")
    take(town, act="save", confidential=True, number="13900000000")
    assert earlier_cases(town.actor("duan"), "13900000001", LITTER, most=5, at=AT) == ()
    assert earlier_cases(town.actor("deng"), PHONE, LITTER, most=5, at=AT) == ()
    assert earlier_cases(town.actor("duan"), "13900000000", LITTER, most=5, at=AT) == ()
    assert earlier_cases(town.actor("duan"), "", LITTER, most=5, at=AT) == ()


def test_once_a_caller_erases_their_data_the_number_finds_nothing_and_its_hash_goes(town: Town) -> None:
    (noted,) = take(town, act="save")
    case = case_of(noted)
    my_data_erase(Link(voice_of(case), case.pk, case.pk), AT)
    assert earlier_cases(town.actor("duan"), PHONE, LITTER, most=5, at=AT) == ()
    assert (drop_forgotten(AT), Caller.objects.count()) == (1, 0)


def test_the_hash_is_the_same_however_the_number_is_written_and_says_nothing(town: Town) -> None:
    assert number_mark("+86 139-1234-5678") == number_mark("１３９１２３４５６７８")
    assert b"139" not in (number_mark(PHONE) or b"")
    assert number_mark("没有号码") is None
