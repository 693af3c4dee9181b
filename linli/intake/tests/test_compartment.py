"""Planted markers of a reporter stay in the compartment: no case column, log entry, outbox row or log line holds them."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from linli.intake.tests.conftest import TakeIn, row
from tests.town import AT, Town

NAME, PHONE, HOME = "慕容秋白", "13987654321", "景明佳园七栋二单元901"
PHRASE = "跟拖拉机开进被窝一样"
MARKERS = (NAME, PHONE, HOME, "七栋", "景明佳园", PHRASE, "拖拉机", "被窝")
KINDS = {
    "plain": "路口垃圾桶满了没人清运",
    "sealed": "社区主任收了好处",
    "protected": "老公打我不敢回家",
    "unclassed": "请帮忙看看",
    "danger": "电线掉下来了，漏电",
}
HIDING = ("journal_personal",)


@pytest.mark.parametrize("kind", KINDS)
def test_no_table_but_the_encrypted_parts_can_be_read_for_a_marker(
    kind: str, take_in: TakeIn, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"我叫{NAME}，住在{HOME}，电话{PHONE}。昨晚11点半我家楼下{PHRASE}。{KINDS[kind]}"
    (line,) = take_in(row(title=f"{NAME}反映", text=text, contact_name=NAME, contact_phone=PHONE, address=HOME))
    told = json.dumps(line, ensure_ascii=False, default=str) + capsys.readouterr().out + capsys.readouterr().err
    assert not [marker for marker in MARKERS if marker in told]
    for table in _tables():
        kept = _contents(table)
        assert not [marker for marker in MARKERS if marker in kept], table


@pytest.mark.parametrize("bad", ["lon", "reported_at", "matter", "crs"])
def test_errors_never_repeat_a_cell(bad: str, take_in: TakeIn) -> None:
    (line,) = take_in(row(**{bad: f"{NAME}{PHONE}"}))
    assert not [marker for marker in MARKERS if marker in json.dumps(line, ensure_ascii=False, default=str)]


def test_a_sketch_holds_no_word(take_in: TakeIn) -> None:
    take_in(row())
    with connection.cursor() as cursor:
        cursor.execute("SELECT made_at, marks FROM intake_sketch")
        ((made_at, marks),) = cursor.fetchall()
    assert made_at == AT
    assert all(isinstance(mark, int) for mark in marks)


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name not in HIDING]


def _contents(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t")
        return str(cursor.fetchone()[0])
