"""Fills an installation with the small town and a morning's work on the street, as a worker's journey finds it.

Run as a process of its own, like `seed`; prints account names and passwords as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from linli.app import ready

# title, task, matter, hours ago, how far it is
WORK = (
    ("暴露垃圾", "桶满了，垃圾堆到地上；桂花苑东侧垃圾亭", "event.01.001", 30, "check"),
    ("道路破损", "路面有坑，电动车摔过；桂花路与桥头路路口东", "event.01.003", 1, "verify"),
    ("占道堆物", "楼道口堆杂物，挡住消防栓；桂花苑二幢", "event.01.002", 4, "check"),
    ("积存渣土", "渣土清运后去看一眼；桂花苑北墙外", "event.01.002", 2, "check"),
    ("垃圾堆积", "路口垃圾堆积，请清理", "event.01.002", 3, "sent"),
    ("路灯不亮", "桂花路中段路灯不亮", "event.04.008", 6, "sent"),
)


def main() -> None:
    """Make the town, its ground, passwords, and cases on their way; print who can sign in."""
    ready.django()
    ready.server()
    from linli.access.selectors import accounts, system_actor
    from linli.access.services import password_make
    from linli.cases.drafts import CaseDraft
    from linli.cases.engine import take_step
    from linli.cases.opening import open_cases
    from linli.kernel.actors import SYSTEM
    from linli.packs.selectors import snapshot_for
    from linli.places.domain import Located
    from tests.town import GRIDS, STREET, point_in, town_of

    now = datetime.now(UTC)
    town = town_of(now - timedelta(days=90))
    town.ground(now - timedelta(days=90))
    grid, (lon, lat) = GRIDS[0], point_in(GRIDS[0])

    def take(case: int, step: str, who: str, at: datetime, **form: Any) -> None:
        take_step(case, step, town.ref(who), form, request_id=uuid4(), at=at)

    numbers = {}
    for index, (title, task, matter, hours, stage) in enumerate(WORK):
        at = now - timedelta(hours=hours)
        draft = CaseDraft(
            kind="event",
            title=title,
            task_text=task,
            snapshot=snapshot_for(STREET, now),
            received_at=at,
            channel="worker",
            matter=matter,
            matter_by="given",
            located=Located(grid, grid[:12], grid[:9], grid[:6], 0),
            lon=lon + 0.0009 * index,
            lat=lat,
            flags=("to_verify",) if stage == "verify" else (),
        )
        (opened,) = open_cases([draft], SYSTEM, at=at)
        numbers[title] = opened.no
        if stage != "verify":
            body = town.lighting if title == "路灯不亮" else town.sanitation
            take(opened.case, "file_and_dispatch", "duan", at + timedelta(minutes=2), organisation=body)
        if stage == "check":
            take(opened.case, "sign", "han", at + timedelta(minutes=9))
            take(opened.case, "feed_back", "han", at + timedelta(minutes=40), result="solved", words="已经清走。")
    known = accounts()
    signing = {
        name: [known[town.people[name]].name, password_make(town.people[name], system_actor(), now)]
        for name in ("fang", "gu", "han", "mei", "duan")
    }
    json.dump({"people": signing, "cases": list(numbers.values()), "sanitation": town.sanitation}, sys.stdout)


if __name__ == "__main__":
    main()
