"""The sealed desk and the protected: one step takes the case away from everybody but its named receivers.

Source: Regulations on Petitioning Work (2022) art 30 and 46(5).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from linli.cases.domain import Effects, Mark, Notice, Send
from linli.cases.forms import DeskWords, Form, ReadBy
from linli.cases.registry import handler

if TYPE_CHECKING:
    from linli.cases.decide import Turn


class Seal(Form):
    """Which bodies the words accuse, where known; they and their line are kept away."""

    accused: list[int] = Field(default=[], max_length=10, description="Bodies.")
    people: Annotated[list[int], ReadBy("desk")] = Field(default=[], max_length=10, description="Accounts.")


class OpenPart(Form):
    """Which part is opened, and the reason, which the reporter will read."""

    what: Literal["identity", "words", "photos"]
    voice: int
    reason: DeskWords


@handler
def seal(turn: Turn, form: Seal) -> Effects:
    """This accuses somebody: bodies at work lose it, and so does whoever pressed the button."""
    return replace(
        close_to_receivers(turn, "sealed"),
        to=turn.case.state if turn.case.state in turn.step.reach else None,
        marks={"accused": sorted(set(form.accused)) or None},
    )


def close_to_receivers(turn: Turn, compartment: str) -> Effects:
    """Everybody's part ends and the named receivers' begins; without any, an administrator is told that there is none."""
    named = turn.bundle.receivers
    told = Notice(compartment, "receivers") if named else Notice("sealed_without_receiver", "administrator")
    return Effects(
        facts={"compartment": compartment, "candidates": ()},
        mark=tuple(Mark(one, "ended") for one in {b.organisation for b in turn.bundle.bodies if b.ended_at is None}),
        send=tuple(Send(one.organisation, "receiver", post=one.post, account=one.account) for one in named),
        notices=(told,),
    )


@handler
def open_part(turn: Turn, form: OpenPart) -> Effects:
    """Somebody opens a reporter's identity, words or photos: written down before it is shown."""
    return Effects(counts=("opened_parts",))
