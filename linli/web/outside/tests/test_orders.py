"""Orders in a browser: from the desk's page to the body's reply, without an account, without the reporter."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from linli.access.orders import heard_code, order_of
from linli.cases.drafts import Opened
from linli.cases.evidence import keep_photo, work_photos
from linli.cases.models import Case
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import VOICE, later, open_one, take
from linli.cases.tests.test_evidence import BOUNDS, HOLDER, photo
from linli.journal.selectors import entries_of
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, page, send
from tests.town import Town

MOST_QUERIES = 20
MOST_OF_A_MISS = 8
SAID_LATER = "我女儿赵小月也看见了"
SECRET = re.compile(r'/o/([A-Za-z0-9_-]{12,})|<p class="no mono">([0-9A-Z ]{14})</p>')


def _sent(town: Town, **changes: Any) -> Opened:
    town.ground()
    opened = open_one(**changes)
    take(opened.case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.property)
    return opened


def _issue(signed_in: SignedIn, opened: Opened, made_as: str = "paper", **fields: object) -> Any:
    body = fields.get("at_work", "")
    given = {"made_as": made_as, **({"at_work": body} if body else {})}
    desk = signed_in("duan")
    form = desk.get(f"/desk/case/{opened.no}/issue_order").context["form"]
    return desk.post(f"/desk/case/{opened.no}/issue_order", {"request_id": form.request_id, **form.fixed, **given})


def _secret(answer: Any) -> str:
    found = SECRET.search(answer.content.decode())
    assert found, answer.content.decode()[:2000]
    return found.group(1) or found.group(2).replace(" ", "")


def _secret_of(town: Town, case: int, made_as: str = "paper", minutes: int = 6) -> str:
    given = {"at_work": town.property, "made_as": made_as}
    return take(case, "issue_order", town.ref("duan"), later(minutes=minutes), **given).order


def _post(client: Client, secret: str, step: str, **fields: object) -> Any:
    return client.post(f"/o/{secret}/{step}", {"request_id": str(uuid4()), **fields})


# from the desk to the sheet


def test_the_desk_gets_a_sheet_with_code_task_place_and_limit_and_no_reporter(town: Town, signed_in: SignedIn) -> None:
    opened = _sent(town)
    answer = _issue(signed_in, opened)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    code = _secret(answer)
    assert heard_code(code) == code
    for words in (
        f"{code[:4]} {code[4:8]} {code[8:]}",
        "安居物业有限公司",
        "路口垃圾堆积，请清理。",
        "桂花",
        "<svg",
        "data-print",
    ):
        assert words in text, words
    assert not [word for word in PLANTED if word in text]
    again = page(signed_in("duan"), "desk_case", opened.no)
    assert "已开的单子" in again
    assert "还没用过" in again
    assert code not in again


def test_a_link_is_shown_once_and_is_long(town: Town, signed_in: SignedIn) -> None:
    answer = _issue(signed_in, _sent(town), "link")
    assert len(_secret(answer)) >= 32
    assert "data-copy" in answer.content.decode()


def test_sending_the_same_form_twice_makes_one_order_and_shows_no_secret_again(town: Town, signed_in: SignedIn) -> None:
    opened, desk = _sent(town), signed_in("duan")
    form = desk.get(f"/desk/case/{opened.no}/issue_order").context["form"]
    sent = {"request_id": form.request_id, **form.fixed, "made_as": "paper"}
    first = desk.post(f"/desk/case/{opened.no}/issue_order", sent)
    again = desk.post(f"/desk/case/{opened.no}/issue_order", sent)
    assert (first.status_code, again.status_code) == (200, 302)
    verbs = [entry.verb for entry in entries_of(f"case:{opened.case}")]
    assert verbs.count("cases.request.issue_order") == 1


def test_with_two_bodies_at_work_the_desk_says_which(town: Town, signed_in: SignedIn) -> None:
    opened = _sent(town)
    take(opened.case, "bring_in", town.ref("duan"), later(minutes=6), organisation=town.sanitation)
    wrong = _issue(signed_in, opened)
    assert wrong.status_code == 422
    assert "请填写：给哪个单位" in wrong.content.decode()
    forged = _issue(signed_in, opened, at_work=town.enforcement)
    assert forged.status_code == 422
    answer = _issue(signed_in, opened, at_work=town.sanitation)
    assert "桂花街道环卫所" in answer.content.decode()


def test_the_desk_takes_an_order_back(town: Town, signed_in: SignedIn) -> None:
    opened = _sent(town)
    secret = _secret_of(town, opened.case)
    assert Client().get(f"/o/{secret}").status_code == 200
    send(signed_in("duan"), str(opened.no), "withdraw_order", at_work=town.property)
    assert Client().get(f"/o/{secret}").status_code == 404
    assert "已开的单子" not in page(signed_in("duan"), "desk_case", opened.no)


# the body's own work


def test_a_body_signs_writes_with_a_photo_and_replies(town: Town, clock: Clock, signed_in: SignedIn) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    text = client.get(f"/o/{secret}").content.decode()
    for words in ("垃圾堆积", "路口垃圾堆积，请清理。", "安居物业有限公司", "签收", "退回"):
        assert words in text, words
    assert _post(client, secret, "sign")["Location"] == f"/o/{secret}?done=sign"
    assert "已办：签收" in client.get(f"/o/{secret}?done=sign").content.decode()
    upload = SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
    assert _post(client, secret, "note", note="下午去清。", evidence=upload).status_code == 302
    assert len(work_photos(opened.case)) == 1
    clock.at = later(hours=2)
    done = _post(client, secret, "reply", result="solved", words="已清运完毕。")
    assert done.status_code == 302
    assert Case.objects.get(pk=opened.case).state == "checking"
    told = page(signed_in("duan"), "desk_case", opened.no)
    assert "安居物业有限公司（凭单子）" in told
    assert "已清运完毕。" in told
    assert "用它办了 3 步" in told


def test_giving_it_back_ends_the_order_with_a_last_word(town: Town) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    done = _post(client, secret, "return", rule="物业服务合同", reason="不在我们小区。")
    assert "这张单子到此为止" in done.content.decode()
    assert client.get(f"/o/{secret}").status_code == 404
    assert Case.objects.get(pk=opened.case).state == "returned"


def test_more_time_is_asked_for(town: Town) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    _post(client, secret, "sign")
    assert _post(client, secret, "ask_extension", workdays="3", reason="要等配件。").status_code == 302
    assert Case.objects.get(pk=opened.case).marks["extension"]["organisation"] == town.property
    again = _post(client, secret, "ask_extension", workdays="3", reason="要等配件。")
    assert again.status_code == 409
    assert "要等配件。" in again.content.decode()


def test_a_wrong_form_says_so_at_the_field_and_keeps_the_rest(town: Town) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    _post(client, secret, "sign")
    answer = _post(client, secret, "reply", result="solved", note="给同事看的")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写：写给居民的答复" in text
    assert "给同事看的" in text
    lies = SimpleUploadedFile("a.jpg", b"GIF89a<script>", content_type="image/jpeg")
    refused = _post(client, secret, "note", note="照片坏了", evidence=lies)
    assert refused.status_code == 400
    assert "照片坏了" in refused.content.decode()
    assert not work_photos(opened.case)


def test_a_reply_template_is_put_in_and_nothing_is_sent_yet(town: Town) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    _post(client, secret, "sign")
    before = len(entries_of(f"case:{opened.case}"))
    form = client.get(f"/o/{secret}/reply").content.decode()
    picked = re.search(r'<option value="([a-z_.]+:zh)"', form)
    assert picked
    answer = _post(client, secret, "reply", reply_template=picked.group(1), use_reply="1", words="")
    assert answer.status_code == 200
    assert len(entries_of(f"case:{opened.case}")) == before
    assert not [word for word in PLANTED if word in answer.content.decode()]


def test_the_first_contact_is_no_clock_of_a_body_that_cannot_contact(town: Town) -> None:
    opened, client = _sent(town), Client()
    text = client.get(f"/o/{_secret_of(town, opened.case)}").content.decode()
    assert "办理" in text
    assert "首次联系" not in text


def test_sending_twice_acts_once(town: Town) -> None:
    opened, client = _sent(town), Client()
    secret, sent = _secret_of(town, opened.case), {"request_id": str(uuid4()), "note": "明天去。"}
    before = len(entries_of(f"case:{opened.case}"))
    for _time in range(2):
        assert client.post(f"/o/{secret}/note", sent).status_code == 302
    assert len(entries_of(f"case:{opened.case}")) == before + 1
    other = client.post(f"/o/{secret}/note", {**sent, "note": "后天去。"})
    assert other.status_code == 409
    assert client.post(f"/o/{secret}/note", {"note": "没有编号"}).status_code == 400


def test_a_form_from_elsewhere_is_refused(town: Town) -> None:
    opened = _sent(town)
    secret = _secret_of(town, opened.case)
    strict = Client(enforce_csrf_checks=True)
    assert _post(strict, secret, "sign").status_code == 403
    assert Case.objects.get(pk=opened.case).state == "dispatched"


@pytest.mark.parametrize(
    "step",
    [
        "open_part",
        "dispatch",
        "withdraw",
        "void",
        "seal",
        "contact",
        "note_try",
        "issue_order",
        "withdraw_order",
        "begin",
        "none",
    ],
)
def test_forged_steps_are_refused_and_nothing_happens(town: Town, step: str) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    before = len(entries_of(f"case:{opened.case}"))
    answer = _post(client, secret, step, what="identity", voice="1", reason="x", organisation=str(town.sanitation))
    assert answer.status_code == 409
    assert not [word for word in PLANTED if word in answer.content.decode()]
    assert len(entries_of(f"case:{opened.case}")) == before
    assert client.put(f"/o/{secret}/sign").status_code == 405


# what does not open


def test_every_order_that_does_not_open_is_one_answer(town: Town, clock: Clock) -> None:
    client = Client()
    gone = _sent(town)
    expired = _secret_of(town, gone.case)
    other = open_one()
    take(other.case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.property)
    left = _secret_of(town, other.case)
    _post(client, left, "return", rule="x", reason="y")
    third = open_one()
    take(third.case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.property)
    taken = _secret_of(town, third.case)
    take(third.case, "withdraw_order", town.ref("duan"), later(minutes=7), at_work=town.property)
    held = order_of(expired, later(minutes=7))
    assert held is not None
    clock.at = held.expires_at + timedelta(minutes=1)
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"')
    answers = set()
    for secret in (expired, left, taken, "C" * 32, "7K3MQ2XP9D4V", "nonsense"):
        answer = client.get(f"/o/{secret}")
        assert answer.status_code == 404
        answers.add(re.sub(r"/o/[A-Za-z0-9]+", "", token.sub("", answer.content.decode())))
    assert len(answers) == 1
    assert "这张单子打不开" in answers.pop()


def test_a_code_is_typed_as_people_type_and_a_wrong_one_is_told_so(town: Town) -> None:
    opened, client = _sent(town), Client()
    code = _secret_of(town, opened.case)
    for typed in (code, f"{code[:4]} {code[4:8]} {code[8:]}", code.lower()):
        assert client.post("/o", {"code": typed})["Location"] == f"/o/{code}"
    for typed in ("", "不对", "7K3M Q2XP 9D4V", "x" * 5000):
        answer = client.post("/o", {"code": typed})
        assert answer.status_code == 404
        assert "这个编码打不开单子" in answer.content.decode()
    assert client.post("/o", {"code": "\0"}).status_code == 400


def test_guessing_locks_the_connection_for_a_while_even_for_what_is_right(town: Town, clock: Clock) -> None:
    opened, client = _sent(town), Client()
    code = _secret_of(town, opened.case)
    for number in range(10):
        assert client.get(f"/o/7K3MQ2XP9D{number:02d}").status_code == 404
    assert client.get("/o/7K3MQ2XP9D4V").status_code == 429
    assert client.get(f"/o/{code}").status_code == 429
    assert client.post("/o", {"code": code}).status_code == 429
    before = len(entries_of(f"case:{opened.case}"))
    assert _post(client, code, "sign").status_code == 429
    assert len(entries_of(f"case:{opened.case}")) == before
    neighbour = Client(REMOTE_ADDR="10.9.8.7")
    assert neighbour.get(f"/o/{code}").status_code == 200
    clock.at = later(minutes=60)
    assert client.get(f"/o/{code}").status_code == 200


def test_one_order_is_not_used_to_flood_a_case(town: Town) -> None:
    opened, client = _sent(town), Client()
    code = _secret_of(town, opened.case)
    found = [_post(client, code, "note", note=f"第 {n} 条").status_code for n in range(22)]
    assert found[:20] == [302] * 20
    assert found[20:] == [429] * 2


# nobody is shown


def test_no_page_of_an_order_shows_who_reported(town: Town, signed_in: SignedIn) -> None:
    opened = _sent(town)
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=1))
    said = Said("add", {"words": SAID_LATER}, [kept.id], HOLDER)
    take_as_reporter(opened.case, link_of(opened.token), said, request_id=uuid4(), at=later(minutes=5))
    secret, client = _secret_of(town, opened.case), Client()
    _post(client, secret, "sign")
    take(opened.case, "note", town.ref("duan"), later(minutes=9), note="值班台自己的话：赵女士很急")
    markers = (*PLANTED, VOICE.original[:6], SAID_LATER, "赵女士很急", "1 位居民")
    pages = [
        f"/o/{secret}",
        "/o",
        *(f"/o/{secret}/{step}" for step in ("reply", "note", "say", "ask_extension", "open_part")),
    ]
    for lang in ("zh", "en"):
        for address in pages:
            text = client.get(f"{address}?lang={lang}").content.decode()
            assert not [one for one in markers if one in text], address
            assert f"photo/{kept.id}" not in text
    sheet = _issue(signed_in, opened).content.decode()
    assert not [one for one in markers if one in sheet]


def test_pages_are_kept_by_nobody_and_bounded(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    client.get(f"/o/{secret}")
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get(f"/o/{secret}")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(f"/o/{secret}/note")
    with django_assert_max_num_queries(MOST_OF_A_MISS):
        client.get("/o/7K3MQ2XP9D4V")


def test_without_script_and_in_english_everything_is_there(town: Town) -> None:
    opened, client = _sent(town), Client()
    secret = _secret_of(town, opened.case)
    text = client.get(f"/o/{secret}?lang=en").content.decode()
    for words in ("By when", "Return as wrong unit", "Is not on this order. To reach them, ask the duty desk."):
        assert words in text, words
    assert "needs-js" not in _body(text)


def _body(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]
