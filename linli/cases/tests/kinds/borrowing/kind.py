"""A borrowing: which thing, how many."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from linli.cases.decide import Turn
from linli.cases.domain import Effects
from linli.cases.forms import Form, Words
from linli.cases.registry import handler


class Data(BaseModel):
    """What is borrowed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    thing: str = Field(pattern=r"^[a-z_]+$")


class Lend(Form):
    """How many, and in what state."""

    pieces: int = Field(gt=0)
    note: Words | None = None


@handler
def lend(turn: Turn, form: Lend) -> Effects:
    """The thing leaves the house."""
    return Effects(marks={"pieces": form.pieces})
