"""Receiving a closed case: opening it with a reason, and naming who receives it where nobody can or somebody hands it on.

Source: Regulations on Petitioning Work (2022) art 28, 30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from linli.cases.domain import Body, Effects, Mark, Notice, Receiver, Send
from linli.cases.forms import DeskWords, Form
from linli.cases.registry import handler
from linli.kernel.errors import InputError, RefusedError

if TYPE_CHECKING:
    from linli.cases.decide import Turn


class LookIn(Form):
    """Why a receiver opens a sealed case; it stays in the log."""

    reason: DeskWords


class NameReceiver(Form):
    """Who receives the case from now on: one of those whom the rule names today. A protected case goes to posts."""

    account: int | None = Field(default=None, description="Account of one of the receivers of today.")


@handler
def name_receiver(turn: Turn, form: NameReceiver) -> Effects:
    """A receiver hands the case on, or one whom the rule names today takes up what nobody can receive any more.

    Raises:
        InputError: the account is none of the receivers of today.
        RefusedError: that person receives it already, or the rule names nobody today.
    """
    found = _chosen(turn, form)
    before = tuple(_receiver(b) for b in turn.bundle.bodies if b.role == "receiver" and b.ended_at is None)
    fresh = tuple(one for one in found if one not in before)
    if not fresh:
        raise RefusedError("They receive this case already.", code="case.receiver_there")
    ended = before if turn.standing.relation == "next_line" else tuple(one for one in before if _is_own(turn, one))
    return Effects(
        mark=tuple(Mark(one.organisation, "ended", receiver=one) for one in ended),
        send=tuple(Send(one.organisation, "receiver", post=one.post, account=one.account) for one in fresh),
        notices=(Notice(turn.case.compartment, "receivers"),),
    )


def _chosen(turn: Turn, form: NameReceiver) -> tuple[Receiver, ...]:
    named = turn.bundle.receivers
    if turn.case.compartment == "protected":
        if not named:
            raise RefusedError("No post receives this matter today.", code="case.no_receiver")
        return named
    found = tuple(one for one in named if one.account is not None and one.account == form.account)
    if not found:
        mistake = "missing" if form.account is None else "unknown"
        raise InputError("No such receiver.", code="case.form", data={"fields": {"account": mistake}})
    return found


def _receiver(body: Body) -> Receiver:
    return Receiver(body.organisation, body.post, body.account)


def _is_own(turn: Turn, one: Receiver) -> bool:
    holding, account = turn.standing.holding, turn.bundle.actor.ref.account
    if holding is None or one.organisation != holding.organisation:
        return False
    return one.account == account if one.account is not None else one.post == holding.post
