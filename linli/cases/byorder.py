"""What a body's order is worth in a case: pure. The case itself says which orders hold, so its log does too.

An order holds while the case's marks name it: issuing writes the mark, withdrawing takes it away, and so does every step
after which that part of the body is over, or the case is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import cast

from linli.access.domain import Order
from linli.cases.domain import CaseFacts
from linli.kernel.actors import Holding

ORDERS = "orders"
"""Mark of a case: organisation (as text) -> number of the entry that issued the order that holds."""
ORDER_ROLE = "order"
"""Role in which the holder of an order stands for the body: a post of nobody, seeing no place."""
NO_POST = 0
WITHDRAWS = "withdraw_order"
"""Handler of the step that takes an order back."""


def orders_held(marks: Mapping[str, object]) -> Mapping[str, int]:
    """The orders that hold, by body."""
    found = marks.get(ORDERS)
    return cast("Mapping[str, int]", found) if isinstance(found, Mapping) else {}


def holding_by_order(case: CaseFacts, order: Order | None, at: datetime) -> tuple[Holding, ...]:
    """How the holder of an order stands: in place of a member of that body, in that case, or not at all.

    Args:
        case: as it stands.
        order: what the secret led to.
        at: aware UTC.
    """
    if order is None or order.case != case.id or order.expires_at <= at or case.compartment != "open":
        return ()
    if orders_held(case.marks).get(str(order.organisation)) != order.entry:
        return ()
    return (Holding(NO_POST, ORDER_ROLE, order.organisation, ""),)


def orders_left(marks: Mapping[str, object], staying: Collection[int], *, ended: bool) -> Mapping[str, object]:
    """The change of marks after which only orders of bodies still at work are named; empty for no change.

    Args:
        marks: of the case, as the step leaves them.
        staying: bodies whose part began before the step and goes on after it.
        ended: whether the step ends the case.
    """
    held = orders_held(marks)
    left = {} if ended else {body: entry for body, entry in held.items() if int(body) in staying}
    return {ORDERS: left or None} if left != held else {}
