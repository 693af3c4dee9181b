"""The queue as a course: words and order as its filter, a look beside it, the next case, what came in meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import DjangoAssertNumQueries

from linli.cases.models import Case
from linli.cases.tests.desk import later
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page, send
from linli.web.desk.tests.test_queue import numbers
from linli.web.signin.middleware import SEEN
from tests.town import GRIDS, Town

MOST_QUERIES = {"queue": 14, "look": 22, "queue_with_look": 30, "case": 30, "newer": 8}


def three(town: Town) -> list[str]:
    """Three cases in the order of their limits."""
    return [opened_no(at=later(minutes=n), received_at=later(minutes=n)) for n in range(3)]


def test_words_are_a_filter_among_others(town: Town, signed_in: SignedIn) -> None:
    lamp = opened_no(title="路灯不亮", task_text="三单元门口路灯坏了")
    rubbish = opened_no(title="垃圾堆积", task_text="路口垃圾没人收", channel="web")
    desk = signed_in("duan")
    for query, found in {
        "?q=路灯": [lamp],
        "?q=路口 垃圾": [rubbish],
        "?q=垃圾&channel=web": [rubbish],
        "?q=垃圾&channel=hotline": [],
        "?q=event.01.002": [lamp, rubbish],
        "?q=老鼠乱窜": [],
        "?q=%25路%27灯": [lamp, rubbish],
    }.items():
        assert sorted(numbers(page(desk, "desk_queue", query=query))) == sorted(found), query
    assert "至少输入两个字。" in page(desk, "desk_queue", query="?q=路")
    text = page(desk, "desk_queue", query="?view=all&q=路灯&due=late")
    assert re.search(r'没有符合条件的案卷。 <a href="\?view=all&amp;q=[^"]+">去掉“已超期”再看？', text)
    assert "<i>词</i> 路灯" in text
    assert desk.get(f"/desk/queue?q={lamp}")["Location"] == f"/desk/case/{lamp}"
    assert not [word for word in PLANTED if word in text]


def test_the_order_is_in_the_address_and_pages_follow_it(
    town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.web.desk import queueviews

    monkeypatch.setattr(queueviews, "ROWS", 2)
    first, second, third = three(town)
    desk = signed_in("duan")
    assert numbers(page(desk, "desk_queue")) == [first, second]
    text = page(desk, "desk_queue", query="?view=all&sort=newest")
    assert numbers(text) == [third, second]
    following = re.findall(r'href="(\?[^"]*after=[^"]+)">下一页', text)[0].replace("&amp;", "&")
    assert numbers(page(desk, "desk_queue", query=following)) == [first]
    wrong = following.replace("sort=newest", "sort=limit")
    assert desk.get(f"/desk/queue{wrong}").status_code == 400
    assert numbers(page(desk, "desk_queue", query="?sort=nonsense")) == [first, second]


@pytest.mark.parametrize(
    "query",
    [
        "?owner=99999999999999999999999", "?owner=²", "?to=9999-12-31", "?from=0000-00-00", "?place=²&state=%E2%80%8B",
        "?matter=%E2%80%8B", "?cur=<b>&look=<b>", "?look=123456789012", "?view=%E2%80%8B&kind=%E2%80%8B", "?q=%E2%80%8B", "?channel=x&clock=%E2%80%8B",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(town: Town, signed_in: SignedIn, query: str) -> None:
    opened_no()
    answer = signed_in("duan").get(f"/desk/queue{query}")
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode().replace("<b>提醒：</b>", "")


def test_all_names_of_a_filter_can_be_set_without_script(town: Town, signed_in: SignedIn) -> None:
    in_hand_no(town)
    text = page(signed_in("duan"), "desk_queue")
    sheet = text[text.index('<form class="sheet"') :].partition("</form>")[0]
    names = set(re.findall(r'name="([a-z]+)"', sheet))
    assert names == {"view", "q", "place", "matter", "owner", "due", "kind", "sort", "from", "to", "state", "channel"}
    assert f'<option value="{town.sanitation}"' in sheet


def test_a_look_beside_the_queue_has_no_reporter_and_is_for_whoever_may_see_it(town: Town, signed_in: SignedIn) -> None:
    no = in_hand_no(town)
    desk = signed_in("duan")
    for text in (page(desk, "desk_look", no), page(desk, "desk_queue", query=f"?view=all&look={no}&cur={no}")):
        assert "路口垃圾堆积，请清理。" in text
        assert "桂花街道环卫所" in text
        assert not [word for word in PLANTED if word in text]
    assert f'<li data-no="{no}" class="cur">' in text
    assert signed_in("deng").get(f"/desk/queue/look/{no}").status_code == 404
    hidden = opened_no(compartment="sealed", title="检举")
    assert desk.get(f"/desk/queue/look/{hidden}").status_code == 404
    assert "检举" not in page(desk, "desk_queue", query=f"?look={hidden}")


def test_a_case_knows_its_neighbours_in_the_queue_it_came_from(town: Town, signed_in: SignedIn) -> None:
    first, second, third = three(town)
    desk = signed_in("duan")
    course = desk.get(f"/desk/case/{second}?view=all").context["course"]
    assert (course.before, course.behind) == (first, third)
    newest = desk.get(f"/desk/case/{second}?view=all&sort=newest").context["course"]
    assert (newest.before, newest.behind) == (third, first)
    ends = desk.get(f"/desk/case/{third}?view=all").context["course"]
    assert (ends.before, ends.behind) == (second, "")
    Case.objects.filter(no=second).update(limit_at=None)
    assert desk.get(f"/desk/case/{third}?view=all").context["course"].behind == second
    last = desk.get(f"/desk/case/{second}?view=all").context["course"]
    assert (last.before, last.behind) == (third, "")
    alone = page(desk, "desk_case", second)
    assert "下一件" not in alone
    there = desk.get(f"/desk/case/{second}?view=all&place={GRIDS[4][:9]}").context["course"]
    assert (there.before, there.behind) == ("", "")


def test_the_filter_goes_along_and_after_a_step_the_next_is_the_one_that_was_next(
    town: Town, signed_in: SignedIn
) -> None:
    first, second, third = three(town)
    desk = signed_in("duan")
    text = page(desk, "desk_case", second, query="?view=all&channel=hotline")
    assert f'href="/desk/queue?view=all&amp;channel=hotline&amp;cur={second}"' in text
    assert f'href="/desk/case/{third}?view=all&amp;channel=hotline" data-key="]"' in text
    address = f"/desk/case/{second}/note?view=all&channel=hotline"
    form = desk.get(address)
    assert f'action="{address.replace("&", "&amp;")}"' in form.content.decode()
    sent = desk.post(address, {"request_id": form.context["form"].request_id, "note": "已问过物业。"})
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert asked == {"view": ["all"], "channel": ["hotline"], "then": [third]}
    after = desk.get(sent["Location"]).context["course"]
    assert (after.behind, after.cursor) == (third, third)
    assert first not in sent["Location"]


def test_a_step_without_a_queue_leads_back_as_before(town: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    desk = signed_in("duan")
    assert send(desk, no, "note", note="记一笔。")["Location"] == f"/desk/case/{no}"


def test_what_came_in_meanwhile_is_told_quietly_and_keeps_no_session_alive(
    town: Town, signed_in: SignedIn, clock: Clock
) -> None:
    opened_no(at=clock.at - timedelta(minutes=1))
    desk = signed_in("duan")
    text = page(desk, "desk_queue", query="?view=all&channel=hotline")
    address = re.findall(r'hx-get="(/desk/queue/newer[^"]+)"', text)[0].replace("&amp;", "&")
    assert desk.get(address).status_code == 204
    seen = desk.session[SEEN]
    opened_no(at=clock.at)
    opened_no(at=clock.at)
    opened_no(at=clock.at, channel="web")
    opened_no(at=clock.at, compartment="sealed")
    clock.at += timedelta(minutes=2)
    told = desk.get(address)
    assert "有 2 件新的，点此显示" in told.content.decode()
    assert 'href="/desk/queue?view=all&amp;channel=hotline"' in told.content.decode()
    assert desk.session[SEEN] == seen
    for wrong in ("since=x", "since=99999999999", "since=-1", ""):
        assert desk.get(f"/desk/queue/newer?view=all&{wrong}").status_code == 204
    clock.at += timedelta(hours=3)
    assert desk.get(address).status_code == 302


def test_what_each_page_costs(
    town: Town, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    town.ground()
    cases = [opened_no(at=later(minutes=n)) for n in range(12)]
    desk = signed_in("duan")
    for name, address in {
        "queue": "/desk/queue?view=all&q=垃圾&sort=newest",
        "look": f"/desk/queue/look/{cases[3]}",
        "queue_with_look": f"/desk/queue?view=all&look={cases[3]}",
        "case": f"/desk/case/{cases[3]}?view=all",
        "newer": "/desk/queue/newer?view=all&since=1000000000",
    }.items():
        desk.get(address)
        with django_assert_max_num_queries(MOST_QUERIES[name]):
            desk.get(address)
