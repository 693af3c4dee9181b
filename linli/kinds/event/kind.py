"""An event (事件): something found in public space by a grid worker, or reported and verified. Its facts and two steps.

Source: GB/T 30428.8, seven links.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from linli.cases.domain import Effects, Mark, Send
from linli.cases.forms import Form, Words
from linli.cases.mechanisms.checking import Reply, reply
from linli.cases.registry import handler

if TYPE_CHECKING:
    from linli.cases.decide import Turn


class Data(BaseModel):
    """What an event holds beside the columns of every case."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    found_by: Literal["grid_worker", "resident", "sensor", "other"] = "grid_worker"
    component: str = Field(default="", max_length=18, description="Mark of the component, where it is about one.")
    evidence: tuple[int, ...] = Field(default=(), max_length=20, description="Ids of the finder's photos.")


class Verify(Form):
    """What was seen on the spot."""

    true: bool
    note: Words | None = None
    evidence: list[int] = Field(default=[], max_length=20, description="Ids of stored evidence.")


class OnTheSpot(Form):
    """Done there and then: what was done."""

    note: Words
    evidence: list[int] = Field(default=[], max_length=20)


@handler
def verify(turn: Turn, form: Verify) -> Effects:
    """Seen: it goes on to be filed. Not there: it ends as untrue."""
    return Effects(to=None if form.true else "untrue", stop=("verify",), start=("file",) if form.true else ())


@handler
def feed_back(turn: Turn, form: Reply) -> Effects:
    """The result: checked on site, by the evidence, or only where it is drawn, as the matter says."""
    done = reply(turn, form)
    return replace(done, to={"reviewing": "reviewing", "closed": "closed"}.get(done.to or ""))


@handler
def done_on_the_spot(turn: Turn, form: OnTheSpot) -> Effects:
    """The finder's own unit did it at once: one step, one entry, nothing left to send."""
    holding = turn.standing.holding
    if holding is None:
        return Effects()
    return Effects(
        facts={"result": "solved"},
        send=(Send(holding.organisation),),
        mark=(Mark(holding.organisation, "done"),),
        counts=("on_the_spot",),
    )
