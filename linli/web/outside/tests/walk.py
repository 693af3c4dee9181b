"""What a walk finds of orders: one that its body can work with, and one that its body has signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from linli.access.orders import order_of
from linli.cases.drafts import CaseDraft, VoiceDraft
from linli.cases.engine import take_step
from linli.cases.opening import open_cases
from linli.kernel.actors import SYSTEM, ActorRef
from linli.packs.selectors import snapshot_for
from linli.places.domain import Located
from tests.town import GRIDS, STREET, Town


def fill(town: Town, at: datetime) -> list[str]:
    """Send two cases to the property firm and make an order for each.

    Args:
        town: with its ground.
        at: now.

    Returns:
        Paths that no page links to.
    """
    paths = []
    for number, title in enumerate(("小区水管漏水", "单元门锁坏了")):
        order = _order(town, title, at)
        if number:
            found = order_of(order, at)
            assert found is not None
            take_step(found.case, "sign", ActorRef("order", order=found.id), {}, request_id=uuid4(), at=at)
        paths.append(f"/o/{order}")
    return paths


def _order(town: Town, title: str, at: datetime) -> str:
    grid, sent = GRIDS[0], at - timedelta(hours=2)
    draft = CaseDraft(
        kind="request",
        title=title,
        task_text=f"{title}，请修。",
        snapshot=snapshot_for(STREET, at),
        received_at=at - timedelta(hours=3),
        channel="hotline",
        matter="event.01.002",
        matter_by="given",
        located=Located(grid, grid[:12], grid[:9], grid[:6], 0),
        voice=VoiceDraft(name="钱晓", phone="13700001234", address="桂花苑五幢", original_title=title, original=title),
    )
    (opened,) = open_cases([draft], SYSTEM, at=at - timedelta(hours=3))
    desk = ActorRef("person", town.people["duan"])
    take_step(opened.case, "dispatch", desk, {"organisation": town.property}, request_id=uuid4(), at=sent)
    given = {"at_work": town.property, "made_as": "link"}
    return take_step(opened.case, "issue_order", desk, given, request_id=uuid4(), at=sent).order
