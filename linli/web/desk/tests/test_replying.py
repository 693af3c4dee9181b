"""The template picker: without script, filled from the case, nothing sent while something is open, nothing of the reporter."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.tests.desk import in_hand, open_one
from linli.web.conftest import SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page
from tests.town import Town


def put(client: Client, no: str, step: str, template: str, **fields: str) -> str:
    """Press the button beside the choice; the page as text."""
    address = reverse("desk_step", args=[no, step])
    answer = client.post(address, {"reply_template": template, "use_reply": "1", **fields})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_step_with_words_for_the_resident_offers_what_fits(town: Town, signed_in: SignedIn) -> None:
    han, no = signed_in("han"), in_hand_no(town)
    text = page(han, "desk_step", no, "reply")
    assert "答复模板" in text
    assert 'value="solved.general:zh"' in text
    assert 'value="solved.general:en"' in text
    assert "solved.lift" not in text
    assert "say.arranged" not in text
    assert "reply_template" not in page(han, "desk_step", no, "note")


def test_a_template_is_filled_from_the_case_and_says_what_is_left(town: Town, signed_in: SignedIn) -> None:
    town.ground()
    han, no = signed_in("han"), in_hand_no(town)
    text = put(han, no, "reply", "solved.general:zh")
    assert "桂花街道环卫所已经办好：{采取措施}" in text
    assert "还有没填的内容：{采取措施}、{完成日期}、{单位电话}" in text
    assert "居民会看到" in text
    assert "样稿，还没有单位确认过" in text
    assert 'value="solved" checked' in text
    assert not [word for word in PLANTED if word in text]


def test_an_english_template_is_english(town: Town, signed_in: SignedIn) -> None:
    han, no = signed_in("han"), in_hand_no(town)
    text = put(han, no, "say", "say.seen:en")
    assert "Next: {measures}" in text
    assert "24 Nov" in text


def test_nothing_is_sent_while_something_is_open(town: Town, signed_in: SignedIn) -> None:
    han, opened = signed_in("han"), in_hand(town)
    address = reverse("desk_step", args=[opened.no, "reply"])
    form = han.get(address).context["form"]
    sent = {"request_id": form.request_id, "result": "solved", "words": "办好了，电话{单位电话}。"}
    refused = han.post(address, sent)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert text.count("还有没填的内容：{单位电话}") >= 2
    assert "办好了，电话{单位电话}。" in text
    assert han.post(address, {**sent, "words": "办好了，电话 12345。"}).status_code == 302


def test_typed_words_stay_and_a_second_choice_replaces_the_first(town: Town, signed_in: SignedIn) -> None:
    han, no = signed_in("han"), in_hand_no(town)
    kept = put(han, no, "reply", "refused.not_found:zh", words="王师傅已到。", result="explained")
    assert "王师傅已到。\n桂花街道环卫所{完成日期}到" in kept
    assert 'value="explained" checked' in kept
    address = reverse("desk_step", args=[no, "reply"])
    first = han.post(address, {"reply_template": "solved.general:zh", "use_reply": "1"}).context["form"]
    words = next(box.value for box in first.boxes if box.name == "words")
    again = han.post(
        address,
        {"reply_template": "partly.general:zh", "use_reply": "1", "reply_used": "solved.general:zh", "words": words},
    ).context["form"]
    now = next(box.value for box in again.boxes if box.name == "words")
    assert now.startswith("您反映的")
    assert "先办好了这些" in now
    assert "已经办好" not in now


@pytest.mark.parametrize("template", ["nothing:zh", "solved.general:fr", "", "say.still_shelved:zh", "solved.general"])
def test_a_forged_choice_changes_nothing(template: str, town: Town, signed_in: SignedIn) -> None:
    han, no = signed_in("han"), in_hand_no(town)
    address = reverse("desk_step", args=[no, "reply"])
    form = han.post(address, {"reply_template": template, "use_reply": "1", "words": "原来的"}).context["form"]
    assert next(box.value for box in form.boxes if box.name == "words") == "原来的"


def test_a_closed_compartment_has_no_templates(town: Town, signed_in: SignedIn) -> None:
    no = str(open_one(compartment="sealed").no)
    for name in ("duan", "han"):
        assert signed_in(name).get(f"/desk/case/{no}/reply").status_code == 404


def test_who_reads_it_and_how_is_told_to_desks_in_sums(town: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(town)
    fragment = signed_in("duan").post(reverse("desk_preview", args=[no, "say"]), {"words": "在办。"}).content.decode()
    assert "位" in fragment
    assert not [word for word in PLANTED if word in fragment]
    handler = signed_in("han").post(reverse("desk_preview", args=[no, "say"]), {"words": "在办。"}).content.decode()
    assert "1 位居民在查询页能看到。" in handler


def test_several_cases_fill_a_template_each_with_its_own(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("han")
    numbers = [in_hand_no(town), in_hand_no(town)]
    query = {"no": numbers, "step": "say"}
    shown = desk.post("/desk/bulk", {**query, "reply_template": "say.call_back:zh", "use_reply": "1"})
    assert shown.status_code == 200
    words = next(box.value for box in shown.context["boxes"] if box.name == "words")
    assert "{编号}" in words
    done = desk.post("/desk/bulk", {**query, "words": words, "request_id": shown.context["request_id"]}, follow=True)
    assert len(done.context["outcome"].done) == 2, done.context["outcome"]
    for no in numbers:
        spoken = f"{no[:4]} {no[4:8]} {no[8:]}"
        assert f"报编号{spoken}" in page(desk, "desk_case", no), no


def test_a_pick_costs_few_queries(town: Town, signed_in: SignedIn, django_assert_max_num_queries: object) -> None:
    han, no = signed_in("han"), in_hand_no(town)
    put(han, no, "reply", "solved.general:zh")
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        put(han, no, "reply", "solved.general:zh")


def test_what_was_opened_for_somebody_else_is_no_way_in(town: Town, signed_in: SignedIn) -> None:
    address = reverse("desk_step", args=[opened_no(), "reply"])
    assert signed_in("deng").post(address, {"reply_template": "solved.general:zh", "use_reply": "1"}).status_code == 404
