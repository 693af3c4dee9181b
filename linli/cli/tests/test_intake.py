"""`linli intake import` on files as offices send them: encodings, gzip, junk, and the same file twice."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from linli.cli import intake, output
from linli.intake.reports import COLUMNS
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import InputError
from linli.packs.services import publish
from linli.rules.compiler import compile_pack
from tests.town import AT, FOUNDED, GRIDS, point_in, town_of

PACKS = Path(__file__).parents[3] / "packs"
LON, LAT = map(str, point_in(GRIDS[0]))
PLANTED = "慕容秋白13987654321"


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(compile_pack(PACKS, "national"), SYSTEM, FOUNDED)
    town_of().ground()
    monkeypatch.setattr(output, "now", lambda: AT)


def cells(number: str, text: str = "路口垃圾桶满了，垃圾车不来，没人清运", **more: str) -> dict[str, str]:
    known = {"external_id": number, "reported_at": "2026/11/23 8:05", "text": text, "lon": LON, "lat": LAT}
    return {**dict.fromkeys(COLUMNS, ""), **known, **more}


def table(rows: Iterable[Mapping[str, str]], columns: Iterable[str] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def run(file: Path, *more: str) -> tuple[Result, list[dict[str, Any]]]:
    out = file.with_suffix(".jsonl")
    done = CliRunner().invoke(
        intake.intake, ["import", str(file), "--channel", "hotline", "--out", str(out), "--json", *more]
    )
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    return done, [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gzip", "crlf"],
)  # fmt: skip
def test_files_of_every_make(encoding: str, desk: None, tmp_path: Path) -> None:
    text = table([cells("A"), cells("B", '第一行\n第二行，路灯不亮，"引号"')])
    file = tmp_path / "a file.csv"
    if encoding == "gzip":
        file.write_bytes(gzip.compress(text.encode()))
    elif encoding == "crlf":
        file.write_bytes(text.replace("\n", "\r\n").encode())
    else:
        file.write_text(text, encoding=encoding, newline="")
    done, lines = run(file)
    assert done.exit_code == 0, done.output
    assert [line["status"] for line in lines] == ["accepted", "accepted"]
    assert lines[0]["grid"] == GRIDS[0]
    _, again = run(file)
    assert [line["status"] for line in again] == ["known", "known"]
    assert [line["case"] for line in again] == [line["case"] for line in lines]


def test_one_line_for_each_row_in_order_whatever_is_in_it(desk: None, tmp_path: Path) -> None:
    rows = [
        cells("plain"), cells("nul", "垃圾\x00没人清"), cells("huge", "垃圾没人清运。" * 150_000), cells("empty", ""),
        cells("plain"), cells("emoji", "😡😡😡"), cells("rtl", "الماء مقطوع منذ يومين"), cells("sealed", "社区主任收了好处"),
        cells("nowhere", lon="", lat=""), cells("far", lon="2.35", lat="48.85"), cells("nan", lon="nan", lat="nan"),
    ]  # fmt: skip
    file = tmp_path / "r.csv"
    file.write_text(table(rows), encoding="utf-8")
    done, lines = run(file)
    assert done.exit_code == 0
    assert [line["external_id"] for line in lines] == [row["external_id"] for row in rows]
    statuses = {line["external_id"]: line["status"] for line in lines[5:]}
    assert statuses == {
        "emoji": "refused", "rtl": "accepted", "sealed": "sealed", "nowhere": "accepted", "far": "accepted", "nan": "accepted",
    }  # fmt: skip
    assert [line["status"] for line in lines[:5]] == ["accepted", "accepted", "accepted", "refused", "known"]
    assert "cut" in lines[2]["flags"]
    assert "cleaned" in lines[1]["flags"]
    summary = json.loads(done.output)
    assert summary["rows"] == len(rows)
    assert summary["statuses"] == {"accepted": 7, "refused": 2, "known": 1, "sealed": 1}
    assert [one["row"] for one in summary["refused"]] == [4, 6]


def test_missing_columns_and_crooked_rows_are_taken(desk: None, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("external_id,text\nA,路灯不亮\nB\nC,路灯不亮,多出来的\n\n", encoding="utf-8")
    done, lines = run(file)
    assert done.exit_code == 0
    assert [line["status"] for line in lines] == ["accepted", "refused", "accepted"]
    assert "to_locate" in lines[0]["flags"]
    assert "time_unsure" in lines[0]["flags"]
    assert lines[2]["errors"]


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "", "external_id,lon\nA,1\n"])
def test_another_table_is_refused_with_its_columns(content: str, desk: None, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(content, encoding="utf-8")
    done, lines = run(file)
    assert lines == []
    if content:
        assert isinstance(done.exception, InputError)
        assert "title" in done.exception.message


def test_nothing_that_could_be_done_ends_with_one(desk: None, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(table([cells("A", "😡"), cells("B", "")]), encoding="utf-8")
    done, lines = run(file)
    assert done.exit_code == 1
    assert [line["status"] for line in lines] == ["refused", "refused"]


def test_a_broken_gzip_keeps_what_was_answered(desk: None, tmp_path: Path) -> None:
    file = tmp_path / "r.csv.gz"
    file.write_bytes(gzip.compress(table([cells(str(n)) for n in range(900)]).encode())[:-40])
    done, _ = run(file)
    assert isinstance(done.exception, InputError)


@pytest.mark.parametrize("column", COLUMNS)
def test_neither_summary_nor_errors_hold_a_cell(column: str, desk: None, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(table([cells("A", "路灯不亮") | {column: PLANTED}]), encoding="utf-8")
    done, lines = run(file)
    told = done.output + json.dumps([{**line, "external_id": ""} for line in lines], ensure_ascii=False)
    assert "13987654321" not in told
    assert "慕容" not in told


def test_tables_for_people(desk: None, tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(table([cells("A"), cells("B", "")]), encoding="utf-8")
    done = CliRunner().invoke(intake.intake, ["import", str(file)])
    assert done.exit_code == 0
    assert "accepted" in done.output
    assert "no words" in done.output
