"""A ready answer in the form of the case page: offered, put into the words, kept with the case."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.access.selectors import system_actor
from linli.cases.answered import times_answered
from linli.cases.models import Case
from linli.knowledge.domain import EntryDraft
from linli.knowledge.services import entry_change, entry_open
from linli.web.conftest import SignedIn
from linli.web.desk.tests.scene import opened_no
from tests.town import AT, Town

SAID = "带身份证和租房合同，到派出所办。"
MOST_QUERIES = 40


def written(town: Town, question: str = "居住证怎么办", matter: str = "") -> int:
    draft = EntryDraft((question,), SAID, town.street_desk, matter=matter)
    return entry_open("", "", draft, system_actor(), AT)


@pytest.fixture
def client(town: Town, signed_in: SignedIn) -> Client:
    return signed_in("duan")


def form_of(client: Client, no: str, **sent: str) -> str:
    where = f"/desk/case/{no}/answer_at_once"
    answer = client.post(where, sent) if sent else client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def test_answers_that_fit_the_task_are_offered(town: Town, client: Client) -> None:
    fits, other = written(town), written(town, "养狗要不要办证登记")
    of_matter = written(town, "垃圾几点收", matter="event.01.002")
    shown = form_of(client, opened_no(title="问居住证", task_text="外地来的想办居住证。"))
    assert f'value="{fits}.1"' in shown
    assert f'value="{of_matter}.1"' in shown
    assert f'value="{other}.1"' not in shown
    assert "写给居民的答复" in shown


def test_other_steps_offer_none(town: Town, client: Client) -> None:
    written(town)
    shown = client.get(f"/desk/case/{opened_no(title='居住证', task_text='居住证')}/dispatch").content.decode()
    assert 'name="entry"' not in shown


def test_one_press_puts_it_into_the_words_and_keeps_what_was_typed(town: Town, client: Client) -> None:
    entry, no = written(town), opened_no(title="问居住证", task_text="想办居住证。")
    shown = form_of(client, no, entry=f"{entry}.1", words="您好。", use_reply="entry")
    assert f"您好。\n{SAID}</textarea>" in shown
    again = form_of(client, no, entry=f"{entry}.1", words=f"您好。\n{SAID}", use_reply="entry")
    assert again.count(SAID) == shown.count(SAID)
    assert re.search(r'value="explained"[^>]*checked', shown)
    assert "data-sent" in shown  # no draft of this tab goes over what was put in
    assert "data-sent" not in form_of(client, no)


def test_a_search_finds_others_without_script(town: Town, client: Client) -> None:
    dog, no = written(town, "养狗要办证吗"), opened_no(title="问居住证", task_text="想办居住证。")
    assert f'value="{dog}.1"' not in form_of(client, no)
    assert f'value="{dog}.1"' in form_of(client, no, entry_q="养狗", use_reply="search")


def send(client: Client, no: str, entry: str) -> int:
    sent = {"entry": entry, "entry_version": "", "result": "explained", "words": SAID, "request_id": str(uuid4())}
    return client.post(f"/desk/case/{no}/answer_at_once", sent).status_code


def test_the_case_is_closed_with_its_entry(town: Town, client: Client) -> None:
    entry, no = written(town), opened_no(title="问居住证", task_text="想办居住证。")
    assert send(client, no, f"{entry}.1") == 302
    case = Case.objects.get(no=no)
    assert (case.state, case.marks["entry"], case.marks["entry_version"]) == ("closed", entry, 1)
    assert times_answered(entry) == 1


@pytest.mark.parametrize("named", ["x", "987654.1", "0.1", "1.99999999999", "{old}"])
def test_what_does_not_hold_is_said_at_the_field(town: Town, client: Client, named: str) -> None:
    entry, no = written(town), opened_no(title="问居住证", task_text="想办居住证。")
    entry_change(entry, EntryDraft(("居住证怎么办",), "新办法。", town.street_desk), system_actor(), AT)
    sent = {"entry": named.format(old=f"{entry}.1"), "result": "explained", "words": SAID, "request_id": str(uuid4())}
    answer = client.post(f"/desk/case/{no}/answer_at_once", sent)
    assert answer.status_code == 422
    assert 'id="f-entry-e"' in answer.content.decode()
    assert Case.objects.get(no=no).state == "received"


def test_without_one_it_is_answered_as_before(town: Town, client: Client) -> None:
    no = opened_no(title="问居住证", task_text="想办居住证。")
    assert send(client, no, "") == 302
    assert "entry" not in Case.objects.get(no=no).marks


def test_the_form_costs_two_statements_more(town: Town, client: Client) -> None:
    no = opened_no(title="问居住证", task_text="想办居住证。")
    for _ in range(8):
        written(town)
    form_of(client, no)
    with CaptureQueriesContext(connection) as found:
        form_of(client, no)
    assert len([one for one in found if "knowledge_version" in one["sql"]]) == 1
    assert len(found) <= MOST_QUERIES
