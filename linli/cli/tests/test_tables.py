"""CSV as offices send it: encodings, gzip, open quotes, rows that don't fit their header."""

from __future__ import annotations

import csv
import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cli.tables import Row, lines_writer, read_table, table_writer
from linli.kernel.errors import InputError

TEXT = "id,title,text\n1,路灯不亮,巷口的灯三天没亮了\n2,井盖,缺了一块\n"


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_and_gzip_are_found(tmp_path: Path, encoding: str, packed: bool) -> None:
    content = TEXT.encode(encoding)
    file = write(tmp_path / "in.csv", gzip.compress(content) if packed else content)
    rows = list(read_table(file, ["id", "text"]))
    assert rows[0] == Row(2, {"id": "1", "title": "路灯不亮", "text": "巷口的灯三天没亮了"})
    assert [row.line_no for row in rows] == [2, 3]


def test_one_broken_byte_does_not_turn_utf8_into_nonsense(tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", TEXT.encode() + b"3,\xe7\x81,\xe7\x81\xaf\n")
    last = list(read_table(file, ["id"]))[-1]
    assert last.values["title"] == "\ufffd"
    assert last.values["text"] == "灯"


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    content = 'id,text\r\n1,"two\r\nlines"\r\n\r\n2,"a ""quoted"" word, and a comma"\r\n'
    rows = list(read_table(write(tmp_path / "in.csv", content.encode()), ["id"]))
    assert [(row.line_no, row.values["id"]) for row in rows] == [(2, "1"), (5, "2")]
    assert rows[1].values["text"] == 'a "quoted" word, and a comma'


def test_rows_that_do_not_fit_are_told_apart(tmp_path: Path) -> None:
    file = write(tmp_path / "in.csv", b"a,b\n1\n1,2,3\n1,2\n")
    assert [row.problem for row in read_table(file, ["a"], strict=False)] == ["too_few_cells", "too_many_cells", ""]
    with pytest.raises(InputError, match=r"in\.csv:2: The row has fewer cells") as caught:
        list(read_table(file, ["a"]))
    assert caught.value.data["line"] == 2


def test_a_row_that_cannot_be_read_does_not_hide_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.cli.tables.LONGEST_CELL", 50)
    file = write(tmp_path / "in.csv", b"a,b\n1," + b"x" * 80 + b"\n2,y\n")
    assert [row.problem for row in read_table(file, ["a"], strict=False)] == ["unreadable", ""]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Columns are missing: id"),
        (b"nr,text\n1,a\n", "Columns are missing: id"),
        (b"id,text,text\n1,a,b\n", "Columns stand twice: text"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (gzip.compress(TEXT.encode() * 50)[:-20], "breaks off"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        list(read_table(write(tmp_path / "in.csv", content), ["id"]))


def test_a_missing_file_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        list(read_table(tmp_path / "none.csv", []))


def test_memory_stays_flat(tmp_path: Path) -> None:
    file = tmp_path / "in.csv.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write("id,text\n")
        for number in range(50_000):
            out.write(f"{number},路灯不亮已经第{number}天\n")
    tracemalloc.start()
    assert sum(1 for _ in read_table(file, ["id"])) == 50_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x00")), min_size=2, max_size=2
        )
    )
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    file = tmp_path_factory.mktemp("t") / "out.csv"
    with table_writer(file, ["a", "b"]) as write_row:
        for first, second in cells:
            write_row({"a": first, "b": second})
    with file.open(encoding="utf-8", newline="") as text:
        assert list(csv.reader(text)) == [["a", "b"], *cells]


def test_lines_are_json(tmp_path: Path) -> None:
    with lines_writer(tmp_path / "o.jsonl") as write_row:
        write_row({"a": 1, "title": "灯"})
    assert json.loads((tmp_path / "o.jsonl").read_text(encoding="utf-8")) == {"a": 1, "title": "灯"}
