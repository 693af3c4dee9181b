"""The mark of a state and of a time: a shape of the sprite, a colour, and the word that always follows.

The shape of a state comes from its stage in the procedure: a new kind of case has marks for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.cases.procedures.procedure import Procedure
from linli.web.base.words import left_words, titled

_SHAPES: Mapping[str, tuple[str, str]] = {
    "received": ("s-new", ""),
    "sent": ("s-sent", ""),
    "in_hand": ("s-go", "go"),
    "on_hold": ("s-hold", "hold"),
    "check": ("s-check", "go"),
    "done": ("s-done", ""),
    "over": ("s-void", ""),
}
_REDONE = ("s-redo", "warn")
_CONTESTED = ("s-swap", "hold")


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape of the sprite, the class of its colour, and the word beside it."""

    shape: str
    tone: str
    word: str


def state_mark(procedure: Procedure, state: str, *, redone: bool = False) -> Mark:
    """The mark of a state of a procedure.

    Args:
        procedure: that of the case's kind and rules.
        state: where the case stands.
        redone: the work is being done again.
    """
    stage = procedure.stages[state]
    shape, tone = _SHAPES[stage]
    if stage == "sent" and _is_contested(procedure, state):
        shape, tone = _CONTESTED
    elif redone and stage == "in_hand":
        shape, tone = _REDONE
    return Mark(shape, tone, titled(procedure.titles[f"state.{state}"]))


def _is_contested(procedure: Procedure, state: str) -> bool:
    """Whether a body has given the case back: nobody in it can sign, and somebody must send it anew."""
    leaving = [step for step in procedure.steps.values() if state in step.leaves]
    signs = any("sign" in step.clocks.stop for step in leaving)
    sends = any("sign" in step.clocks.start for step in leaving)
    return sends and not signs


def public_mark(procedure: Procedure, state: str) -> Mark:
    """The same as a resident reads it."""
    shape, tone = _SHAPES[procedure.stages[state]]
    return Mark(shape, tone, titled(procedure.public[state]))


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock bar: 0 to 100 used, where its tick stands, and the words beside it.

    Attributes:
        tone: "", `soon`, `late`, `hold` or `done`.
        tick: where the warning stands, in hundredths; None for none.
    """

    tone: str
    used: int
    tick: int | None
    words: str

    @property
    def shape(self) -> str:
        """The mark before the words."""
        return {"late": "s-late", "soon": "s-soon"}.get(self.tone, "")


def clock_bar(start: datetime, due: datetime, now: datetime, warn: datetime | None = None) -> Bar:
    """The bar of a running clock by plain time between its start and its limit.

    Args:
        start: when it began, aware UTC.
        due: its limit, aware UTC.
        now: aware UTC.
        warn: when the warning rings; from then on it is *soon*.
    """
    whole = max((due - start).total_seconds(), 1.0)
    used = min(max(round((now - start).total_seconds() * 100 / whole), 0), 100)
    tick = round((warn - start).total_seconds() * 100 / whole) if warn and start < warn < due else None
    tone = "late" if now > due else "soon" if warn and now >= warn else ""
    if tone == "late":
        used = 100
        tick = min(round(whole * 100 / max((now - start).total_seconds(), 1.0)), 97)
    return Bar(tone, used, tick, left_words(due, now))
