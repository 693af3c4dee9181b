"""Several cases at once: said beforehand who cannot, each through the engine, sent twice done once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.reading import run
from linli.cases.tests.desk import in_grid
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page
from tests.town import GRIDS, Town

MOST_QUERIES_A_CASE = 4


def state_of(no: str) -> str:
    """How the case stands."""
    row = run("SELECT state FROM cases_case WHERE no = %(no)s", {"no": no}).fetchone()
    assert row is not None
    return str(row[0])


def asked(client: Client, numbers: list[str], step: str = "") -> str:
    """The page before anything is sent."""
    answer = client.get("/desk/bulk", {"no": numbers, **({"step": step} if step else {})})
    assert answer.status_code == 200
    return str(answer.content.decode())


def sent(client: Client, numbers: list[str], step: str, **fields: Any) -> Any:
    """The form, filled in and sent as a browser without script does."""
    form = asked(client, numbers, step)
    found = re.search(r'name="request_id" value="([^"]+)"', form)
    assert found
    return client.post("/desk/bulk", {"no": numbers, "step": step, "request_id": found[1], **fields}, follow=True)


def test_a_row_of_the_queue_can_be_selected_without_script(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    text = page(signed_in("duan"), "desk_queue")
    assert f'type="checkbox" name="no" value="{no}" form="chosen"' in text
    assert '<form class="bulk" id="chosen" action="/desk/bulk" data-bar="/desk/bulk/bar">' in text


def test_it_says_beforehand_who_cannot_and_why(town: Town, signed_in: SignedIn) -> None:
    fresh, handled = opened_no(), in_hand_no(town)
    hidden = opened_no(located=in_grid(GRIDS[4]))
    text = asked(signed_in("duan"), [fresh, handled, hidden, "123"], "dispatch")
    assert "1 件可以办。" in text
    assert "3 件不行" in text
    assert "案卷现在的状态不能走这一步。" in text
    assert text.count("没有这件案卷，或者您看不到。") == 2
    assert not [word for word in PLANTED if word in text]


def test_every_one_that_can_takes_the_step_and_the_rest_are_told(town: Town, signed_in: SignedIn) -> None:
    first, second, handled = opened_no(), opened_no(), in_hand_no(town)
    desk = signed_in("duan")
    answer = sent(desk, [first, second, handled], "dispatch", organisation=str(town.sanitation))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "2 件已办，1 件没办" in text
    assert [state_of(no) for no in (first, second, handled)] == ["dispatched", "dispatched", "in_hand"]


def test_sent_twice_it_is_done_once(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    desk = signed_in("duan")
    form = {"no": [no], "step": "dispatch", "request_id": "0d1f6f5c-28b3-4c41-9f56-2f1cb1b3f3aa"}
    lengths = set()
    for _ in range(2):
        text = desk.post("/desk/bulk", {**form, "organisation": str(town.sanitation)}, follow=True).content.decode()
        assert "1 件已办" in text
        assert "件没办" not in text
        lengths.add(run("SELECT seq FROM cases_case WHERE no = %(no)s", {"no": no}).fetchone())
    assert len(lengths) == 1


def test_a_wrong_form_does_nothing_and_says_where(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    answer = sent(signed_in("duan"), [no], "dispatch")
    assert answer.status_code == 422
    assert "data-error-summary" in answer.content.decode()
    assert state_of(no) == "received"


def test_whoever_may_not_see_a_case_takes_no_step_in_it(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    number = "0d1f6f5c-28b3-4c41-9f56-2f1cb1b3f3ab"
    forged = {"no": [no], "step": "dispatch", "request_id": number, "organisation": str(town.sanitation)}
    for name in ("deng", "mo", "adam"):
        assert signed_in(name).post("/desk/bulk", forged).status_code == 404, name
    assert state_of(no) == "received"


def test_nothing_selected_says_so(town: Town, signed_in: SignedIn) -> None:
    assert "还没有选案卷。" in asked(signed_in("duan"), [])
    assert "No case is selected." in page(signed_in("duan"), "desk_bulk", query="?lang=en")


def test_choosing_costs_a_few_queries_a_case(town: Town, signed_in: SignedIn) -> None:
    numbers = [opened_no() for _ in range(10)]
    desk = signed_in("duan")
    asked(desk, numbers)
    with CaptureQueriesContext(connection) as one:
        asked(desk, numbers[:1])
    with CaptureQueriesContext(connection) as ten:
        text = asked(desk, numbers)
    assert len(ten) - len(one) <= 9 * MOST_QUERIES_A_CASE
    assert "10 件可以" in text


def test_the_outcome_is_read_again_by_whoever_took_it_for_a_while(
    town: Town, signed_in: SignedIn, clock: Clock
) -> None:
    first, handled = opened_no(), in_hand_no(town)
    desk = signed_in("duan")
    answer = sent(desk, [first, handled], "dispatch", organisation=str(town.sanitation))
    ((address, _),) = answer.redirect_chain
    again = desk.get(address).content.decode()
    assert "1 件已办，1 件没办" in again
    assert f'name="no" value="{handled}" checked' in again
    assert f'value="{first}"' not in again
    other = signed_in("hong")
    assert other.get(address).status_code == 404
    assert desk.get("/desk/bulk/0d1f6f5c-28b3-4c41-9f56-2f1cb1b3f3aa").status_code == 404
    assert "路口" not in str(dict(desk.session)["desk_bulk"])
    clock.at += timedelta(minutes=20)
    assert desk.get(address).status_code == 200
    for _ in range(6):
        clock.at += timedelta(minutes=19)
        desk.get("/desk/queue")
    assert desk.get(address).status_code == 404


def test_the_bar_says_while_one_selects_what_can_be_done_and_why_not(town: Town, signed_in: SignedIn) -> None:
    fresh, handled = opened_no(), in_hand_no(town)
    hidden = opened_no(located=in_grid(GRIDS[4]))
    desk = signed_in("duan")
    text = desk.get("/desk/bulk/bar", {"no": [fresh, handled]}).content.decode()
    assert "已选 2 件" in text
    assert "1 件不行" in text
    assert 'class="btn primary" name="step"' in text
    assert f'data-cannot="{handled}"' in text or f'data-cannot="{fresh}"' in text
    assert "勾选几件案卷，可以一起办。" in desk.get("/desk/bulk/bar").content.decode()
    unseen = desk.get("/desk/bulk/bar", {"no": [hidden, "<b>"]}).content.decode()
    assert "选中的案卷没有可以一起办的步骤。" in unseen
    assert not [word for word in PLANTED if word in text + unseen]
