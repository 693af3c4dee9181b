"""The queue: who sees which cases, the address as the filter, pages by key, and what a page costs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from linli.cases.due import take_due
from linli.cases.models import Case
from linli.cases.models import Clock as Running
from linli.cases.tests.desk import in_grid, later
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page
from tests.town import GRIDS, Town

MOST_QUERIES = 11


def numbers(text: str) -> list[str]:
    """The case numbers of a page's rows, in order."""
    return re.findall(r'<div class="l1"><a href="/desk/case/(\d{12})["?]', text)


def test_a_desk_sees_the_cases_of_its_place_and_no_others(town: Town, signed_in: SignedIn) -> None:
    here, there = opened_no(), opened_no(located=in_grid(GRIDS[4]))
    assert numbers(page(signed_in("duan"), "desk_queue")) == [here]
    assert numbers(page(signed_in("deng"), "desk_queue")) == [there]


def test_a_handler_sees_what_their_body_works_on(town: Town, signed_in: SignedIn) -> None:
    opened_no()
    theirs = in_hand_no(town)
    assert numbers(page(signed_in("han"), "desk_queue")) == [theirs]
    assert numbers(page(signed_in("lin"), "desk_queue")) == []


def test_whoever_works_on_no_case_finds_no_page(town: Town, signed_in: SignedIn) -> None:
    opened_no()
    for name in ("mo", "adam", "beth", "carl"):
        assert signed_in(name).get("/desk/queue").status_code == 404, name
    assert Client().get("/desk/queue")["Location"].startswith("/sign-in?next=")


def test_rows_hold_no_word_of_a_reporter(town: Town, signed_in: SignedIn) -> None:
    opened_no()
    in_hand_no(town)
    for name in ("duan", "han"):
        text = page(signed_in(name), "desk_queue")
        assert not [word for word in PLANTED if word in text]


def test_a_sealed_case_is_in_nobodys_queue_and_in_no_count(town: Town, signed_in: SignedIn) -> None:
    opened_no(compartment="sealed", title="检举")
    for name in ("duan", "he", "su", "tan"):
        text = page(signed_in(name), "desk_queue")
        assert numbers(text) == [], name
        assert "检举" not in text
        assert set(re.findall(r"<span>(\d+\+?)</span></a>", text)) == {"0"}, name


def test_views_hold_what_they_say(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    fresh, handled = opened_no(), in_hand_no(town)
    desk = signed_in("duan")
    assert numbers(page(desk, "desk_queue", query="?view=send")) == [fresh]
    assert numbers(page(desk, "desk_queue", query="?view=late")) == []
    assert handled in numbers(page(signed_in("han"), "desk_queue", query="?view=mine"))
    clock.at += timedelta(days=60)
    assert set(numbers(page(signed_in("duan"), "desk_queue", query="?view=late"))) == {fresh, handled}


def test_a_late_case_stands_above_one_whose_warning_comes_next(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    late = opened_no()
    case = Case.objects.get(no=late)
    assert case.limit_at is not None
    clock.at = case.limit_at + timedelta(minutes=1)
    while take_due(clock.at):
        pass
    case.refresh_from_db()
    fresh = opened_no(at=clock.at, received_at=clock.at)
    soon = Case.objects.get(no=fresh)
    assert case.next_due_at is None or (soon.next_due_at and soon.next_due_at < case.next_due_at)
    assert numbers(page(signed_in("duan"), "desk_queue")) == [late, fresh]


def test_the_address_is_the_filter(town: Town, signed_in: SignedIn) -> None:
    first, second = opened_no(), opened_no(located=in_grid(GRIDS[2]), matter="event.04.008", channel="web")
    desk = signed_in("duan")
    for query, found in {
        f"?place={GRIDS[2][:12]}": [second],
        "?matter=event.01": [first],
        "?channel=web": [second],
        "?state=received": [first, second],
        "?state=closed": [],
        "?kind=event": [],
        "?from=2026-11-25": [],
        "?to=2026-11-24": [first, second],
        f"?owner={town.sanitation}": [],
        "?due=nonsense&place=x&from=yesterday": [first, second],
    }.items():
        assert sorted(numbers(page(desk, "desk_queue", query=query))) == sorted(found), query


def test_what_is_late_is_not_due_soon_or_today_as_well(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    no = in_hand_no(town)
    ends = Running.objects.filter(case__no=no, state="running").order_by("due_at", "id")
    first, later_one = ends.values_list("due_at", flat=True)[0] or clock.at, ends.last()
    assert later_one is not None
    assert ends.count() > 1
    Running.objects.filter(pk=later_one.pk).update(due_at=first + timedelta(minutes=2))
    clock.at = first - timedelta(minutes=1)
    desk = signed_in("duan")

    def shown_as() -> set[str]:
        return {
            due for due in ("late", "soon", "today") if numbers(page(desk, "desk_queue", query=f"?view=all&due={due}"))
        }

    assert shown_as() == {"soon", "today"}
    clock.at = first + timedelta(minutes=1)
    assert shown_as() == {"late"}


def test_a_case_that_rests_shows_no_clock(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    desk = signed_in("duan")
    assert 'class="clock' in page(desk, "desk_queue", query="?view=all")
    Case.objects.filter(no=no).update(state="joined", limit_at=None)
    shown = page(desk, "desk_queue", query="?view=all")
    assert numbers(shown) == [no]
    assert 'class="clock' not in shown


def test_a_filter_that_is_on_is_shown_and_can_be_taken_away(town: Town, signed_in: SignedIn) -> None:
    text = page(signed_in("duan"), "desk_queue", query="?view=all&state=received&channel=web")
    assert re.search(r"去掉： </span><i>状态</i> 已受理", text)
    assert 'href="?view=all&amp;channel=web"' in text
    assert "没有符合条件的案卷" in text


def test_pages_follow_by_key_and_show_each_case_once(
    town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.web.desk import queueviews

    monkeypatch.setattr(queueviews, "ROWS", 3)
    all_of_them = {opened_no(at=later(minutes=n)) for n in range(8)}
    desk, seen, query = signed_in("duan"), [], "?view=all"
    while query:
        text = page(desk, "desk_queue", query=query)
        seen += numbers(text)
        found = re.search(r'href="(\?[^"]*after=[^"]+)">下一页', text)
        query = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 8
    assert set(seen) == all_of_them


def test_a_cursor_that_is_none_is_refused_in_words(town: Town, signed_in: SignedIn) -> None:
    assert signed_in("duan").get("/desk/queue?after=nonsense").status_code == 400


def test_what_a_page_costs_does_not_grow_with_its_rows(
    town: Town, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        opened_no(at=later(minutes=n))
    desk = signed_in("duan")
    desk.get("/desk/queue")
    with django_assert_max_num_queries(MOST_QUERIES) as counted:
        desk.get("/desk/queue")
    assert isinstance(counted, CaptureQueriesContext)


def test_a_number_in_the_search_opens_its_case(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    desk = signed_in("duan")
    spoken = f"{no[:4]} {no[4:8]}-{no[8:]}"
    assert desk.get("/desk/search", {"q": spoken})["Location"] == f"/desk/case/{no}"
    assert desk.get("/desk/search", {"q": "123"}).status_code == 404


def test_english_is_complete(town: Town, signed_in: SignedIn) -> None:
    opened_no()
    text = page(signed_in("duan"), "desk_queue", query="?lang=en")
    assert "Nearest limit first" in text
    assert "To dispatch" in text
