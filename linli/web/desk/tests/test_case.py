"""The page of a case and its steps: drawn from the procedure, refused with reasons, taken once, without the reporter."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import later, open_one, take
from linli.journal.selectors import entries_of
from linli.web.conftest import SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page, send
from tests.town import Town

MOST_QUERIES = 20


def test_the_page_says_where_who_and_until_when(town: Town, signed_in: SignedIn) -> None:
    town.ground()
    text = page(signed_in("duan"), "desk_case", in_hand_no(town))
    for words in ("垃圾堆积", "办理中", "1 位居民", "桂花街道环卫所", "路口垃圾堆积，请清理。", "下一步", "经过", "剩"):
        assert words in text, words


def test_nobody_reads_a_reporter_on_a_page(town: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(town)
    for name in ("duan", "han", "fang", "su"):
        for address in ("desk_case", "why"):
            args = [no] if address == "desk_case" else [no, "deadline"]
            text = page(signed_in(name), address, *args)
            assert not [word for word in PLANTED if word in text], (name, address)


def test_missing_and_forbidden_are_one_answer(town: Town, signed_in: SignedIn) -> None:
    hidden = opened_no(compartment="sealed")
    desk = signed_in("duan")
    answers = {desk.get(f"/desk/case/{no}").content for no in (hidden, "111111111111", "nonsense")}
    assert len(answers) == 1
    assert desk.get(f"/desk/case/{hidden}").status_code == 404
    assert signed_in("deng").get(f"/desk/case/{opened_no()}").status_code == 404


def test_a_desk_dispatches_from_the_page(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    desk = signed_in("duan")
    form = page(desk, "desk_step", no, "dispatch")
    assert "桂花街道环卫所" in form
    done = send(desk, no, "dispatch", organisation=town.sanitation, note="")
    assert done["Location"] == f"/desk/case/{no}"
    text = page(desk, "desk_case", no)
    assert "已派单" in text
    assert "已办：派单" in text


def test_a_wrong_form_says_at_the_field_what_is_missing_and_keeps_the_rest(town: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(town)
    answer = send(signed_in("han"), no, "reply", result="solved", note="只给同事看")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "有 1 处需要改" in text
    assert text.count("请填写：写给居民的答复") == 2
    assert "只给同事看" in text
    assert "<title>出错：" in text.replace("\n", "")


def test_the_words_for_the_resident_are_previewed(town: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(town)
    client = signed_in("han")
    fragment = client.post(f"/desk/case/{no}/reply/preview", {"words": "今天下午清完。"}).content.decode()
    assert "您反映的“垃圾堆积”有了进展：今天下午清完。" in fragment
    without_script = client.post(f"/desk/case/{no}/reply", {"words": "今天下午清完。", "preview": "1"})
    assert "有了进展：今天下午清完。" in without_script.content.decode()


def test_sending_twice_acts_once(town: Town, signed_in: SignedIn) -> None:
    opened = open_one()
    desk = signed_in("duan")
    address = f"/desk/case/{opened.no}/note"
    form = desk.get(address).context["form"]
    fields = {"request_id": form.request_id, "note": "已联系物业。"}
    assert [desk.post(address, fields).status_code for _ in range(2)] == [302, 302]
    assert [e.verb for e in entries_of(f"case:{opened.case}")].count("cases.request.note") == 1


def test_a_form_without_its_number_is_refused(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    assert signed_in("duan").post(f"/desk/case/{no}/note", {"note": "x"}).status_code == 400


def test_a_refused_step_shows_whose_it_is(town: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(town)
    text = page(signed_in("duan"), "desk_case", no)
    assert 'aria-disabled="true"' in text
    assert "由办理单位来办。" in text
    assert signed_in("duan").get(f"/desk/case/{no}/reply").status_code == 404


def test_who_did_the_work_reads_why_they_may_not_check_it(town: Town, signed_in: SignedIn) -> None:
    opened = open_one(matter="event.01.002")
    take(opened.case, "take_up", town.ref("mei"))
    take(opened.case, "reply", town.ref("mei"), result="solved", words="已清理。")
    text = page(signed_in("mei"), "desk_case", opened.no)
    assert "核查的人和单位不能是办理的人和单位。" in text


def test_a_post_without_a_right_to_a_step_changes_nothing(town: Town, signed_in: SignedIn) -> None:
    opened = open_one()
    before = len(entries_of(f"case:{opened.case}"))
    fields = {"request_id": "0b9b1a44-9e58-4c36-9a44-4f4f0f1f0c11", "organisation": town.sanitation, "reason": "x"}
    for name in ("su", "shen", "deng", "mo", "han", "adam"):
        for step in ("dispatch", "void", "withdraw", "open_part", "no_such_step"):
            status = signed_in(name).post(f"/desk/case/{opened.no}/{step}", fields).status_code
            assert status in (403, 404), (name, step, status)
    assert Client().post(f"/desk/case/{opened.no}/dispatch", fields)["Location"].startswith("/sign-in")
    assert len(entries_of(f"case:{opened.case}")) == before


def test_opening_an_identity_needs_a_reason_and_is_written_down_before_it_is_shown(
    town: Town, signed_in: SignedIn
) -> None:
    opened = open_one()
    desk = signed_in("duan")
    voice = desk.get(f"/desk/case/{opened.no}").context["page"].voices[0].id
    address = f"/desk/case/{opened.no}/open_part"
    form = desk.get(f"{address}?voice={voice}&what=identity").context["form"]
    fields = {"request_id": form.request_id, "voice": voice, "what": "identity"}
    refused = desk.post(address, fields)
    assert refused.status_code == 422
    assert "请填写：查看原因" in refused.content.decode()
    assert not [word for word in PLANTED if word in refused.content.decode()]
    shown = desk.post(address, {**fields, "reason": "回电核实地址"})
    assert "赵明月" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert entries_of(f"case:{opened.case}")[-1].verb == "cases.request.open_part"
    assert not [word for word in PLANTED if word in page(desk, "desk_case", opened.no)]


def test_what_a_reporter_adds_is_opened_with_a_reason_from_where_it_stands(town: Town, signed_in: SignedIn) -> None:
    opened = open_one()
    added = Said("add", {"words": "西门也有一处"})
    take_as_reporter(opened.case, link_of(opened.token), added, request_id=uuid4(), at=later(minutes=5))
    desk = signed_in("duan")
    text = page(desk, "desk_case", opened.no)
    assert "西门也有一处" not in text
    (address,) = re.findall(r'原话另存。 <a href="([^"#]+)', text)
    form = desk.get(address.replace("&amp;", "&")).context["form"]
    fields = {"request_id": form.request_id, "voice": form.fixed["voice"], "what": "words"}
    assert "西门也有一处" not in desk.post(address, fields).content.decode()
    shown = desk.post(address, {**fields, "reason": "核对第二处"}).content.decode()
    assert "补充情况</dt><dd>西门也有一处</dd>" in shown
    assert "西门也有一处" not in page(desk, "desk_case", opened.no)


def test_a_handler_is_not_even_offered_the_reporter(town: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(town)
    text = page(signed_in("han"), "desk_case", no)
    assert "open_part" not in text
    assert "反映的居民" not in text
    assert signed_in("han").get(f"/desk/case/{no}/open_part?voice=1&what=identity").status_code == 404


def test_what_happened_can_be_narrowed(town: Town, signed_in: SignedIn) -> None:
    opened = open_one()
    desk = signed_in("duan")
    send(desk, opened.no, "note", note="像是二幢在装修。")
    assert "像是二幢在装修。" in page(desk, "desk_case", opened.no, query="?show=internal")
    assert "像是二幢在装修。" not in page(desk, "desk_case", opened.no, query="?show=public")


@pytest.mark.parametrize("what", ["deadline", "owner", "matter"])
def test_every_why_answers(town: Town, signed_in: SignedIn, what: str) -> None:
    text = page(signed_in("duan"), "why", in_hand_no(town), what)
    words = {
        "deadline": ("一段一段地算", "用的是哪条规则", "合计，等于时限"),
        "owner": ("为什么归",),
        "matter": ("为什么算",),
    }
    for one in words[what]:
        assert one in text


def test_a_question_that_nobody_knows_is_not_found(town: Town, signed_in: SignedIn) -> None:
    assert signed_in("duan").get(f"/why/{opened_no()}/weather").status_code == 404


def test_script_in_words_stays_words(town: Town, signed_in: SignedIn) -> None:
    opened = open_one(title="<script>alert(1)</script>", task_text="<img src=x onerror=alert(2)>")
    desk = signed_in("duan")
    send(desk, opened.no, "note", note="<script>alert(3)</script>")
    for text in (page(desk, "desk_case", opened.no), page(desk, "desk_queue")):
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_what_a_page_costs(
    town: Town, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    no = in_hand_no(town)
    desk = signed_in("duan")
    desk.get(f"/desk/case/{no}")
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.get(f"/desk/case/{no}")
