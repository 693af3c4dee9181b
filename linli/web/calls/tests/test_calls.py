"""The phone desk: the form and what stands beside it, taking, reading back, and whom none of it is shown to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.cases.models import Case
from linli.cases.seeing import numbered
from linli.journal.selectors import entries_of
from linli.knowledge.tests.scene import LAMP_SAID, write
from linli.web.calls.readback import masked_name, masked_number
from linli.web.calls.tests.scene import BRIBE, LITTER, NAME, NUMBER, PLANTED, WORDS, fields, number_of, ring
from linli.web.conftest import SignedIn
from tests.town import GRIDS, Town, point_in

MOST_QUERIES_EMPTY = 12
MOST_QUERIES_HEARD = 22
MOST_QUERIES_TAKEN = 75


@pytest.fixture
def ground(town: Town) -> Town:
    town.ground()
    return town


@pytest.fixture
def hong(ground: Town, signed_in: SignedIn) -> Client:
    return signed_in("hong")


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def heard(client: Client, **more: Any) -> str:
    return text(client.post(reverse("call_heard"), fields(matter="", **more)))


# the form


def test_the_form_needs_no_script_and_nobody_keeps_it(hong: Client) -> None:
    answer = hong.get("/desk/call")
    page = text(answer)
    assert answer["Cache-Control"] == "no-store"
    for name in ("number", "words", "where", "confidential", "request_type", "service", "until", "answer", "words-1"):
        assert f'name="{name}"' in page
    assert page.count("btn primary") == 1


def test_without_script_the_same_is_looked_up_by_a_button(hong: Client) -> None:
    page = text(ring(hong, act="look", matter=""))
    assert WORDS in page
    assert 'data-take="1"' in page
    assert not Case.objects.exists()


def test_what_is_typed_brings_matter_place_owner_and_limits(hong: Client, ground: Town) -> None:
    page = heard(hong)
    assert page.count('name="matter"') in (1, 2, 3)
    assert 'data-take="1"' in page
    assert "依据：" in page
    assert "桂花" in page
    taken = heard(hong, other_matter=LITTER)
    assert "桂花街道环卫所" in taken
    assert "小时" in taken
    assert WORDS not in page


def test_an_alike_case_near_by_may_be_joined(hong: Client) -> None:
    first = number_of(ring(hong))
    page = text(hong.post(reverse("call_heard"), fields()))
    assert f'name="join" id="join-{first}"' in page
    second = number_of(ring(hong, join=first, number="13900001111"))
    assert Case.objects.get(pk=numbered(second)).joined_to == numbered(first)


@pytest.mark.parametrize("words", [BRIBE, "我老公喝了酒打我，不敢回家"])
def test_nothing_is_suggested_of_what_is_closed(hong: Client, words: str) -> None:
    page = heard(hong, words=words)
    assert "data-take" not in page
    assert 'name="join"' not in page


def test_words_of_danger_say_which_number_comes_first(hong: Client) -> None:
    assert "先转 119" in heard(hong, words="楼道着火了，浓烟往上冒")


def test_earlier_matters_of_the_number_are_asked_for_by_a_press_and_that_is_recorded(
    hong: Client, ground: Town
) -> None:
    first = number_of(ring(hong))
    page = text(hong.post(reverse("call_earlier"), fields()))
    assert f"/desk/case/{first}" in page
    assert NAME not in page
    assert text(hong.post(reverse("call"), fields(act="earlier"))).count(f"/desk/case/{first}") >= 1
    looked = entries_of(f"calls:{ground.hong}")
    assert [entry.verb for entry in looked] == ["intake.number.looked_up"] * 2
    assert "先写" in text(hong.post(reverse("call_earlier"), fields(number="")))


# taken and read back


def test_it_is_sent_within_the_call_and_read_back_with_the_number_masked(hong: Client, ground: Town) -> None:
    answer = ring(hong, service="120", connected="yes", until="2026-11-26", promised="周四前回电")
    page = text(answer)
    no = number_of(answer)
    case = Case.objects.get(pk=numbered(no))
    assert (case.state, case.owner, case.channel) == ("dispatched", ground.sanitation, "phone")
    assert "138 **** 4021" in page
    assert "郑**" in page
    assert NUMBER not in page
    assert NAME not in page
    assert WORDS in page
    assert f"{no[:4]} {no[4:8]} {no[8:]}" in page
    for said in ("桂花街道环卫所", "120", "已接通", "周四前回电"):
        assert said in page
    assert answer["Cache-Control"] == "no-store"


def test_saved_only_and_answered_at_once(hong: Client) -> None:
    saved, answered = ring(hong, act="save"), ring(hong, act="answer", answer="请到便民中心办理。", result="explained")
    states = [Case.objects.get(pk=numbered(number_of(one))).state for one in (saved, answered)]
    assert states == ["received", "closed"]


def test_sent_twice_it_opens_once(hong: Client) -> None:
    call = fields()
    first, again = hong.post("/desk/call", call), hong.post("/desk/call", call)
    assert number_of(first) == number_of(again)
    assert Case.objects.count() == 1
    changed = hong.post("/desk/call", {**call, "words": "别的事，路灯坏了"})
    assert changed.status_code == 409
    assert "别的事" in text(changed, 409)


def test_an_accusation_is_read_back_as_passed_on_and_nothing_else(hong: Client) -> None:
    page = text(ring(hong, words=BRIBE, matter="", service="110", connected="yes"))
    case = Case.objects.get()
    assert case.compartment == "sealed"
    assert "已转出" in page
    for said in (BRIBE, BRIBE[:8], case.no, "4021", "郑", "110", "王主任"):
        assert said not in page.partition('id="main"')[2].replace(str(case.pk), "")
    assert hong.get(reverse("desk_case", args=[case.no])).status_code == 404


def test_several_matters_of_one_call_and_what_binds_them_is_in_the_compartment_alone(
    hong: Client, ground: Town, signed_in: SignedIn
) -> None:
    answer = ring(hong, **{"words-1": "桂花社区门口路灯不亮", "words-2": BRIBE})
    first, second = number_of(answer, 0), number_of(answer, 1)
    assert number_of(answer, 2) == ""
    for who in ("hong", "han"):
        page = text(signed_in(who).get(reverse("desk_case", args=[first]))) if who == "hong" else ""
        assert second not in page
    opened = _identity(hong, first)
    assert f"{second[:4]} {second[4:8]} {second[8:]}" in opened


def _identity(client: Client, no: str) -> str:
    address = reverse("desk_step", args=[no, "open_part"])
    form = client.get(f"{address}?what=identity&voice={_voice(no)}").context["form"]
    sent = {"request_id": form.request_id, "what": "identity", "voice": str(_voice(no)), "reason": "回电核对"}
    return text(client.post(address, sent))


def _voice(no: str) -> int:
    from linli.cases.models import Voice

    return int(Voice.objects.get(home__no=no).pk)


def test_an_answer_of_the_knowledge_base_is_read_out_and_stays_with_its_case(hong: Client, ground: Town) -> None:
    entry = write(ground)
    page = heard(hong, words="请问我们这里路灯不亮找谁修", request_type="enquiry")
    assert LAMP_SAID in page
    assert f'name="entry" id="entry-{entry}.1"' in page
    taken = heard(hong, words="路灯不亮找谁修", entry=f"{entry}.1")
    assert f'value="{entry}.1" checked' in taken
    answer = ring(hong, words="路灯不亮找谁修", matter="", act="answer", entry=f"{entry}.1")
    case = Case.objects.get(pk=numbered(number_of(answer)))
    assert (case.state, case.marks.get("entry"), case.marks.get("entry_version")) == ("closed", entry, 1)
    stale = ring(hong, words="路灯不亮找谁修", matter="", act="answer", entry=f"{entry}.7")
    assert "entry" in dict(stale.context["errors"])


# bad input


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "。。，"}, "words"),
        ({"words": "垃" * 17_000}, "words"),
        ({"number": "一三八；drop table"}, "number"),
        ({"number": "9" * 40}, "number"),
        ({"name": "名" * 61}, "name"),
        ({"where": "路" * 241}, "where"),
        ({"until": "2026-11-23", "promised": "昨天"}, "until"),
        ({"until": "2026-02-30", "promised": "没有的一天"}, "until"),
        ({"until": "9999-12-31", "promised": "太远"}, "until"),
        ({"until": "2026-11-26"}, "promised"),
        ({"promised": "回电"}, "until"),
        ({"connected": "yes"}, "service"),
        ({"service": "999", "connected": "yes"}, "service"),
        ({"organisation": "没有"}, "organisation"),
        ({"organisation": "9" * 30}, "organisation"),
        ({"act": "answer"}, "answer"),
        ({"act": "answer", "entry": "999999.1"}, "entry"),
        ({"words": "哎呀", "matter": ""}, "matter"),
        ({"lon": "", "lat": ""}, "where"),
        ({"lon": "nan", "lat": "91"}, "where"),
        ({"words-1": "", "where-1": "桂花路"}, "words-1"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_nothing_is_lost_and_nothing_opened(
    hong: Client, wrong: Mapping[str, str], field: str
) -> None:
    answer = ring(hong, **wrong)
    page = text(answer, 422)
    assert field in dict(answer.context["errors"])
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert page.startswith("<!doctype html>")
    assert "出错：" in page
    assert NUMBER in page or "number" in wrong
    assert not Case.objects.exists()


def test_a_body_that_is_none_and_a_case_that_cannot_be_joined_are_refused(hong: Client) -> None:
    assert ring(hong, organisation="987654321").status_code == 422
    refused = ring(hong, join="123456789012")
    assert refused.status_code == 422
    assert not Case.objects.exists()


def test_controls_and_script_in_the_words_do_no_harm(hong: Client) -> None:
    page = text(ring(hong, words="垃圾堆\u202e在路口<script>alert(1)</script>\x07三天没人清运"))
    assert "<script>alert" not in page
    assert "\u202e" not in page


# who


@pytest.mark.parametrize(
    "who", ["", "mo", "fang", "mei", "han", "hu", "zhong", "su", "shen", "tan", "adam", "beth", "carl"]
)
def test_only_desks_take_calls(ground: Town, signed_in: SignedIn, who: str) -> None:
    client = signed_in(who) if who else Client()
    expected = 404 if who else 302
    for address in ("/desk/call", "/desk/promises"):
        assert client.get(address).status_code == expected
    for name in ("call", "call_heard", "call_earlier"):
        assert client.post(reverse(name), fields()).status_code == expected
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["hong", "duan", "he", "deng"])
def test_every_desk_may(ground: Town, signed_in: SignedIn, who: str) -> None:
    page = text(signed_in(who).get("/desk/call"))
    assert 'href="/desk/call" aria-current="page" data-key="g c"' in page
    assert 'href="/desk/promises"' in page


def test_a_call_about_another_desks_place_is_taken_in_and_left_to_it(ground: Town, signed_in: SignedIn) -> None:
    lon, lat = point_in(GRIDS[4])
    answer = ring(signed_in("hong"), lon=str(lon), lat=str(lat))
    page = text(answer)
    assert "当地值班台" in page
    assert signed_in("hong").get(reverse("desk_case", args=[number_of(answer)])).status_code == 404
    assert text(signed_in("deng").get(reverse("desk_case", args=[number_of(answer)])))


@pytest.mark.parametrize("who", ["han", "wei", "fang", "mei", "su", "shen", "zhong"])
def test_no_view_of_who_handles_holds_the_callers_number_name_or_words(
    ground: Town, signed_in: SignedIn, who: str
) -> None:
    no = number_of(ring(signed_in("hong"), until="2026-11-26", promised="周四前回电"))
    client = signed_in(who)
    addresses = [
        reverse("desk_case", args=[no]), f"/w/{no}", "/w", "/desk/queue", "/desk/queue?scope=body", "/desk/search?q=垃圾",
        f"/desk/search?q={NUMBER}", "/w/messages", reverse("why", args=[no, "owner"]), reverse("why", args=[no, "deadline"]),
    ]  # fmt: skip
    read = 0
    for address in addresses:
        answer = client.get(address)
        told = b"".join(answer).decode(errors="replace") if answer.streaming else answer.content.decode()
        read += answer.status_code == 200
        for planted in PLANTED:
            assert planted not in told or planted in address, (who, address)
    assert read >= 2


# bounds


def test_queries_are_bounded(hong: Client) -> None:
    ring(hong)
    hong.get("/desk/call")
    for send, most in (
        (lambda: hong.get("/desk/call"), MOST_QUERIES_EMPTY),
        (lambda: hong.post(reverse("call_heard"), fields()), MOST_QUERIES_HEARD),
        (lambda: ring(hong, number="13700000000", request_id=str(uuid4())), MOST_QUERIES_TAKEN),
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert send().status_code == 200
        assert len(asked) <= most, len(asked)


def test_numbers_and_names_are_masked() -> None:
    assert [masked_number(one) for one in ("13865434021", "025-83211234", "12345", "", "+86 138 6543 4021")] == [
        "138 **** 4021", "025 **** 1234", "**** 45", "", "861 **** 4021",
    ]  # fmt: skip
    assert [masked_name(one) for one in ("郑晚秋", "")] == ["郑**", ""]
