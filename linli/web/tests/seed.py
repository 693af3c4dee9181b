"""Fills an installation with the small town and a few cases, as the server process of a journey finds it.

Run as a process of its own, under the home of that installation: it prints account names and passwords as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

from linli.app import ready


def main() -> None:
    """Make the town, give some of its people passwords, open cases and print who can sign in."""
    ready.django()
    ready.server()
    from linli.access.selectors import accounts, system_actor
    from linli.access.services import password_make
    from linli.cases.drafts import CaseDraft, VoiceDraft
    from linli.cases.opening import open_cases
    from linli.kernel.actors import SYSTEM
    from linli.packs.selectors import snapshot_for
    from linli.places.domain import Located
    from tests.town import GRIDS, STREET, town_of

    at = datetime.now(UTC)
    town = town_of(at - timedelta(days=90))
    town.ground(at - timedelta(days=90))
    grid = GRIDS[0]
    snapshot = snapshot_for(STREET, at)
    voice = VoiceDraft(
        name="赵明月",
        phone="13912345678",
        address="桂花苑三栋402",
        original_title="我家楼下",
        original="我在阳台看见老鼠",
    )
    drafts = [
        CaseDraft(
            kind="request",
            title=title,
            task_text=f"{title}，请处理。",
            snapshot=snapshot,
            received_at=at - timedelta(hours=hours),
            channel="hotline",
            matter="event.01.002",
            matter_by="given",
            located=Located(grid, grid[:12], grid[:9], grid[:6], 0),
            voice=voice,
        )
        for hours, title in enumerate(("路口垃圾堆积", "桶满了，垃圾堆到地上", "渣土挡住人行道"), 1)
    ]
    opened = open_cases(drafts, SYSTEM, at=at)
    known = accounts()
    people = {name: town.people[name] for name in ("duan", "han", "he", "beth")}
    signing = {name: [known[id_].name, password_make(id_, system_actor(), at)] for name, id_ in people.items()}
    json.dump({"people": signing, "cases": [one.no for one in opened], "sanitation": town.sanitation}, sys.stdout)


if __name__ == "__main__":
    main()
