"""The matter catalogue: what one kind of thing is called, how long it may take, whose duty it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.actors import Allowed, Verdict
from linli.kernel.errors import InputError, NotFoundError

FIRST_LOCAL = 80
"""First minor number of a place's own matters; the standard has those below."""

_MINOR_LAST = 999


@dataclass(frozen=True, slots=True)
class StagedLimit:
    """One limit of a matter: for a stage of the work, perhaps only under a condition, in a class of area, in a season.

    Attributes:
        stage: name of the stage, e.g. `handle`.
        amount: how many units.
        unit: `clock_hour`, `work_hour`, `workday` or `day`.
        condition: name of the filing condition it belongs to; "" = any.
        area_class: class of the area, e.g. `A`; "" = any.
        season: `MM-DD/MM-DD`, the end excluded, may run over the new year; "" = all year.
    """

    stage: str
    amount: int
    unit: str
    condition: str = ""
    area_class: str = ""
    season: str = ""

    def fits(self, condition: str, area_class: str, day: date | None) -> bool:
        """Whether the limit holds for what is known; what it does not name, it does not ask."""
        return (
            self.condition in ("", condition)
            and self.area_class in ("", area_class)
            and (not self.season or (day is not None and in_season(self.season, day)))
        )

    @property
    def named(self) -> tuple[bool, bool, bool]:
        """What the limit names, the weightiest first: condition, class of area, season."""
        return bool(self.condition), bool(self.area_class), bool(self.season)


def in_season(season: str, day: date) -> bool:
    """Whether a day lies in `MM-DD/MM-DD`, the end excluded; `11-15/03-15` runs over the new year."""
    start, _, end = season.partition("/")
    today = f"{day.month:02d}-{day.day:02d}"
    return start <= today < end if start <= end else today >= start or today < end


@dataclass(frozen=True, slots=True)
class Matter:
    """One row of the catalogue.

    Attributes:
        code: `<catalogue>.<major>.<minor>`, e.g. `event.01.002`.
        check: who looks whether it is done: `reporter`, `site`, `desk` or `sample`.
        joinable: a public thing whose reporters may be joined in one case.
        protected: goes the person-safe way only.
        auto_dispatch: on the white list for dispatch without a person.
        duty: duty role that handles it, e.g. `duty.sanitation`.
        public: may appear on the public list and map.
        requests: kinds of request it may be; none = any.
        evidence: kinds of evidence required of the handler.
        shown_by: kinds of evidence by which the closing condition can be seen.
    """

    code: str
    title_zh: str
    title_en: str
    filing: str
    closing: str
    duty: str
    check: str = "desk"
    joinable: bool = False
    protected: bool = False
    auto_dispatch: bool = False
    public: bool = False
    requests: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    area_class: str = ""
    limits: tuple[StagedLimit, ...] = ()
    source: str = ""
    confidence: str = ""
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def catalogue(self) -> str:
        """First part of the code: `event`, `component` or `topic`."""
        return self.code.partition(".")[0]

    @property
    def major(self) -> str:
        """Catalogue and major, e.g. `event.01`."""
        return self.code.rpartition(".")[0]

    def limit(
        self, stage: str, *, condition: str = "", area_class: str = "", day: date | None = None
    ) -> StagedLimit | None:
        """The limit of a stage: of those that hold, the one that names most wins; the condition weighs most.

        Args:
            stage: name of the stage.
            condition: filing condition met, "" when unknown.
            area_class: class of the area, "" when unknown: then the matter's own.
            day: day in China Standard Time, for limits of a season.

        Returns:
            The limit, or None when the matter sets none for that stage.
        """
        area = area_class or self.area_class
        fits = [row for row in self.limits if row.stage == stage and row.fits(condition, area, day)]
        return max(fits, key=lambda row: row.named, default=None)


class Catalogue:
    """All matters of one snapshot, by code."""

    __slots__ = ("_by_code", "snapshot")

    def __init__(self, matters: Iterable[Matter], snapshot: str = "") -> None:
        """Keep the matters by code.

        Args:
            matters: the rows.
            snapshot: hash of the rules they come from.
        """
        self._by_code: dict[str, Matter] = {matter.code: matter for matter in matters}
        self.snapshot = snapshot

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Matter]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def find(self, code: str) -> Matter | None:
        """The matter of that code, or None."""
        return self._by_code.get(code)

    def matter(self, code: str) -> Matter:
        """The matter of that code.

        Raises:
            NotFoundError: the catalogue has no such code.
        """
        found = self._by_code.get(code)
        if found is None:
            raise NotFoundError(
                f"The catalogue has no matter {code}.",
                code="matters.unknown",
                data={"matter": code, "snapshot": self.snapshot},
                hint="`linli rules show` lists the matters of a place and a day.",
            )
        return found

    def majors(self) -> Mapping[str, tuple[Matter, ...]]:
        """Matters by major, both in the order of their codes."""
        grouped: dict[str, list[Matter]] = {}
        for code in sorted(self._by_code):
            grouped.setdefault(self._by_code[code].major, []).append(self._by_code[code])
        return {major: tuple(rows) for major, rows in grouped.items()}


def next_extension_code(codes: Iterable[str], major: str) -> str:
    """The next code for a matter that a place adds itself: local numbers run from 999 downwards.

    The standard's own numbers grow upwards from 001, so the two never meet.

    Args:
        codes: all codes in use.
        major: catalogue and major, e.g. `event.01`.

    Returns:
        The highest free local code.

    Raises:
        InputError: the major has no free local number left.

    Source: GB/T 30428.2, extension of minor classes.
    """
    taken = {code for code in codes if code.startswith(f"{major}.")}
    for number in range(_MINOR_LAST, FIRST_LOCAL - 1, -1):
        code = f"{major}.{number:03d}"
        if code not in taken:
            return code
    raise InputError(
        f"Major {major} has no free local number.",
        code="matters.full",
        data={"major": major},
    )


def is_admitted(matter: str, place: str, at: datetime) -> Verdict:
    """Whether work on a matter may be sent down to a community: the question that the five lists answer.

    No list of this installation restricts anything, so the answer is always yes; whoever assigns work asks all the
    same, because the answer is read from the lists of a place and a day wherever a place keeps them.

    Args:
        matter: code in the catalogue.
        place: code of the community.
        at: aware UTC.
    """
    return Allowed()
