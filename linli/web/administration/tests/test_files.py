"""Places and bodies as Excel files: what was asked for first, then the rows, the same that the lists show."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linli.web.administration import files
from linli.web.base import listfile
from linli.web.conftest import SignedIn
from linli.web.tests.books import sheets_of
from tests.town import OSMANTHUS, STREET, Town


@pytest.fixture
def adam(town: Town, signed_in: SignedIn) -> Client:
    town.ground()
    return signed_in("adam")


def test_every_place_below_the_one_that_is_shown_is_in_the_file(adam: Client) -> None:
    page = adam.get(f"/admin/places?under={STREET}").content.decode()
    assert f"/admin/places.xlsx?under={STREET}" in page
    told, rows = sheets_of(adam.get(f"/admin/places.xlsx?under={STREET}"))
    assert rows[0] == ["区划代码", "名称", "层级", "从哪天起"]
    codes = [row[0] for row in rows[1:]]
    assert OSMANTHUS in codes
    assert all(code.startswith(STREET) and code != STREET for code in codes)
    assert {row[2] for row in rows[1:]} == {"社区", "网格"}
    assert ["区划", len(codes)] in told
    assert told[0][0] == "导出人岗位"
    assert any(STREET in str(line[1]) for line in told)
    everywhere = sheets_of(adam.get("/admin/places.xlsx"))[1]
    assert len(everywhere) > len(rows)
    assert adam.get("/admin/places.xlsx?under=999999").status_code == 404


def test_bodies_are_those_of_the_filter_and_say_what_was_asked(
    town: Town, adam: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PAGE", 2)
    told, rows = sheets_of(adam.get(f"/admin/organisations.xlsx?place={STREET}&q=桂花&on=2026-11-20&lang=en"))
    assert rows[0] == ["Name", "Place", "Code of a place", "Code"]
    assert ["Words", "桂花"] in told
    assert ["As it stood on", "2026-11-20"] in told
    assert len(rows) > 1 + 2
    assert all("桂花" in row[0] and row[2].startswith(STREET) for row in rows[1:])
    page = adam.get(f"/admin/organisations?place={STREET}&q=桂花").content.decode()
    assert [row[0] for row in rows[1:] if row[0] not in page] == []


def test_a_file_holds_no_more_than_the_pack_lets_it_and_says_so(adam: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(files, "rows_most", lambda at: 3)
    for path in ("/admin/places.xlsx", "/admin/organisations.xlsx"):
        told, rows = sheets_of(adam.get(path))
        assert len(rows) == 1 + 3
        assert ["还有更多，请缩小筛选范围。", None] in told
    assert listfile.ROWS_MOST.key == "sheets.file_rows_most"
