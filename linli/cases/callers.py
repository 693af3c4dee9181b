"""What a desk that speaks with a caller may see of other cases: alike ones near by, and what the number reported before.

Is: reads under the desk's own rights, from ids that intake found. Is not: a way from a person to their cases; how voices are found again is the
caller's (`intake.callers`), and no list of persons can be made here.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.cases.deskqueue import scope_values
from linli.cases.numbers import heard
from linli.cases.queues import SCOPES
from linli.cases.reading import run
from linli.journal.selectors import open_parts, parts_in_use
from linli.kernel.actors import Actor

_COUNTRY = "86"
_MOBILE = 11
# Index: cases_voice_pkey.
_COLUMNS = "c.id, c.no, c.kind, c.state, c.title, c.snapshot, c.received_at"
_EARLIER = (
    f"SELECT {_COLUMNS}, v.identity FROM cases_voice v JOIN cases_case c ON c.id = v.case_id"
    " JOIN cases_case h ON h.id = v.home_id"
    f" WHERE v.id = ANY(%(voices)s::bigint[]) AND v.identity IS NOT NULL AND h.compartment = 'open' AND {SCOPES['place']}"
    " AND NOT 'confidential' = ANY(v.wishes) AND (c.closed_at IS NULL OR c.matter = %(matter)s)"
    " ORDER BY c.received_at DESC, c.id DESC LIMIT %(most)s"
)
_TOLD = (
    "SELECT DISTINCT c.no FROM cases_voice v JOIN cases_case c ON c.id = v.home_id"
    " JOIN cases_case j ON j.id = v.case_id"
    f" WHERE v.id = ANY(%(voices)s::bigint[]) AND j.compartment = 'open' AND {SCOPES['place']}"
    " AND NOT 'confidential' = ANY(v.wishes) ORDER BY c.no"
)
# Index: cases_voice_pkey.
_BESIDE = (
    f"SELECT {_COLUMNS}, c.place, (SELECT count(*) FROM cases_voice v WHERE v.case_id = c.id) FROM cases_case c"
    f" WHERE c.id = ANY(%(cases)s::bigint[]) AND c.closed_at IS NULL AND c.joined_to IS NULL AND {SCOPES['place']}"
)
_IDENTITIES = "SELECT id, identity FROM cases_voice WHERE id = ANY(%(voices)s::bigint[])"
_VOICES_OF = "SELECT id FROM cases_voice WHERE home_id = %(case)s"


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case that a number reported before; nothing of who it was."""

    case: int
    no: str
    kind: str
    state: str
    title: str
    snapshot: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CaseBeside:
    """An open case that may be the same matter; nothing of who reported it but how many."""

    case: int
    no: str
    kind: str
    state: str
    title: str
    snapshot: str
    received_at: datetime
    place: str
    voices: int


def cases_beside(actor: Actor, cases: Collection[int]) -> dict[int, CaseBeside]:
    """Those of these cases that this desk looks after and that may still carry another voice, by id.

    Args:
        actor: with the posts held now.
        cases: ids, as the finder of duplicates proposes them.
    """
    if not cases:
        return {}
    rows = run(_BESIDE, {**scope_values(actor, "place"), "cases": list(cases)}).fetchall()
    return {row[0]: CaseBeside(*row) for row in rows}


def cases_of_number(
    actor: Actor, voices: Collection[int], number: str, matter: str, *, most: int
) -> tuple[EarlierCase, ...]:
    """Cases of these voices that this desk looks after, still open or of the matter told now, the latest first.

    A voice whose identity was erased, whose number is another by now, or who asked for confidence is not among them.

    Args:
        actor: with the posts held now.
        voices: ids.
        number: digits, as the caller is heard now.
        matter: code of the matter that is being told; "" = none yet.
        most: most cases.
    """
    values = {**scope_values(actor, "place"), "voices": list(voices), "matter": matter, "most": most}
    rows = run(_EARLIER, values).fetchall() if voices else []
    parts = open_parts([row[-1] for row in rows])
    return tuple(EarlierCase(*row[:-1]) for row in rows if _rings(parts.get(row[-1]), number))


def _rings(identity: bytes | None, number: str) -> bool:
    return identity is not None and plain_number(json.loads(identity).get("phone", "")) == plain_number(number)


def plain_number(number: str) -> str:
    """A telephone number as digits, the same however it is written and with or without the country's code."""
    digits = heard(number)
    return digits.removeprefix(_COUNTRY) if len(digits) == len(_COUNTRY) + _MOBILE else digits


def numbers_of_voices(actor: Actor, voices: Collection[int]) -> Sequence[str]:
    """Public numbers of the cases with which these voices came, where this desk looks after them.

    A voice that asked for confidence is not among them.

    Args:
        actor: with the posts held now.
        voices: ids.
    """
    values = {**scope_values(actor, "place"), "voices": list(voices)}
    return [row[0] for row in run(_TOLD, values).fetchall()] if voices else []


def voices_of(case: int) -> Sequence[int]:
    """Ids of the voices that came with a case."""
    return [row[0] for row in run(_VOICES_OF, {"case": case}).fetchall()]


def still_known(voices: Collection[int]) -> set[int]:
    """Those of these voices whose identity may still be used."""
    rows = run(_IDENTITIES, {"voices": list(voices)}).fetchall() if voices else []
    usable = parts_in_use([part for _, part in rows if part is not None])
    return {voice for voice, part in rows if part in usable}
