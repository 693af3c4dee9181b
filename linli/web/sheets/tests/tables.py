"""Small helps: tables as files, handed in as a browser does."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

REPORTS = ("原编号", "反映时间", "标题", "内容", "地址", "联系人", "联系电话")
NAME, PHONE = "赵明月", "13912345678"


def uploads() -> Any:
    """Rows of tables that were handed in."""
    return apps.get_model("intake", "Upload").objects


def people() -> Any:
    """Rows of accounts."""
    return apps.get_model("access", "Account").objects


def links() -> Any:
    """Rows of links to open accounts."""
    return apps.get_model("access", "Enrolment").objects


def book(*rows: Sequence[Any]) -> bytes:
    """A workbook of these rows."""
    made = Workbook()
    first = made.active
    assert first is not None
    for row in rows:
        first.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def report(number: object, text: str = "路口垃圾堆积，三天没人清", **cells: str) -> tuple[Any, ...]:
    """A row of reports."""
    return (
        number, cells.get("time", "2026-11-24 08:00"), cells.get("title", ""), text,
        cells.get("address", "桂花街道"), cells.get("name", NAME), cells.get("phone", PHONE),
    )  # fmt: skip


def send(client: Client, address: str, content: bytes, name: str = "table.xlsx", kind: str = "text/plain") -> Any:
    """Hand a file in."""
    return client.post(address, {"file": SimpleUploadedFile(name, content, content_type=kind)})


def rows_of(answer: Any) -> list[list[Any]]:
    """The first sheet of a workbook that was sent; nothing in it is a formula."""
    content = b"".join(answer.streaming_content)
    loaded = load_workbook(io.BytesIO(content))
    assert all(cell.data_type != "f" for sheet in loaded.worksheets for row in sheet.iter_rows() for cell in row)
    return [[cell.value for cell in row] for row in loaded.worksheets[0].iter_rows()]
