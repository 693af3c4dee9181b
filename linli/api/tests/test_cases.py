"""Cases and steps by key: what the engine says, in JSON; one answer for missing and forbidden; repeats act once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from linli.api.tests.conftest import Keyed
from linli.cases.tests.desk import in_hand, open_one
from tests.town import Town

pytestmark = pytest.mark.django_db


def test_a_work_order_has_the_matter_and_no_reporter(keyed: Keyed, town: Town) -> None:
    opened = in_hand(town)
    answer = keyed.han.get(f"/cases/{opened.no}")
    assert answer.status_code == 200
    body = answer.json()
    assert body["no"] == opened.no
    assert body["state"] == "in_hand"
    assert body["owner"] == town.sanitation
    assert "reply" in body["steps"]
    assert {clock["name"] for clock in body["clocks"]} >= {"answer", "handle"}
    assert "13912345678" not in answer.content.decode()
    assert "case" not in body


def test_a_number_may_be_written_as_it_is_said(keyed: Keyed, town: Town) -> None:
    no = open_one().no
    spoken = f"{no[:4]} {no[4:8]}-{no[8:]}"
    assert keyed.duan.get(f"/cases/{spoken}").json()["no"] == no


def test_steps_are_offered_with_their_forms(keyed: Keyed, town: Town) -> None:
    opened = open_one()
    body = keyed.duan.get(f"/cases/{opened.no}/steps").json()
    dispatch = next(one for one in body["steps"] if one["step"] == "dispatch")
    assert dispatch["title"] == {"zh": "派单", "en": "Dispatch"}
    assert dispatch["form"] == "request_Dispatch"
    assert "organisation" in dispatch["fields"]["properties"]


def test_a_case_goes_from_hand_to_hand(keyed: Keyed, town: Town) -> None:
    no = open_one().no
    assert keyed.duan.take(no, "dispatch", organisation=town.sanitation).json()["state"] == "dispatched"
    assert keyed.han.take(no, "sign").json()["state"] == "signed"
    assert keyed.han.take(no, "begin").json()["state"] == "in_hand"
    done = keyed.han.take(no, "reply", result="solved", words="已清理完毕。").json()
    assert done["state"] == "checking"
    assert keyed.fang.take(no, "check_on_site", done=True).json()["state"] == "closed"
    history = keyed.duan.get(f"/cases/{no}/history").json()["moments"]
    assert [one["step"] for one in history] == ["open", "dispatch", "sign", "begin", "reply", "check_on_site"]
    assert all(set(one) == {"seq", "at", "step", "by", "organisation", "state", "data", "words"} for one in history)


def test_a_repeated_request_acts_once_and_another_form_is_refused(keyed: Keyed, town: Town) -> None:
    no, request = open_one().no, uuid4()
    first = keyed.duan.take(no, "dispatch", request, organisation=town.sanitation).json()
    again = keyed.duan.take(no, "dispatch", request, organisation=town.sanitation).json()
    assert again == {**first, "repeated": True}
    other = keyed.duan.take(no, "dispatch", request, organisation=town.enforcement)
    assert (other.status_code, other.json()["code"]) == (409, "journal.request_reused")


def test_missing_and_forbidden_are_one_answer(keyed: Keyed, town: Town) -> None:
    no = open_one().no
    for path in ("", "/desk", "/history", "/why", "/steps"):
        forbidden, missing = keyed.deng.get(f"/cases/{no}{path}"), keyed.deng.get(f"/cases/000000000000{path}")
        assert forbidden.status_code == missing.status_code == 404
        assert forbidden.content == missing.content
        assert forbidden["Content-Type"] == "application/problem+json"
    forbidden, missing = keyed.deng.take(no, "dispatch"), keyed.deng.take("000000000000", "dispatch")
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.content == missing.content


def test_who_may_see_but_not_act_is_told_why(keyed: Keyed, town: Town) -> None:
    answer = keyed.fang.take(open_one().no, "dispatch", organisation=town.sanitation)
    assert answer.status_code == 403
    assert answer.json()["code"] == "case.not_yours"


def test_a_wrong_form_names_its_fields_and_repeats_nothing(keyed: Keyed, town: Town) -> None:
    answer = keyed.duan.take(open_one().no, "dispatch", organisation="13912345678-x", more="机密")
    assert answer.status_code == 422
    body = answer.json()
    assert body["code"] == "case.form"
    assert set(body["data"]["fields"]) == {"organisation", "more"}
    assert "机密" not in answer.content.decode()


def test_a_step_that_is_not_there(keyed: Keyed, town: Town) -> None:
    answer = keyed.duan.take(open_one().no, "fly")
    assert (answer.status_code, answer.json()["code"]) == (422, "case.no_step")


def test_a_desk_sees_the_course_of_the_work(keyed: Keyed, town: Town) -> None:
    first = open_one()
    second = open_one(candidates=(first.case,))
    keyed.duan.take(second.no, "dispatch", organisation=town.sanitation)
    body = keyed.duan.get(f"/cases/{second.no}/desk").json()
    assert body["candidates"] == [first.no]
    assert [one["organisation"] for one in body["bodies"]] == [town.sanitation]
    assert len(body["voices"]) == 1
    assert keyed.han.get(f"/cases/{second.no}/desk").status_code == 404


def test_parts_of_a_split_case_are_named_by_number(keyed: Keyed, town: Town) -> None:
    no = open_one().no
    parts = [{"title": "路灯", "task_text": "路灯不亮。"}, {"title": "垃圾", "task_text": "垃圾堆积。"}]
    body = keyed.duan.take(no, "split", parts=parts).json()
    assert len(body["opened"]) == 2
    assert keyed.duan.get(f"/cases/{no}/desk").json()["children"] == body["opened"]


def test_the_reasons_have_rules_and_sources(keyed: Keyed, town: Town) -> None:
    why = keyed.duan.get(f"/cases/{open_one().no}/why").json()["why"]
    assert [one["what"] for one in why][:3] == ["place", "matter", "owner"]
    assert any(one["source"] for one in why)


def test_a_reporter_is_followed_by_the_link_alone(keyed: Keyed, town: Town) -> None:
    opened = in_hand(town)
    keyed.han.take(opened.no, "reply", result="solved", words="已清理完毕。")
    body = keyed.mo.get("/follow", headers={"Linli-Link": opened.token}).json()
    assert body["no"] == opened.no
    assert body["answers"][-1]["words"] == {"words": "已清理完毕。"}
    wrong = keyed.mo.get("/follow", headers={"Linli-Link": "x" + opened.token})
    assert wrong.status_code == 404
