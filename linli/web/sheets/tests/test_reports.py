"""Excel in at the desk: checked first, the rest kept, the wrong rows given back, nothing twice, gone after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.cases.tests.desk import later
from linli.intake.uploading import drop_uploads, upload_work
from linli.journal.selectors import entries_of
from linli.web.conftest import SignedIn
from linli.web.sheets.checkpage import SHOWN
from linli.web.sheets.tests.tables import NAME, PHONE, REPORTS, book, report, rows_of, send, uploads
from tests.town import Town

ADDRESS = "/desk/import"
BAD = (
    REPORTS,
    report("A-1"),
    report("A-2", "", title=""),
    report("A-3", "？", title="！"),
    report("A-4", "楼道灯不亮", time="前天下午"),
    report("A-5", "=1+1", title='=HYPERLINK("http://x")', address=""),
)


def handed_in(client: Client, content: bytes) -> str:
    """The address of the page that checks it."""
    answer = send(client, ADDRESS, content)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def cases() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        return int(cursor.fetchone()[0])


def test_a_table_is_checked_before_anything_is_taken_in(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book(*BAD))
    text = text_of(desk, address)
    assert "读了 5 行：2 行可以导入，3 行有问题。" in text
    assert "导入 2 行" in text
    assert "下载有问题的 3 行" in text
    assert "第 3 行</td>" in text
    assert "D</span> 内容" in text
    assert "没有内容：标题和内容都没说是什么事" in text
    assert "1 行的反映时间看不懂，按收到的时间算" in text
    assert cases() == 0
    assert NAME not in text
    assert PHONE not in text


def test_the_good_rows_come_in_and_the_wrong_ones_go_back_in_their_own_columns(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book((*REPORTS, "经办"), *[(*row, "=1+1") for row in BAD[1:4]], (*BAD[4], "小李")))
    assert desk.post(address).status_code == 302
    text = text_of(desk, address)
    assert cases() == 2
    assert "导入了 2 行，还有 2 行有问题" in text
    assert "新建 2 件" in text
    rows = rows_of(desk.get(f"{address}/wrong.xlsx"))
    assert rows[0] == [*REPORTS, "经办", "哪里不对"]
    assert [row[0] for row in rows[1:]] == ["A-2", "A-3"]
    assert rows[1][-1] == "内容：没有内容：标题和内容都没说是什么事"


def test_a_mended_file_can_be_handed_in_again_and_nothing_comes_twice(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    first = handed_in(desk, book(*BAD))
    desk.post(first)
    again = handed_in(desk, book((*REPORTS, "哪里不对"), (*report("A-1"), ""), (*report("A-2", "补上了"), "没有内容")))
    assert "没有用到的列" not in text_of(desk, again)
    desk.post(again)
    text = text_of(desk, again)
    assert "新建 1 件" in text
    assert "1 行以前收过，没有重复建案" in text
    assert cases() == 3


def test_the_same_table_is_taken_in_once(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book(REPORTS, report("A-1")))
    desk.post(address)
    desk.post(address)
    assert "这张表已经导入过了。" in text_of(desk, address)
    assert cases() == 1


def test_after_the_import_no_row_is_kept_and_the_log_holds_counts_alone(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book(REPORTS, report("A-1")))
    row = uploads().get()
    assert row.cipher is not None
    assert "垃圾".encode() not in bytes(row.cipher)
    desk.post(address)
    row.refresh_from_db()
    assert (row.cipher, row.state) == (None, "done")
    assert desk.get(f"{address}/wrong.xlsx").status_code == 404
    entries = entries_of(f"upload:{row.pk}")
    assert [one.verb for one in entries] == ["intake.upload.checked", "intake.upload.started", "intake.upload.done"]
    assert [one.actor.account for one in entries] == [town.people["duan"]] * 3
    assert not [
        word for word in ("垃圾", NAME, PHONE, "A-1", "table.xlsx") if word in str([one.data for one in entries])
    ]


def test_wrong_rows_are_gone_after_a_day(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book(*BAD))
    desk.post(address)
    assert drop_uploads(later(minutes=60)) == 0
    assert desk.get(f"{address}/wrong.xlsx").status_code == 200
    assert drop_uploads(later(minutes=30) + timedelta(days=1, minutes=1)) == 1
    assert desk.get(address).status_code == 404


def test_a_table_can_be_deleted_at_once(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book(*BAD))
    assert "表格已删除。" in desk.post(f"{address}/delete", follow=True).content.decode()
    assert not uploads().exists()
    assert cases() == 0


def test_somebody_elses_table_is_not_there(town: Town, signed_in: SignedIn) -> None:
    address = handed_in(signed_in("duan"), book(*BAD))
    for name, method in (("deng", "get"), ("deng", "post"), ("beth", "get"), ("han", "get")):
        client = signed_in(name)
        assert getattr(client, method)(address).status_code == 404, name
    assert signed_in("deng").get(f"{address}/wrong.xlsx").status_code == 404
    assert signed_in("deng").post(f"{address}/delete").status_code == 404
    assert cases() == 0


@pytest.mark.parametrize("name", ["han", "fang", "su", "adam", "beth", "mo"])
def test_only_a_desk_hands_tables_in(name: str, town: Town, signed_in: SignedIn) -> None:
    client = signed_in(name)
    assert client.get(ADDRESS).status_code == 404
    assert send(client, ADDRESS, book(*BAD)).status_code == 404
    assert client.get(f"{ADDRESS}/template.xlsx").status_code == 404
    assert not uploads().exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "这个文件是空的"),
        (b"%PDF-1.7", "a.xlsx", "这不是表格，不管文件名怎么写"),
        (b"\x89PNG\r\n\x1a\n", "a.csv", "这不是表格"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", "这是旧版 .xls 文件"),
        (b"<html><table></table></html>", "a.xlsx", "这是存成表格样子的网页"),
        ("姓名,年龄\n王,3\n".encode("gb18030"), "a.csv", "至少要有这些列中的一列：标题、内容"),
        ("内容,诉求内容\n一,二\n".encode(), "a.csv", "有两列是同一个意思：A 列（内容）、B 列（诉求内容）"),
        ("编号,内容\n".encode(), "a.csv", "只有表头"),
        (b"PK\x03\x04....", "a.xlsx", "这个文件坏了"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    content: bytes, name: str, words: str, town: Town, signed_in: SignedIn
) -> None:
    answer = send(signed_in("duan"), ADDRESS, content, name, "application/vnd.ms-excel")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count(words) == 2, text
    assert "出错：" in text
    assert not uploads().exists()


def test_no_file_and_too_many_rows(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    assert "请选一个文件。" in desk.post(ADDRESS).content.decode()
    text = "编号,内容\n" + "".join(f"{n},路灯不亮\n" for n in range(100_000))
    answer = send(desk, ADDRESS, text.encode(), "many.csv").content.decode()
    assert "这个文件超过 20,000 行。请分成几个文件" in answer
    english = send(desk, f"{ADDRESS}?lang=en", text.encode(), "many.csv").content.decode()
    assert "This file has more than 20,000 rows." in english


def test_a_larger_file_than_the_pack_allows(town: Town, signed_in: SignedIn) -> None:
    answer = send(signed_in("duan"), ADDRESS, b"x" * 10_000_001, "big.csv")
    assert "这个文件超过 10 MB" in answer.content.decode()


def test_gb18030_and_dates_of_a_spreadsheet_come_in(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    rows = "原编号,反映时间,内容\nB-1,2026/11/24 8:05,楼道灯不亮\n".encode("gb18030")
    answer = send(desk, ADDRESS, rows, "b.csv")
    text = text_of(desk, answer["Location"])
    assert "读了 1 行：1 行可以导入。" in text
    assert "反映时间看不懂" not in text


def test_merged_cells_are_said(town: Town, signed_in: SignedIn) -> None:
    import io

    from openpyxl import Workbook

    made = Workbook()
    first = made.active
    assert first is not None
    for row in (REPORTS, report("A-1"), report("A-2", "")):
        first.append(list(row))
    first.merge_cells("D2:D3")
    out = io.BytesIO()
    made.save(out)
    desk = signed_in("duan")
    assert "表里有合并的单元格" in text_of(desk, handed_in(desk, out.getvalue()))


def test_a_long_table_waits_for_the_queue_and_shows_how_far_it_is(
    town: Town, signed_in: SignedIn, monkeypatch: Any
) -> None:
    from linli.intake import uploading

    deferred: list[object] = []

    class Queue:
        def configure_task(self, name: str, **locks: str) -> Queue:
            deferred.append((name, *locks.values()))
            return self

        def defer(self, **values: object) -> None:
            deferred.append(values)

    monkeypatch.setattr(uploading, "queue", Queue())
    desk = signed_in("duan")
    address = handed_in(desk, book(REPORTS, *[report(f"C-{n}", f"第{n}号楼路灯不亮") for n in range(301)]))
    desk.post(address)
    row = uploads().get()
    assert deferred == [("intake.upload", f"intake.upload-{row.pk}", f"intake.upload-{row.pk}"), {"upload": row.pk}]
    text = text_of(desk, address)
    assert "已导入 0 行，共 301 行" in text
    assert "正在排队" in text
    assert "every 2s" in text
    assert upload_work(row.pk, lambda: later(minutes=31)) == 301
    assert upload_work(row.pk, lambda: later(minutes=32)) == 0
    assert cases() == 301
    fragment = text_of(desk, f"{address}?part=1")
    assert "导入了 301 行" in fragment
    assert "<html" not in fragment
    assert "every 2s" not in fragment


def test_a_broken_worker_leaves_nothing_twice(town: Town, signed_in: SignedIn, monkeypatch: Any) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book(REPORTS, report("D-1"), report("D-2", "楼道灯不亮")))
    desk.post(address)
    again = handed_in(desk, book(REPORTS, report("D-1"), report("D-2", "楼道灯不亮")))
    uploads().filter(pk=int(again.rsplit("/", 1)[1])).update(state="running", done=1)
    assert upload_work(int(again.rsplit("/", 1)[1]), lambda: later(minutes=31)) == 2
    assert cases() == 2


def test_an_accusation_comes_in_like_any_other_row_and_is_counted_nowhere(town: Town, signed_in: SignedIn) -> None:
    desk = signed_in("duan")
    rows = [report("E-1"), report("E-2", "实名举报桂花街道城管队队长收受商户贿赂，徇私枉法")]
    address = handed_in(desk, book(REPORTS, *rows))
    desk.post(address)
    text = text_of(desk, address)
    assert "新建 2 件" in text
    assert "sealed" not in text
    counts = uploads().get().counts
    assert counts["accepted"] == 2
    assert "sealed" not in str(counts)
    assert "protected" not in str(counts)


def test_the_empty_table_has_headings_alone_and_makes_no_case(town: Town, signed_in: SignedIn) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    desk = signed_in("duan")
    content = b"".join(desk.get(f"{ADDRESS}/template.xlsx").streaming_content)  # type: ignore[attr-defined]
    loaded = load_workbook(BytesIO(content))
    assert [sheet.title for sheet in loaded.worksheets] == ["诉求", "示例", "事项编码"]
    assert [cell.value for cell in loaded.worksheets[0][1]][:4] == ["原编号", "反映时间", "标题", "内容"]
    codes = {row[0].value for row in loaded.worksheets[2].iter_rows(min_row=2)}
    assert "topic.02.001" in codes
    assert "topic.09.011" not in codes
    assert "只有表头" in send(desk, ADDRESS, content).content.decode()
    english = b"".join(desk.get(f"{ADDRESS}/template.xlsx?lang=en").streaming_content)  # type: ignore[attr-defined]
    assert [cell.value for cell in load_workbook(BytesIO(english)).worksheets[0][1]][:3] == [
        "Number",
        "Reported at",
        "Title",
    ]


def test_the_side_bar_leads_desks_there(town: Town, signed_in: SignedIn) -> None:
    assert 'href="/desk/import"' in signed_in("duan").get("/desk/queue").content.decode()
    assert 'href="/desk/import"' not in signed_in("han").get("/desk/queue").content.decode()


def test_pages_ask_little(town: Town, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    desk = signed_in("duan")
    address = handed_in(desk, book(REPORTS, *[report(f"F-{n}", "" if n % 2 else "路灯") for n in range(120)]))
    with django_assert_max_num_queries(10):
        desk.get(ADDRESS)
    with django_assert_max_num_queries(10):
        text = text_of(desk, address)
    assert text.count("没有内容：") == SHOWN
    assert f"其余 {60 - SHOWN} 处在下载的文件里" in text
