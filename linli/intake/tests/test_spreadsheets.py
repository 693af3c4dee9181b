"""Reading tables that people hand in: by content, within bounds, whatever the file calls itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from linli.intake.checking import Found, check_reports
from linli.intake.headings import ACCOUNTS, REPORTS, _plain, matched, names_any
from linli.intake.spreadsheets import Bounds, Line, Sheet, column_letter, read_sheet
from linli.kernel.errors import InputError

BOUNDS = Bounds(2_000_000, 20_000_000, 100, 20)
HEAD = ("编号", "反映时间", "内容", "地址", "备注")


def book(*rows: Sequence[Any], **sheets: Sequence[Sequence[Any]]) -> bytes:
    made = Workbook()
    first = made.active
    assert first is not None
    for row in rows:
        first.append(list(row))
    for title, more in sheets.items():
        sheet = made.create_sheet(title)
        for row in more:
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(content: bytes, bounds: Bounds = BOUNDS) -> Sheet:
    return read_sheet(content, bounds, lambda cells: names_any(cells, REPORTS, ("title", "text")))


def refused(content: bytes, bounds: Bounds = BOUNDS) -> str:
    with pytest.raises(InputError) as wrong:
        read(content, bounds)
    return wrong.value.code


def test_a_workbook_gives_texts_as_a_person_would_read_them() -> None:
    sheet = read(
        book(
            HEAD,
            (20261124001, datetime(2026, 11, 24, 8, 30), " 路灯不亮 ", 12.5, date(2026, 11, 24)),
            (1.0, None, True, "#N/A", 13912345678.0),
        )
    )
    assert sheet.head == HEAD
    assert sheet.lines == (
        Line(2, ("20261124001", "2026-11-24 08:30:00", "路灯不亮", "12.5", "2026-11-24")),
        Line(3, ("1", "", "1", "", "13912345678")),
    )


def test_a_title_row_and_empty_rows_are_passed_over_and_rows_keep_their_numbers() -> None:
    sheet = read(book(("十一月诉求登记表",), (), HEAD, (), (1, "", "一"), (), (2, "", "二")))
    assert [line.number for line in sheet.lines] == [5, 7]


def test_the_sheet_with_headings_is_found() -> None:
    sheet = read(book(("说明",), 数据=(HEAD, (1, "", "一"))))
    assert [line.cells[2] for line in sheet.lines] == ["一"]


def test_formulas_give_nothing_but_what_was_saved_with_them() -> None:
    sheet = read(book(HEAD, ("=1+1", "", "路灯", '=HYPERLINK("http://x")')))
    assert sheet.lines[0].cells == ("", "", "路灯", "", "")


def test_merged_cells_are_noticed() -> None:
    made = Workbook()
    first = made.active
    assert first is not None
    for row in (HEAD, (1, "", "一"), (2, "", None)):
        first.append(list(row))
    first.merge_cells("C2:C3")
    out = io.BytesIO()
    made.save(out)
    sheet = read(out.getvalue())
    assert sheet.merged
    assert [line.cells[2] for line in sheet.lines] == ["一", ""]
    assert not read(book(HEAD, (1, "", "一"))).merged


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_in_every_hand_of_an_office(encoding: str, mark: str) -> None:
    text = f'编号{mark}内容\r\n1{mark}"路灯不亮，{mark}三天了"\r\n\r\n2{mark}䶮\r\n'
    sheet = read(text.encode(encoding))
    assert [line.cells for line in sheet.lines] == [("1", f"路灯不亮，{mark}三天了"), ("2", "䶮")]
    assert [line.number for line in sheet.lines] == [2, 4]


def test_a_longer_csv_row_is_said_to_be_so_and_a_shorter_one_is_filled() -> None:
    sheet = read("编号,内容\n1,一,多\n2\n".encode())
    assert [(line.cells, line.problem) for line in sheet.lines] == [(("1", "一"), "too_many_cells"), (("2", ""), "")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheets.empty"),
        (b"  \n \n", "sheets.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "sheets.old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "sheets.locked"),
        (b"%PDF-1.7 ...", "sheets.no_table"),
        (b"\x89PNG\r\n\x1a\n....", "sheets.no_table"),
        (b"\xff\xd8\xff\xe0....", "sheets.no_table"),
        (b"MZ\x90\x00", "sheets.no_table"),
        (b"\x1f\x8b\x08\x00", "sheets.no_table"),
        (b"a\x00b", "sheets.no_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "sheets.web_page"),
        (b'<?xml version="1.0"?><Workbook/>', "sheets.web_page"),
        (b"PK\x03\x04 not a zip", "sheets.broken"),
        ("姓名,年龄\n王,3\n".encode(), "sheets.head"),
        ("编号,内容\n".encode(), "sheets.no_rows"),
        (b"x" * 2_000_001, "sheets.large"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_an_empty_workbook_and_one_without_headings() -> None:
    assert refused(book()) == "sheets.empty"
    assert refused(book(("甲", "乙"), (1, 2))) == "sheets.head"
    assert refused(book(HEAD)) == "sheets.no_rows"


def test_more_rows_than_allowed_are_refused() -> None:
    assert refused(book(HEAD, *[(n, "", "路灯") for n in range(101)])) == "sheets.rows"
    assert len(read(book(HEAD, *[(n, "", "路灯") for n in range(100)])).lines) == 100


def test_a_hundred_thousand_rows_are_refused_before_they_are_all_read() -> None:
    text = "编号,内容\n" + "".join(f"{n},路灯不亮\n" for n in range(100_000))
    bounds = Bounds(10_000_000, 20_000_000, 20_000, 20)
    with pytest.raises(InputError) as wrong:
        read(text.encode(), bounds)
    assert (wrong.value.code, wrong.value.data) == ("sheets.rows", {"most": 20_000})


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return out.getvalue()


def test_a_bomb_is_not_opened() -> None:
    bomb = _zip({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"0" * 30_000_000})
    assert len(bomb) < 50_000
    assert refused(bomb) == "sheets.bomb"


def test_a_folder_of_too_many_parts_is_not_opened() -> None:
    assert (
        refused(_zip({"[Content_Types].xml": b"", "xl/workbook.xml": b"", **{f"xl/{n}": b"" for n in range(2_100)}}))
        == "sheets.bomb"
    )


def test_a_part_that_lies_about_its_size_is_broken() -> None:
    content = bytearray(_zip({"[Content_Types].xml": b"", "xl/workbook.xml": b"0" * 3_000_000}))
    real, said = (3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert content.count(real) == 2
    assert refused(bytes(content.replace(real, said))) == "sheets.broken"


def test_entities_are_not_expanded() -> None:
    lol = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    assert refused(_zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": lol})) == "sheets.broken"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp037"])
def test_entities_are_not_expanded_wherever_and_however_they_are_declared(encoding: str) -> None:
    content = book(HEAD, (1, "", "路灯不亮", "", ""))
    declared = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'
    hidden = f"<!-- {'c' * 5000} -->{declared}".encode(encoding)
    begin = f'<?xml version="1.0" encoding="{encoding}"?>'
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        parts = {name: folder.read(name) for name in folder.namelist()}
    for name in ("xl/worksheets/sheet1.xml", "xl/any.bin"):
        part = begin.encode("ascii" if encoding == "cp037" else encoding) + hidden
        assert refused(_zip({**parts, name: part})) == "sheets.broken", name
    assert read(_zip({**parts, "xl/media/image1.emf": b"\x01\x00\x00\x00" * 600_000})).lines


def test_another_packed_folder_is_no_table() -> None:
    assert refused(_zip({"word/document.xml": b"", "[Content_Types].xml": b""})) == "sheets.no_table"
    assert refused(_zip({"../../etc/passwd": b"x"})) == "sheets.no_table"


def test_a_sheet_that_claims_a_million_columns_is_read_as_wide_as_allowed() -> None:
    made = Workbook()
    first = made.active
    assert first is not None
    first.append(list(HEAD))
    first.append([1, "", "路灯"])
    first["XFD2"] = "far"
    out = io.BytesIO()
    made.save(out)
    assert read(out.getvalue()).lines[0].cells == ("1", "", "路灯", "", "")


def test_headings_are_known_however_they_are_dressed() -> None:
    found = matched(["电话（必填）*", " 反映内容 ", "External_ID", "经办人", "诉求内容", "", "哪里不对"], REPORTS)
    assert found.places == {"contact_phone": 0, "text": 1, "external_id": 2}
    assert found.unknown == (3,)
    assert found.twice == {"text": (1, 4)}


@pytest.mark.parametrize("columns", [REPORTS, ACCOUNTS])
def test_no_heading_means_two_things(columns: Any) -> None:
    every = [{_plain(heading) for heading in (one.name, *one.zh, *one.en)} for one in columns]
    assert sum(map(len, every)) == len(set().union(*every))


def test_columns_are_called_as_a_spreadsheet_calls_them() -> None:
    assert [column_letter(n) for n in (0, 2, 26)] == ["A", "C", "AA"]


def test_only_rows_without_words_are_wrong() -> None:
    rows = [
        (Line(2, ()), {"text": "路灯不亮", "reported_at": "前天", "lon": "东", "external_id": "1"}),
        (Line(3, ()), {"text": "？？", "title": ""}),
        (Line(4, (), "unreadable"), {}),
        (Line(5, ()), {"text": "换了说法", "external_id": "1"}),
    ]
    wrong, notes = check_reports(rows)
    assert wrong == {3: (Found("text", "no_words"),), 4: (Found("", "unreadable"),)}
    assert notes == {"time": 1, "point": 1, "no_place": 2, "no_time": 1, "twice": 1}
