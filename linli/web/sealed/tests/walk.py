"""What a walk finds of the sealed desk: an accusation that waits for its receiver."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from linli.cases.drafts import CaseDraft, VoiceDraft
from linli.cases.opening import open_cases
from linli.kernel.actors import SYSTEM
from linli.packs.selectors import snapshot_for
from linli.places.domain import Located
from tests.town import GRIDS, STREET, Town

TITLE, TASK = "反映工作人员收钱", "环卫所一名工作人员收了商贩的钱"


def fill(town: Town, at: datetime) -> list[str]:
    """Open one against the sanitation team.

    Args:
        town: whose people receive it.
        at: now.

    Returns:
        Where it is read.
    """
    grid = GRIDS[0]
    draft = CaseDraft(
        kind="request",
        title=TITLE,
        task_text=TASK,
        snapshot=snapshot_for(STREET, at),
        received_at=at - timedelta(hours=6),
        channel="hotline",
        matter=None,
        compartment="sealed",
        accused=(town.sanitation,),
        located=Located(grid, grid[:12], grid[:9], grid[:6], 0),
        voice=VoiceDraft(name="孙一", phone="13600001234", original_title=TITLE, original=TASK),
    )
    (opened,) = open_cases([draft], SYSTEM, at=at - timedelta(hours=6))
    return [reverse("sealed_open", args=[str(opened.no)])]
