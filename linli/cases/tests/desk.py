"""Cases for tests: rules compiled once a process and stored, drafts in one line, steps in one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from linli.cases.drafts import CaseDraft, Opened, StepResult, VoiceDraft
from linli.cases.engine import take_step
from linli.cases.opening import open_cases
from linli.kernel.actors import SYSTEM, ActorRef
from linli.packs.services import publish
from linli.places.domain import Located
from linli.routing.domain import Route
from linli.rules.compiler import compile_pack
from linli.rules.snapshot import Snapshot
from tests.town import AT, FOUNDED, GRIDS, Town

PACKS = Path(__file__).parents[3] / "packs"
LAMP = "event.04.008"


@cache
def rules() -> Snapshot:
    """The national pack, with the values that may refuse confirmed."""
    return compile_pack(Path(__file__).parent / "packs", "confirmed", [PACKS])


@cache
def uncertain_rules() -> Snapshot:
    """The national pack as it is: some of its values are uncertain."""
    return compile_pack(PACKS, "national")


def published() -> Snapshot:
    """Both sets of rules stored, the confirmed ones live."""
    publish(uncertain_rules(), SYSTEM, FOUNDED)
    publish(rules(), SYSTEM, FOUNDED + timedelta(days=1), replaces="national")
    return rules()


def in_grid(grid: str = GRIDS[0]) -> Located:
    """A point inside a grid."""
    return Located(grid, grid[:12], grid[:9], grid[:6], 0)


def route_to(organisation: int | None, role: str = "duty.sanitation") -> Route:
    """A route that a row gave."""
    return Route(organisation, role, "", "route.test", {}, (), False, "row", rules().hash)


VOICE = VoiceDraft(
    name="赵明月",
    phone="13912345678",
    address="桂花苑三栋402",
    original_title="我家楼下",
    original="我昨晚八点在阳台看见老鼠乱窜",
)


def draft(**changes: Any) -> CaseDraft:
    """A request about rubbish in the first grid, with a voice."""
    known: dict[str, Any] = {
        "kind": "request",
        "title": "垃圾堆积",
        "task_text": "路口垃圾堆积，请清理。",
        "snapshot": rules(),
        "received_at": AT,
        "channel": "hotline",
        "matter": "event.01.002",
        "matter_by": "given",
        "located": in_grid(),
        "voice": VOICE,
    }
    return CaseDraft(**{**known, **changes})


def open_one(actor: ActorRef = SYSTEM, at: datetime = AT, **changes: Any) -> Opened:
    """Open one case."""
    return open_cases([draft(**changes)], actor, at=at)[0]


def take(case: int, step: str, actor: ActorRef, at: datetime = AT, **form: Any) -> StepResult:
    """Take a step under a fresh request id."""
    return take_step(case, step, actor, form, request_id=uuid4(), at=at)


def later(**parts: int) -> datetime:
    """So long after AT."""
    return AT + timedelta(**parts)


def in_hand(town: Town, **changes: Any) -> Opened:
    """A case that the sanitation team has in hand."""
    opened = open_one(**changes)
    take(opened.case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.sanitation)
    take(opened.case, "sign", town.ref("han"), later(minutes=10))
    take(opened.case, "begin", town.ref("han"), later(minutes=15))
    return opened


__all__ = ["AT", "UTC", "draft", "in_grid", "in_hand", "later", "open_one", "published", "route_to", "rules", "take"]
