"""Accounts by Excel: understood row by row, opened without a password, a slip with a link that works once, all of it logged."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.access.enrolment import enrolling, link_make
from linli.access.selectors import holdings, system_actor
from linli.cases.tests.desk import later
from linli.journal.selectors import entries_of
from linli.organisations.domain import PostDraft
from linli.organisations.services import post_open
from linli.web.conftest import PASSWORD, Clock, SignedIn
from linli.web.sheets.tests.tables import book, links, people, rows_of, send, uploads
from tests.town import GRIDS, Town

ADDRESS = "/admin/accounts/import"
HEAD = ("姓名", "账号", "单位", "岗位", "负责地方", "起始日期", "截止日期")
LINK = re.compile(r"http://testserver(/enrol/[A-Za-z0-9_-]{32})")


@pytest.fixture
def free(town: Town) -> int:
    """A grid worker's post that nobody holds."""
    draft = PostDraft(town.bridge, "grid_worker@free", "grid_worker", "网格员", later(minutes=1), place=GRIDS[3])
    return post_open(draft, system_actor(), later(minutes=1))


def person(name: str, **cells: str) -> tuple[str, ...]:
    return (
        name, cells.get("account", ""), cells.get("body", "桥头社区居民委员会"), cells.get("role", "网格员"),
        cells.get("place", GRIDS[3]), cells.get("since", ""), cells.get("until", ""),
    )  # fmt: skip


def handed_in(client: Client, *rows: tuple[str, ...]) -> str:
    answer = send(client, ADDRESS, book(HEAD, *rows))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_person_gets_an_account_a_post_and_a_link_but_no_password(town: Town, free: int, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    address = handed_in(beth, person("王芳", account="wang.fang"))
    assert "读了 1 行：1 行可以导入。" in text_of(beth.get(address))
    slips = beth.post(address)
    text = text_of(slips)
    assert "王芳" in text
    assert "wang.fang" in text
    assert "桥头社区居民委员会 网格员" in text
    assert slips["Cache-Control"] == "no-store"
    link = LINK.search(text)
    assert link
    account = people().get(name="wang.fang")
    assert not account.has_usable_password()
    (held,) = holdings(account.pk, later(minutes=31))
    assert (held.post, held.role, held.place) == (free, "grid_worker", GRIDS[3])
    assert link[1].rsplit("/", 1)[1] not in str(links().values())
    assert LINK.search(text_of(beth.get(address))) is None


def test_the_person_opens_the_account_once(town: Town, free: int, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    link = LINK.search(text_of(beth.post(handed_in(beth, person("王芳", account="wang.fang")))))
    assert link
    person_ = Client()
    form = person_.get(link[1])
    assert "wang.fang" in text_of(form)
    assert (form["Cache-Control"], form["Referrer-Policy"]) == ("no-store", "no-referrer")
    short = person_.post(link[1], {"password": "short", "again": "short"})
    assert short.status_code == 422
    assert "至少 12 个字符" in short.content.decode()
    unlike = person_.post(link[1], {"password": PASSWORD, "again": PASSWORD + "x"})
    assert "两次输入的不一样。" in unlike.content.decode()
    done = person_.post(link[1], {"password": PASSWORD, "again": PASSWORD})
    assert done["Location"] == "/sign-in"
    account = people().get(name="wang.fang")
    assert account.check_password(PASSWORD)
    for again in (person_.get(link[1]), person_.post(link[1], {"password": PASSWORD * 2, "again": PASSWORD * 2})):
        assert again.status_code == 404
        assert "打不开账号" in again.content.decode()
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    verbs = [one.verb for one in entries_of(f"account:{account.pk}")]
    assert verbs == ["access.account.added", "access.account.link_made", "access.account.enrolled"]


def test_a_link_ends_with_its_days_with_a_new_one_and_with_the_account(
    town: Town, signed_in: SignedIn, clock: Clock
) -> None:
    beth, mo = signed_in("beth"), town.people["mo"]
    first = link_make(mo, system_actor(), later(minutes=2))
    assert enrolling(first, later(minutes=3)) is not None
    slip = text_of(beth.post(f"/admin/accounts/{mo}/link"))
    second = LINK.search(slip)
    assert second
    assert enrolling(first, later(minutes=31)) is None
    token = second[1].rsplit("/", 1)[1]
    assert enrolling(token, later(minutes=31)) is not None
    assert enrolling(token, later(minutes=30) + timedelta(days=7)) is None
    beth.post(f"/admin/accounts/{mo}/close")
    assert enrolling(token, later(minutes=32)) is None


def test_a_password_that_was_given_out_ends_the_link(town: Town, signed_in: SignedIn) -> None:
    mo = town.people["mo"]
    link = link_make(mo, system_actor(), later(minutes=2))
    assert signed_in("beth").post(f"/admin/accounts/{mo}/password").status_code == 200
    assert enrolling(link, later(minutes=31)) is None


@pytest.mark.parametrize("token", ["x", "A" * 32, "'; drop table", "\ud83d"])
def test_a_guessed_link_opens_nothing(token: str, town: Town) -> None:
    assert enrolling(token, later(minutes=31)) is None


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (person(""), "姓名", "没有填"),
        (person("王芳", body=""), "单位", "没有填"),
        (person("王芳", role=""), "岗位", "没有填"),
        (person("王芳", body="没有这个单位"), "单位", "没有叫这个名字的单位"),
        (person("王芳", role="所长"), "岗位", "这个单位在那里没有这个岗位"),
        (person("王芳", place="999"), "岗位", "这个单位在那里没有这个岗位"),
        (person("王芳", place=""), "负责地方", "请写明负责哪里"),
        (person("王芳", account="Wang Fang!"), "账号", "2～64 个小写字母"),
        (person("王芳", account="town.mo"), "账号", "已经有人用了"),
        (person("王芳", since="下周"), "起始日期", "不是日期，请写成 2027-01-01"),
        (person("王芳", since="2027-02-01", until="2027-01-01"), "截止日期", "结束早于开始"),
        (person("王芳", until="2026-11-01"), "截止日期", "这一天已经过了"),
        (person("王芳", place=GRIDS[2]), "岗位", "那段时间这个岗位已经有人"),
    ],
)
def test_a_wrong_row_says_which_cell_and_why_and_opens_nothing(
    row: tuple[str, ...], column: str, words: str, town: Town, free: int, signed_in: SignedIn
) -> None:
    beth, before = signed_in("beth"), people().count()
    address = handed_in(beth, row, person("李明", account="li.ming"))
    text = text_of(beth.get(address))
    assert "读了 2 行：1 行可以导入，1 行有问题。" in text
    found = re.search(r">第 2 行</td><td>(.*?)</td><td>(.*?)</td></tr>", text)
    assert found
    assert column in found[1]
    assert words in found[2]
    beth.post(address)
    assert people().count() == before + 1
    sheet = rows_of(beth.get(f"{address}/wrong.xlsx"))
    assert sheet[0] == [*HEAD, "哪里不对"]
    assert len(sheet) == 2
    assert column in sheet[1][-1]


def test_two_rows_for_one_seat_and_one_name(town: Town, free: int, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    text = text_of(beth.get(handed_in(beth, person("王芳"), person("李明"))))
    assert "这个岗位在表里出现了两次" in text


def test_handing_the_same_table_in_again_opens_nothing(town: Town, free: int, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    beth.post(handed_in(beth, person("王芳")))
    made = people().count()
    again = handed_in(beth, person("王芳"))
    assert "本人已经在这个岗位上，不用再开" in text_of(beth.get(again))
    assert "开通" not in "".join(re.findall(r"<button[^>]*>(.*?)</button>", text_of(beth.get(again))))
    beth.post(again)
    assert people().count() == made


def test_a_page_sent_twice_opens_once(town: Town, free: int, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    address = handed_in(beth, person("王芳", account="wang.fang"))
    beth.post(address)
    second = beth.post(address, follow=True)
    assert "这张表已经导入过了。" in second.content.decode()
    assert LINK.search(second.content.decode()) is None
    assert people().filter(display_name="王芳").count() == 1


def test_somebody_was_appointed_meanwhile(town: Town, free: int, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    one, two = handed_in(beth, person("王芳")), handed_in(beth, person("李明"))
    beth.post(one)
    text = text_of(beth.post(two))
    assert "0 张开通单" in text
    assert "下载有问题的 1 行" in text
    assert "那段时间这个岗位已经有人" in text_of(beth.get(two))


def test_an_english_table_with_words_for_roles(town: Town, free: int, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    content = book(
        ("Name", "Login", "Organisation", "Post", "Grid"),
        ("Wang Fang", "wf", "桥头社区居民委员会", "grid worker", GRIDS[3]),
    )
    answer = send(beth, f"{ADDRESS}?lang=en", content)
    assert "1 row read: 1 can be imported." in beth.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("name", ["duan", "adam", "carl", "mo", "han"])
def test_only_who_keeps_accounts_may(name: str, town: Town, free: int, signed_in: SignedIn) -> None:
    address = handed_in(signed_in("beth"), person("王芳"))
    client, before = signed_in(name), people().count()
    for answer in (client.get(ADDRESS), client.get(address), client.post(address), send(client, ADDRESS, book(HEAD))):
        assert answer.status_code == 404
    assert client.post(f"/admin/accounts/{town.people['mo']}/link").status_code == 404
    assert people().count() == before
    assert not links().exists()


def test_nobody_appoints_to_a_second_administration(town: Town, signed_in: SignedIn) -> None:
    beth = signed_in("beth")
    row = person("王芳", body="青石区城市运行管理中心", role="审计管理员", place="")
    assert "那段时间这个岗位已经有人" in text_of(beth.get(handed_in(beth, row)))


def test_more_accounts_than_the_pack_allows(town: Town, signed_in: SignedIn) -> None:
    answer = send(signed_in("beth"), ADDRESS, book(HEAD, *[person(f"人{n}") for n in range(201)]))
    assert "这个文件超过 200 行" in answer.content.decode()
    assert not uploads().exists()


def test_the_empty_table_names_posts_and_bodies(town: Town, signed_in: SignedIn) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    content = b"".join(signed_in("beth").get(f"{ADDRESS}/template.xlsx").streaming_content)  # type: ignore[attr-defined]
    loaded = load_workbook(BytesIO(content))
    assert [cell.value for cell in loaded.worksheets[0][1]] == list(HEAD)
    codes = [[cell.value for cell in row] for row in loaded.worksheets[2].iter_rows()]
    assert ["grid_worker", "网格员", None] in codes or any(row[:2] == ["grid_worker", "网格员"] for row in codes)
    assert any(row[0] == "桂花街道环卫所" for row in codes)


def test_the_check_asks_little_however_many_rows(
    town: Town, free: int, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    beth = signed_in("beth")
    rows = [person(f"人{n}", body=name) for n in range(20) for name in ("桥头社区居民委员会", "桂花社区居民委员会")]
    with django_assert_max_num_queries(30):
        handed_in(beth, *rows)
