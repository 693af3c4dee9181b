"""What the engine reads of a snapshot, for one place and one day: values, the calendar, the matter, the procedure.

A thin view, made once a process for each snapshot, street and day, so that a step costs no look-up of packs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar, cast

from linli.cases.procedures.procedure import Procedure, procedure_of
from linli.kernel.worktime import OFFSET, Limit, Unit, WorkTable, work_table
from linli.matters.domain import Catalogue, Matter
from linli.matters.selectors import catalogue
from linli.rules.explained import Confirmed, Explained, is_sure
from linli.rules.parameters import Duration, Integer, Parameter, ParameterType, Table, TableRow, Text, TextList
from linli.rules.snapshot import Snapshot

T = TypeVar("T")

_STREET = 9


@dataclass(slots=True)
class CaseRules:
    """The rules of one snapshot at one place on one day.

    Attributes:
        table: the work calendar.
        catalogue: the matters.
    """

    snapshot: Snapshot
    place: str
    day: date
    table: WorkTable
    catalogue: Catalogue
    _values: dict[str, object] = field(default_factory=dict)
    _bites: dict[str, bool] = field(default_factory=dict)

    def counted_on(self, calendar: str) -> WorkTable:
        """The work calendar that counted a clock.

        Args:
            calendar: `ClockFact.calendar`.
        """
        if not calendar or calendar == self.snapshot.hash:
            return self.table
        # Kinds load this module before Django has its apps.
        from linli.packs.selectors import snapshot_by_hash

        return work_table(snapshot_by_hash(calendar).calendar(self.place))

    def limit(self, key: str) -> Limit:
        """A parameter that is a time limit."""
        return self._value(key, Duration)

    def integer(self, key: str) -> int:
        """A parameter that is a number."""
        return self._value(key, Integer)

    def text(self, key: str) -> str:
        """A parameter that is a word, e.g. a duty role."""
        return self._value(key, Text)

    def texts(self, key: str) -> tuple[str, ...]:
        """A parameter that is a list of words."""
        return self._value(key, TextList)

    def rows(self, key: str) -> tuple[TableRow, ...]:
        """A parameter that is a table."""
        return self._value(key, Table)

    def _value(self, key: str, kind: ParameterType[T]) -> T:
        known = self._values.get(key)
        if known is None:
            known = self._values[key] = self.snapshot.at(self.place, self.day)[Parameter(key, kind)]
        return known  # type: ignore[return-value]

    def bites(self, key: str) -> bool:
        """Whether this value may refuse, card or exclude: not while it is uncertain and unconfirmed.

        A key `matter.<stage>` speaks of the catalogue, whose confidence is the matter's own and is asked with it.
        """
        known = self._bites.get(key)
        if known is None:
            known = self._bites[key] = self.explain(key).may_bite
        return known

    def cap(self, key: str) -> int | None:
        """A number as an upper bound that may refuse; None while it is too uncertain to."""
        return self.integer(key) if self.bites(key) else None

    def explain(self, key: str) -> Explained:
        """Value, source, pack, file and line of a parameter."""
        return self.snapshot.explain(key, self.place, self.day)

    def matter(self, code: str | None) -> Matter | None:
        """The matter of that code, or None."""
        return self.catalogue.find(code) if code else None

    def clock_limit(self, keys: tuple[str, ...], matter: str | None) -> tuple[Limit, str] | None:
        """The first limit among these that has a number, and the key that gave it."""
        for key in keys:
            if not key.startswith("matter."):
                return self.limit(key), key
            row = self.matter(matter)
            found = row.limit(key.removeprefix("matter.")) if row else None
            if found is not None:
                return Limit(found.amount, Unit(found.unit)), key
        return None

    def limit_bites(self, rule: str, matter: str | None) -> bool:
        """Whether a clock on this rule may yield a card."""
        if not rule.startswith("matter."):
            return not rule or self.bites(rule)
        row = self.snapshot.matters().get(matter or "")
        if row is None:
            return False
        confirmed = cast("Mapping[str, str] | None", row.get("confirmed"))
        office = Confirmed(confirmed["office"], date.fromisoformat(confirmed["on"])) if confirmed else None
        return is_sure(str(row["confidence"]), office, self.day)


def local_date(at: datetime) -> date:
    """The calendar day of an instant, China Standard Time."""
    return (at + timedelta(minutes=OFFSET)).date()


def rules_for(snapshot: Snapshot, place: str, at: datetime) -> CaseRules:
    """The rules for a case at a place, as they stand on the day of `at`."""
    return _rules(snapshot.hash, place[:_STREET], local_date(at), _Held(snapshot))


@dataclass(frozen=True, slots=True)
class _Held:
    """Carries a snapshot past the cache's key: snapshots of one hash are equal."""

    snapshot: Snapshot = field(compare=False)


@lru_cache(maxsize=4096)
def _rules(_hash: str, place: str, day: date, held: _Held) -> CaseRules:
    snapshot = held.snapshot
    return CaseRules(snapshot, place, day, work_table(snapshot.calendar(place)), catalogue(snapshot))


def procedure_for(snapshot: Snapshot, kind: str) -> Procedure:
    """The compiled procedure of a kind, as this snapshot has it."""
    return _procedure(snapshot.hash, kind, _Held(snapshot))


@lru_cache(maxsize=256)
def _procedure(_hash: str, kind: str, held: _Held) -> Procedure:
    compiled: Mapping[str, object] = held.snapshot.procedure(kind)
    return procedure_of(compiled)
