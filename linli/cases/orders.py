"""A case behind a body's order: found by the secret, read as that body reads it, and changed only by `take_step`.

Is: the one way in without an account. Is not: a page of the case as colleagues see it: voices, those alike and what others
wrote stay out. A wrong secret, an order that is over and a case that has moved on are one answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from linli.access.domain import Order
from linli.access.orders import OrderUse, order_of, orders_issued
from linli.cases.byorder import holding_by_order, orders_held
from linli.cases.decide import denial
from linli.cases.deskcase import CaseFile, case_file
from linli.cases.domain import CaseFacts
from linli.cases.reading import read_unlocked
from linli.cases.relations import NOT_SEEN, may_read
from linli.cases.views import Moment
from linli.kernel.actors import SYSTEM, Actor, ActorRef


@dataclass(frozen=True, slots=True)
class OrderFile:
    """What the holder of an order may have before them.

    Attributes:
        actor: the body, for this case alone.
        file: the case; a template takes from it the number, title, task, place, limits and steps.
        own: what this body did in the case, the newest first.
    """

    order: Order
    actor: Actor
    file: CaseFile
    own: tuple[Moment, ...]


def access_order(secret: str, at: datetime) -> OrderFile:
    """The case behind a link or a code.

    Args:
        secret: as it came.
        at: aware UTC.

    Raises:
        NotFoundError: a wrong secret, an order that is over, withdrawn or replaced, a case that left the body or is closed.
    """
    order = order_of(secret, at)
    bundle = read_unlocked(order.case, Actor(SYSTEM)) if order is not None else None
    if order is None or bundle is None:
        raise denial(NOT_SEEN)
    holdings = holding_by_order(bundle.case, order, at)
    actor = Actor(ActorRef("order", order=order.id), holdings=holdings)
    if not holdings or not may_read(replace(bundle, actor=actor)):
        raise denial(NOT_SEEN)
    file = case_file(actor, bundle.case.no, at)
    own = tuple(one for one in reversed(file.moments) if one.organisation == order.organisation and one.step != "open")
    return OrderFile(order, actor, file, own)


def orders_out(facts: CaseFacts) -> list[OrderUse]:
    """The orders of a case that hold, for the desk that issued them: of whom, until when, used how often."""
    held = orders_held(facts.marks)
    found = orders_issued(facts.id, list(held.values()))
    return [one for one in found if held.get(str(one.order.organisation)) == one.order.entry]
