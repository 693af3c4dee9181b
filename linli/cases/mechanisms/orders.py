"""Orders for bodies that have no account: issued by the desk for one body at work, withdrawn by it.

A closed compartment goes on no paper and behind no link.

Source: PEOPLE of packs/national/sources.yaml: the reporter is never part of the order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from linli.cases.byorder import ORDERS, orders_held
from linli.cases.domain import Effects, OrderGrant
from linli.cases.forms import Form
from linli.cases.registry import handler
from linli.kernel.errors import ConflictError, InputError, RefusedError
from linli.kernel.worktime import due

if TYPE_CHECKING:
    from linli.cases.decide import Turn

VALID_FOR = "orders.valid_for"


class IssueOrder(Form):
    """For which body at work, and whether it gets a link to be sent or a sheet to be printed."""

    at_work: int
    made_as: Literal["paper", "link"]


class WithdrawOrder(Form):
    """Which body's order ends."""

    at_work: int


@handler
def issue_order(turn: Turn, form: IssueOrder) -> Effects:
    """One order a body: a new one ends the one before.

    Raises:
        RefusedError: the case lies in a closed compartment.
        InputError: that body is not at work on it.
    """
    if turn.case.compartment != "open":
        raise RefusedError("Nothing of a closed compartment goes on paper or behind a link.", code="case.order_closed")
    if turn.bundle.body(form.at_work) is None:
        raise InputError(
            "That body is not at work on this case.", code="case.form", data={"fields": {"at_work": "unknown"}}
        )
    until = due(turn.rules.table, turn.at, turn.rules.limit(VALID_FOR))
    held = {**orders_held(turn.case.marks), str(form.at_work): turn.bundle.head_seq + 1}
    return Effects(marks={ORDERS: held}, order=OrderGrant(form.at_work, form.made_as, until))


@handler
def withdraw_order(turn: Turn, form: WithdrawOrder) -> Effects:
    """The order opens nothing from now on.

    Raises:
        ConflictError: the body has none.
    """
    held = dict(orders_held(turn.case.marks))
    if held.pop(str(form.at_work), None) is None:
        raise ConflictError("That body has no order any more.", code="case.no_order")
    return Effects(marks={ORDERS: held or None})
