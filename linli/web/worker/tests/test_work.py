"""The worker's inbox, cases, surroundings, messages and past: theirs alone, in few queries, with nobody's identity."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from linli.cases.notices import keep
from linli.cases.tests.desk import in_hand, later, open_one, take
from linli.journal.delivery import Delivery
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED
from linli.web.worker.tests.scene import here, picture, to_check
from tests.statements import statements
from tests.town import AT, GRIDS, Town

MOST_QUERIES = {"/w": 12, "/w/near": 8, "/w/new": 12, "/w/messages": 11, "/w/me": 10, "/w/me/hand-over": 16}


def text(client: Client, path: str) -> str:
    """A page as text."""
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


def test_the_inbox_groups_work_by_its_limit_and_names_the_next_step(
    town: Town, signed_in: SignedIn, clock: Clock
) -> None:
    town.ground()
    in_hand(town)
    page = text(signed_in("han"), "/w")
    for words in ("待办", "11 月 24 日", "周二", "今天", "1 件", "垃圾堆积", "答复", "桂花社区"):
        assert words in page, words
    clock.at = later(days=20)
    assert "已超期" in text(signed_in("han"), "/w")


def test_an_inbox_with_nothing_says_so(town: Town, signed_in: SignedIn) -> None:
    assert "今天的都办完了。" in text(signed_in("gu"), "/w")
    assert "Nothing left for today." in text(signed_in("gu"), "/w?lang=en")


def test_a_long_inbox_goes_on_page_by_page(town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.web.worker.views.ROWS", 2)
    numbers = {in_hand(town).no for _ in range(5)}
    client, path, seen = signed_in("han"), "/w", []
    while path:
        response = client.get(path)
        inbox = response.context["inbox"]
        seen += [item.no for group in inbox.groups for item in group.items]
        path = f"/w?after={inbox.next}" if inbox.next else ""
    assert len(seen) == 5
    assert set(seen) == numbers


def test_each_page_stays_within_its_queries(town: Town, signed_in: SignedIn) -> None:
    for _ in range(3):
        in_hand(town)
        to_check(town)
    for name in ("han", "fang"):
        client = signed_in(name)
        for path, most in MOST_QUERIES.items():
            text(client, path)
            with statements() as asked:
                text(client, path)
            assert len(asked) <= most, (name, path, len(asked))


def test_a_grid_worker_checks_on_the_spot_from_the_phone(town: Town, signed_in: SignedIn) -> None:
    no, client = to_check(town), signed_in("fang")
    page = text(client, f"/w/{no}")
    assert "现场核查" in page
    assert "有危险，我先离开" in page
    form = client.get(f"/w/{no}/check_on_site").context["form"]
    wrong = client.post(f"/w/{no}/check_on_site", {"request_id": form.request_id})
    assert wrong.status_code == 422
    done = {"request_id": form.request_id, "done": "true", "note": "清干净了", "evidence": picture()}
    answer = client.post(f"/w/{no}/check_on_site", done)
    assert answer.status_code == 302
    closed = text(client, f"/w/{no}")
    assert "已结案" in closed
    assert "/photo/" in closed
    assert text(client, "/w").count("暴露垃圾") == 0


def test_a_photo_is_shown_to_whoever_may_read_the_case_and_to_nobody_else(town: Town, signed_in: SignedIn) -> None:
    no, client = to_check(town), signed_in("fang")
    form = client.get(f"/w/{no}/note").context["form"]
    client.post(f"/w/{no}/note", {"request_id": form.request_id, "note": "在看", "evidence": picture()})
    photo = client.get(f"/w/{no}").context["work"].photos[0]
    assert client.get(f"/w/{no}/photo/{photo}")["Content-Type"] == "image/jpeg"
    assert signed_in("gu").get(f"/w/{no}/photo/{photo}").status_code == 404
    assert client.get(f"/w/{no}/photo/{photo + 1}").status_code == 404


def test_leaving_because_it_is_unsafe_is_one_tap_and_asks_for_no_reason(town: Town, signed_in: SignedIn) -> None:
    no, client = to_check(town), signed_in("fang")
    leave = client.get(f"/w/{no}").context["work"].leave
    assert leave.at_once
    answer = client.post(f"/w/{no}/leave_unsafe", {"request_id": leave.request_id}, follow=True)
    assert "不用再说明原因" in answer.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data->'form' FROM journal_entry WHERE verb = 'cases.event.leave_unsafe'")
        assert cursor.fetchall() in ([(None,)], [("{}",)], [({},)])


def test_a_step_sent_twice_is_taken_once(town: Town, signed_in: SignedIn) -> None:
    no, client = to_check(town), signed_in("fang")
    button = next(one for one in client.get(f"/w/{no}").context["work"].others if one.id == "arrive")
    for _ in range(2):
        client.post(f"/w/{no}/arrive", {"request_id": button.request_id})
    assert client.get(f"/w/{no}").content.decode().count("<b>我到了</b>") == 1


def test_missing_forbidden_and_sealed_are_one_answer(town: Town, signed_in: SignedIn) -> None:
    sealed, elsewhere = open_one(compartment="sealed", matter=None).no, to_check(town)
    client = signed_in("gu")
    answers = {client.get(f"/w/{no}").content for no in (sealed, elsewhere, "111111111111")}
    assert len(answers) == 1
    assert client.get(f"/w/{elsewhere}").status_code == 404


def test_no_page_holds_a_reporter_nor_their_other_cases(town: Town, signed_in: SignedIn) -> None:
    first = in_hand(town)
    second = open_one(candidates=(first.case,))
    take(second.case, "dispatch", town.ref("duan"), AT, organisation=town.enforcement)
    for name, no in (("han", first.no), ("fang", first.no), ("mei", second.no), ("bao", second.no)):
        client = signed_in(name)
        for path in ("/w", f"/w/{no}", "/w/me", "/w/messages", "/w/near"):
            page = text(client, path)
            assert not [word for word in PLANTED if word in page], (name, path)
    assert first.no not in text(signed_in("bao"), f"/w/{second.no}")
    assert signed_in("bao").get(f"/w/{first.no}").status_code == 404


def test_a_position_sorts_into_bands_and_is_kept_nowhere(
    town: Town, signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    point = here()
    open_one(lon=float(point["lon"]) + 0.0001, lat=float(point["lat"]))
    client = signed_in("fang")
    mine = {"lon": "101.00503717", "lat": "25.00507171"}
    with caplog.at_level(logging.DEBUG):
        page = client.post("/w/near", mine).content.decode()
    assert "100 米以内" in page
    assert "位置只用这一次，不保存。" in page
    marks = ("503717", "507171")
    kept = "".join(str(row.get_decoded()) for row in Session.objects.all())
    assert not [mark for mark in marks if mark in page + caplog.text + kept]
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE ANY(%s)', [[f"%{m}%" for m in marks]])
            assert cursor.fetchone()[0] == 0, table


def test_a_position_that_came_after_the_session_ended_is_not_kept_either(
    town: Town, signed_in: SignedIn, clock: Clock
) -> None:
    client = signed_in("fang")
    client.get("/w/near")
    clock.at += timedelta(hours=5)
    client.post("/w/near", {"lon": "101.0050371", "lat": "25.0050717"}, headers={"referer": "http://testserver/w/near"})
    assert "lon" not in str([row.get_decoded() for row in Session.objects.all()])


def test_nonsense_for_a_position_is_answered_in_words(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    for sent in ({}, {"lon": "x", "lat": "1"}, {"lon": "nan", "lat": "1"}, {"lon": "999", "lat": "1"}):
        assert "没拿到位置" in client.post("/w/near", sent).content.decode()


def test_messages_are_marked_read_by_oneself(town: Town, signed_in: SignedIn) -> None:
    case = in_hand(town)
    told = {"case": case.case, "what": "warn", "to": "owner", "organisation": town.sanitation}
    keep([Delivery(7, "cases.notice", told, None, 1, AT)])
    client = signed_in("han")
    page = text(client, "/w/messages")
    assert "临期提醒" in page
    assert 'class="dotn"' in page
    client.post("/w/messages", {"upto": "7"})
    assert 'class="dotn"' not in text(client, "/w/messages")
    assert 'class="dotn"' in text(signed_in("wei"), "/w")
    assert "没有新消息。" in text(signed_in("bao"), "/w/messages")


def test_ones_past_is_shown_to_oneself_without_any_count(town: Town, signed_in: SignedIn) -> None:
    in_hand(town)
    mine = text(signed_in("han"), "/w/me")
    assert "签收" in mine
    assert "只有自己看得到" in mine
    assert "签收" not in text(signed_in("wei"), "/w/me")


def test_a_colleague_stands_in_until_the_end_of_a_day(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    no = to_check(town)
    gu = signed_in("gu")
    assert gu.get(f"/w/{no}").status_code == 404
    fang = signed_in("fang")
    assert fang.post("/w/me/hand-over", {"account": town.gu, "until": "2026-11-23"}).status_code == 422
    assert fang.post("/w/me/hand-over", {"account": town.kang, "until": "2026-11-24"}).status_code == 422
    late = fang.post("/w/me/hand-over", {"account": town.gu, "until": "2026-12-25"})
    assert (late.status_code, "最多 14 天" in late.content.decode()) == (422, True)
    assert fang.post("/w/me/hand-over", {"account": town.gu, "until": "2026-11-24"}).status_code == 302
    assert gu.get(f"/w/{no}").status_code == 200
    assert fang.post("/w/me/hand-over", {"account": town.mei, "until": "2026-11-24"}).status_code == 422
    clock.at += timedelta(days=1)
    assert signed_in("gu").get(f"/w/{no}").status_code == 404


def test_the_head_of_a_shift_hands_it_over(town: Town, signed_in: SignedIn) -> None:
    from linli.organisations.roster import ShiftDraft, shift_set
    from linli.organisations.selectors import on_duty

    draft = ShiftDraft(town.osmanthus, GRIDS[0][:12], AT, AT + timedelta(hours=8), town.liang, town.liang, town.mei)
    shift = shift_set(draft, town.actor("liang"), AT)
    client = signed_in("liang")
    assert "交班" in text(client, "/w/me/hand-over")
    assert client.post("/w/me/hand-over", {"shift": shift, "taken_by": town.mei}).status_code == 302
    found = on_duty(town.osmanthus, AT)
    assert found is not None
    assert found.taken_by == town.mei
    assert client.post("/w/me/hand-over", {"shift": shift, "taken_by": town.mei}).status_code in (409, 422)


@pytest.mark.parametrize("path", ["/w", "/w/near", "/w/new", "/w/new/sent", "/w/messages", "/w/me", "/w/me/hand-over"])
def test_only_workers_open_these_pages(town: Town, signed_in: SignedIn, path: str) -> None:
    assert Client().get(path)["Location"].startswith("/sign-in")
    for name in ("mo", "adam", "shen", "duan", "tan"):
        assert signed_in(name).get(path).status_code == 404, name
    for name in ("fang", "mei", "han", "liang"):
        assert signed_in(name).get(path).status_code in (200, 302), name
