"""Finding a matter by its number and the end of the telephone number: the state and who has it, nothing more.

A wrong number, wrong digits, a matter without a telephone, a confidential, protected or sealed one are one answer, reached
by the same work. How often one may try is counted by whoever asks here.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.cases.numbers import heard, is_number
from linli.cases.reading import run
from linli.cases.rules import procedure_for
from linli.journal.keyring import key_ring
from linli.journal.selectors import open_parts
from linli.packs.selectors import snapshot_by_hash

DIGITS = 4

# Indexes: the unique one of `no`, cases_voice_home.
_VOICES = """
SELECT v.identity, v.case_id
  FROM cases_case c JOIN cases_voice v ON v.home_id = c.id
 WHERE c.no = %(no)s AND c.compartment = 'open' AND NOT 'confidential' = ANY (v.wishes)
"""
_STATE = """
SELECT c.no, c.kind, c.state, c.snapshot, c.owner,
       (SELECT k.due_at FROM cases_clock k WHERE k.case_id = c.id AND k.whose = 'reporter' ORDER BY k.id DESC LIMIT 1)
  FROM cases_case c WHERE c.id = %(case)s
"""


@dataclass(frozen=True, slots=True)
class Found:
    """How far a matter is. No words, no title, no place, nobody's name."""

    stage: str
    state_title: Mapping[str, str]
    owner: int | None
    due_at: datetime | None


def find(number: str, digits: str) -> Found | None:
    """How far the matter of a number is, for whoever knows the last four digits of its reporter's telephone.

    Args:
        number: as typed.
        digits: as typed; only four digits count.

    Returns:
        None: one answer for everything that does not fit.
    """
    no, last = heard(number), heard(digits)
    well_formed = is_number(no) and len(last) == DIGITS
    rows = run(_VOICES, {"no": no if well_formed else ""}).fetchall()
    parts = open_parts([identity for identity, _ in rows if identity is not None])
    fits = [case for identity, case in rows if _ends_with(parts.get(identity), last)]
    if not rows:
        _same_work()
    row = run(_STATE, {"case": fits[0] if fits else 0}).fetchone()
    if row is None:
        return None
    _, kind, state, rules, owner, due = row
    procedure = procedure_for(snapshot_by_hash(rules), kind)
    return Found(procedure.stages[state], procedure.public[state], owner, due)


def _ends_with(content: bytes | None, last: str) -> bool:
    phone = heard(json.loads(content).get("phone", "")) if content else ""
    return len(phone) >= DIGITS and len(last) == DIGITS and hmac.compare_digest(phone[-DIGITS:], last)


def _same_work() -> None:
    """Open something of the size of a part, so that a number that is not there takes as long as one that is."""
    ring = key_ring()
    ring.open(*ring.seal(b"0" * 128, b"finding"), b"finding")
