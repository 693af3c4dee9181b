"""The named receivers of the demo: twice a day they look into their queues, open what they must, and act.

Everything they open is written down first, with a reason that the reporter can read; nothing opened is kept here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from linli.cases.engine import take_step
from linli.cases.selectors import desk_view, queue_page
from linli.cases.voices import PartRequest, voice_open
from linli.demo.world import World
from linli.kernel.actors import ActorRef
from linli.kernel.errors import LinliError

_HOURS = (9, 14)
_PAGE = 200
_ROLES = frozenset({"seal_receiver", "handler", "head"})
_DISTRICT = 6


def receive(world: World, at: datetime, handled: set[int]) -> int:
    """Let every possible receiver look into the queue of what names them.

    Args:
        world: the city.
        at: now, aware UTC.
        handled: cases that were dealt with; grows.

    Returns:
        How many cases were dealt with.
    """
    done = 0
    for account, actor in world.staff.actors.items():
        if not any(
            h.role in _ROLES and (h.role == "seal_receiver" or len(h.place) <= _DISTRICT) for h in actor.holdings
        ):
            continue
        for row in queue_page(actor, "named", states=("received",), limit=_PAGE).rows:
            if row.case not in handled:
                handled.add(row.case)
                _deal(world, row.case, account, at + timedelta(minutes=3))
                done += 1
    return done


def is_hour(local: datetime) -> bool:
    """Whether receivers look at this tick (China Standard Time)."""
    return local.hour in _HOURS and local.minute == 0


def _deal(world: World, case: int, account: int, at: datetime) -> None:
    """Open the words of a sealed one and point to the lawful way; send a protected one to the receiver's own body."""
    actor, ref = world.staff.actor(account), ActorRef("person", account)
    dice = world.plan.chance("receiver", case)

    def fresh() -> UUID:
        return UUID(int=dice.getrandbits(128))

    view = desk_view(actor, case, at)
    sealed = view.compartment == "sealed"
    reason = dice.choice(world.phrases["open_reason"])
    try:
        for voice, _ in view.voices:
            asked = PartRequest(case, voice, "words" if sealed else "identity", reason)
            voice_open(asked, ref, request_id=fresh(), at=at)
            world.steps["open_part"] += 1
        step = "route_elsewhere" if sealed else "dispatch"
        form: dict[str, object] = {"organisation": actor.holdings[0].organisation}
        if sealed:
            form = {"route": "legal_route", "words": dice.choice(world.phrases["elsewhere"])}
        take_step(case, step, ref, form, request_id=fresh(), at=at + timedelta(minutes=2))
        world.steps[step] += 1
    except LinliError as error:
        world.refused[error.code] += 1
