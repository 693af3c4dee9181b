"""Who may see a case: the one place through which every view reads one. Missing and forbidden are one answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from linli.cases.decide import denial
from linli.cases.domain import Bundle
from linli.cases.numbers import heard, is_number
from linli.cases.procedures.procedure import Procedure
from linli.cases.reading import read_unlocked, run
from linli.cases.relations import NOT_SEEN, may_read
from linli.cases.rules import procedure_for
from linli.kernel.actors import Actor
from linli.packs.selectors import snapshot_by_hash
from linli.rules.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Seen:
    """A case that this person may read, with the rules it runs on."""

    bundle: Bundle
    snapshot: Snapshot
    procedure: Procedure

    @property
    def is_desk(self) -> bool:
        """Whether the person stands here as a desk, or as a receiver of a closed case."""
        case = self.bundle.case
        if case.compartment != "open":
            return True
        return any(h.is_desk and case.place.startswith(h.place) for h in self.bundle.actor.holdings)


def access_case(actor: Actor, no: str) -> int:
    """The id of a case that this person may read.

    Args:
        actor: with the posts held today.
        no: public number as somebody typed it.

    Raises:
        NotFoundError: missing or forbidden, one answer; also for a number whose check digit is wrong.
    """
    return see(actor, numbered(no)).bundle.case.id


def numbered(no: str) -> int:
    """The id behind a public number, without asking who wants to know: for `take_step`, which asks that itself.

    Raises:
        NotFoundError: no such case; the same answer as for one that is not to be seen.
    """
    number = heard(no)
    row = run("SELECT id FROM cases_case WHERE no = %(no)s", {"no": number}).fetchone() if is_number(number) else None
    if row is None:
        raise denial(NOT_SEEN)
    case: int = row[0]
    return case


def numbers_open(numbers: Collection[str]) -> frozenset[str]:
    """Those of these public numbers whose cases lie in the open compartment now; no query for none."""
    if not numbers:
        return frozenset()
    query = "SELECT no FROM cases_case WHERE no = ANY(%(numbers)s::text[]) AND compartment = 'open'"
    return frozenset(row[0] for row in run(query, {"numbers": list(numbers)}).fetchall())


def numbers_of(cases: Collection[int]) -> dict[int, str]:
    """Public numbers by id, for answers that name cases to the outside; no query for none."""
    if not cases:
        return {}
    rows = run("SELECT id, no FROM cases_case WHERE id = ANY(%(cases)s::bigint[])", {"cases": list(cases)}).fetchall()
    return dict(rows)


def see(actor: Actor, case: int) -> Seen:
    """A case that this person may read.

    The system itself (the machine's own command line) reads open cases only: what is sealed is opened by receivers.

    Raises:
        NotFoundError: missing or forbidden, one answer.
    """
    bundle = read_unlocked(case, actor)
    if bundle is None or not may_read(bundle) or (actor.ref.kind == "system" and bundle.case.compartment != "open"):
        raise denial(NOT_SEEN)
    snapshot = snapshot_by_hash(bundle.case.snapshot)
    return Seen(replace(bundle, actor=actor), snapshot, procedure_for(snapshot, bundle.case.kind))
