"""What each file of a rule pack may hold: the pydantic models of the YAML files.

It is the contract between those who write packs and the code that reads them. It does not read files
(`loader`), nor decide which value holds on a day (`resolver`), nor judge what a pack says (`checks`).
Every model refuses fields that it does not know. `packs/examples/whole` has one small file of each kind.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Confidence = Literal["high", "medium", "low"]
Grade = Literal["A", "B", "C", "D", "BK"]
ParameterKind = Literal["limit", "integer", "fraction", "text", "list", "boolean", "table"]
UnitName = Literal["clock_hour", "work_hour", "workday", "day"]
DayKind = Literal["holiday", "makeup", "open"]
CheckBy = Literal["reporter", "site", "desk", "sample"]
RequestType = Literal["enquiry", "help", "complaint", "tip_off", "suggestion"]
TierName = Literal["grid", "community", "street", "district", "city"]
EvidenceKind = Literal["photo", "document", "reading"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
PlacePrefix = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?$")]
MajorCode = Annotated[str, StringConstraints(pattern=r"^(event|component|topic)\.\d{2}$")]
MatterCode = Annotated[str, StringConstraints(pattern=r"^(event|component|topic)\.\d{2}\.\d{3}$")]
MatterPattern = Annotated[str, StringConstraints(pattern=r"^(\*|(event|component|topic)\.(\*|\d{2}\.(\*|\d{3})))$")]
Hours = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]
Season = Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}/\d{2}-\d{2}$")]
NonEmpty = Annotated[str, StringConstraints(min_length=1)]


class Strict(BaseModel):
    """Base of every model here: unknown fields are errors, nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Title(Strict):
    """A name in both languages."""

    zh: NonEmpty
    en: NonEmpty


class Wording(Strict):
    """A sentence of a rule: Chinese as the office writes it, English where there is one."""

    zh: NonEmpty
    en: str = ""


class Confirmation(Strict):
    """A named office vouches for an uncertain value, from that day on."""

    office: NonEmpty
    on: date


class PackFile(Strict):
    """`pack.yaml`: who this pack is, whom it extends, and for which place."""

    name: Name
    title: Title
    parent: Name | None = None
    place: PlacePrefix = Field(description='Leading digits of the codes it serves: "3201", "320106"; "" = everywhere.')
    maintainer: NonEmpty
    map_review_number: str = Field(default="", description="Review number (审图号) of a public map.")


class SourceRow(Strict):
    """One row of `sources.yaml`: where a value comes from. Grade as in the list of sources; BK = known, no text."""

    title: NonEmpty
    body: str = ""
    number: str = ""
    address: NonEmpty
    grade: Grade


class DatedValue(Strict):
    """One value of a parameter from a day on; it ends at `to`, else when the next one begins."""

    since: date = Field(alias="from")
    to: date | None = Field(default=None, description="First day on which it no longer holds.")
    value: object = Field(description="In the shape that the parameter's type asks for.")
    source: NonEmpty = Field(description='Keys of sources, each with a locator: "S2 art 13; S58".')
    confidence: Confidence
    confirmed: Confirmation | None = None
    bites: bool = Field(
        default=False,
        description="The value is meant to refuse, card or exclude: needs more than low confidence.",
    )


class ParameterRow(Strict):
    """One parameter of `parameters/<area>.yaml`. A child pack may leave out title and type: its parent's hold."""

    title: Title | None = None
    type: ParameterKind | None = None
    about: str = ""
    values: list[DatedValue] = Field(min_length=1)


class DayRow(Strict):
    """One day that does not follow its weekday. `open` has hours of its own."""

    kind: DayKind
    name: Title
    hours: list[Hours] | None = None


class CalendarFile(Strict):
    """`calendars/<year>.yaml`: days of one year. Whole = the yearly notice in full, so no other day is special."""

    year: int
    whole: bool = False
    source: NonEmpty
    confidence: Confidence
    days: dict[date, DayRow]


class OpeningRow(Strict):
    """One row of the table `calendar.opening`. Weekdays 1 = Monday … 7 = Sunday.

    `season` is "06-01/09-30", both days included; a row with a season beats one without. `makeup` are the
    hours of a make-up workday, else Monday's.
    """

    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1)
    intervals: list[Hours] = Field(min_length=1)
    season: Season | None = None
    makeup: list[Hours] | None = None


class HeldBy(Strict):
    """Which office holds a role from a day on."""

    since: date = Field(alias="from")
    to: date | None = None
    office: Title
    source: NonEmpty
    confidence: Confidence


class RoleRow(Strict):
    """One role of `roles.yaml`: duties name roles, offices change."""

    title: Title
    held_by: list[HeldBy] = Field(min_length=1)


class KeepFor(Strict):
    """How long something is kept."""

    amount: int = Field(gt=0)
    unit: Literal["day"] = "day"


class PersonalRow(Strict):
    """One personal field of `personal.yaml`: why it is kept, on which basis, for how long."""

    title: Title
    purpose: Wording
    basis: Wording
    period: KeepFor
    counted_from: Literal["received", "closed", "ended"]
    sensitive: bool = False
    source: NonEmpty
    confidence: Confidence


class MatterLimit(Strict):
    """One staged limit of a matter. `when` narrows it (condition, class of area, season)."""

    stage: Word
    amount: int = Field(gt=0)
    unit: UnitName
    when: dict[Literal["condition", "area_class", "season"], str] | None = None


class Closing(Strict):
    """The closing condition, and what kinds of evidence it needs to be seen."""

    zh: NonEmpty
    en: str = ""
    shown_by: list[EvidenceKind] = []


class MajorRow(Strict):
    """A major of the catalogue, under a code of two parts: `event.01`."""

    title: Title


class MatterRow(Strict):
    """A matter (minor) of `matters/*.yaml`, under a code of three parts: `event.01.002`.

    `joinable`: many voices may join one case (public things only). `public`: may appear on the public list
    and map. `auto_dispatch`: on the white list of what a machine may send. `duty`: a routing role.
    """

    title: Title
    filing: Wording
    limits: list[MatterLimit] = []
    closing: Closing
    evidence: list[EvidenceKind] = Field(default=[], description="Required of the handler; none by default.")
    check: CheckBy
    joinable: bool = False
    public: bool = False
    protected: bool = False
    auto_dispatch: bool = False
    requests: list[RequestType] = Field(default=[], description="Kinds of request it may be; none named = any.")
    duty: Key
    area_class: str | None = None
    since: date | None = Field(default=None, alias="from")
    source: NonEmpty
    confidence: Confidence
    confirmed: Confirmation | None = None
    words: list[NonEmpty] = []
    examples: list[NonEmpty] = []


class RoutingWhen(Strict):
    """Conditions of a routing row; one that is absent holds always, a list means any of these."""

    matter: MatterPattern | list[MatterPattern]
    place: PlacePrefix | list[PlacePrefix] | None = None
    place_class: Word | list[Word] | None = None
    hours: Hours | None = None
    channel: Word | list[Word] | None = None


class RoutingTo(Strict):
    """Who is responsible: the organisation that holds this duty role for the place, at that tier."""

    role: Key
    tier: TierName


class RoutingRow(Strict):
    """One row of `routing/*.yaml` (a list under `rows`). A child's row replaces its parent's by id, whole."""

    id: Key
    when: RoutingWhen
    to: RoutingTo
    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    source: NonEmpty
    confidence: Confidence


class RoutingFile(Strict):
    """`routing/<name>.yaml`; beside it `expected.csv`, the cases that officials can check."""

    rows: list[RoutingRow] = Field(min_length=1)


class WordList(Strict):
    """One list of `text/*.yaml`. `extends` adds to the parent's list, else it replaces it."""

    title: Title
    extends: bool = False
    words: list[NonEmpty] = Field(min_length=1)
    source: NonEmpty
    confidence: Confidence


class ReplyWords(Strict):
    """What a template says, in both languages; placeholders stand in braces: `{单位电话}`, `{phone}`."""

    zh: NonEmpty
    en: NonEmpty


class ReplyText(Strict):
    """The words of a template from a day on; they end at `to`, else when the next ones begin."""

    since: date = Field(alias="from")
    to: date | None = None
    words: ReplyWords
    source: NonEmpty
    confidence: Confidence


class ReplyRow(Strict):
    """One template of `replies/*.yaml`: words for a resident that whoever writes may begin with.

    `matters`: for which matters, none named = for all. `steps`: ids of the steps whose words it may be. `states`: of the
    case, none named = any. `fills`: further fields of the step's form that go with it, such as `result: solved`.
    """

    title: Title
    matters: list[MatterPattern] = []
    steps: list[Word] = Field(min_length=1)
    states: list[Word] = []
    fills: dict[Word, Word] = {}
    values: list[ReplyText] = Field(min_length=1)
