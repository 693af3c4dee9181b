"""What the headings of a table mean: each column under its Chinese, English and machine name. Pure.

Is: the columns of `linli intake import` as offices write them. A heading on no list is left alone and said to be so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SIDE = re.compile(r"[(（【\[].*?[)）】\]]|[*＊:：\s_\-]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for machines, and its headings; the first of each language is the one we write."""

    name: str
    zh: tuple[str, ...]
    en: tuple[str, ...]


REPORTS: tuple[Column, ...] = (
    Column("external_id", ("原编号", "编号", "工单编号", "工单号", "流水号", "外部编号"), ("Number", "External ID", "Case number", "No")),
    Column("reported_at", ("反映时间", "时间", "受理时间", "来电时间", "登记时间"), ("Reported at", "Time", "Date", "Reported")),
    Column("title", ("标题", "诉求标题", "工单标题"), ("Title", "Subject")),
    Column("text", ("内容", "反映内容", "诉求内容", "工单内容", "描述", "问题描述"), ("Text", "Words", "Description", "Content")),
    Column("lon", ("经度",), ("Longitude", "Lon", "Lng")),
    Column("lat", ("纬度",), ("Latitude", "Lat")),
    Column("crs", ("坐标系", "坐标系统"), ("Coordinates", "CRS", "Coordinate system")),
    Column("address", ("地址", "地点", "事发地址", "事发地点", "问题地址"), ("Address", "Place", "Location")),
    Column("contact_name", ("联系人", "姓名", "称呼", "来电人", "反映人"), ("Contact", "Contact name", "Name")),
    Column("contact_phone", ("联系电话", "电话", "手机", "手机号", "来电号码"), ("Phone", "Contact phone", "Telephone", "Mobile")),
    Column("matter", ("事项编码", "事项", "事项代码", "类别编码"), ("Matter", "Matter code", "Code")),
)  # fmt: skip
"""Columns of a table of reports, in the order of the template."""

ACCOUNTS: tuple[Column, ...] = (
    Column("display_name", ("姓名", "名字"), ("Name", "Full name", "Display name")),
    Column("account", ("账号", "登录名", "帐号"), ("Account", "Login", "User name")),
    Column("organisation", ("单位", "所在单位", "单位名称"), ("Body", "Organisation", "Organization")),
    Column("role", ("岗位", "职务", "角色"), ("Post", "Role")),
    Column("place", ("负责地方", "地方", "区划", "网格", "辖区"), ("Place", "Area", "Grid")),
    Column("from", ("起始日期", "从哪天起", "开始日期", "起"), ("From", "Since", "Start")),
    Column("until", ("截止日期", "到哪天止", "结束日期", "止"), ("Until", "To", "End")),
)  # fmt: skip
"""Columns of a table of accounts."""

REASON = Column("reason", ("哪里不对",), ("What is wrong",))
"""The column that a table of wrong rows gets; read again, it is passed over."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Which column stands where.

    Attributes:
        places: column's name -> index.
        unknown: indexes of headings that are on no list.
        twice: names of columns that two headings name, with the indexes.
    """

    places: Mapping[str, int]
    unknown: tuple[int, ...]
    twice: Mapping[str, tuple[int, ...]]


def matched(head: Sequence[str], columns: Sequence[Column]) -> Matched:
    """Find the columns under their headings.

    Args:
        head: as written.
        columns: that are known.
    """
    named = _by_name(columns)
    found: dict[str, list[int]] = {}
    unknown = []
    for index, heading in enumerate(head):
        plain = _plain(heading)
        name = named.get(plain)
        if name:
            found.setdefault(name, []).append(index)
        elif plain and plain not in _by_name((REASON,)):
            unknown.append(index)
    twice = {name: tuple(places) for name, places in found.items() if len(places) > 1}
    return Matched({name: places[0] for name, places in found.items()}, tuple(unknown), twice)


def names_any(cells: Sequence[str], columns: Sequence[Column], wanted: Sequence[str]) -> bool:
    """Whether a row is one of headings: it names at least one of the wanted columns."""
    named = _by_name(columns)
    return any(named.get(_plain(cell)) in wanted for cell in cells)


def _by_name(columns: Sequence[Column]) -> dict[str, str]:
    return {_plain(heading): one.name for one in columns for heading in (one.name, *one.zh, *one.en)}


def _plain(heading: str) -> str:
    """A heading without what people put around it: 「电话（必填）*」 is 电话."""
    return _SIDE.sub("", unicodedata.normalize("NFKC", heading)).lower()
