"""Three administrators, each with rows of their own; appointments, accounts, keys, the log and health as pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse

from linli.access.selectors import actor_at
from linli.cases.tests.desk import open_one
from linli.journal.outbox import OutboxDraft, add_outbox
from linli.journal.sealing import seal_due
from linli.organisations.appointments import appointment_end
from linli.web.administration.urls import urlpatterns
from linli.web.conftest import Clock, SignedIn
from tests.statements import statements
from tests.town import Town

ROWS = {
    "/admin/places": {"adam"},
    "/admin/organisations": {"adam"},
    "/admin/gaps": {"adam"},
    "/admin/posts": {"adam", "beth"},
    "/admin/accounts": {"beth"},
    "/admin/accounts/new": {"beth"},
    "/admin/keys": {"beth"},
    "/admin/support": {"beth"},
    "/admin/jobs": {"adam"},
    "/admin/log": {"adam"},
    "/admin/audit": {"carl", "shen"},
    "/admin/seals": {"carl", "shen"},
    "/admin/health": {"adam", "beth", "carl", "shen"},
    "/admin": {"adam", "beth", "carl", "shen"},
}
FILES = {"/admin/places.xlsx": {"adam"}, "/admin/organisations.xlsx": {"adam"}}
PEOPLE = ("adam", "beth", "carl", "shen", "duan", "he", "tan", "mo")


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:600]
    return response.content.decode()


def test_each_administrator_sees_only_their_own_rows(signed_in: SignedIn) -> None:
    for name in PEOPLE:
        client = signed_in(name)
        for path, admitted in {**ROWS, **FILES}.items():
            assert client.get(path).status_code == (200 if name in admitted else 404), (name, path)
    anonymous = Client()
    assert {anonymous.get(path).status_code for path in (*ROWS, *FILES)} == {302}


DEEDS = {
    "admin_appoint": ({"post": "posts.duan"}, {"beth"}),
    "admin_appointment_end": ({"post": "posts.duan", "appointment": "appointments.duan"}, {"beth"}),
    "admin_password": ({"account": "people.mo"}, {"beth"}),
    "admin_account_close": ({"account": "people.mo"}, {"beth"}),
    "admin_key_new": ({"account": "people.mo"}, {"beth"}),
    "admin_key_end": ({"prefix": "00000000"}, {"beth"}),
    "admin_support": ({}, {"beth"}),
    "admin_support_end": ({"session": "1"}, {"beth"}),
    "admin_jobs": ({}, {"adam"}),
    "admin_account_new": ({}, {"beth"}),
}
SEEN = {
    "admin_organisation": ({"organisation": "bodies.sanitation"}, {"adam"}),
    "admin_post": ({"post": "posts.duan"}, {"adam", "beth"}),
    "admin_account": ({"account": "people.mo"}, {"beth"}),
}


def address(town: Town, name: str, given: dict[str, str]) -> str:
    """The address of a page, with ids of the town put in."""
    found = {}
    for key, where in given.items():
        kind, _dot, who = where.partition(".")
        found[key] = getattr(town, kind)[who] if who else where
    return reverse(name, kwargs=found)


def test_every_address_is_in_a_table() -> None:
    named = {pattern.name for pattern in urlpatterns}
    assert named == {resolve(path).url_name for path in (*ROWS, *FILES)} | set(DEEDS) | set(SEEN)


def test_who_may_not_changes_nothing(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    last = entries_written()
    for name in PEOPLE:
        client = signed_in(name)
        for deed, (given, admitted) in DEEDS.items():
            if name not in admitted:
                assert client.post(address(town, deed, given)).status_code == 404, (name, deed)
        for seen, (given, admitted) in SEEN.items():
            assert client.get(address(town, seen, given)).status_code == (200 if name in admitted else 404), (
                name,
                seen,
            )
    assert entries_written() == last


def entries_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(seq) FROM journal_head")
        return int((cursor.fetchone() or (0,))[0])


def test_the_day_that_was_typed_is_the_day_that_is_read(town: Town, signed_in: SignedIn) -> None:
    beth, page = signed_in("beth"), f"/admin/posts/{town.posts['duan']}"
    ends = re.findall(rf"{page}/end/(\d+)", text(beth, page))
    assert beth.post(f"{page}/end/{ends[0]}", {"until": "2027-03-01"}).status_code == 302
    assert "至 2027-02-28" in text(beth, page)


def test_the_first_page_names_what_one_may_open_and_nothing_else(signed_in: SignedIn) -> None:
    seen = text(signed_in("beth"), "/admin")
    assert "账号" in seen
    assert "/admin/audit" not in seen
    assert "/admin/accounts" not in text(signed_in("adam"), "/admin")


def test_an_administrator_sees_no_case(signed_in: SignedIn) -> None:
    for name in ("adam", "beth", "carl"):
        assert signed_in(name).get("/desk/queue").status_code == 404


def test_an_appointment_gives_the_rights_and_its_end_takes_them(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    beth, mo = signed_in("beth"), signed_in("mo")
    post = town.posts["duan"]
    page = f"/admin/posts/{post}"
    assert mo.get("/desk/queue").status_code == 404
    taken = beth.post(f"{page}/appoint", {"account": "town.mo", "since": "", "until": ""})
    assert taken.status_code in {302, 409}, taken.content.decode()[:400]
    if taken.status_code == 409:
        ends = re.findall(rf"{page}/end/(\d+)", text(beth, page))
        assert beth.post(f"{page}/end/{ends[0]}", {"until": ""}).status_code == 302
        assert beth.post(f"{page}/appoint", {"account": "town.mo", "since": "", "until": ""}).status_code == 302
    clock.at += timedelta(minutes=1)
    assert mo.get("/desk/queue").status_code == 200
    held = re.findall(rf"{page}/end/(\d+)", text(beth, page))
    for one in held:
        assert beth.post(f"{page}/end/{one}", {"until": ""}).status_code == 302
    clock.at += timedelta(minutes=1)
    assert mo.get("/desk/queue").status_code == 404


def test_nobody_appoints_themselves_and_only_the_security_administrator_appoints(
    town: Town, signed_in: SignedIn
) -> None:
    post = town.posts["duan"]
    refused = signed_in("beth").post(f"/admin/posts/{post}/appoint", {"account": "town.beth"})
    assert refused.status_code in {403, 409}
    assert signed_in("adam").post(f"/admin/posts/{post}/appoint", {"account": "town.mo"}).status_code == 404
    assert "没有这个名字的在用账号" in (
        signed_in("beth").post(f"/admin/posts/{post}/appoint", {"account": "no-such"}).content.decode()
    )


def test_posts_are_shown_as_known_on_a_day(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    beth = signed_in("beth")
    page = f"/admin/posts/{town.posts['hu']}"
    name = actor_at(town.hu, clock.at).name
    (one,) = re.findall(rf"{page}/end/(\d+)", text(beth, page))
    yesterday = clock.at.date().isoformat()
    clock.at += timedelta(days=2)
    beth = signed_in("beth")
    assert beth.post(f"{page}/end/{one}", {}).status_code == 302
    assert name in text(beth, f"{page}?on={yesterday}&known={yesterday}")
    empty = text(beth, "/admin/posts?empty=1")
    assert page in empty
    assert page not in text(beth, f"/admin/posts?empty=1&known={yesterday}&on={yesterday}")


def test_a_new_account_gets_a_password_that_is_shown_once(town: Town, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    done = beth.post("/admin/accounts/new", {"name": "newcomer", "display_name": "新来的"})
    assert done.status_code == 200
    assert done["Cache-Control"] == "no-store"
    (password,) = re.findall(r'class="secret">([^<]+)<', done.content.decode())
    row = get_user_model().objects.get(name="newcomer")
    assert row.check_password(password)
    assert password not in text(beth, f"/admin/accounts/{row.pk}")
    assert beth.post("/admin/accounts/new", {"name": "newcomer", "display_name": "x"}).status_code == 409
    assert beth.post("/admin/accounts/new", {"name": "A b", "display_name": "x"}).status_code == 400
    assert beth.post(f"/admin/accounts/{row.pk}/close").status_code == 302
    row.refresh_from_db()
    assert not row.is_active


def test_a_key_is_made_shown_once_and_ended(town: Town, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    page = f"/admin/accounts/{town.mo}"
    assert beth.post(f"{page}/key", {"label": "", "until": ""}).status_code == 422
    assert "从今天算起最多 366 天" in text(beth, page)
    form = {"label": "x", "scopes": "rules:read"}
    for until, said in (("2099-01-01", "密钥要在 366 天内到期。"), ("2020-01-01", "到期日要在今天之后。")):
        refused = beth.post(f"{page}/key", {**form, "until": until})
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
    made = beth.post(f"{page}/key", {"label": "网站", "scopes": "rules:read", "until": "2027-03-01"})
    (key,) = re.findall(r'class="secret">(lk_[^<]+)<', made.content.decode())
    prefix = key.split("_")[1]
    seen = text(beth, "/admin/keys")
    assert prefix in seen
    assert key not in seen
    assert beth.post(f"/admin/keys/{prefix}/end").status_code == 302
    assert "已终止" in text(beth, "/admin/keys")


def test_the_log_is_searched_by_who_and_what(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    signed_in("beth").post("/admin/accounts/new", {"name": "newcomer", "display_name": "不进日志的姓名"})
    carl = signed_in("carl")
    found = text(carl, "/admin/audit?verb=access.account")
    assert "access.account.added" in found
    assert "不进日志的姓名" not in found
    assert "access.account.added" in text(carl, "/admin/audit?who=town.beth")
    assert "没有符合条件的记录" in text(carl, "/admin/audit?verb=no.such")
    assert carl.get("/admin/audit?subject=x").status_code == 422
    assert carl.get("/admin/audit?since=2026-01-01&until=2026-06-01").status_code == 422


def test_the_log_of_a_sealed_case_is_found_by_nobody(town: Town, signed_in: SignedIn) -> None:
    case = open_one(compartment="sealed").case
    plain = open_one().case
    for name in ("carl", "shen"):
        client = signed_in(name)
        assert "没有符合条件的记录" in text(client, f"/admin/audit?subject=case:{case}")
        assert f"case:{plain}<" in text(client, f"/admin/audit?subject=case:{plain}")
        assert f"case:{case}<" not in text(client, "/admin/audit?verb=cases.case")


def test_health_says_what_is_wrong_since_when_and_what_to_do(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    adam = signed_in("adam")
    assert "没有案卷在等系统处理" in text(adam, "/admin/health")
    assert "还没有备份过" in text(adam, "/admin/health")
    add_outbox([OutboxDraft("no.such", {})], clock.at - timedelta(hours=2))
    assert "发件箱里有 1 条在等，最早的等了 2 小时" in text(adam, "/admin/health")
    seal_due(clock.at)
    assert "最近封存的是" in text(adam, "/admin/health")
    # The town was founded before the log had a month for it.
    assert "条记录不在自己的月份里" in text(adam, "/admin/health")
    assert "工作日历排到" in text(adam, "/admin/health")


def test_health_says_loudly_that_a_sealed_report_has_no_receiver(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    adam = signed_in("adam")
    assert "密件和受保护件都有人接收" in text(adam, "/admin/health")
    for name in ("tan", "ji"):
        appointment_end(town.appointments[name], town.actor("beth"), clock.at, clock.at)
    for _ in range(4):
        open_one(at=clock.at, compartment="sealed")
    page = text(adam, "/admin/health")
    assert "有密件或受保护件没有人接收，不到 5 件" in page
    assert page.index("没有人接收") < page.index("没有案卷在等系统处理")
    open_one(at=clock.at, compartment="sealed")
    assert "有 5 件密件或受保护件没有人接收" in text(adam, "/admin/health")
    assert "have nobody who receives them" in text(adam, "/admin/health?lang=en")


def test_places_and_bodies_are_walked_down(town: Town, signed_in: SignedIn) -> None:
    town.ground()
    adam = signed_in("adam")
    assert "870100" in text(adam, "/admin/places")
    assert "870102" in text(adam, "/admin/places?under=870100")
    assert "870102001001001" in text(adam, "/admin/places?under=870102001001")
    assert adam.get("/admin/places?under=999999").status_code == 404
    assert "桂花街道环卫所" in text(adam, "/admin/organisations?q=环卫")
    assert "桂花街道环卫所" in text(adam, f"/admin/organisations/{town.sanitation}")
    assert "职责没有单位承担" in text(adam, "/admin/gaps?place=870102001")


BUDGETS = {
    "/admin": 8, "/admin/posts": 13, "/admin/organisations": 10, "/admin/health": 26, "/admin/places?under=870102": 11,
}  # fmt: skip


@pytest.mark.parametrize("path", list(BUDGETS))
def test_a_page_costs_few_statements(town: Town, signed_in: SignedIn, path: str) -> None:
    town.ground()
    adam = signed_in("adam")
    adam.get(path)
    with statements() as counted:
        assert adam.get(path).status_code == 200
    assert len(counted) <= BUDGETS[path], (len(counted), counted)


def test_english_is_complete(town: Town, signed_in: SignedIn) -> None:
    for name in ("adam", "beth", "carl"):
        client = signed_in(name)
        for path, admitted in ROWS.items():
            if name in admitted:
                assert 'lang="en"' in text(client, f"{path}?lang=en")
