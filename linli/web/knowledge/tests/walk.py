"""Answers for the walk over all pages: one that many ask, one that ends, one not looked at for long, and what desks say."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.knowledge.domain import EntryDraft
from linli.knowledge.reporting import report_missing, report_wrong
from linli.knowledge.services import entry_change, entry_open
from tests.town import STREET, Town


def fill(town: Town, at: datetime) -> list[str]:
    """Write answers of the first street's desk; say that one is wrong and that one is missing."""
    head, desk = town.actor("he", at), town.actor("hong", at)
    lamp = EntryDraft(
        ("路灯不亮找谁修", "小区门口的灯坏了"), "路灯由照明站修，一般三天内修好。", town.street_desk, "照明条例"
    )
    entry = entry_open("lamp", STREET, lamp, head, at - timedelta(days=300))
    entry_change(
        entry,
        EntryDraft(lamp.questions, "打照明热线，三天内修好。\n小区里面的灯由物业修。", lamp.owner),
        head,
        at - timedelta(days=200),
    )
    heat = EntryDraft(
        ("高温天哪里能纳凉",),
        "各社区活动室白天都开着空调，随时可以来。",
        town.street_desk,
        until=at + timedelta(days=9),
    )
    entry_open("heat", STREET, heat, head, at - timedelta(days=20))
    report_wrong(entry, "热线换了号码", desk, at - timedelta(hours=3))
    report_missing("电梯年检找谁", "问了三次了", "", desk, at - timedelta(hours=2))
    return ["/desk/answers?q=路灯", "/desk/answers?q=拆迁"]
