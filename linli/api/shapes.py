"""Shapes of answers: what leaves, field by field. A case is named by its public number, never by an id of ours.

No field here holds a reporter, an acting person or a post; a voice is a number with wishes. What a reader may know was
decided by the selectors below; these shapes only keep anything else from slipping through.
"""

from __future__ import annotations

from datetime import datetime

from ninja import Schema
from pydantic import Field, JsonValue


class Titles(Schema):
    """A title in both languages."""

    zh: str
    en: str


class Clock(Schema):
    """A clock of a case."""

    name: str
    whose: str = Field(description="`reporter`, `body` or `desk`.")
    organisation: int | None
    limit: str = Field(description="As `5 workday`, with `+ 3 workday` for each extension.")
    started_at: datetime
    due_at: datetime | None = Field(description="Null while it stands.")
    state: str
    provisional: bool
    late: bool


class Case(Schema):
    """A work order: the matter, its place, the task, and what the key's holder may do now. Never the reporter."""

    no: str
    kind: str
    state: str
    title: str
    task_text: str
    matter: str | None
    place: str
    lon: float | None
    lat: float | None
    flags: list[str]
    owner: int | None = Field(description="Id of the leading body.")
    opened_at: datetime
    happened_at: datetime | None
    counts: dict[str, int]
    voices: int = Field(description="How many reporters are heard in it.")
    clocks: list[Clock]
    steps: list[str] = Field(description="Steps that may be taken now; `steps` of the case has their forms.")


class Part(Schema):
    """One body's part in a case."""

    organisation: int
    role: str
    state: str
    by: str = Field(description="`person` or `machine`: who sent it.")
    deemed: bool
    sent_at: datetime
    signed_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None


class Voice(Schema):
    """A reporter as a desk sees them: a number, and what they wished."""

    voice: int
    wishes: list[str]


class Desk(Schema):
    """What a desk sees beside the work order."""

    compartment: str
    channel: str
    external_id: str | None
    candidates: list[str] = Field(description="Numbers of cases that may be the same matter.")
    children: list[str] = Field(description="Numbers of cases split off.")
    bodies: list[Part]
    voices: list[Voice]
    marks: dict[str, JsonValue]
    why: dict[str, JsonValue]


class Moment(Schema):
    """One line of a case's history."""

    seq: int
    at: datetime
    step: str
    by: str = Field(description="`reporter`, `system`, or the relation in which a post acted (`owner`, `desk`, …).")
    organisation: int | None
    state: str = Field(description="The state it led to; empty where it stayed.")
    data: dict[str, JsonValue]
    words: dict[str, JsonValue] = Field(description="What this reader may read of what was said.")


class History(Schema):
    """A case's log for this reader, the oldest line first."""

    no: str
    moments: list[Moment]


class Why(Schema):
    """One answer to why: the fact, the rule, its source, the evidence."""

    what: str
    value: str
    rule: str
    source: str
    detail: list[dict[str, JsonValue]]


class Reasons(Schema):
    """Why this place, matter, owner and deadline."""

    no: str
    why: list[Why]


class StepOffer(Schema):
    """A step that may be taken now, with its form."""

    step: str
    title: Titles
    form: str = Field(description="Name of the form's schema among the components of the OpenAPI document.")
    fields: dict[str, JsonValue] = Field(description="The form as JSON Schema.")


class StepOffers(Schema):
    """Steps that may be taken now."""

    no: str
    state: str
    steps: list[StepOffer]


class Taken(Schema):
    """What a step left behind."""

    no: str
    state: str
    seq: int = Field(description="Number of the entry in the case's log.")
    entry_hash: str = Field(description="Hash of that entry, hexadecimal.")
    repeated: bool = Field(description="The same request was carried out before; this is its first result.")
    opened: list[str] = Field(description="Numbers of cases that the step opened.")


class Photo(Schema):
    """A photo, without its content."""

    id: int
    side: str = Field(description="`reporter` or `body`; empty while no step has named it.")
    width: int
    height: int
    made_at: datetime


class Photos(Schema):
    """The photos of a case."""

    no: str
    photos: list[Photo]


class Filed(Schema):
    """What a report became."""

    no: str = Field(description="Public number, twelve digits.")
    link: str | None = Field(
        description="The reporter's private link: give it to them, keep it nowhere. Null when repeated."
    )
    due_at: datetime | None = Field(description="Until when the reporter is to be answered.")
    repeated: bool


class Answer(Schema):
    """One public answer, as the reporter reads it."""

    at: datetime
    step: str
    organisation: int | None
    words: dict[str, JsonValue]


class Followed(Schema):
    """What the holder of a private link sees."""

    no: str
    state: str
    state_title: Titles
    title: str
    due_at: datetime | None
    answers: list[Answer]
    openings: list[Answer] = Field(description="Each time somebody opened the reporter's identity or words.")
    reminders: int
    joined: bool


class Spoken(Schema):
    """What came of an act by a private link, and what its holder sees now."""

    repeated: bool = Field(description="The same request was carried out before.")
    not_reopened: str = Field(
        description="Code of why a closed matter was not opened again; empty where nothing was refused."
    )
    now: Followed


class QueueRow(Schema):
    """One line of a queue."""

    no: str
    kind: str
    state: str
    title: str
    matter: str | None
    place: str
    owner: int | None
    next_due_at: datetime | None
    limit_at: datetime | None
    overdue: int
    reminders: int


class QueuePage(Schema):
    """A page of a queue."""

    rows: list[QueueRow]
    next: str | None = Field(description="Give it as `cursor` for the next page; null = this was the last.")


class Place(Schema):
    """One place of the register."""

    code: str
    tier: str
    kind: str
    name: str


class PlaceTree(Schema):
    """A place with those that it lies in, the widest first, and those right below it."""

    place: Place | None = Field(description="Null at the root.")
    above: list[Place]
    below: list[Place]


class Located(Schema):
    """Where a point lies; null where it is not known."""

    grid: str | None
    micro: str | None
    community: str | None
    street: str | None
    district: str | None
    distance_m: int | None = Field(
        description="0 inside; else metres to the nearest grid; null when none is registered."
    )
    on_edge: bool
    lon: float = Field(description="Degrees, WGS 84 / CGCS2000.")
    lat: float


class Limit(Schema):
    """One limit of a matter."""

    stage: str
    amount: int
    unit: str
    condition: str
    area_class: str
    season: str


class Matter(Schema):
    """A matter of the catalogue."""

    code: str
    title: Titles
    filing: str
    closing: str
    duty: str
    check: str
    joinable: bool
    protected: bool
    auto_dispatch: bool
    limits: list[Limit]
    source: str
    confidence: str


class Matters(Schema):
    """The catalogue that holds at a place."""

    snapshot: str = Field(description="Hash of the rules.")
    matters: list[Matter]


class KnownAnswer(Schema):
    """An entry: what callers ask, what they are told, on whose word."""

    id: int
    number: int = Field(description="Of the version; with `id` it names exactly this content for ever.")
    key: str = Field(description="Entries of one key answer one question, each for its place.")
    place: str = Field(description="Code of any tier; empty = everywhere.")
    questions: list[str] = Field(description="Ways of asking it, the first as its title.")
    answer: str
    owner: int = Field(description="Id of the body that vouches for it.")
    source: str = Field(description="Law or other source; empty where none is named.")
    matter: str
    since: datetime
    until: datetime | None = Field(description="Null where no end is set.")
    checked_at: datetime


class Answers(Schema):
    """What fits a question, the best first."""

    answers: list[KnownAnswer]


class RuleKey(Schema):
    """The name of a rule, and its title."""

    key: str
    title: Titles
    type: str


class RuleKeys(Schema):
    """Rules that hold at a place, by name."""

    snapshot: str
    pack: str
    rules: list[RuleKey]


class Rule(Schema):
    """A rule with all that stands behind it."""

    key: str
    title: Titles
    type: str
    value: JsonValue
    day: str
    pack: str
    file: str
    line: int
    sources: list[dict[str, JsonValue]]
    confidence: str
    confirmed: dict[str, JsonValue] | None
    may_bite: bool = Field(description="Whether a refusal, a card or an exclusion may rest on it.")
    since: str
    until: str | None
    snapshot: str
    beaten: list[dict[str, JsonValue]] = Field(description="What parents of the pack say for the same day.")


class Kind(Schema):
    """A kind of case: its states and steps, as the rules of a place have them."""

    kind: str
    states: dict[str, Titles]
    ends: list[str]
    steps: list[KindStep]


class KindStep(Schema):
    """A step of a kind: from where, by whom, with which form."""

    step: str
    title: Titles
    leaves: list[str]
    to: list[str] = Field(description="States it may lead to; empty = it stays.")
    who: list[str]
    form: str = Field(description="Name of the form's schema among the components.")


class Kinds(Schema):
    """Every kind of case."""

    snapshot: str
    kinds: list[Kind]


Kind.model_rebuild()
