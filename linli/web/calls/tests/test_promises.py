"""The queue of promises as a page: by day, kept from there, seen by desks alone; and the promise on the page of its case."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.cases.tests.desk import in_grid, later, open_one, take
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import page, send
from tests.town import GRIDS, Town

MOST_QUERIES = 12


def promised(town: Town, until: str, who: str = "duan", grid: str = GRIDS[0]) -> str:
    opened = open_one(located=in_grid(grid))
    take(opened.case, "promise", town.ref(who), later(minutes=1), until=until, promised="回电说明进度")
    return str(opened.no)


def test_they_stand_by_day_with_a_way_to_say_that_they_were_kept(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    today, thursday = promised(town, "2026-11-24"), promised(town, "2026-11-26")
    elsewhere = promised(town, "2026-11-25", "deng", GRIDS[4])
    text = page(signed_in("duan"), "promises")
    assert text.index(today) < text.index(thursday)
    assert elsewhere not in text
    assert reverse("desk_step", args=[today, "keep_promise"]) in text
    clock.at = later(days=1)
    assert "已过：" in page(signed_in("duan"), "promises")


def test_said_to_be_kept_on_the_page_of_the_case_it_leaves_the_queue(town: Town, signed_in: SignedIn) -> None:
    no = promised(town, "2026-11-26")
    client = signed_in("duan")
    case = page(client, "desk_case", no)
    for said in ("承诺", "11-26 24:00", "回电说明进度", "到哪天为止 2026-11-26"):
        assert said in case
    assert send(client, no, "keep_promise", kept="true", words="已经给您回电。").status_code == 302
    assert no not in page(client, "promises")
    assert "没有还没兑现的承诺" in page(client, "promises")


def test_a_promise_and_a_passing_on_may_be_noted_later_from_the_case(town: Town, signed_in: SignedIn) -> None:
    no, client = str(open_one().no), signed_in("duan")
    assert send(client, no, "promise", until="2026-11-26", promised="周四回电").status_code == 302
    past = send(client, str(open_one().no), "promise", until="2026-11-20", promised="上周回电")
    assert past.status_code == 422
    assert send(client, no, "transfer", service="119", connected="true").status_code == 302
    assert send(client, no, "transfer", service="995", connected="true").status_code == 422
    assert "转接到 119" in page(client, "desk_case", no)


def test_the_pages_follow_each_other_and_a_wrong_cursor_is_said_to_be_none(town: Town, signed_in: SignedIn) -> None:
    numbers = {promised(town, f"2026-12-{day:02d}") for day in range(1, 31)} | {
        promised(town, f"2027-01-{day:02d}") for day in range(1, 13)
    }
    client = signed_in("duan")
    with CaptureQueriesContext(connection) as asked:
        first = page(client, "promises")
    assert len(asked) <= MOST_QUERIES, len(asked)
    following = first.partition('href="/desk/promises?after=')[2].partition('"')[0]
    second = page(client, "promises", query=f"?after={following}")
    assert {no for no in numbers if no in first} | {no for no in numbers if no in second} == numbers
    assert client.get("/desk/promises?after=nonsense").status_code == 400


def test_who_keeps_no_desk_finds_no_such_page(town: Town, signed_in: SignedIn) -> None:
    promised(town, "2026-11-26")
    assert Client().get("/desk/promises").status_code == 302
    for who in ("han", "fang", "su", "shen", "beth"):
        assert signed_in(who).get("/desk/promises").status_code == 404
