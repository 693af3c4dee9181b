"""The YAML of a procedure: states, clocks, and steps between states. Nothing else, and no scripts.

The same models read the base (`linli/kinds/<kind>/procedure.yaml`) and a pack's override
(`packs/<pack>/procedures/<kind>.yaml`), which replaces states, clocks and steps by id, whole.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linli.rules.schemas import Key, Strict, Title, Word

Relation = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*(\.[a-z_]+){0,2}$")]
ClockRef = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\*?$")]
LimitKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
Whose = Literal["reporter", "body", "desk"]
Stage = Literal["received", "sent", "in_hand", "on_hold", "check", "done", "over"]


class State(Strict):
    """Where a case can stand.

    `end`: the work is over and all clocks stop. `rest`: time passes without consequences (joined to another case).
    `public`: what the reporter reads instead of the title, where they should read something simpler.
    `stage`: how far that is for a resident, and which mark stands beside it; absent = done for an end, else in hand.
    """

    title: Title
    end: bool = False
    rest: bool = False
    public: Title | None = None
    stage: Stage | None = None


class Alarm(Strict):
    """A moment of a clock at which the procedure's system step is taken: before, at, or after it is due."""

    step: Word
    before: Key | None = Field(default=None, description="Parameter: so long before it is due, in clock hours or days.")
    after: Key | None = Field(default=None, description="Parameter: so long after it was due.")


class Clock(Strict):
    """A time limit. `limit` lists where the number comes from, the first that has one wins.

    `matter.<stage>` is the matter's own limit in the catalogue, anything else a parameter. A clock without limit
    (`limit: []`) is started by a handler that names the day.
    """

    title: Title
    whose: Whose
    limit: list[LimitKey]
    alarms: list[Alarm] = Field(default=[])


class Clocks(Strict):
    """What a step does to clocks. A body's step means that body's clock; `handle*` means every body's."""

    start: list[ClockRef] = Field(default=[])
    stop: list[ClockRef] = Field(default=[])
    pause: list[ClockRef] = Field(default=[])
    resume: list[ClockRef] = Field(default=[])
    extend: list[ClockRef] = Field(default=[])


class Step(Strict):
    """One step: from where, to where, who, with which form, what it does to clocks, at most one handler.

    `from`: states it leaves; `["*"]` = every state that is not an end. `to`: the state it reaches; absent = it stays.
    `may_reach`: states that the handler may choose instead. `apart`: not by anybody who did the work, nor their unit.
    `needs`: what the one read brings besides: another case, the receivers above an accused body, who would receive a
    closed case today, the reporters' photos that the actor has opened, the pack's fallback
    owner, the route of the case as the form makes it, the answer of the knowledge base that it names. `bites`: a refusal or a card: not taken on a limit that is uncertain. `tell`: who is told, by the outbox.
    `by_order`: a body without an account may take it with the order that its desk was given.
    """

    title: Title
    leaves: list[str] = Field(alias="from", min_length=1)
    to: Word | None = None
    may_reach: list[Word] = Field(default=[])
    who: list[Relation] = Field(min_length=1)
    form: str | None = None
    clocks: Clocks = Clocks()
    handler: Word | None = None
    apart: bool = False
    bites: bool = False
    needs: list[Literal["other", "receivers", "fallback", "route", "entry", "next_line", "photos"]] = Field(default=[])
    tell: list[Literal["reporter", "owner", "desk"]] = Field(default=[])
    by_order: bool = False


class Opening(Strict):
    """In which state a new case begins: the first row whose flag it carries; the last row has no flag."""

    flag: Word | None = None
    state: Word
    start: list[ClockRef] = Field(default=[])


class ProcedureFile(Strict):
    """`procedure.yaml` of a kind, whole."""

    kind: Word
    title: Title
    opens: list[Opening] = Field(min_length=1)
    auto: Word | None = Field(default=None, description="Step that the machine takes at once on the pack's white list.")
    states: dict[Word, State]
    clocks: dict[Word, Clock]
    steps: dict[Word, Step]


class OverrideFile(Strict):
    """`procedures/<kind>.yaml` of a pack: each state, clock or step named here replaces the base's, whole."""

    kind: Word
    opens: list[Opening] | None = None
    auto: Word | None = None
    states: dict[Word, State] = Field(default={})
    clocks: dict[Word, Clock] = Field(default={})
    steps: dict[Word, Step] = Field(default={})
