"""Saved views: what is kept, who may use one, who may change it; the view that is come back to; how pages look for somebody."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from linli.cases.tests.desk import later
from linli.journal.selectors import entries_of
from linli.organisations.appointments import appointment_end
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import opened_no, page
from linli.web.desk.tests.test_queue import numbers
from linli.web.models import SavedView
from tests.town import Town

FILTER = "view=all&state=received&channel=hotline"
MOST_QUERIES = 14


def saved(client: Client, name: str = "热线新件", shared: str = "", query: str = FILTER) -> str:
    """Save a view as the form does; the address that opens it."""
    form = client.get(f"/desk/views?{query}").content.decode()
    hidden = re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form)
    answer = client.post("/desk/views", {**dict(hidden), "name": name, "shared": shared}, follow=True)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return f"/desk/views/{SavedView.objects.get(name=name).key}"


def test_a_view_is_saved_opened_renamed_and_deleted(town: Town, signed_in: SignedIn) -> None:
    no, desk = opened_no(), signed_in("duan")
    address = saved(desk)
    text = page(desk, "desk_views")
    assert "热线新件" in text
    assert "还没用过" in text
    assert f'href="{address}">热线新件' in page(desk, "desk_queue")
    opened = desk.get(address)
    assert opened["Location"] == f"/desk/queue?{FILTER}"
    assert numbers(desk.get(opened["Location"]).content.decode()) == [no]
    assert "今天" in page(desk, "desk_views")
    desk.post(f"{address}/edit", {"name": "热线  待受理", "shared": ""})
    assert SavedView.objects.get().name == "热线 待受理"
    desk.post(f"{address}/edit", {"delete": "1"})
    assert not SavedView.objects.exists()
    assert desk.get(address).status_code == 404


def test_words_of_a_search_and_unknown_names_are_not_kept(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    text = desk.get(f"/desk/views?{FILTER}&q=赵明月&after=xx&look=1&secret=1").content.decode()
    assert "词里可能有人名" in text
    assert "赵明月" not in text
    desk.post("/desk/views", {"name": "一", "view": "all", "q": "赵明月", "after": "xx", "secret": "1", "due": "late"})
    assert SavedView.objects.get().query == "view=all&due=late"
    desk.get("/desk/queue?view=late&q=赵明月")
    assert "%E8%B5%B5" not in desk.cookies["desk_view"].value
    assert "赵明月" not in desk.cookies["desk_view"].value


def test_a_shared_view_is_its_bodys_and_shows_each_what_they_may_see(town: Town, signed_in: SignedIn) -> None:
    no, desk = opened_no(), signed_in("duan")
    address = saved(desk, shared=str(town.street_desk))
    assert SavedView.objects.get().organisation == town.street_desk
    colleague = signed_in("hong")
    assert colleague.get(address).status_code == 302
    assert "热线新件" in page(colleague, "desk_views")
    assert f"{address}/edit" not in page(colleague, "desk_views")
    assert colleague.post(f"{address}/edit", {"name": "别的"}).status_code == 404
    assert colleague.post(f"{address}/edit", {"delete": "1"}).status_code == 404
    for stranger in ("deng", "han", "su", "mo", "adam"):
        assert signed_in(stranger).get(address).status_code == 404, stranger
    assert numbers(signed_in("deng").get(f"/desk/queue?{FILTER}").content.decode()) == []
    assert numbers(colleague.get(f"/desk/queue?{FILTER}").content.decode()) == [no]


def test_whoever_leaves_the_body_leaves_its_views(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    address = saved(signed_in("duan"), shared=str(town.street_desk))
    assert signed_in("hong").get(address).status_code == 302
    appointment_end(town.appointments["hong"], town.actor("beth"), later(minutes=1), later(minutes=1))
    assert signed_in("hong").get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "shared", "words"),
    [
        ("", "", "请给视图起个名称。"),
        (" \t", "", "请给视图起个名称。"),
        ("长" * 41, "", "名称太长"),
        ("来电 13912345678", "", "可能是谁的电话"),
        ("有\u200b零", "", "名称太长"),
        ("好名称", "999999", "只能共享给自己所在的单位。"),
        ("好名称", "x", None),
    ],
)
def test_a_wrong_name_or_body_is_said_at_the_field(
    town: Town, signed_in: SignedIn, name: str, shared: str, words: str | None
) -> None:
    answer = signed_in("duan").post("/desk/views", {"view": "all", "name": name, "shared": shared})
    if words is None:
        assert SavedView.objects.get().organisation is None
        return
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "data-error-summary" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_views_are_bounded(
    town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = signed_in("duan")
    saved(desk)
    assert "您已有同名的视图。" in desk.post("/desk/views", {"view": "all", "name": "热线新件"}).content.decode()
    signed_in("hong").post("/desk/views", {"view": "all", "name": "热线新件"})
    assert SavedView.objects.filter(name="热线新件").count() == 2
    for n in range(40):
        last = desk.post("/desk/views", {"view": "all", "name": f"视图{n}"})
    assert "视图已存满" in last.content.decode()
    assert SavedView.objects.filter(account=town.people["duan"]).count() == 30


def test_every_change_is_in_the_log_by_ids_alone(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    address = saved(desk)
    view = SavedView.objects.get().pk
    desk.post(f"{address}/edit", {"name": "另一个名", "shared": str(town.street_desk)})
    desk.post(f"{address}/edit", {"delete": "1"})
    told = entries_of(f"view:{view}")
    assert [one.verb for one in told] == ["web.view.saved", "web.view.changed", "web.view.deleted"]
    assert "热线新件" not in str(told)
    assert {one.actor.account for one in told} == {town.people["duan"]}


def test_the_desk_comes_back_to_the_view_that_was_left(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    assert desk.get("/desk")["Location"] == "/desk/queue"
    desk.get("/desk/queue?view=late&place=870102001&after=&q=词")
    assert desk.get("/desk")["Location"] == "/desk/queue?view=late&place=870102001"
    colleague = signed_in("hong")
    colleague.cookies["desk_view"] = desk.cookies["desk_view"].value
    assert colleague.get("/desk")["Location"] == "/desk/queue"
    assert signed_in("mei").get("/desk")["Location"] in ("/w", "/desk/queue")


def test_views_cost_few_queries(
    town: Town, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = signed_in("duan")
    for n in range(8):
        saved(desk, name=f"视图{n}", shared=str(town.street_desk))
    for address in ("/desk/views", f"/desk/views?{FILTER}", f"/desk/views/{SavedView.objects.first().key}"):  # type: ignore[union-attr]
        desk.get(address)
        with django_assert_max_num_queries(MOST_QUERIES):
            desk.get(address)


def test_keys_are_listed_and_can_be_turned_off(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    text = page(desk, "desk_keys")
    for key in ("j", "k", "g q", "[", "]", "Shift+x", "Ctrl+Enter"):
        assert f"<kbd>{key}</kbd>" in text, key
    assert 'data-keys="on"' in text
    kept = desk.get("/desk/me?keys=off&theme=dark&text=l&lang=zh").content.decode()
    assert "已保存在这个浏览器里。" in kept
    after = page(desk, "desk_queue")
    assert 'data-keys="off"' in after
    assert 'data-theme="dark"' in after
    assert "您已关闭。" in page(desk, "desk_keys")
    assert 'data-keys="off"' in desk.get("/desk/queue?keys=nonsense").content.decode()


def test_every_key_of_the_list_has_a_link_or_a_button(town: Town, signed_in: SignedIn) -> None:
    first, second = opened_no(), opened_no()
    desk = signed_in("duan")
    queue = page(desk, "desk_queue", query=f"?view=all&look={first}")
    case = page(desk, "desk_case", first, query="?view=all") + page(desk, "desk_case", second, query="?view=all")
    listed = set(re.findall(r"<kbd>([^<]+)</kbd>", page(desk, "desk_keys")))
    pressed = set(re.findall(r'data-key="([^"]+)"', queue + case))
    # Enter and Ctrl+Enter are the browser's; x is the box of a row, j and k its links; d and r come with what a case has.
    assert listed - pressed - {"Enter", "Ctrl+Enter", "Esc", "x", "Shift+x", "j", "k", "d", "r"} == set()
