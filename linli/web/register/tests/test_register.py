"""Places and bodies as pages: who may read which, who is responsible, what is open, what came of grids, and other days."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from linli.access.selectors import system_actor
from linli.cases.tests.desk import in_grid, later
from linli.organisations.appointments import appointment_end
from linli.organisations.services import organisation_close
from linli.places.services import grid_merge
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no
from linli.web.register import bodypage, placepage
from linli.web.register.tests.walk import absence, notices, vacancy
from tests.statements import statements
from tests.town import BRIDGE, CITY, DISTRICT, FOUNDED, GRIDS, LAKE, OSMANTHUS, OTHER_STREET, STREET, Town

MOST_QUERIES = {"street": 26, "community": 27, "grid": 22, "organisation": 23}
BESIDE = 3
"""Statements that areas send by themselves: who asks, and the counts of the queue."""
PLACES = (CITY, DISTRICT, STREET, OTHER_STREET, OSMANTHUS, LAKE, GRIDS[0], GRIDS[1])
READERS = {
    "": (),
    "mo": (),
    "an": (),  # a property company's
    "fang": (GRIDS[0],),
    "mei": (OSMANTHUS, GRIDS[0], GRIDS[1]),
    "duan": (CITY, DISTRICT, STREET, OSMANTHUS, GRIDS[0], GRIDS[1]),
    "han": (CITY, DISTRICT, STREET, OSMANTHUS, GRIDS[0], GRIDS[1]),
    "deng": (CITY, DISTRICT, OTHER_STREET, LAKE),
    "su": PLACES,
    "shen": PLACES,
    "adam": PLACES,
    "beth": PLACES,
    "carl": PLACES,
}


@pytest.fixture
def ground(town: Town) -> Town:
    town.ground(FOUNDED)
    return town


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.status_code
    return str(response.content.decode())


def of_place(code: str, query: str = "") -> str:
    return reverse("place", args=[code]) + query


def of_body(body: int, query: str = "") -> str:
    return reverse("organisation", args=[body]) + query


def counts(page: str) -> dict[str, str]:
    """The counts of open work by the words before them, without their marks."""
    found = re.search(r'<h2 id="open">.*?</section>', page, re.DOTALL)
    rows = re.findall(r'<a href="/desk/queue[^>]*>(.*?)</a>', found[0], re.DOTALL) if found else []
    return dict(re.sub(r"<[^>]+>", "", row).strip().rsplit(" ", 1) for row in rows)


@pytest.mark.parametrize("who", list(READERS))
def test_each_person_reads_their_own_ground(ground: Town, signed_in: SignedIn, who: str) -> None:
    client = signed_in(who) if who else Client()
    for code in PLACES:
        expected = 200 if code in READERS[who] else 404 if who else 302
        assert client.get(of_place(code)).status_code == expected, (who, code)


def test_each_person_reads_bodies_of_their_ground_and_their_own(ground: Town, signed_in: SignedIn) -> None:
    bodies = {"fang": ("osmanthus",), "duan": ("osmanthus", "sanitation", "district_desk"), "an": (), "mo": ()}
    for who, admitted in bodies.items():
        for body in ("osmanthus", "sanitation", "district_desk", "lake"):
            found = signed_in(who).get(of_body(ground.bodies[body])).status_code
            assert found == (200 if body in admitted else 404), (who, body)


@pytest.mark.parametrize("code", ["000000", "870199", "870102001001999", "87010200", "870102001000"])
def test_what_is_no_place_is_not_there(ground: Town, signed_in: SignedIn, code: str) -> None:
    text(signed_in("adam"), f"/places/{code}", 404)


def test_it_says_who_is_responsible_since_when_and_who_stands_in(
    ground: Town, signed_in: SignedIn, clock: Clock
) -> None:
    absence(ground, clock.at)
    page = text(signed_in("duan"), of_place(OSMANTHUS))
    assert "Mei of the town" in page
    assert "2026-01-01 起" in page
    assert "Liang of the town 代理" in page
    assert "2026-11-22 至 2026-11-29" in page
    assert "Fang of the town" not in page  # a grid's post stands on the grid's page


def test_a_post_that_nobody_holds_is_said_and_who_acts_instead(ground: Town, signed_in: SignedIn, clock: Clock) -> None:
    vacancy(ground, clock.at)
    desk = signed_in("duan")
    page = text(desk, of_place(OSMANTHUS))
    assert "空缺" in page
    assert "由 Liang of the town（head）代行" in page
    appointment_end(ground.appointments["liang"], system_actor(), clock.at, clock.at)
    clock.at += timedelta(minutes=5)
    assert "没有人代行" in text(desk, of_place(OSMANTHUS))
    assert "没有人代行" in text(desk, of_body(ground.osmanthus))


def test_open_work_is_counted_for_the_asker_and_leads_to_the_queue(
    ground: Town, signed_in: SignedIn, clock: Clock
) -> None:
    no = in_hand_no(ground)
    opened_no(located=in_grid(GRIDS[2]))
    opened_no(located=in_grid(GRIDS[4]))  # another street's
    clock.at = later(days=30)
    desk = signed_in("duan")
    assert counts(text(desk, of_place(STREET))) == {"全部在办": "2", "已超期": "2", "将到期": "0"}
    page = text(desk, of_place(OSMANTHUS))
    assert counts(page)["全部在办"] == "1"
    address = f"/desk/queue?view=all&amp;place={OSMANTHUS}&amp;due=late"
    assert address in page
    assert no in text(desk, address.replace("&amp;", "&"))
    body = text(desk, of_body(ground.sanitation))
    assert counts(body)["全部在办"] == "1"
    assert f"/desk/queue?view=all&amp;owner={ground.sanitation}&amp;due=late" in body
    assert counts(text(signed_in("han"), of_place(STREET)))["全部在办"] == "1"  # their body's alone
    assert not any(one in page + body for one in PLANTED)


def test_of_a_grid_only_how_much_there_is_is_told(ground: Town, signed_in: SignedIn, clock: Clock) -> None:
    in_hand_no(ground)
    clock.at = later(days=30)
    assert counts(text(signed_in("duan"), of_place(GRIDS[0]))) == {"全部在办": "1"}


def test_an_administrator_sees_no_count(ground: Town, signed_in: SignedIn) -> None:
    in_hand_no(ground)
    for path in (of_place(STREET), of_body(ground.sanitation)):
        page = text(signed_in("adam"), path)
        assert counts(page) == {}
        assert "这个岗位没有队列" in page


def test_grids_say_what_they_came_from_and_what_is_not_posted(ground: Town, signed_in: SignedIn, clock: Clock) -> None:
    notices(clock.at)
    desk = signed_in("duan")
    page = text(desk, of_place(OSMANTHUS))
    assert page.count("还没公示") == 1
    assert "还没公示：网格员电话" in page
    assert "公示齐全" in text(desk, of_place(GRIDS[0]))
    merged = grid_merge(list(GRIDS[:2]), system_actor(), clock.at)
    clock.at += timedelta(minutes=5)
    assert "2026-11 由第1网格、第2网格合并" in text(desk, of_place(OSMANTHUS))
    assert "2026-11 由第1网格、第2网格合并" in text(desk, of_place(merged))
    assert "merged from 第1网格 and 第2网格, Nov 2026" in text(desk, of_place(merged, "?lang=en"))
    desk.get("/desk/me?lang=zh")
    gone = text(desk, of_place(GRIDS[0]))
    assert "起已撤销" in gone
    assert of_place(merged) in gone
    assert "2026-06-01 时还没有设立" in text(desk, of_place(merged, "?on=2026-06-01"))
    assert "起已撤销" not in text(desk, of_place(GRIDS[0], "?on=2026-06-01"))


def test_another_day_shows_how_it_stood_then(ground: Town, signed_in: SignedIn, clock: Clock) -> None:
    appointment_end(ground.appointments["mei"], system_actor(), clock.at, clock.at)
    in_hand_no(ground)
    clock.at += timedelta(days=2)
    desk = signed_in("duan")
    assert "Mei of the town" not in text(desk, of_place(OSMANTHUS))
    then = text(desk, of_place(OSMANTHUS, "?on=2026-11-01"))
    assert "按 2026-11-01 那天看" in then
    assert "Mei of the town" in then
    assert counts(then) == {}
    assert "只看今天" in then
    body = text(desk, of_body(ground.osmanthus, "?on=2026-11-01"))
    assert "Mei of the town" in body
    assert "那天没有这个单位" in text(desk, of_body(ground.osmanthus, "?on=2025-06-01"))


def test_a_body_that_ended_says_when_it_stood(ground: Town, signed_in: SignedIn, clock: Clock) -> None:
    appointment_end(ground.appointments["an"], system_actor(), clock.at, clock.at)
    organisation_close(ground.property, system_actor(), clock.at, clock.at)
    clock.at += timedelta(days=2)
    desk = signed_in("duan")
    assert "它的起止是 2026-01-01 至 2026-11-24" in text(desk, of_body(ground.property))
    assert "安居物业有限公司" in text(desk, of_body(ground.property, "?on=2026-11-01"))


@pytest.mark.parametrize("on", ["tomorrow", "2026-13-01", "9999-12-31", "2999-01-01", "²", "<b>x</b>"])
def test_a_day_that_cannot_be_is_refused_in_words(ground: Town, signed_in: SignedIn, on: str) -> None:
    desk = signed_in("duan")
    for path in (of_place(OSMANTHUS), of_body(ground.osmanthus)):
        page = text(desk, f"{path}?on={on}", 422)
        assert "出错：" in page
        assert "不是日期" in page or "这一天还没到" in page
        assert "Mei of the town" in page  # the page is of today
        assert "<b>x" not in page


@pytest.mark.parametrize("name", ["posts", "bodies", "grids"])
def test_a_list_that_goes_on_nowhere_is_refused(ground: Town, signed_in: SignedIn, name: str) -> None:
    for value in ("x", "²", "-1", "9" * 30):
        text(signed_in("duan"), of_place(OSMANTHUS, f"?{name}={value}"), 400)


def test_lists_are_paged(ground: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placepage, "ROWS", 1)
    monkeypatch.setattr(bodypage, "ROWS", 1)
    desk = signed_in("duan")
    seen: dict[str, set[str]] = {}
    for words, query, most in (("更多岗位", "posts", 3), ("更多单位", "bodies", 2), ("更多区划", "grids", 2)):
        path, pages = of_place(OSMANTHUS), 0
        while path:
            page, pages = text(desk, path), pages + 1
            seen.setdefault(query, set()).update(
                re.findall(r"(\w+) of the town|organisations/(\d+)|places/(\d{15})", page)
            )
            more = re.search(rf'<a href="(\?{query}=[^"]+)">{words}', page)
            path = of_place(OSMANTHUS, more[1].replace("&amp;", "&")) if more else ""
        assert pages == most, query
    assert {"Mei", "Liang"} <= {one[0] for one in seen["posts"]}
    assert set(GRIDS[:2]) <= {one[2] for one in seen["grids"]}


def test_ways_lead_here(ground: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(ground)
    desk = signed_in("duan")
    case = text(desk, reverse("desk_case", args=[no]))
    assert of_place(GRIDS[0]) in case
    assert of_body(ground.sanitation) in case
    assert of_place(BRIDGE) in text(desk, f"/desk/map?place={BRIDGE}")
    adam = signed_in("adam")
    assert of_place(BRIDGE) in text(adam, f"/admin/places?under={BRIDGE}")
    assert of_body(ground.bridge) in text(adam, f"/admin/organisations/{ground.bridge}")


def test_what_a_page_costs(
    ground: Town, signed_in: SignedIn, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    vacancy(ground, clock.at)
    absence(ground, clock.at)
    grid_merge(list(GRIDS[:2]), system_actor(), clock.at)
    in_hand_no(ground, located=in_grid(GRIDS[2]))
    clock.at = later(hours=2)
    desk = signed_in("duan")
    paths = {name: of_place(code) for name, code in (("street", STREET), ("community", OSMANTHUS), ("grid", GRIDS[2]))}
    for name, path in {**paths, "organisation": of_body(ground.osmanthus)}.items():
        desk.get(path)
        with django_assert_max_num_queries(MOST_QUERIES[name]), statements() as sent:
            text(desk, path)
        assert len(sent) <= MOST_QUERIES[name] + BESIDE, (name, len(sent))
