"""The sealed desk: for named receivers alone, opened with a reason that stays, handed on by rule; no trace for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Assignment, Case
from linli.cases.residents import link_of
from linli.cases.tests.desk import in_hand, later, open_one, rules, take
from linli.cases.tests.test_receiving import second_receiver
from linli.cases.tests.test_residents import ASKED, answered
from linli.journal.selectors import entries_of
from linli.organisations.appointments import appointment_end
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, send
from linli.web.resident.tests.conftest import send as rate
from linli.web.sealed.tests.scene import TITLE, WORDS, accusation, opened
from tests.town import Town

OTHERS = (
    "mo", "fang", "gu", "mei", "liang", "duan", "hong", "he", "hu", "deng", "han", "wei", "bao", "lin", "zhong", "su", "shen",
    "an", "adam", "beth", "carl",
)  # fmt: skip
MOST_QUERIES = 14


def case_of(no: str) -> int:
    return Case.objects.get(no=no).pk


@pytest.mark.parametrize("name", OTHERS)
def test_to_others_nothing_of_it_exists(town: Town, signed_in: SignedIn, name: str) -> None:
    no = accusation(town)
    client = signed_in(name)
    wrong = client.get("/desk/sealedd")
    for address in ("/desk/sealed", f"/desk/sealed/{no}", f"/desk/sealed/{no}/receive", "/desk/sealed/260101000017"):
        for answer in (client.get(address), client.post(address, {"request_id": str(uuid4()), "reason": "看看"})):
            assert answer.status_code in (404, 405), address
            if answer.status_code == 404:
                assert answer.content == wrong.content, address
    page = client.get("/desk/queue")
    if page.status_code == 200:
        assert "/desk/sealed" not in page.content.decode()
    assert [one.verb for one in entries_of(f"case:{case_of(no)}")][-1] != "cases.request.look_in"


def test_nobody_signed_in_is_led_to_sign_in(town: Town) -> None:
    assert Client().get("/desk/sealed").status_code == 302


def test_the_row_in_the_side_bar_is_the_receivers(town: Town, signed_in: SignedIn) -> None:
    for name in ("tan", "ji"):
        assert "/desk/sealed" in signed_in(name).get("/desk/sealed").content.decode().partition("<main")[0]


def test_the_list_shows_numbers_and_no_word(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    text = signed_in("tan").get("/desk/sealed").content.decode()
    assert f'href="/desk/sealed/{no}"' in text
    assert "检举控告" in text
    assert not [word for word in (*PLANTED, TITLE, WORDS) if word in text]


def test_opening_asks_why_first_and_the_reason_stays(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    client = signed_in("tan")
    before = len(entries_of(f"case:{case_of(no)}"))
    for address in (f"/desk/case/{no}", f"/desk/case/{no}/note", f"/why/{no}/owner"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (302, f"/desk/sealed/{no}"), address
    assert client.get(f"/w/{no}").status_code in (302, 404)
    asked = client.get(f"/desk/sealed/{no}")
    assert "查看原因" in asked.content.decode()
    assert "查看会记入日志，不能删除。" in asked.content.decode()
    assert TITLE not in asked.content.decode()
    assert len(entries_of(f"case:{case_of(no)}")) == before
    page = opened(client, no)
    assert page.status_code == 200
    assert TITLE in page.content.decode()
    entry = entries_of(f"case:{case_of(no)}")[-1]
    assert (entry.verb, entry.actor.account) == ("cases.request.look_in", town.tan)
    assert "按程序核查" not in str(entry.data)
    assert "按程序核查" in page.content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "\n", "长" * 4001])
def test_without_a_reason_nothing_opens(town: Town, signed_in: SignedIn, reason: str) -> None:
    no = accusation(town)
    client = signed_in("tan")
    before = len(entries_of(f"case:{case_of(no)}"))
    answer = client.post(f"/desk/sealed/{no}", {"request_id": str(uuid4()), "reason": reason})
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.content.decode()
    assert TITLE not in answer.content.decode()
    assert client.post(f"/desk/sealed/{no}", {"reason": "按程序"}).status_code == 400
    assert len(entries_of(f"case:{case_of(no)}")) == before
    assert client.get(f"/desk/case/{no}").status_code == 302


def test_it_closes_again_after_the_packs_minutes(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    no = accusation(town)
    client = signed_in("tan")
    assert opened(client, no).status_code == 200
    clock.at = later(minutes=50)
    assert client.get(f"/desk/case/{no}").status_code == 200
    clock.at = later(minutes=61)
    client = signed_in("tan")
    assert client.get(f"/desk/case/{no}").status_code == 302
    assert client.post(f"/desk/case/{no}/note", {"request_id": str(uuid4()), "note": "记一笔"}).status_code == 403


def test_one_who_opened_it_does_not_open_it_for_a_colleague(town: Town, signed_in: SignedIn) -> None:
    second_receiver(town)
    no = accusation(town)
    opened(signed_in("tan"), no)
    assert signed_in("tang").get(f"/desk/case/{no}").status_code == 302


def test_the_steps_of_the_desk_are_the_receivers(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    client = signed_in("tan")
    opened(client, no)
    assert send(client, no, "note", note="已约谈").status_code == 302
    page = client.get(f"/desk/case/{no}").content.decode()
    assert "已约谈" in page
    assert "查看密件" not in page.partition("rail")[2]
    assert f"/desk/case/{no}/name_receiver" in page


def test_a_receiver_hands_it_to_a_colleague_from_the_case(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    tang = second_receiver(town)
    client = signed_in("tan")
    opened(client, no)
    form = client.get(f"/desk/case/{no}/name_receiver").content.decode()
    assert "Tang of the town" in form
    assert "Ji of the town" not in form
    assert send(client, no, "name_receiver", account=str(town.han)).status_code == 422
    assert send(client, no, "name_receiver", account=str(tang)).status_code == 302
    assert client.get(f"/desk/case/{no}").status_code == 404
    assert f'href="/desk/sealed/{no}"' in signed_in("tang").get("/desk/sealed").content.decode()


def test_the_next_line_receives_what_nobody_can(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    no = accusation(town)
    discipline = signed_in("ji")
    assert no not in discipline.get("/desk/sealed").content.decode()
    assert discipline.get(f"/desk/sealed/{no}").status_code == 404
    appointment_end(town.appointments["tan"], town.actor("beth"), clock.at, clock.at)
    text = discipline.get("/desk/sealed").content.decode()
    assert f"/desk/sealed/{no}/receive" in text
    assert TITLE not in text
    assert discipline.get(f"/desk/sealed/{no}").status_code == 404
    address = f"/desk/sealed/{no}/receive"
    form = discipline.get(address)
    assert "Ji of the town" in form.content.decode()
    for account in ("", "x", str(town.han), "9" * 30):
        answer = discipline.post(address, {"request_id": form.context["request_id"], "account": account})
        assert answer.status_code == 422, account
    sent = {"request_id": form.context["request_id"], "account": str(town.ji)}
    assert discipline.post(address, sent).status_code == 302
    assert Assignment.objects.get(case=case_of(no), role="receiver", ended_at=None).account == town.ji
    assert opened(discipline, no).status_code == 200
    assert discipline.get(address).status_code == 404


def test_whom_it_accuses_is_not_the_next_line(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    no = accusation(town, accused=(town.discipline,))
    appointment_end(town.appointments["tan"], town.actor("beth"), clock.at, clock.at)
    client = signed_in("ji")
    assert no not in client.get("/desk/sealed").content.decode()
    assert client.get(f"/desk/sealed/{no}/receive").status_code == 404


def test_protected_matters_lie_there_for_their_posts_and_need_no_reason(town: Town, signed_in: SignedIn) -> None:
    matter = next(
        code for code, row in rules().matters().items() if row["protected"] and row["duty"] == "duty.person_safe"
    )
    no = str(open_one(compartment="protected", matter=matter, title="受保护").no)
    client = signed_in("fu")
    assert f'href="/desk/sealed/{no}"' in client.get("/desk/sealed").content.decode()
    assert client.get(f"/desk/case/{no}").status_code == 200
    assert client.get(f"/desk/sealed/{no}").status_code == 302


def test_what_was_said_about_trouble_reaches_the_desk(town: Town, signed_in: SignedIn) -> None:
    town.ground()
    asked = answered(town, matter=ASKED)
    answer = rate(Client(), f"/f/{asked.token}/rate", solved="yes", troubled="yes", trouble=WORDS)
    assert answer.status_code == 200
    (case,) = Case.objects.filter(compartment="sealed")
    client = signed_in("tan")
    assert f'href="/desk/sealed/{case.no}"' in client.get("/desk/sealed").content.decode()
    assert opened(client, case.no).status_code == 200
    voice = client.get(f"/desk/case/{case.no}").context["page"].voices[0].id
    open_words = client.get(f"/desk/case/{case.no}/open_part?voice={voice}&what=words").context["form"]
    fields = {"request_id": open_words.request_id, "voice": voice, "what": "words", "reason": "核查"}
    shown = client.post(f"/desk/case/{case.no}/open_part", fields).content.decode()
    assert WORDS in shown
    for name in ("duan", "he", "han"):
        assert case.no not in signed_in(name).get("/desk/queue").content.decode()


def test_whoever_sealed_it_finds_no_trace(town: Town, signed_in: SignedIn) -> None:
    held = in_hand(town, title=TITLE, task_text=WORDS)
    no = str(held.no)
    desk = signed_in("duan")
    assert TITLE in desk.get("/desk/queue").content.decode()
    before = _counts(desk)
    assert send(desk, no, "seal", accused=str(town.sanitation)).status_code == 302
    for address in _reading(no):
        for name in ("duan", "he", "han", "su"):
            told = signed_in(name).get(address)
            text = f"{dict(told.headers)} {b''.join(told).decode(errors='replace')}"
            asked = address.partition("?q=")[2]
            assert not [word for word in (TITLE, WORDS, no) if word in text and word != asked], (name, address)
    assert _counts(desk) < before
    assert link_of(held.token).case == held.case


def _counts(desk: Client) -> int:
    page = desk.get("/desk/brief").context["brief"]
    return int(page.open_cases)


def _reading(no: str) -> Iterator[str]:
    yield from (
        "/desk/queue",
        "/desk/queue?view=mine",
        "/desk/queue.xlsx",
        "/desk/brief",
        "/desk/duty",
        "/desk/messages",
    )
    yield from (f"/desk/search?q={word}" for word in ("商贩", no))
    yield from ("/w", "/w/messages", "/rules", f"/desk/case/{no}", f"/w/{no}", f"/why/{no}/owner")


def test_no_log_line_names_it(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    with structlog.testing.capture_logs() as lines:
        client = signed_in("tan")
        client.get("/desk/sealed")
        opened(client, no, reason="按程序核查")
    assert lines
    assert not [line for line in lines if any(word in str(line) for word in (no, TITLE, WORDS, "按程序核查"))]


def test_it_is_exported_by_nothing(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    client = signed_in("tan")
    opened(client, no)
    answer = client.get("/desk/queue.xlsx")
    content = b"".join(answer.streaming_content) if answer.status_code == 200 else b""  # type: ignore[attr-defined]
    if content:
        from io import BytesIO

        from openpyxl import load_workbook

        book = load_workbook(BytesIO(content))
        cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert no not in cells
        assert TITLE not in cells


def test_several_at_once_is_no_way_around_the_reason(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    client = signed_in("tan")
    before = len(entries_of(f"case:{case_of(no)}"))
    for address in ("/desk/bulk?no={}", "/desk/bulk/bar?no={}", "/desk/bulk?no={}&step=note"):
        assert TITLE not in client.get(address.format(no)).content.decode(), address
    form = {"no": no, "step": "note", "note": "记一笔", "request_id": str(uuid4())}
    assert TITLE not in client.post("/desk/bulk", form, follow=True).content.decode()
    assert len(entries_of(f"case:{case_of(no)}")) == before


def test_what_a_caller_said_about_trouble_is_on_no_paper(town: Town, signed_in: SignedIn) -> None:
    asked = answered(town, matter=ASKED)
    take(asked.case, "call_back", town.ref("hong"), later(minutes=20), solved="no", troubled="yes", trouble=WORDS)
    assert send(signed_in("duan"), asked.no, "seal", accused=str(town.sanitation)).status_code == 302
    client = signed_in("tan")
    assert WORDS in opened(client, asked.no).content.decode()
    assert WORDS not in client.get(f"/desk/case/{asked.no}/print").content.decode()


def test_what_the_page_costs_does_not_grow(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("tan")
    accusation(town)
    client.get("/desk/sealed")
    costs = []
    for _round in range(2):
        for _number in range(4):
            accusation(town)
        with CaptureQueriesContext(connection) as run:
            client.get("/desk/sealed")
        costs.append(len(run))
    assert costs[0] == costs[1] <= MOST_QUERIES, costs


def test_pages_follow_by_key(town: Town, signed_in: SignedIn) -> None:
    made = {accusation(town) for _number in range(33)}
    client = signed_in("tan")
    first = client.get("/desk/sealed").context["sealed"]
    second: Any = client.get(f"/desk/sealed?after={first.next}").context["sealed"]
    shown = [row.no for row in (*first.rows, *second.rows)]
    assert (len(shown), set(shown), second.next) == (33, made, "")
    assert client.get("/desk/sealed?after=nonsense").status_code == 400


def test_english_is_complete(town: Town, signed_in: SignedIn) -> None:
    no = accusation(town)
    client = signed_in("tan")
    assert "Sealed desk" in client.get("/desk/sealed?lang=en").content.decode()
    text = client.get(f"/desk/sealed/{no}").content.decode()
    assert "Opening is recorded and cannot be erased." in text
    take(case_of(no), "look_in", town.ref("tan"), later(minutes=25), reason="check")
    assert client.get(f"/desk/case/{no}").status_code == 200
